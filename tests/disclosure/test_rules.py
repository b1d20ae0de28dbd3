"""Boundary tables of the rules, and rules that contradict themselves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backtorule_eval.disclosure.rules import (
    PUBLIC,
    DisclosureRules,
    round_count,
    rules_from_plain,
    rules_to_plain,
)
from backtorule_eval.errors import DisclosureRefused


@pytest.mark.parametrize(
    ("threshold", "count", "small"),
    [
        (5, 0, False),
        (5, 1, True),
        (5, 4, True),
        (5, 5, False),
        (5, 6, False),
        (10, 9, True),
        (10, 10, False),
    ],
)
def test_small_is_one_to_threshold_minus_one(threshold, count, small):
    assert DisclosureRules(threshold=threshold).is_small(count) is small


def test_nothing_is_small_in_public_data():
    assert not PUBLIC.is_small(1)


def test_a_negative_count_is_refused():
    with pytest.raises(DisclosureRefused, match="negative count"):
        DisclosureRules().is_small(-1)


@pytest.mark.parametrize(
    ("count", "base", "expected"),
    [(0, 5, 0), (2, 5, 0), (3, 5, 5), (7, 5, 5), (8, 5, 10), (5, 10, 10), (4, 10, 0), (15, 10, 20)],
)
def test_counts_round_to_the_base_halves_upwards(count, base, expected):
    assert round_count(count, base) == expected


@pytest.mark.parametrize(("threshold", "base"), [(6, 5), (7, 5), (4, 3), (12, 5)])
def test_rounding_may_not_undo_the_threshold(threshold, base):
    with pytest.raises(DisclosureRefused, match=f"count of {threshold} would round to below the threshold"):
        DisclosureRules(threshold=threshold, base=base, smallest_group=12)


@given(st.integers(3, 20), st.integers(3, 20), st.integers(0, 500))
def test_no_rules_that_exist_round_a_shown_count_below_the_threshold(threshold, base, count):
    try:
        rules = DisclosureRules(threshold=threshold, base=base, smallest_group=20)
    except DisclosureRefused:
        return
    assert rules.is_small(count) or count == 0 or round_count(count, rules.base) >= threshold


@pytest.mark.parametrize("name", ["threshold", "base", "smallest_group", "coarse_below"])
@pytest.mark.parametrize("value", [2, 0, -1, 5.0, True, "5", None])
def test_every_number_must_protect_someone(name, value):
    with pytest.raises(DisclosureRefused, match=f"{name} must be a whole number, 3 or more"):
        DisclosureRules(**{name: value})


@pytest.mark.parametrize("given", [{"smallest_group": 4}, {"smallest_group": 31}, {"coarse_below": 9}])
def test_groups_are_ordered(given):
    with pytest.raises(DisclosureRefused, match="smallest_group must be at least threshold"):
        DisclosureRules(**given)


def test_public_cannot_be_written_in_a_study_file():
    with pytest.raises(TypeError):
        DisclosureRules(public=True)


@pytest.mark.parametrize("rules", [PUBLIC, DisclosureRules(), DisclosureRules(threshold=10, coarse_below=40)])
def test_rules_survive_being_written(rules):
    assert rules_from_plain(rules_to_plain(rules)) == rules


@pytest.mark.parametrize("plain", [{}, {"public": False}, {"threshold": 5}, {"public": True, "threshold": 5}])
def test_unknown_or_missing_rules_are_refused(plain):
    with pytest.raises(DisclosureRefused, match="need exactly"):
        rules_from_plain(plain)
