"""Tables of counts: boundaries, sensitive attributes, and that nothing small comes out in any way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backtorule_eval.disclosure.audit import provisional
from backtorule_eval.disclosure.released import total
from backtorule_eval.disclosure.rounding import HIDDEN
from backtorule_eval.disclosure.rules import PUBLIC, DisclosureRules
from tests.disclosure.examples import claim, counts, two_way

RULES = DisclosureRules(threshold=5, base=5)


def shown(table, rules=RULES):
    (released,) = provisional(claim(table), rules).things
    return released


@pytest.mark.parametrize(
    ("count", "expected"), [(0, 0), (1, HIDDEN), (4, HIDDEN), (5, 5), (6, 5), (7, 5), (8, 10), (40, 40)]
)
def test_one_cell_at_the_boundaries(count, expected):
    assert shown(counts(count, 40)).counts[0] == expected


def test_public_data_are_shown_in_full():
    assert shown(counts(1, 0, 13), PUBLIC).counts == (1, 0, 13)


@given(
    st.lists(st.integers(0, 60), min_size=2, max_size=8).filter(lambda n: len(n) % 2 == 0),
    st.integers(3, 10),
    st.sampled_from([3, 5, 10]),
)
def test_no_small_count_survives_by_cell_total_or_difference(numbers, threshold, base):
    if (2 * threshold + base) // (2 * base) * base < threshold:
        return
    table = shown(two_way(*numbers), DisclosureRules(threshold=threshold, base=base))
    cells = [c for c in table.counts if c is not HIDDEN]
    assert all(c == 0 or c >= threshold for c in cells)
    assert all(c % base == 0 for c in cells)
    assert [c is HIDDEN for c in table.counts] == [0 < n < threshold for n in numbers]
    # A total is a sum of what is shown, so no subtraction tells more than the cells do.
    for line in (table.counts, table.cells(gender="male"), table.cells(area="a")):
        assert total(line) is HIDDEN if HIDDEN in line else total(line) == sum(line)


def test_cells_are_found_by_the_levels_they_have():
    table = shown(two_way(10, 20, 30, 40), PUBLIC)
    assert table.cells(gender="male") == (30, 40)
    assert table.cells(area="b") == (20, 40)
    assert table.cells(area="b", gender="female") == (20,)
    assert table.cells() == (10, 20, 30, 40)


@pytest.mark.parametrize(
    ("numbers", "hidden"),
    [
        ((20, 15), [False, False]),
        ((20, 5), [False, False]),
        ((20, 4), [True, True]),  # nearly all are a, so that tells of everyone
        ((20, 0), [True, True]),
        ((20, 20, 0), [False, False, True]),
        ((0, 0), [False, False]),
    ],
)
def test_empty_and_nearly_full_cells_of_a_sensitive_attribute_are_hidden(numbers, hidden):
    assert [c is HIDDEN for c in shown(counts(*numbers, sensitive=True)).counts] == hidden


def test_the_same_cells_of_an_attribute_that_is_not_sensitive_are_shown():
    assert shown(counts(20, 0)).counts == (20, 0)


def test_to_have_no_value_is_no_sensitive_attribute():
    table = counts(20, 15, 0, sensitive=True, levels=("yes", "no", "missing"))
    assert shown(table).counts == (20, 15, 0)


def test_sensitive_cells_are_judged_within_each_group():
    table = shown(two_way(20, 15, 30, 0, sensitive=True))
    assert table.counts == (20, 15, HIDDEN, HIDDEN)


def test_a_table_without_dimensions_is_one_count():
    table = counts(12)
    single = type(table)(question="q", population="p", dimensions=(), counts=(12,))
    assert shown(single).counts == (10,)
