"""Reading CSV, TSV and their relatives: every cell stays the text it was.

One strict parser reads the file once, in batches, and equal cells of a column share one object, so memory
stays a small multiple of the file's size. Row numbers count records, as a spreadsheet shows them.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import pandas as pd

from backtorule_eval.cohort.sources.declaration import FileDeclaration
from backtorule_eval.cohort.sources.encoding import find_encoding
from backtorule_eval.cohort.sources.header import read_header
from backtorule_eval.cohort.sources.raw_table import ReadResult, raw_table, refused
from backtorule_eval.errors import SHOWN_ROWS, Problem

_CANDIDATES = (";", ",", "\t", "|")
_NAMES = {";": ";", ",": ",", "\t": "tab", "|": "|"}
_TAB_SUFFIXES = {".tsv", ".tab"}
_SAMPLE = 1000
_BATCH = 50_000
_SHARED = 100_000


@dataclass(slots=True)
class _Columns:
    """Columns as they grow, batch by batch."""

    parts: list[list[np.ndarray[Any, Any]]]
    shared: list[dict[str, Any]]
    rows: list[np.ndarray[Any, Any]] = field(default_factory=list)
    ragged: list[int] = field(default_factory=list)
    n_ragged: int = 0

    def add(self, batch: list[list[str]], *, first_row: int) -> None:
        """Add a batch of records whose first has the number `first_row`."""
        width = len(self.parts)
        lengths = np.fromiter(map(len, batch), dtype=np.int64, count=len(batch))
        numbers = np.arange(first_row, first_row + len(batch))
        wrong = (lengths != width) & (lengths > 0)
        self.n_ragged += int(wrong.sum())
        self.ragged += numbers[wrong][:SHOWN_ROWS].tolist()
        right = lengths == width
        kept = batch if right.all() else [r for r, good in zip(batch, right, strict=True) if good]
        self.rows.append(numbers[right])
        for i, cells in enumerate(zip(*kept, strict=True)):
            self.parts[i].append(self._boxed(i, cells))

    def _boxed(self, i: int, cells: tuple[str, ...]) -> np.ndarray[Any, Any]:
        """The cells of column `i` as objects, equal ones shared, empty ones missing."""
        shared = self.shared[i]
        if len(shared) > _SHARED:
            shared.clear()
            shared[""] = np.nan
        boxed = np.empty(len(cells), dtype=object)
        boxed[:] = [shared.setdefault(c, c) for c in cells]
        return boxed


def read_delimited(path: Path, declared: FileDeclaration, *, source: str) -> ReadResult:
    """What does a delimited text file hold?"""
    encoding = find_encoding(path, declared=declared.encoding.lower())
    if encoding.rule:
        return refused(encoding.rule, path.name, encoding=encoding.detail)
    delimiter: str = declared.delimiter or ("\t" if path.suffix.lower() in _TAB_SUFFIXES else "")
    if not delimiter:
        possible = _possible_delimiters(path, encoding.codec, declared.skip_rows)
        if len(possible) != 1:
            return refused(
                "delimiter_unclear", path.name, possible="  ".join(_NAMES[d] for d in possible or _CANDIDATES)
            )
        delimiter = possible[0]
    with path.open(encoding=encoding.codec, newline="") as file:
        return _read_records(file, declared, delimiter=delimiter, name=path.name, source=source)


def _records(file: TextIO, *, delimiter: str, skip_rows: int) -> Iterator[list[str]]:
    """Records below the skipped rows, the header first."""
    for _ in islice(file, skip_rows):
        pass
    return iter(csv.reader(file, delimiter=delimiter, strict=True))


def _possible_delimiters(path: Path, codec: str, skip_rows: int) -> list[str]:
    """Delimiters with which the start of the file can be read.

    One that alone splits the header is the only reading. If several split it, those that give every record
    of the sample the header's number of fields remain. If none does, the file has one column.
    """
    widths = {d: _sample_widths(path, codec, delimiter=d, skip_rows=skip_rows) for d in _CANDIDATES}
    splitting = [d for d, w in widths.items() if w and w[0] > 1]
    if len(splitting) == 1:
        return splitting
    even = [d for d in (splitting or _CANDIDATES) if len(set(widths[d])) == 1]
    return even if splitting else [*even, ","][:1]


def _sample_widths(path: Path, codec: str, *, delimiter: str, skip_rows: int) -> list[int]:
    """Numbers of fields of the first records; those before an unreadable one if there is one."""
    widths: list[int] = []
    with path.open(encoding=codec, newline="") as file:
        try:
            widths += (
                len(r) for r in islice(_records(file, delimiter=delimiter, skip_rows=skip_rows), _SAMPLE) if r
            )
        except csv.Error:
            return widths
    return widths


def _read_records(
    file: TextIO, declared: FileDeclaration, *, delimiter: str, name: str, source: str
) -> ReadResult:
    """Parse an open file."""
    records = _records(file, delimiter=delimiter, skip_rows=declared.skip_rows)
    header_row = declared.skip_rows + 1
    try:
        header = next(records, [])
        columns = _gather(records, width=len(header), first_row=header_row + 1)
    except csv.Error:
        row = _broken_row(file, delimiter=delimiter, skip_rows=declared.skip_rows)
        return _not_read("quotes_broken", name, row=row)
    if not any(cell.strip() for cell in header):
        return _not_read("header_empty" if columns.rows else "file_empty", name, row=header_row)
    cells = _frame(header, columns)
    found = read_header(
        header, filled=[bool(cells[i].notna().any()) for i in cells], file=name, row=header_row
    )
    frame = cells.iloc[:, list(found.positions)].set_axis(list(found.names), axis=1)
    table = raw_table(frame, declared, source=source, file=name, kind="text")
    table = replace(table, unusable=found.repeated)
    ragged = _ragged_problems(columns, name=name, width=len(header), delimiter=delimiter)
    return ReadResult(table=table, problems=(*ragged, *found.problems))


def _not_read(rule: str, name: str, *, row: int) -> ReadResult:
    """No table, because of what one row shows."""
    return ReadResult(table=None, problems=(Problem(rule=rule, file=name, first_rows=(row,)),))


def _gather(records: Iterator[list[str]], *, width: int, first_row: int) -> _Columns:
    """Columns of all records, read in batches of limited length."""
    columns = _Columns(parts=[[] for _ in range(width)], shared=[{"": np.nan} for _ in range(width)])
    row = first_row
    while batch := list(islice(records, _BATCH)):
        columns.add(batch, first_row=row)
        row += len(batch)
    return columns


def _ragged_problems(columns: _Columns, *, name: str, width: int, delimiter: str) -> list[Problem]:
    """The problem of records with more or fewer fields than the header, if there are any."""
    if not columns.n_ragged:
        return []
    rows = tuple(columns.ragged[:SHOWN_ROWS])
    detail = {"width": str(width), "delimiter": _NAMES[delimiter]}
    return [Problem(rule="ragged_rows", file=name, n_rows=columns.n_ragged, first_rows=rows, detail=detail)]


def _broken_row(file: TextIO, *, delimiter: str, skip_rows: int) -> int:
    """Number of the record in which a quotation mark is out of place."""
    file.seek(0)
    row = skip_rows + 1
    try:
        for _ in _records(file, delimiter=delimiter, skip_rows=skip_rows):
            row += 1
    except csv.Error:
        return row
    return row


def _frame(header: list[str], columns: _Columns) -> pd.DataFrame:
    """All cells under their positions, without rows that are empty all through."""
    rows = np.concatenate(columns.rows) if columns.rows else np.empty(0, dtype=np.int64)
    arrays: dict[int, Any] = {}
    for i in range(len(header)):
        parts = columns.parts[i]
        columns.parts[i] = []
        cells = np.concatenate(parts) if parts else np.empty(0, dtype=object)
        arrays[i] = pd.array(cells, dtype="str")
    frame = pd.DataFrame(arrays, index=pd.Index(rows, name="row"), copy=False)
    empty = frame.isna().all(axis=1)
    return frame.loc[~empty] if empty.any() else frame
