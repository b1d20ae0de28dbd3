"""Disclosure of means: enough people behind each, rounded so that the interval does not give n away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import reduce
from math import ceil, log10
from operator import and_
from typing import cast

from backtorule_eval.analyses.tables import MeanRow, MeanTable
from backtorule_eval.disclosure.decision import (
    Decision,
    Reason,
    count_decision,
    hide,
    keeps_enough,
    possible,
    rounded,
)
from backtorule_eval.disclosure.released import ShownMean, ShownMeans
from backtorule_eval.disclosure.rounding import How, Number, Rounding, Shown
from backtorule_eval.disclosure.rules import DisclosureRules

NUMBERS = ("n", "n_missing", "mean", "sd", "low", "high")
# A step of at least a fiftieth of the spread keeps n as vague as a base of five does at n = 40.
STEPS_IN_SD = 50


def figures(table: MeanTable) -> dict[str, float]:
    """Every figure of the table by name."""
    return {
        f"rows.{i}.{name}": value
        for i, row in enumerate(table.rows)
        for name in NUMBERS
        if (value := getattr(row, name)) is not None
    }


def decide(table: MeanTable, rules: DisclosureRules) -> dict[str, Decision]:
    """Decide on every figure of every row."""
    decisions = {d.figure: d for i, row in enumerate(table.rows) for d in _decide_row(i, row, rules)}
    for i in _rows_that_tell(table, decisions, rules):
        decisions[f"rows.{i}.n"] = hide(f"rows.{i}.n", Reason.DIFFERENCE)
    return {name: decisions[name] for name in figures(table)}


def _decide_row(i: int, row: MeanRow, rules: DisclosureRules) -> Iterator[Decision]:
    """Decide on one row: as a whole when too few or all alike, else figure by figure."""
    names = [f"rows.{i}.{name}" for name in NUMBERS]
    if row.n < rules.smallest_group:
        yield from (hide(name, Reason.SMALL_GROUP) for name in names)
        return
    if not row.sd:
        yield from (hide(name, Reason.ALL_ALIKE) for name in names)
        return
    yield count_decision(names[0], row.n, rules)
    yield count_decision(names[1], row.n_missing, rules)
    step = Rounding(How.NEAREST, 10.0 ** ceil(log10(row.sd / STEPS_IN_SD)))
    yield from (rounded(name, step) for name in names[2:])


def _rows_that_tell(
    table: MeanTable, decisions: Mapping[str, Decision], rules: DisclosureRules
) -> Iterator[int]:
    """Yield rows whose n, with the other rows' n and missing, would tell how few are missing."""
    shown = [i for i in range(len(table.rows)) if decisions[f"rows.{i}.n"].reason is Reason.ROUNDED]
    sizes = [possible(table.rows[i].n, rules) + possible(table.rows[i].n_missing, rules) for i in shown]
    for i in shown:
        row = table.rows[i]
        everyone = reduce(and_, sizes)
        left = (everyone - possible(row.n, rules)) & possible(row.n_missing, rules)
        if rules.is_small(row.n_missing) and not keeps_enough(left, rules):
            yield i


def release(table: MeanTable, shown: Mapping[str, Shown]) -> ShownMeans:
    """Return the table with its figures as shown."""
    rows = tuple(_release_row(i, row, shown) for i, row in enumerate(table.rows))
    return ShownMeans(
        question=table.question, population=table.population, rows=rows, notes=table.notes, label=table.label
    )


def _release_row(i: int, row: MeanRow, shown: Mapping[str, Shown]) -> ShownMean:
    """Return one row with its figures as shown."""
    numbers = {
        name: None if getattr(row, name) is None else cast(Number, shown[f"rows.{i}.{name}"])
        for name in NUMBERS
    }
    words = {name: getattr(row, name) for name in ("name", "label", "scale_low", "scale_high")}
    return ShownMean(**numbers, **words)  # type: ignore[arg-type]  # both by the row's own field names
