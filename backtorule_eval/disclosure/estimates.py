"""Disclosure of estimates: admitted by form, rounded as a release is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from math import inf

from backtorule_eval.analyses.estimate import Estimate, Measure
from backtorule_eval.disclosure.decision import Decision, Reason, count_decision, hide, rounded, show
from backtorule_eval.disclosure.released import ShownEstimate
from backtorule_eval.disclosure.rounding import BAND, TWO_FIGURES, How, Rounding, Shown
from backtorule_eval.disclosure.rules import DisclosureRules

VALUES = ("value", "low", "high")
P_VALUES = ("p_value", "p_holm")
COUNTS = ("n", "n_events", "n_missing")
# Offices, schools, counsellors: a count of no participant.
NOT_PERSONS = ("n_clusters",)
# With the released interval they would give back the digits that rounding took.
PRECISE = ("std_error", "df", "smallest_arm")
NUMBERS = (*VALUES, *P_VALUES, *COUNTS, *NOT_PERSONS, *PRECISE)

SHARES = (Measure.RISK, Measure.RISK_DIFFERENCE)
ONE_GROUP = (Measure.RISK, Measure.MEAN)
WHOLE_POINT = Rounding(How.NEAREST, 0.01)
FIVE_POINTS = Rounding(How.NEAREST, 0.05)


def figures(estimate: Estimate) -> dict[str, float]:
    """Every figure of the estimate by name."""
    return {name: value for name in NUMBERS if (value := getattr(estimate, name)) is not None}


def decide(estimate: Estimate, rules: DisclosureRules) -> dict[str, Decision]:
    """Decide on an estimate: as a whole when too few stand behind it, else figure by figure."""
    if reason := _too_few(estimate, rules):
        return {name: hide(name, reason) for name in figures(estimate)}
    found = figures(estimate)
    decisions = [
        *(rounded(name, _rounding(estimate, rules)) for name in VALUES),
        *(rounded(name, BAND) for name in P_VALUES),
        *(count_decision(name, int(found[name]), rules) for name in COUNTS if name in found),
        *(show(name) for name in NOT_PERSONS),
        *(hide(name, Reason.TOO_PRECISE) for name in PRECISE),
    ]
    return {d.figure: d for d in decisions if d.figure in found}


def _too_few(estimate: Estimate, rules: DisclosureRules) -> Reason | None:
    """Return why too few people stand behind the estimate, None if enough do."""
    group = _smallest_group(estimate)
    if estimate.n < rules.smallest_group or (group is not None and group < rules.smallest_group):
        return Reason.SMALL_GROUP
    if estimate.std_error == 0:
        return Reason.ALL_ALIKE
    if estimate.n_events is not None:
        rarer = min(estimate.n_events, estimate.n - estimate.n_events)
        if rarer < rules.threshold:
            return Reason.FEW_EVENTS
    return Reason.FEW_EVENTS if _fewest_in_a_cell(estimate) < rules.threshold else None


def _fewest_in_a_cell(estimate: Estimate) -> float:
    """Return the fewest with or without the event in either group, as far as a difference of risks tells.

    Whichever group is the smaller: a reader tries both. Exact without adjustment, nearly so with it.
    """
    if estimate.measure is not Measure.RISK_DIFFERENCE or not estimate.smallest_arm:
        return inf
    if 2 * estimate.smallest_arm > estimate.n:
        return inf  # no two groups, but a scale along which all persons stand
    if estimate.n_events is None:
        return 0  # nobody said
    n, n_events, small = estimate.n, estimate.n_events, estimate.smallest_arm
    cells: list[float] = []
    for difference in (estimate.value, -estimate.value):
        events = small * (n_events + (n - small) * difference) / n
        cells += (events, small - events, n_events - events, n - small - n_events + events)
    return round(min(cells), 6)


def _smallest_group(estimate: Estimate) -> int | None:
    """Persons in the smallest group behind the estimate; None when that was not said."""
    return estimate.n if estimate.measure in ONE_GROUP else estimate.smallest_arm


def _rounding(estimate: Estimate, rules: DisclosureRules) -> Rounding:
    """Whole points (fives when a group is small, or when nobody said how small); else two figures."""
    if estimate.measure not in SHARES:
        return TWO_FIGURES
    group = _smallest_group(estimate)
    return FIVE_POINTS if group is None or group < rules.coarse_below else WHOLE_POINT


def release(estimate: Estimate, shown: Mapping[str, Shown]) -> ShownEstimate:
    """Return the estimate with its figures as shown."""
    values = {f.name: getattr(estimate, f.name) for f in fields(estimate)}
    return ShownEstimate(**values | {name: shown[name] for name in figures(estimate)})
