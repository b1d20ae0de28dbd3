"""Disclosure of curves: steps merged until each holds enough people, an end before few are left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from backtorule_eval.analyses.curves import Curve, CurveStep
from backtorule_eval.disclosure.decision import Decision, Reason, count_decision, hide, rounded
from backtorule_eval.disclosure.released import ShownCurve, ShownCurveStep
from backtorule_eval.disclosure.rounding import FIVE_POINTS, WHOLE_POINT, Number, Shown
from backtorule_eval.disclosure.rules import DisclosureRules

SHARES = ("value", "low", "high")
# With the shares these would tell how many had the outcome in a month.
NUMBERS = ("events", "gone")


def figures(curve: Curve) -> dict[str, float]:
    """Every figure of the curve by name; how many were followed from the start is `n`."""
    found: dict[str, float] = {"n": curve.steps[0].at_risk}
    for i, step in enumerate(curve.steps):
        found |= {f"steps.{i}.{name}": getattr(step, name) for name in (*SHARES, *NUMBERS)}
    return found


def decide(curve: Curve, rules: DisclosureRules) -> dict[str, Decision]:
    """Decide on every figure: shares at the steps that are shown, never how many stand behind a step."""
    n = curve.steps[0].at_risk
    if n < rules.smallest_group:
        return {name: hide(name, Reason.SMALL_GROUP) for name in figures(curve)}
    rounding = FIVE_POINTS if n < rules.coarse_below else WHOLE_POINT
    shown = set(steps_that_hold_enough(curve.steps, rules))
    decisions = [count_decision("n", n, rules)]
    for i in range(len(curve.steps)):
        for name in SHARES:
            figure = f"steps.{i}.{name}"
            decisions.append(rounded(figure, rounding) if i in shown else hide(figure, Reason.MERGED_STEPS))
        decisions += [hide(f"steps.{i}.{name}", Reason.TOO_PRECISE) for name in NUMBERS]
    return {d.figure: d for d in decisions}


def steps_that_hold_enough(steps: Sequence[CurveStep], rules: DisclosureRules) -> tuple[int, ...]:
    """Which steps may be shown?

    Between two of them, and before the first, lie at least the threshold of people with the outcome. The
    curve ends while at least `smallest_group` are at risk and at least the threshold are left after the step;
    what happens later is not told. Those who left otherwise are never told of: how many were at risk and how
    many had the outcome are both hidden, and the shares are rounded.
    """
    return tuple(_enough(steps, rules))


def _enough(steps: Sequence[CurveStep], rules: DisclosureRules) -> Iterator[int]:
    """Yield the numbers of the steps that may be shown."""
    events = 0
    for i, step in enumerate(steps):
        events += step.events
        left = step.at_risk - step.events - step.gone
        if step.at_risk < rules.smallest_group or left < rules.threshold:
            return
        if events >= rules.threshold:
            yield i
            events = 0


def release(curve: Curve, shown: Mapping[str, Shown]) -> ShownCurve:
    """Return the curve with the steps that are shown; of public data those at which something happened."""
    steps = [
        ShownCurveStep(
            month=step.month,
            **{name: cast(Number, shown[f"steps.{i}.{name}"]) for name in SHARES},
        )
        for i, step in enumerate(curve.steps)
    ]
    return ShownCurve(
        question=curve.question,
        population=curve.population,
        outcome=curve.outcome,
        group=curve.group,
        level=curve.level,
        n=cast(Number, shown["n"]),
        steps=tuple(s for s, step in zip(steps, curve.steps, strict=True) if s.is_shown and step.events),
        terms=curve.terms,
    )
