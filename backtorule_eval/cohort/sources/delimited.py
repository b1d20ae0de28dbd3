"""Reading CSV, TSV and their relatives: every cell stays the text it was.

The file is parsed twice. A strict parser goes first and looks at its form alone: quotation marks, and the
number of fields of every record. What it lets through has one reading, and a fast parser makes the
columns; equal cells of a column share one object, so memory stays a small multiple of the file's size. Row
numbers count records, as a spreadsheet shows them.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
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
_NAMES = {"\t": "tab"}
_TAB_SUFFIXES = {".tsv", ".tab"}
_SAMPLE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """Numbers of fields of all records, the header first; a blank line has none.

    `broken` says that a quotation mark stopped the parser.
    """

    widths: np.ndarray[Any, np.dtype[np.int64]]
    broken: bool

    @property
    def header(self) -> int:
        """Fields of the header."""
        return int(self.widths[0]) if len(self.widths) else 0

    @property
    def ragged(self) -> np.ndarray[Any, np.dtype[np.intp]]:
        """Records (the header is 0) with another number of fields than the header."""
        return np.flatnonzero((self.widths != self.header) & (self.widths > 0))


def read_delimited(path: Path, declared: FileDeclaration, *, source: str) -> ReadResult:
    """What does a delimited text file hold?"""
    encoding = find_encoding(path, declared=declared.encoding.lower())
    if encoding.rule:
        return refused(encoding.rule, path.name, encoding=encoding.detail)
    delimiter: str = declared.delimiter or ("\t" if path.suffix.lower() in _TAB_SUFFIXES else "")
    with path.open(encoding=encoding.codec, newline="") as file:
        if not delimiter:
            possible = _possible_delimiters(file, declared.skip_rows)
            if len(possible) != 1:
                named = "  ".join(_NAMES.get(d, d) for d in possible or _CANDIDATES)
                return refused("delimiter_unclear", path.name, possible=named)
            delimiter = possible[0]
        return _read_open(file, declared, delimiter=delimiter, name=path.name, source=source)


def _below_skipped(file: TextIO, skip_rows: int) -> TextIO:
    """The file at its first line below the skipped ones."""
    file.seek(0)
    for _ in range(skip_rows):
        file.readline()
    return file


def _records(file: TextIO, *, delimiter: str, skip_rows: int) -> Iterator[list[str]]:
    """Records of an open file, the header first."""
    return iter(csv.reader(_below_skipped(file, skip_rows), delimiter=delimiter, strict=True))


def _form(file: TextIO, *, delimiter: str, skip_rows: int, at_most: int | None = None) -> _Form:
    """The form of a file, up to a broken quotation mark."""
    widths: list[int] = []
    broken = False
    try:
        widths.extend(map(len, islice(_records(file, delimiter=delimiter, skip_rows=skip_rows), at_most)))
    except csv.Error:
        broken = True
    return _Form(widths=np.array(widths, dtype=np.int64), broken=broken)


def _possible_delimiters(file: TextIO, skip_rows: int) -> list[str]:
    """Delimiters with which the start of the file can be read.

    One that alone splits the header is the only reading. If several split it, those that give every record of
    the sample the header's number of fields remain. If none does, the file has one column.
    """
    forms = {d: _form(file, delimiter=d, skip_rows=skip_rows, at_most=_SAMPLE) for d in _CANDIDATES}
    splitting = [d for d, form in forms.items() if form.header > 1]
    if len(splitting) == 1:
        return splitting
    even = [d for d in splitting or _CANDIDATES if not forms[d].broken and not len(forms[d].ragged)]
    return even if splitting else [*even, ","][:1]


def _read_open(
    file: TextIO, declared: FileDeclaration, *, delimiter: str, name: str, source: str
) -> ReadResult:
    """Read an open file whose delimiter is known."""
    header_row = declared.skip_rows + 1
    form = _form(file, delimiter=delimiter, skip_rows=declared.skip_rows)
    if form.broken:
        return _not_read("quotes_broken", name, row=header_row + len(form.widths))
    if not form.widths.any():
        return refused("file_empty", name)
    cells = _cells(_below_skipped(file, declared.skip_rows), form, delimiter=delimiter)
    if len(cells) != len(form.widths):
        return refused("file_unreadable", name, format="CSV")
    cells.index = pd.RangeIndex(header_row, header_row + len(cells), name="row")
    named = [text if isinstance(text, str) else "" for text in cells.iloc[0, : form.header]]
    body = _body(cells, form)
    filled = [bool(body[i].notna().any()) for i in body]
    header = read_header(named, filled=filled, file=name, row=header_row)
    frame = body.iloc[:, list(header.positions)].set_axis(list(header.names), axis=1)
    table = raw_table(frame, declared, source=source, file=name, kind="text")
    ragged = _ragged_problems(form, name=name, header_row=header_row, delimiter=delimiter)
    file.seek(0)
    above = {row: file.readline() for row in range(1, header_row)}
    whole = replace(table, unusable=header.repeated, aside=above)
    return ReadResult(table=whole, problems=(*ragged, *header.problems))


def _cells(file: TextIO, form: _Form, *, delimiter: str) -> pd.DataFrame:
    """All cells as text, the header too, under their positions; an empty one is missing."""
    return pd.read_csv(
        file,
        sep=delimiter,
        header=None,
        names=range(int(form.widths.max())),
        dtype="str",
        keep_default_na=False,
        na_values=[""],
        skip_blank_lines=False,
    )


def _body(cells: pd.DataFrame, form: _Form) -> pd.DataFrame:
    """The cells below the header, without ragged records and without those that are empty all through."""
    kept = cells.notna().any(axis=1).to_numpy(copy=True)
    kept[form.ragged] = False
    below = cells.iloc[1:, : form.header]
    return below if kept[1:].all() else below.loc[kept[1:]]


def _ragged_problems(form: _Form, *, name: str, header_row: int, delimiter: str) -> list[Problem]:
    """The problem of records with more or fewer fields than the header, if there are any."""
    if not len(form.ragged):
        return []
    rows = tuple((form.ragged[:SHOWN_ROWS] + header_row).tolist())
    detail = {"width": str(form.header), "delimiter": _NAMES.get(delimiter, delimiter)}
    return [Problem(rule="ragged_rows", file=name, n_rows=len(form.ragged), first_rows=rows, detail=detail)]


def _not_read(rule: str, name: str, *, row: int) -> ReadResult:
    """No table, because of what one row shows."""
    return ReadResult(table=None, problems=(Problem(rule=rule, file=name, first_rows=(row,)),))
