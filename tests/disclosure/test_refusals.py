"""Refusals: what was found is a count of people too."""

from __future__ import annotations

import pytest

from backtorule_eval.disclosure.audit import provisional
from backtorule_eval.disclosure.rounding import HIDDEN
from backtorule_eval.disclosure.rules import PUBLIC, DisclosureRules
from tests.disclosure.examples import claim, refusal

RULES = DisclosureRules(threshold=5, base=5)


def found(rules=RULES, **given):
    (released,) = provisional(claim(refusal(**given)), rules).things
    return released.found


@pytest.mark.parametrize(
    ("exact", "shown"),
    [(0.0, HIDDEN), (4.0, HIDDEN), (5.0, 5), (9.0, 5), (14.3, 10), (19.0, 15), (None, None)],
)
def test_people_are_rounded_down_so_that_they_never_reach_what_is_needed(exact, shown):
    assert found(found=exact) == shown


def test_rounding_down_may_not_undo_the_threshold():
    assert found(DisclosureRules(threshold=8, base=5), found=9.0) is HIDDEN
    assert found(DisclosureRules(threshold=8, base=5), found=10.0) == 10


@pytest.mark.parametrize("unit", ["persons_per", "degrees_of_freedom", "", "something_new"])
def test_a_ratio_or_an_unknown_unit_is_hidden(unit):
    assert found(found=4.6, unit=unit) is HIDDEN


@pytest.mark.parametrize("unit", ["clusters", "cohorts"])
def test_offices_and_cohorts_are_no_people(unit):
    assert found(found=1.0, unit=unit) == 1.0


def test_public_data_are_shown_in_full():
    assert found(PUBLIC, found=4.6, unit="persons_per") == 4.6


def test_words_stay():
    (released,) = provisional(claim(refusal(columns=("a", "b"), adjustment="full")), PUBLIC).things
    assert (released.reason, released.needed, released.columns, released.adjustment) == (
        "events",
        20.0,
        ("a", "b"),
        "full",
    )
