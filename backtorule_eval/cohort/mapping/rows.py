"""Which rows of a raw table a block is about, and what stands beside them in another source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from backtorule_eval.cohort.mapping.columns import raw_cells
from backtorule_eval.cohort.mapping.model import Condition, Lookup
from backtorule_eval.cohort.mapping.reading import Array, objects
from backtorule_eval.cohort.sources.raw_table import RawTable
from backtorule_eval.errors import Problem

_BETWEEN = "\x1f"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsFound:
    """A raw table with the rows or columns asked for, and what is wrong."""

    raw: RawTable
    problems: tuple[Problem, ...] = ()


def keep_rows(raw: RawTable, where: Mapping[str, Condition], *, table: str) -> RowsFound:
    """Which rows meet all conditions?

    Every column that `where` names is in the table. A filter that leaves nothing of a file with rows breaks
    ``where_keeps_nothing``: most likely a word is misspelt.
    """
    kept = np.ones(len(raw.frame), dtype=bool)
    for name, condition in where.items():
        kept &= _meets(raw, name, condition)
    if len(kept) and not kept.any():
        nothing = raw.problem("where_keeps_nothing", table=table, column=", ".join(where))
        return RowsFound(raw=replace(raw, frame=raw.frame.iloc[:0]), problems=(nothing,))
    return RowsFound(raw=raw if kept.all() else replace(raw, frame=raw.frame.loc[kept]))


def _meets(raw: RawTable, name: str, condition: Condition) -> Array:
    """Which rows meet one condition, by the text or the label of a column."""
    cells = raw_cells(raw, name)
    listed = {*condition.is_, *condition.not_}
    pairs = zip(cells.texts, cells.labels, strict=True)
    found = np.array([t is not None and bool(listed & {t, label}) for t, label in pairs], dtype=bool)
    empty: Array = cells.spread(np.array([t is None for t in cells.texts], dtype=bool))
    if condition.empty is not None:
        return empty if condition.empty else ~empty
    among = cells.spread(found)
    return among if condition.is_ else ~among


def look_up(
    raw: RawTable, lookup: Lookup, *, other: RawTable, wanted: Sequence[str], table: str
) -> RowsFound:
    """What does another source say of each row?

    Parameters
    ----------
    raw, other : RawTable
        Both have the key columns of `lookup`.
    wanted : sequence of str
        Columns of `other` to set beside the rows; missing in a row whose key `other` does not have.

    Returns
    -------
    RowsFound
        ``lookup_duplicate_key`` if a key stands twice in `other`: then it is not clear which row is meant.
    """
    keys = pd.Index(_keys(other, list(lookup.on.values())))
    known = keys.notna()
    twice = keys.duplicated(keep=False) & known
    problems: tuple[Problem, ...] = ()
    if twice.any():
        column = " + ".join(lookup.on.values())
        problems = (other.problem("lookup_duplicate_key", table=table, column=column, rows=twice),)
    usable = known & ~keys.duplicated()
    found = keys[usable].get_indexer(pd.Index(_keys(raw, list(lookup.on))))
    beside = {name: other.frame[name].array[usable].take(found, allow_fill=True) for name in wanted}
    frame = raw.frame.assign(
        **{name: pd.Series(values, index=raw.frame.index) for name, values in beside.items()}
    )
    labels = {**raw.labels, **{n: other.labels[n] for n in wanted if n in other.labels}}
    missing = {**raw.user_missing, **{n: other.user_missing[n] for n in wanted if n in other.user_missing}}
    return RowsFound(raw=replace(raw, frame=frame, labels=labels, user_missing=missing), problems=problems)


def _keys(raw: RawTable, names: list[str]) -> Array:
    """One text per row from the key columns; missing where one of them is."""
    parts = []
    for name in names:
        cells = raw_cells(raw, name)
        parts.append(cells.spread(objects(cells.texts)))
    return objects([None if None in row else _BETWEEN.join(row) for row in zip(*parts, strict=True)])
