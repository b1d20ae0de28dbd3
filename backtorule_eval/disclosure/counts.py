"""Disclosure of tables of counts: small cells, and of sensitive attributes empty and nearly full ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import cast

from backtorule_eval.analyses.tables import CountTable
from backtorule_eval.disclosure.decision import Decision, Reason, count_decision, hide
from backtorule_eval.disclosure.released import ShownCounts
from backtorule_eval.disclosure.rounding import Number, Shown
from backtorule_eval.disclosure.rules import DisclosureRules

# The level that holds those without a value; to have no value is no sensitive attribute.
MISSING = "missing"


def figures(table: CountTable) -> dict[str, float]:
    """Every figure of the table by name."""
    return {f"counts.{i}": count for i, count in enumerate(table.counts)}


def decide(table: CountTable, rules: DisclosureRules) -> dict[str, Decision]:
    """Decide on every cell; a table carries no margins, they are made from what is shown."""
    decisions = [count_decision(f"counts.{i}", count, rules) for i, count in enumerate(table.counts)]
    for cells, is_missing in _sensitive_lines(table):
        n_line = sum(table.counts[i] for i in cells)
        for i, missing in zip(cells, is_missing, strict=True):
            if reason := _told_by_line(table.counts[i], n_line, missing, rules):
                decisions[i] = hide(f"counts.{i}", reason)
    return {d.figure: d for d in decisions}


def _told_by_line(count: int, n_line: int, missing: bool, rules: DisclosureRules) -> Reason | None:
    """Return why a cell tells something of everyone in its line: nobody, or nearly all, are in it."""
    if n_line == 0 or missing:
        return None
    if count == 0:
        return Reason.EMPTY_SENSITIVE
    return Reason.NEARLY_ALL if n_line - count < rules.threshold else None


def rests_that_tell(table: CountTable, rules: DisclosureRules) -> Iterator[tuple[int, ...]]:
    """Yield the cells beside each cell of a sensitive attribute that holds nearly all of its line.

    How many they are together must not be told either: it says how nearly.
    """
    for cells, is_missing in _sensitive_lines(table):
        n_line = sum(table.counts[i] for i in cells)
        for i, missing in zip(cells, is_missing, strict=True):
            if _told_by_line(table.counts[i], n_line, missing, rules) is Reason.NEARLY_ALL:
                yield tuple(j for j in cells if j != i)


def _sensitive_lines(table: CountTable) -> Iterator[tuple[list[int], list[bool]]]:
    """Yield, for each sensitive dimension, cells that differ in its level alone, and which are missing."""
    sizes = [len(d.levels) for d in table.dimensions]
    index = {cell: i for i, cell in enumerate(product(*(range(size) for size in sizes)))}
    for axis, dimension in enumerate(table.dimensions):
        if not dimension.sensitive:
            continue
        is_missing = [level.key == MISSING for level in dimension.levels]
        others = [range(size) if a != axis else range(1) for a, size in enumerate(sizes)]
        for cell in product(*others):
            line = [(*cell[:axis], level, *cell[axis + 1 :]) for level in range(sizes[axis])]
            yield [index[c] for c in line], is_missing


def release(table: CountTable, shown: Mapping[str, Shown]) -> ShownCounts:
    """Return the table with its counts as shown."""
    return ShownCounts(
        question=table.question,
        population=table.population,
        dimensions=table.dimensions,
        counts=tuple(cast(Number, shown[name]) for name in figures(table)),
    )
