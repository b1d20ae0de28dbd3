"""Standardised differences, by hand and as defined where nothing varies."""

from __future__ import annotations

from math import sqrt

import pytest

from backtorule_eval.analyses.balance import (
    Balance,
    BalanceRow,
    share_difference,
    standardised_difference,
)
from backtorule_eval.cohort.dictionary import Text

WORDS = Text(nb="x", en="x")


def test_a_difference_of_means_by_hand():
    assert standardised_difference(means=(30.0, 28.0), variances=(16.0, 36.0)) == pytest.approx(2 / sqrt(26))


def test_a_difference_of_shares_by_hand():
    # 12 of 20 against 10 of 40: 0.6 and 0.25.
    apart = share_difference(n_in=(12, 10), sizes=(20, 40))
    assert apart == pytest.approx(0.35 / sqrt((0.24 + 0.1875) / 2))
    assert share_difference(n_in=(10, 12), sizes=(40, 20)) == pytest.approx(-apart)


def test_groups_that_do_not_vary_are_alike_or_have_no_difference_to_tell():
    assert share_difference(n_in=(20, 40), sizes=(20, 40)) == 0.0
    assert share_difference(n_in=(20, 0), sizes=(20, 40)) is None


def balance(*rows: BalanceRow) -> Balance:
    return Balance(
        question="q",
        population="everyone",
        groups=(WORDS, WORDS),
        n_first=20,
        n_second=40,
        n_missing=0,
        rows=rows,
    )


def test_a_balance_of_nothing_is_refused():
    with pytest.raises(ValueError, match="q: a balance needs at least one variable"):
        balance()


@pytest.mark.parametrize("n_in", [(21, 3), (3, 41), (-1, 3)])
def test_a_category_larger_than_its_group_is_refused(n_in):
    with pytest.raises(ValueError, match="female: more are in the category than in the group"):
        balance(BalanceRow(name="female", label=WORDS, before=0.2, n_in=n_in))
