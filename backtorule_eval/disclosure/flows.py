"""Disclosure of flows: removals that are few, and what the numbers before and after tell about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import add
from typing import cast

from backtorule_eval.analyses.tables import Flow, FlowCount
from backtorule_eval.disclosure.decision import (
    Decision,
    Range,
    Reason,
    count_decision,
    hide,
    keeps_enough,
    possible,
)
from backtorule_eval.disclosure.released import ShownFlow, ShownStep
from backtorule_eval.disclosure.rounding import Number, Shown
from backtorule_eval.disclosure.rules import DisclosureRules
from backtorule_eval.errors import DisclosureRefused

NOBODY = Range(0, 0)
ENDS = 2  # a flow has a first and a last number


def figures(flow: Flow) -> dict[str, float]:
    """Every figure of the flow by name."""
    return {f"steps.{i}.n": step.n for i, step in enumerate(flow.steps)}


def decide(flow: Flow, rules: DisclosureRules) -> dict[str, Decision]:
    """Decide on every step.

    Where the first and the last number, rounded, would still narrow a hidden removal to fewer than three
    values, the first is hidden too.

    Raises
    ------
    DisclosureRefused
        The steps do not add up, so that what the differences tell cannot be known.
    """
    first, *removed, last = _checked(flow.steps)
    decisions = [count_decision(f"steps.{i}.n", step.n, rules) for i, step in enumerate(flow.steps)]
    together = possible(first.n, rules) - possible(last.n, rules)
    for i, step in enumerate(removed):
        others = reduce(add, (possible(o.n, rules) for j, o in enumerate(removed) if j != i), NOBODY)
        left = possible(step.n, rules) & (together - others)
        if rules.is_small(step.n) and not keeps_enough(left, rules):
            decisions[0] = hide("steps.0.n", Reason.DIFFERENCE)
    return {d.figure: d for d in decisions}


def _checked(steps: Sequence[FlowCount]) -> Sequence[FlowCount]:
    """Return the steps when first minus removals is last."""
    if len(steps) < ENDS or steps[0].n - sum(step.n for step in steps[1:-1]) != steps[-1].n:
        raise DisclosureRefused(
            "A flow must start with those received, end with those analysed and remove the rest between: "
            "its steps do not add up."
        )
    return steps


def release(flow: Flow, shown: Mapping[str, Shown]) -> ShownFlow:
    """Return the flow with its counts as shown."""
    last = len(flow.steps) - 1
    steps = tuple(
        ShownStep(
            step=step.step,
            label=step.label,
            n=cast(Number, shown[f"steps.{i}.n"]),
            removes=0 < i < last,
        )
        for i, step in enumerate(flow.steps)
    )
    return ShownFlow(question=flow.question, population=flow.population, steps=steps)
