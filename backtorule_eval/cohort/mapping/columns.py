"""One column of the dictionary from one raw table: found, repaired, recoded, read as its type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from backtorule_eval.cohort.dictionary import Column
from backtorule_eval.cohort.mapping.cells import Cells, cells_of, constant_cells, joined_cells
from backtorule_eval.cohort.mapping.dates import read_dates
from backtorule_eval.cohort.mapping.model import Codes, ColumnRule
from backtorule_eval.cohort.mapping.numbers import Reading, read_integers, read_numbers
from backtorule_eval.cohort.sources.raw_table import RawTable
from backtorule_eval.errors import SHOWN_ROWS, Problem

PANDAS_TYPES: dict[str, str] = {
    "person": "str",
    "code": "str",
    "level": "str",
    "text": "str",
    "integer": "Int64",
    "number": "float64",
    "date": "datetime64[us]",
    "boolean": "boolean",
}
UNEXPLAINED = "?"
_BOOLEANS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnRead:
    """A column as the dictionary wants it, row by row, why cells are missing, and what is wrong."""

    values: pd.Series[Any]
    reasons: np.ndarray[Any, Any]
    problems: tuple[Problem, ...]


def read_column(raw: RawTable, frame: pd.DataFrame, *, rule: ColumnRule, column: Column, table: str) -> ColumnRead:
    """What does `rule` make of the rows of `frame`?

    Parameters
    ----------
    raw : RawTable
        Where the rows come from, with what is declared for the file.
    frame : pd.DataFrame
        Rows of `raw` that are kept; every raw column of the rule is there.
    rule, column, table
        What the mapping says, and the dictionary's column it is for.

    Returns
    -------
    ColumnRead
        Values in the dictionary's type, missing where a cell is empty or cannot be read. Reasons: "" for none, "?"
        for a code that the source declares as missing and the mapping does not explain.
    """
    cells = _prepared(raw, frame, rule)
    split = _cut(cells, rule)
    if split is not None:
        cells = cells.with_texts(split.values)
    recoded = _recoded(cells, rule.codes) if rule.codes else None
    if recoded is not None:
        cells = cells.with_texts(recoded.values)
    stated = bool(rule.codes) or rule.constant is not None
    if rule.days_after is not None:
        reading = read_integers(cells.texts, decimal=cells.decimal)
    else:
        reading = _typed(cells, column, rule=rule, raw=raw, stated=stated)
    problems = [
        _problem(name, mask, detail=r.detail, place=(raw.file, table, rule, frame), cells=cells)
        for r in (split, recoded, reading)
        if r is not None
        for name, mask in r.broken.items()
    ]
    values = cells.spread(reading.values, empty=_nothing(reading.values))
    reasons = cells.spread(np.array(cells.reasons, dtype=object), empty="")
    if rule.days_after is not None:
        start = read_column(raw, frame, rule=rule.days_after, column=column, table=table)
        values = _days_later(values, start.values)
        problems += start.problems
    series = pd.Series(values, index=frame.index).astype(PANDAS_TYPES[column.type])
    return ColumnRead(values=series, reasons=reasons, problems=tuple(problems))


def _prepared(raw: RawTable, frame: pd.DataFrame, rule: ColumnRule) -> Cells:
    """The cells a rule is about, repaired, with missing codes taken out."""
    if rule.constant is not None:
        return constant_cells(rule.constant, n=len(frame))
    missing = {**raw.missing, **rule.missing}
    parts = [_raw_cells(raw, frame, name, rule=rule, missing=missing) for name in rule.own_columns]
    return parts[0] if len(parts) == 1 else joined_cells(parts, between=rule.between)


def _raw_cells(
    raw: RawTable, frame: pd.DataFrame, name: str, *, rule: ColumnRule, missing: Mapping[str, str]
) -> Cells:
    """Cells of one raw column."""
    cells = cells_of(frame[name], decimal=rule.decimal or raw.decimal, labels=raw.labels.get(name, {}))
    cells = cells.changed(lambda t: rule.replace.get(t, t)).emptied(missing)
    return cells.emptied(dict.fromkeys(raw.user_missing.get(name, ()), UNEXPLAINED))


def _cut(cells: Cells, rule: ColumnRule) -> Reading | None:
    """The part of each text that the rule asks for."""
    if rule.split is None:
        return None
    by, part, of = rule.split.by, rule.split.part, rule.split.of
    pieces = [None if t is None else [p.strip() for p in t.split(by)] for t in cells.texts]
    odd = np.array([p is not None and len(p) != of for p in pieces], dtype=bool)
    taken = [None if p is None or len(p) != of else p[part - 1] or None for p in pieces]
    broken = {"split_parts": odd} if odd.any() else {}
    return Reading(values=np.array(taken, dtype=object), broken=broken, detail={"by": by, "of": str(of)})


def _recoded(cells: Cells, codes: Codes) -> Reading:
    """The value that the mapping lists for each code, or for its label."""
    values: list[str | None] = []
    unmapped, clash = [], []
    for text, label in zip(cells.texts, cells.labels, strict=True):
        known = [k for k in (text, label) if k and k in codes]
        targets = {codes[k] for k in known}
        unmapped.append(text is not None and not known)
        clash.append(len(targets) > 1)
        values.append(codes[known[0]] if text is not None and len(targets) == 1 else None)
    broken = {"code_unmapped": np.array(unmapped, dtype=bool), "code_label_clash": np.array(clash, dtype=bool)}
    return Reading(values=np.array(values, dtype=object), broken={k: m for k, m in broken.items() if m.any()})


def _typed(cells: Cells, column: Column, *, rule: ColumnRule, raw: RawTable, stated: bool) -> Reading:
    """Texts read as the column's type; what the mapping file states itself has ISO dates and decimal points."""
    if column.type == "number":
        return read_numbers(cells.texts, decimal="." if stated else cells.decimal)
    if column.type == "integer":
        return read_integers(cells.texts, decimal="." if stated else cells.decimal)
    if column.type == "date":
        form = "" if stated else rule.dates or raw.dates
        return read_dates(cells.texts, form=form, iso_too=raw.kind == "typed")
    texts = np.array(cells.texts, dtype=object)
    if column.type == "boolean":
        known: Mapping[str, Any] = _BOOLEANS
        return _chosen([t and t.lower() for t in cells.texts], known, broken="boolean_unreadable", words="true, false")
    if column.type == "level":
        known = {name: name for name in column.levels}
        return _chosen(cells.texts, known, broken="level_unknown", words=", ".join(known))
    return Reading(values=texts)


def _chosen(texts: Any, known: Mapping[str, Any], *, broken: str, words: str) -> Reading:
    """The value each text stands for, out of a closed list."""
    values = np.array([None if t is None else known.get(t) for t in texts], dtype=object)
    bad = np.array([t is not None and t not in known for t in texts], dtype=bool)
    return Reading(values=values, broken={broken: bad} if bad.any() else {}, detail={"allowed": words})


def _nothing(values: np.ndarray[Any, Any]) -> Any:
    """The missing value of an array's type."""
    return {"f": np.nan, "M": np.datetime64("NaT", "D")}.get(values.dtype.kind)


def _days_later(days: np.ndarray[Any, Any], start: pd.Series[Any]) -> np.ndarray[Any, Any]:
    """Dates that lie `days` after `start`; missing where either is."""
    first = start.to_numpy(dtype="datetime64[D]")
    known = ~np.isnan(days) & ~np.isnat(first)
    later = first + np.where(known, days, 0).astype("timedelta64[D]")
    return np.where(known, later, np.datetime64("NaT", "D"))


def _problem(
    name: str, mask: np.ndarray[Any, Any], *, detail: Mapping[str, str], place: tuple[str, str, ColumnRule, pd.DataFrame],
    cells: Cells,
) -> Problem:
    """The problem of the rows whose text breaks the rule `name`."""
    file, table, rule, frame = place
    rows = frame.index.to_numpy()[cells.spread(mask, empty=False)]
    return Problem(
        rule=name,
        file=file,
        table=table,
        column=" + ".join(rule.own_columns),
        n_rows=len(rows),
        first_rows=tuple(int(r) for r in np.sort(rows)[:SHOWN_ROWS]),
        detail=dict(detail),
    )
