"""Means: enough people, not all alike, and no way back to how few are missing."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from backtorule_eval.disclosure.audit import provisional
from backtorule_eval.disclosure.rounding import HIDDEN
from backtorule_eval.disclosure.rules import PUBLIC, DisclosureRules, round_count
from tests.disclosure.examples import claim, mean, means

RULES = DisclosureRules(threshold=5, base=5)


def shown(*rows, rules=RULES):
    (released,) = provisional(claim(means(*rows)), rules).things
    return released.rows


def test_figures_by_hand():
    (row,) = shown(mean(38, 12, scale_low=10.0, scale_high=40.0))
    assert (row.n, row.n_missing, row.mean, row.sd, row.low, row.high) == (40, 10, 28.0, 5.0, 27.0, 30.0)
    assert (row.scale_low, row.scale_high) == (10.0, 40.0)


def test_public_data_are_shown_in_full():
    (row,) = shown(mean(7, 1), rules=PUBLIC)
    assert (row.n, row.n_missing, row.mean, row.sd) == (7, 1, 28.43, 5.21)


@pytest.mark.parametrize(("n", "is_shown"), [(0, False), (7, False), (9, False), (10, True), (11, True)])
def test_a_mean_needs_ten_people(n, is_shown):
    (row,) = shown(mean(n, 30))
    assert (row.mean is not HIDDEN) is is_shown
    # 8 or 9 people would round to 10 beside a mean that is hidden because they are fewer.
    assert (row.n is not HIDDEN) is is_shown
    assert (row.n_missing is not HIDDEN) is is_shown


@pytest.mark.parametrize("sd", [0.0, None])
def test_a_mean_of_people_who_are_all_alike_is_hidden(sd):
    (row,) = shown(mean(40, 0, sd=sd))
    assert row.mean is HIDDEN
    assert row.sd is (None if sd is None else HIDDEN)


@pytest.mark.parametrize(("sd", "step"), [(0.9, 0.1), (0.4, 0.01), (5.2, 1.0), (0.5, 0.01), (60.0, 10.0)])
def test_the_step_follows_the_spread(sd, step):
    (row,) = shown(mean(40, 0, mean=123.456, sd=sd))
    assert row.mean == pytest.approx(round(123.456 / step) * step)
    assert step >= sd / 50


def test_few_missing_are_hidden():
    (row,) = shown(mean(38, 2))
    assert (row.n, row.n_missing) == (40, HIDDEN)


def test_n_is_hidden_when_another_row_would_tell_how_few_are_missing():
    rules = DisclosureRules(threshold=8, base=5)
    # All rows are of the same people: 53 to 57 by the first row, so 6 or 7 missing by the second.
    full, missing = shown(mean(53, 0), mean(46, 7), rules=rules)
    assert (full.n, full.n_missing) == (55, 0)
    assert (missing.n, missing.n_missing, missing.mean) == (HIDDEN, HIDDEN, 28.0)


@settings(deadline=None)
@given(
    st.integers(12, 45),
    st.lists(st.integers(0, 20), min_size=1, max_size=4),
    st.integers(3, 10),
    st.sampled_from([3, 5]),
)
def test_every_hidden_missing_keeps_three_possible_values(n, missing, threshold, base):
    assume(round_count(threshold, base) >= threshold and max(missing) <= n)
    rules = DisclosureRules(threshold=threshold, base=base)
    rows = shown(*(mean(n - m, m) for m in missing), rules=rules)
    sizes = [sizes_that_fit(row, rules) for row in rows]
    together = set.intersection(*(set(pairs) for pairs in sizes))
    for row, fitting, m in zip(rows, sizes, missing, strict=True):
        if row.mean is not HIDDEN and 0 < m < threshold:
            assert row.n_missing is HIDDEN
            values = {pair for size in together for pair in fitting[size]}
            assert len(values) >= min(3, threshold - 1)


def sizes_that_fit(row, rules):
    """For every number of people in the table, the numbers missing in this row that fit what it shows."""
    fitting = {}
    for n in range(70):
        for m in range(26):
            if fits(row.n, n, rules, group=True) and fits(row.n_missing, m, rules):
                fitting.setdefault(n + m, set()).add(m)
    return fitting


def fits(shown_count, x, rules, *, group=False):
    if shown_count is HIDDEN:
        return True if group else 0 < x < rules.threshold
    return (x == 0 or x >= rules.threshold) and round_count(x, rules.base) == shown_count
