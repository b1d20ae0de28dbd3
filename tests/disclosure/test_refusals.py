"""Refusals: what was found is a count of people too."""

from __future__ import annotations

import pytest

from backtorule_eval.disclosure.audit import provisional
from backtorule_eval.disclosure.rounding import HIDDEN
from backtorule_eval.disclosure.rules import PUBLIC, DisclosureRules
from tests.disclosure.examples import claim, refusal

RULES = DisclosureRules(threshold=5, base=5)


def shown(rules=RULES, **given):
    (released,) = provisional(claim(refusal(**given)), rules).things
    return released


def found(rules=RULES, **given):
    return shown(rules, **given).found


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


@pytest.mark.parametrize(
    ("given", "needed"),
    [
        ({"reason": "events", "needed": 10.0, "found": 3.0}, 10.0),  # of the support table
        ({"reason": "events_per_parameter", "needed": 5.0, "found": 0.4, "unit": "persons_per"}, 5.0),
        ({"reason": "persons", "needed": 58.0, "found": 40.0}, 100),  # about 7 with the event
        ({"reason": "persons", "needed": 80.0, "found": 40.0}, 100),  # at least 5
        ({"reason": "persons", "needed": 81.0, "found": 40.0}, HIDDEN),  # could be 4
        ({"reason": "persons", "needed": 58.0, "found": None}, HIDDEN),
        ({"reason": "collinear", "needed": 7.0, "found": 6.0, "unit": ""}, HIDDEN),
        ({"reason": "events", "needed": 11.0, "found": 9.0, "model": "unheard_of"}, 20),
        ({"reason": "separation", "needed": None, "found": None}, None),
        ({"reason": "persons", "needed": 0.0, "found": 3.0}, HIDDEN),
    ],
)
def test_what_is_needed_may_not_tell_how_many_had_the_event(given, needed):
    assert shown(**given).needed == needed


def test_words_stay():
    (released,) = provisional(claim(refusal(columns=("a", "b"), adjustment="full")), PUBLIC).things
    assert (released.reason, released.needed, released.columns, released.adjustment) == (
        "events",
        10.0,
        ("a", "b"),
        "full",
    )
