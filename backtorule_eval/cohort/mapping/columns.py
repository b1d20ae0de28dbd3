"""One column of the dictionary from one raw table: found, repaired, recoded, read as its type."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from backtorule_eval.cohort.dictionary import PANDAS_TYPES, Column
from backtorule_eval.cohort.mapping.cells import Cells, cells_of, constant_cells, joined_cells
from backtorule_eval.cohort.mapping.model import ColumnRule
from backtorule_eval.cohort.mapping.reading import Array, Reading, objects
from backtorule_eval.cohort.mapping.recoding import recode, split_texts
from backtorule_eval.cohort.mapping.typed import read_stated, read_typed
from backtorule_eval.cohort.sources.raw_table import RawTable
from backtorule_eval.errors import Problem

UNEXPLAINED = "?"


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnRead:
    """A column as the dictionary wants it.

    Attributes
    ----------
    values : pd.Series
        In the dictionary's type; missing where a cell is empty or cannot be read.
    reasons : np.ndarray of str
        Why a value is missing: a level of missing_reason, "" for none, "?" for a code that the source
        declares as missing and the mapping does not explain.
    problems : tuple of Problem
    """

    values: pd.Series[Any] = field(repr=False)
    reasons: Array = field(repr=False)
    problems: tuple[Problem, ...]


def read_column(raw: RawTable, *, rule: ColumnRule, column: Column, table: str) -> ColumnRead:
    """What does a rule of the mapping make of a raw table?

    Parameters
    ----------
    raw : RawTable
        The rows that are kept, with what is declared for the file; every raw column of the rule is there.
    rule, column, table
        What the mapping says, and the dictionary's column and table it is for.
    """
    cells = _cells(raw, rule)
    if rule.split is not None:
        split = rule.split
        cells = cells.after(lambda c: split_texts(c.texts, split))
    if rule.codes:
        cells = cells.after(lambda c: recode(c, rule.codes))
    reading = _last_reading(cells, raw, rule=rule, column=column)
    values = cells.spread(reading.values)
    problems = [
        p for r in (*cells.readings, reading) for p in _problems(r, cells, raw=raw, rule=rule, table=table)
    ]
    if rule.days_after is not None:
        start = read_column(raw, rule=rule.days_after, column=column, table=table)
        values = _days_later(values, start.values)
        problems += start.problems
    return ColumnRead(
        values=pd.Series(values, dtype=PANDAS_TYPES[column.type]),
        reasons=cells.spread(objects(cells.reasons)),
        problems=tuple(problems),
    )


def raw_cells(raw: RawTable, name: str, *, rule: ColumnRule | None = None) -> Cells:
    """The cells of one raw column, repaired, with the codes for missing taken out."""
    rule = rule or ColumnRule(column=name)
    cells = cells_of(raw.frame[name], decimal=rule.decimal or raw.decimal, labels=raw.labels.get(name, {}))
    cells = cells.repaired(rule.replace).emptied({**raw.missing, **rule.missing})
    return cells.emptied(dict.fromkeys(raw.user_missing.get(name, ()), UNEXPLAINED))


def _cells(raw: RawTable, rule: ColumnRule) -> Cells:
    """The cells a rule is about."""
    if rule.constant is not None:
        return constant_cells(rule.constant, n=len(raw.frame))
    parts = [raw_cells(raw, name, rule=rule) for name in rule.own_columns]
    return parts[0] if len(parts) == 1 else joined_cells(parts, between=rule.between)


def _last_reading(cells: Cells, raw: RawTable, *, rule: ColumnRule, column: Column) -> Reading:
    """The texts read as the column's type, or as days to be added to a date."""
    wanted = replace(column, type="integer") if rule.days_after is not None else column
    if rule.codes or rule.constant is not None:
        return read_stated(cells.texts, wanted)
    return read_typed(
        cells.texts,
        wanted,
        decimal=cells.decimal,
        dates=rule.dates or raw.dates,
        iso_too=raw.kind == "typed",
    )


def _problems(
    reading: Reading, cells: Cells, *, raw: RawTable, rule: ColumnRule, table: str
) -> Iterator[Problem]:
    """One problem for each rule that a reading found broken."""
    column = " + ".join(rule.own_columns)
    for name, mask in reading.broken.items():
        yield raw.problem(name, table=table, column=column, rows=cells.spread(mask), detail=reading.detail)


def _days_later(days: Array, start: pd.Series[Any]) -> Array:
    """Dates that lie `days` after `start`; missing where either is."""
    first = start.to_numpy(dtype="datetime64[D]")
    known = ~np.isnan(days) & ~np.isnat(first)
    later = first + np.where(known, days, 0).astype("timedelta64[D]")
    return np.where(known, later, np.datetime64("NaT", "D"))
