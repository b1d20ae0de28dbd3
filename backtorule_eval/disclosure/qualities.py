"""Disclosure of reliability, correlations and fit: persons enough behind each, no way back to how many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from backtorule_eval.analyses.quality import Quality, QualityRow, Quantity
from backtorule_eval.disclosure.decision import Decision, Reason, count_decision, hide, rounded, show
from backtorule_eval.disclosure.interval_sizes import ENDS, finest_step
from backtorule_eval.disclosure.released import ShownQuality, ShownQualityRow
from backtorule_eval.disclosure.rounding import BAND, TWO_FIGURES, How, Number, Rounding, Shown
from backtorule_eval.disclosure.rules import DisclosureRules

LOWER = frozenset(q for q in Quantity if q.value.endswith("_low"))
UPPER = frozenset(q for q in Quantity if q.value.endswith("_high"))
P_VALUES = frozenset({Quantity.P_VALUE, Quantity.WORSE_P})
SCALE_UNITS = frozenset({Quantity.SPREAD, Quantity.SMALLEST_CHANGE})
FINE, COARSE, COARSEST = 0.01, 0.05, 0.1


def figures(quality: Quality) -> dict[str, float]:
    """Every figure by name; how many are left out for missing answers is never shown, and is none of them."""
    found: dict[str, float] = {}
    for i, row in enumerate(quality.rows):
        found[f"rows.{i}.n"] = row.n
        named = zip(quality.quantities, row.figures, strict=True)
        found |= {f"rows.{i}.{quantity}": x for quantity, x in named if x is not None}
    return found


def decide(quality: Quality, rules: DisclosureRules) -> dict[str, Decision]:
    """Decide row by row: hidden as a whole when too few are behind it, else figure by figure."""
    decisions = (d for i, row in enumerate(quality.rows) for d in _decide_row(i, row, quality, rules))
    return {d.figure: d for d in decisions}


def _decide_row(i: int, row: QualityRow, quality: Quality, rules: DisclosureRules) -> Iterator[Decision]:
    """Decide on one row's figures."""
    small = row.n < rules.smallest_group
    yield hide(f"rows.{i}.n", Reason.SMALL_GROUP) if small else _decide_n(f"rows.{i}.n", row, rules)
    found = {q: x for q, x in zip(quality.quantities, row.figures, strict=True) if x is not None}
    steps = {} if small else _steps_of_ends(row, found, rules)
    for quantity in found:
        figure = f"rows.{i}.{quantity}"
        if small:
            yield hide(figure, Reason.SMALL_GROUP)
        elif quantity in LOWER | UPPER:
            yield _decide_end(figure, steps.get(quantity), How.DOWN if quantity in LOWER else How.UP)
        else:
            yield _decide_figure(figure, quantity, row, rules)


def _steps_of_ends(
    row: QualityRow, found: Mapping[Quantity, float], rules: DisclosureRules
) -> dict[Quantity, float | None]:
    """To what each end of an interval is rounded; None hides it.

    Those of alpha and correlations follow from value and n by a formula that anyone can turn round. Those of
    omega and RMSEA rest on more than that, and on a hundred persons (support).
    """
    steps: dict[Quantity, float | None] = dict.fromkeys(LOWER | UPPER, FINE)
    for quantity, (low, high) in ENDS.items():
        if {quantity, low, high} <= set(found):
            interval = found[quantity], found[low], found[high]
            step = finest_step(
                row, quantity, interval=interval, value_step=_value_step(row, rules), rules=rules
            )
            steps |= {low: step, high: step}
    return steps


def _decide_n(figure: str, row: QualityRow, rules: DisclosureRules) -> Decision:
    """Decide on how many are behind a row: not shown where it would tell that few are missing."""
    if rules.is_small(row.n_missing):
        return hide(figure, Reason.DIFFERENCE)
    return count_decision(figure, row.n, rules)


def _decide_figure(figure: str, quantity: Quantity, row: QualityRow, rules: DisclosureRules) -> Decision:
    """Decide on one figure of a row with persons enough."""
    if quantity is Quantity.DF:
        return show(figure)
    if quantity in P_VALUES:
        return rounded(figure, BAND)
    if quantity is Quantity.CHI2:
        return rounded(figure, TWO_FIGURES)
    if quantity in SCALE_UNITS:
        return rounded(figure, Rounding(How.NEAREST, COARSEST))
    return rounded(figure, Rounding(How.NEAREST, _value_step(row, rules)))


def _value_step(row: QualityRow, rules: DisclosureRules) -> float:
    """To what a coefficient is rounded."""
    return COARSE if row.n < rules.coarse_below else FINE


def _decide_end(figure: str, step: float | None, outward: How) -> Decision:
    """Decide on one end of an interval."""
    return rounded(figure, Rounding(outward, step)) if step else hide(figure, Reason.TOO_PRECISE)


def release(quality: Quality, shown: Mapping[str, Shown]) -> ShownQuality:
    """Return the table with its figures as shown."""
    rows = tuple(
        ShownQualityRow(
            label=row.label,
            beside=row.beside,
            n=cast(Number, shown[f"rows.{i}.n"]),
            figures=tuple(shown.get(f"rows.{i}.{quantity}") for quantity in quality.quantities),
        )
        for i, row in enumerate(quality.rows)
    )
    return ShownQuality(
        question=quality.question,
        population=quality.population,
        quantities=quality.quantities,
        rows=rows,
        notes=quality.notes,
    )
