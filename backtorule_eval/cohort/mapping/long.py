"""The long table that a block of items makes, and why its answers are missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from backtorule_eval.cohort.dictionary import Column
from backtorule_eval.cohort.mapping.columns import UNEXPLAINED, ColumnRead
from backtorule_eval.cohort.mapping.items import Item, cut_answered
from backtorule_eval.cohort.mapping.reading import Array, objects
from backtorule_eval.cohort.mapping.work import Work

VALUE = "value"
REASON = "missing_reason"
WAVE = "wave"


@dataclass(frozen=True, slots=True, kw_only=True)
class LongTable:
    """Columns of the long table, and for each of its rows the row (from 0) it came from."""

    columns: dict[str, pd.Series[Any]] = field(repr=False)
    row: Array = field(repr=False)


def item_column(columns: Mapping[str, Column]) -> str:
    """Name of the column that says which item a value belongs to; "" in a table that has none."""
    names = [c.name for c in columns.values() if c.key and c.type == "code"]
    return names[0] if VALUE in columns and names else ""


def make_long(
    work: Work, items: Sequence[Item], *, made: Mapping[str, pd.Series[Any]], columns: Mapping[str, Column]
) -> LongTable:
    """One row per item of every form in which something is answered.

    Parameters
    ----------
    work : Work
        The raw rows.
    items : sequence of Item
        All with their raw column there.
    made : mapping of str to pd.Series
        The other columns, one value per raw row; repeated for each item.
    columns : mapping of str to Column
        The table's columns.
    """
    reads = [work.read(item.rule, columns[VALUE]) for item in items]
    shape = (len(items), len(work.raw.frame))
    values = np.array([r.values.to_numpy() for r in reads], dtype=np.float64).reshape(shape).T
    reasons = np.array([r.reasons for r in reads], dtype=object).reshape(shape).T
    cut = cut_answered(~np.isnan(values) | (reasons != ""), [item.wave for item in items])
    long = {name: series.take(cut.row).reset_index(drop=True) for name, series in made.items()}
    names = objects([item.name for item in items])
    long[item_column(columns)] = pd.Series(names[cut.item], dtype="str")
    long[VALUE] = pd.Series(values[cut.row, cut.item], dtype="float64")
    if any(item.wave is not None for item in items):
        waves = np.array([item.wave for item in items], dtype=np.float64)
        long[WAVE] = pd.Series(waves[cut.item], dtype="Int64")
    if REASON in columns:
        for item, read in zip(items, reads, strict=True):
            _note_unexplained(work, item.column, read.reasons)
        long[REASON] = _told(long[VALUE], reasons[cut.row, cut.item], blank=work.block.answers.blank)
    return LongTable(columns=long, row=cut.row)


def stated_reasons(
    work: Work, value: ColumnRead, *, columns: Mapping[str, Column]
) -> dict[str, pd.Series[Any]]:
    """The column missing_reason of a table that came long, unless the mapping has a column for it."""
    if REASON not in columns or REASON in work.block.columns:
        return {}
    _note_unexplained(work, work.block.columns[VALUE].column, value.reasons)
    return {REASON: _told(value.values, value.reasons, blank=work.block.answers.blank)}


def _told(values: pd.Series[Any], reasons: Array, *, blank: str) -> pd.Series[Any]:
    """Why values are missing: the reason of their code, or that of an empty cell."""
    told = np.where(reasons == "", objects([blank or None] * len(reasons)), reasons)
    return pd.Series(
        np.where(values.isna() & (reasons != UNEXPLAINED), told, objects([None] * len(reasons))), dtype="str"
    )


def _note_unexplained(work: Work, column: str, reasons: Array) -> None:
    """Tell of codes that the file declares as missing and the mapping gives no reason for."""
    rows = reasons == UNEXPLAINED
    if rows.any():
        work.note("missing_code_unexplained", column=column, rows=rows)
