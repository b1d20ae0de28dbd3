"""Curves: what is shown holds enough people, and nobody can work out a smaller number from it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backtorule_eval.analyses.curves import Curve, CurveStep
from backtorule_eval.disclosure import calibration as calibrations
from backtorule_eval.disclosure import curves
from backtorule_eval.disclosure.audit import FORMS, apply, audit
from backtorule_eval.disclosure.claim import KINDS
from backtorule_eval.disclosure.curves import steps_that_hold_enough
from backtorule_eval.disclosure.rounding import HIDDEN
from backtorule_eval.disclosure.rules import PUBLIC, DisclosureRules
from backtorule_eval.disclosure.statements import statements
from backtorule_eval.errors import DisclosureRefused
from tests.disclosure.examples import claim
from tests.report.examples import (
    balance,
    calibration,
    choices,
    counts,
    curve,
    difference,
    flow,
    joint,
    means,
    refusal,
    reliability,
)

RULES = DisclosureRules()


def shown(thing, rules=RULES):
    one = claim(thing, view="curve")
    return apply(one, audit([one], rules)).things[0]


def of_events(*events: int, n: int = 60) -> Curve:
    """A curve with so many events month by month, and nobody who leaves otherwise."""
    steps, at_risk, share = [], n, 0.0
    for month, happened in enumerate(events, start=1):
        share = min(1.0, share + happened / n)
        low, high = max(0.0, share - 0.1), min(1.0, share + 0.1)
        steps.append(
            CurveStep(month=month, at_risk=at_risk, events=happened, gone=0, value=share, low=low, high=high)
        )
        at_risk -= happened
    return replace(curve(), steps=tuple(steps))


# --- Curves ---------------------------------------------------------------------------------------


def test_months_are_taken_together_until_a_step_holds_the_threshold():
    seen = shown(of_events(2, 2, 1, 4, 0, 7, 1))
    assert [(s.month, s.value) for s in seen.steps] == [(3, 0.08), (6, 0.27)]
    assert seen.n == 60


def test_the_curve_ends_before_few_are_left():
    assert steps_that_hold_enough(of_events(20, 20, 11, 5, n=60).steps, RULES) == (0, 1, 2)
    assert steps_that_hold_enough(of_events(20, 20, 16, n=60).steps, RULES) == (0, 1)
    assert steps_that_hold_enough(of_events(51, 5, n=60).steps, RULES) == (0,)


@pytest.mark.parametrize(("n", "value"), [(29, 0.15), (30, 0.17)])
def test_few_people_make_it_coarse(n, value):
    assert shown(of_events(5, n=n)).steps[0].value == value


def test_fewer_than_ten_people_have_no_curve():
    seen = shown(of_events(5, n=9))
    assert (seen.n, seen.steps) == (HIDDEN, ())


def test_public_curves_keep_every_step_at_which_something_happened():
    seen = shown(of_events(2, 0, 1), PUBLIC)
    assert [s.month for s in seen.steps] == [1, 3]


def test_persons_behind_a_step_are_never_shown():
    decided = curves.decide(of_events(5, 5), RULES)
    assert {decided[f"steps.{i}.{name}"].reason for i in (0, 1) for name in ("events", "gone")} == {
        "too_precise"
    }


@settings(max_examples=60, deadline=None)
@given(st.integers(10, 120), st.lists(st.integers(0, 6), min_size=1, max_size=12))
def test_no_number_of_events_below_the_threshold_can_be_worked_out(n, events):
    happened, left = [], n
    for wanted in events:
        happened.append(min(wanted, left))
        left -= happened[-1]
    made = of_events(*happened, n=n)
    steps = shown(made).steps
    at = [0, *(s.month for s in steps)]
    between = [sum(s.events for s in made.steps if a < s.month <= b) for a, b in pairwise(at)]
    assert all(number >= RULES.threshold for number in between)
    # A reader who takes the differences of the shares, and knows how many there were within two.
    step = 0.05 if n < RULES.coarse_below else 0.01
    shares = [0.0, *(s.value for s in steps)]
    for (before, after), true in zip(pairwise(shares), between, strict=True):
        reach = step if before else step / 2
        fitting = {
            k
            for size in range(n - 2, n + 3)
            for k in range(size + 1)
            if after - before - reach <= k / size <= after - before + reach
        }
        assert true in fitting
        assert max(fitting) >= RULES.threshold


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"steps": ()}, "steps in order of time"),
        ({"steps": of_events(5, 5).steps[::-1]}, "steps in order of time"),
        ({"steps": (of_events(5).steps[0], of_events(0, 5).steps[1])}, "must follow from who left before"),
        ({"steps": (replace(of_events(5).steps[0], low=0.2),)}, "must hold its share"),
    ],
)
def test_what_is_no_curve_is_refused(change, told):
    with pytest.raises(ValueError, match=told):
        replace(of_events(5, 5), **change)


# --- Calibration ----------------------------------------------------------------------------------


def test_groups_are_shown_when_enough_are_with_and_without_the_outcome():
    seen = shown(calibration((80, 20, 0.231), (80, 4, 0.05), (80, 76, 0.9), (9, 5, 0.5), (20, 10, 0.481)))
    assert [(b.predicted, b.observed) for b in seen.bins] == [
        (0.23, 0.25),
        (HIDDEN, HIDDEN),
        (HIDDEN, HIDDEN),
        (HIDDEN, HIDDEN),
        (0.5, 0.5),
    ]


def test_how_many_are_in_a_group_is_not_told():
    decided = calibrations.decide(calibration((80, 20, 0.2)), RULES)
    assert {decided[f"bins.0.{name}"].action for name in ("n", "events")} == {"hide"}


# --- Every kind is known to the audit ---------------------------------------------------------------

EXAMPLES = {
    "estimate": difference(18, 11, 25),
    "counts": counts(31, 22, 0),
    "means": means(),
    "flow": flow(),
    "refusal": refusal(),
    "curve": curve(),
    "calibration": calibration((80, 20, 0.2)),
    "balance": balance((0.3, None)),
    "joint": joint(),
    "quality": reliability((49, 8)),
    "choices": choices(2),
}


def test_every_kind_has_its_rules_and_says_what_numbers_of_persons_it_holds():
    for kind in KINDS:
        statements([claim(EXAMPLES[kind], view="x")], RULES)
    assert KINDS.keys() == FORMS.keys()


def test_a_kind_that_has_not_said_so_is_refused(monkeypatch):
    monkeypatch.setattr("backtorule_eval.disclosure.statements.NO_NUMBERS", (Curve,))
    with pytest.raises(DisclosureRefused, match="not known what numbers of persons"):
        statements([claim(EXAMPLES["calibration"], view="x")], RULES)
