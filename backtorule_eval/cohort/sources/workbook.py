"""Reading one sheet of an Excel workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

import numpy as np
import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from backtorule_eval.cohort.sources.canonical import date_text, number_text
from backtorule_eval.cohort.sources.declaration import FileDeclaration
from backtorule_eval.cohort.sources.header import Header, read_header, tidy_name
from backtorule_eval.cohort.sources.native import native_column
from backtorule_eval.cohort.sources.raw_table import ReadResult, raw_table, refused
from backtorule_eval.cohort.sources.workbook_faults import UnplacedCell, cells_without_value
from backtorule_eval.errors import SHOWN_ROWS, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """A sheet's cells by row, merged areas (first and last cell), and cells without a value; from 0."""

    rows: Sequence[Sequence[Any]]
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]]
    faults: Mapping[tuple[int, int], str]


def read_workbook(path: Path, declared: FileDeclaration, *, source: str) -> ReadResult:
    """What does a sheet hold?

    Numbers, dates and yes/no keep their type. A cell that shows an error, a formula that was never
    calculated, and merged cells hold no value, or hide which row a value belongs to: each is a problem.
    """
    try:
        workbook = CalamineWorkbook.from_path(path)
        name = _chosen_sheet(workbook.sheet_names, declared.sheet)
        if name is None:
            return _no_sheet(workbook.sheet_names, declared.sheet, file=path.name)
        cells = workbook.get_sheet_by_name(name)
        sheet = _Sheet(
            rows=cells.to_python(skip_empty_area=False),
            merged=cells.merged_cell_ranges or [],
            faults=cells_without_value(path, name),
        )
    except (CalamineError, OSError, BadZipFile, ParseError, UnplacedCell, KeyError, StopIteration):
        return refused("file_unreadable", path.name, format="Excel")
    file = f"{path.name}/{name}" if declared.sheet else path.name
    return _read_rows(sheet, declared, file=file, source=source)


def _chosen_sheet(names: Sequence[str], declared: str) -> str | None:
    """The declared sheet, or the only one."""
    if not declared:
        return names[0] if len(names) == 1 else None
    return {tidy_name(name): name for name in names}.get(tidy_name(declared))


def _no_sheet(names: Sequence[str], declared: str, *, file: str) -> ReadResult:
    """No sheet of that name, or no name where there are several. Sheets may be named after persons."""
    if declared:
        return refused("sheet_missing", file, sheet=declared, n=str(len(names)))
    return refused("sheet_unclear", file, n=str(len(names)))


def _read_rows(sheet: _Sheet, declared: FileDeclaration, *, file: str, source: str) -> ReadResult:
    """Make a table of a sheet's cells."""
    top = declared.skip_rows
    rows = sheet.rows[top:]
    if not any(cell != "" for row in rows for cell in row):
        return refused("file_empty", file)
    columns = [_without_blanks(cells) for cells in zip(*rows[1:], strict=True)] or [[] for _ in rows[0]]
    filled = [any(v is not None for v in column) for column in columns]
    header = read_header([_name(cell) for cell in rows[0]], filled=filled, file=file, row=top + 1)
    arrays = {name: native_column(columns[i], decimal=declared.decimal) for name, i in _placed(header)}
    frame = pd.DataFrame(arrays, index=pd.RangeIndex(top + 2, top + len(rows) + 1, name="row"))
    some = np.array([any(v is not None for v in row) for row in zip(*columns, strict=True)], dtype=bool)
    kept = frame if some.all() else frame.loc[some]
    problems: tuple[Problem, ...] = (
        *_merge_problems(sheet, top=top, file=file),
        *_fault_problems(sheet, header, top=top, file=file),
    )
    if not any(p.rule == "header_merged" for p in problems):
        problems += header.problems
    table = raw_table(kept, declared, source=source, file=file, kind="typed")
    above = {row: " | ".join(map(_name, cells)) for row, cells in enumerate(sheet.rows[:top], start=1)}
    return ReadResult(table=replace(table, unusable=header.repeated, aside=above), problems=problems)


def _placed(header: Header) -> Iterator[tuple[str, int]]:
    """Each kept column with its position."""
    return zip(header.names, header.positions, strict=True)


def _without_blanks(cells: Iterable[Any]) -> list[Any]:
    """Cells with None for the empty ones."""
    return [None if isinstance(c, str) and not c.strip() else c for c in cells]


def _name(cell: Any) -> str:
    """A header cell as text: a year or a date may stand there."""
    if isinstance(cell, float):
        return number_text(cell, decimal=".")
    return cell if isinstance(cell, str) else date_text(cell) if hasattr(cell, "year") else str(cell)


def _merge_problems(sheet: _Sheet, *, top: int, file: str) -> Iterator[Problem]:
    """Merged cells in the header, and merged cells below it."""
    if any(first[0] <= top <= last[0] for first, last in sheet.merged):
        yield Problem(rule="header_merged", file=file, first_rows=(top + 1,))
    below = [range(first[0], last[0] + 1) for first, last in sheet.merged if first[0] > top]
    covered = sorted({row + 1 for rows in below for row in rows})
    if covered:
        yield Problem(
            rule="cells_merged", file=file, n_rows=len(covered), first_rows=tuple(covered[:SHOWN_ROWS])
        )


def _fault_problems(sheet: _Sheet, header: Header, *, top: int, file: str) -> Iterator[Problem]:
    """One problem for each column and kind of cell that has no value though it is not empty."""
    for name, position in _placed(header):
        for rule in ("cell_error", "formula_uncalculated"):
            rows = sorted(
                row + 1
                for (row, column), why in sheet.faults.items()
                if column == position and row > top and why == rule
            )
            if rows:
                first = tuple(rows[:SHOWN_ROWS])
                yield Problem(rule=rule, file=file, column=name, n_rows=len(rows), first_rows=first)
