"""Disclosure of calibration: groups large enough, with and without the outcome; never a person's risk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from backtorule_eval.analyses.curves import Calibration, CalibrationBin
from backtorule_eval.disclosure.decision import Decision, Reason, hide, rounded
from backtorule_eval.disclosure.released import ShownBin, ShownCalibration
from backtorule_eval.disclosure.rounding import FIVE_POINTS, WHOLE_POINT, Number, Shown
from backtorule_eval.disclosure.rules import DisclosureRules

SHARES = ("predicted", "observed", "low", "high")
NUMBERS = ("n", "events")


def figures(calibration: Calibration) -> dict[str, float]:
    """Every figure by name."""
    return {
        f"bins.{i}.{name}": getattr(one, name)
        for i, one in enumerate(calibration.bins)
        for name in (*NUMBERS, *SHARES)
    }


def decide(calibration: Calibration, rules: DisclosureRules) -> dict[str, Decision]:
    """Decide on every figure; how many are in a group is not told."""
    decisions = (d for i, one in enumerate(calibration.bins) for d in _decide_bin(i, one, rules))
    return {d.figure: d for d in decisions}


def _decide_bin(i: int, one: CalibrationBin, rules: DisclosureRules) -> Iterator[Decision]:
    """Decide on one group of people."""
    yield from (hide(f"bins.{i}.{name}", Reason.TOO_PRECISE) for name in NUMBERS)
    names = [f"bins.{i}.{name}" for name in SHARES]
    if one.n < rules.smallest_group:
        yield from (hide(name, Reason.SMALL_GROUP) for name in names)
    elif min(one.events, one.n - one.events) < rules.threshold:
        yield from (hide(name, Reason.FEW_EVENTS) for name in names)
    else:
        rounding = FIVE_POINTS if one.n < rules.coarse_below else WHOLE_POINT
        yield from (rounded(name, rounding) for name in names)


def release(calibration: Calibration, shown: Mapping[str, Shown]) -> ShownCalibration:
    """Return the groups with their figures as shown."""
    bins = tuple(
        ShownBin(**{name: cast(Number, shown[f"bins.{i}.{name}"]) for name in SHARES})
        for i in range(len(calibration.bins))
    )
    return ShownCalibration(
        question=calibration.question,
        population=calibration.population,
        outcome=calibration.outcome,
        level=calibration.level,
        bins=bins,
        terms=calibration.terms,
    )
