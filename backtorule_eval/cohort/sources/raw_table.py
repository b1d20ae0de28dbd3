"""One raw table as it was sent: nothing renamed, nothing recoded, nothing guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd

from backtorule_eval.cohort.sources.declaration import FileDeclaration
from backtorule_eval.errors import SHOWN_ROWS, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class RawTable:
    """One raw file, sheet, table or query.

    Attributes
    ----------
    source : str
        How the mapping file names it: ``handle`` or ``handle/sheet``.
    file : str
        What messages call it: the file's name, followed by ``/sheet`` for a named sheet; or the database
        table.
    frame : pd.DataFrame
        All columns under their own (trimmed) names. Index: row numbers as a person sees them in the file.
        The header of a text file or sheet is row 1, so data begin at 2; SPSS, Stata, Parquet and
        databases, which have no header row, count cases from 1; an NVB file counts lines from 1. Missing
        is ``<NA>``.
    kind : {"text", "typed"}
        "text": every column is ``str``, as in the file. "typed": numbers, dates and booleans may have
        their own type.
    decimal, dates : str
        What the mapping file declares for the file; "" if nothing.
    missing : mapping of code to reason
        What the mapping file declares as meaning "no value"; the reason may be "".
    labels : mapping of column to mapping of code to label
        Value labels of SPSS and Stata files, the code written as text ("1").
    user_missing : mapping of column to set of codes
        Codes that the file itself declares as missing, written as text.
    unusable : set of str
        Columns that are there and could not be used; a problem has told why.
    aside : mapping of row number to str
        What stands in the file and in no cell, such as the lines above the header; row 0 is what has no
        row, such as labels. Nothing is made of it, but no identity number may stand there either.
    """

    source: str
    file: str
    frame: pd.DataFrame = field(repr=False)
    kind: Literal["text", "typed"]
    decimal: str = ""
    dates: str = ""
    missing: Mapping[str, str] = field(default_factory=dict, repr=False)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    user_missing: Mapping[str, frozenset[str]] = field(default_factory=dict, repr=False)
    unusable: frozenset[str] = frozenset()
    aside: Mapping[int, str] = field(default_factory=dict, repr=False)

    def problem(
        self,
        rule: str,
        *,
        table: str,
        column: str,
        rows: np.ndarray[Any, Any] | None = None,
        detail: Mapping[str, str] | None = None,
    ) -> Problem:
        """Tell of a broken rule: in the rows marked True, or, if none are given, of the file as a whole."""
        found = [] if rows is None else sorted(self.frame.index[rows].tolist())
        return Problem(
            rule=rule,
            file=self.file,
            table=table,
            column=column,
            n_rows=len(found),
            first_rows=tuple(found[:SHOWN_ROWS]),
            detail=detail or {},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadResult:
    """What one reader found: the table, unless something stood in the way, and every problem."""

    table: RawTable | None
    problems: tuple[Problem, ...] = ()


def raw_table(
    frame: pd.DataFrame, declared: FileDeclaration, *, source: str, file: str, kind: Literal["text", "typed"]
) -> RawTable:
    """Make a raw table with what the mapping file declares for its file."""
    return RawTable(
        source=source,
        file=file,
        frame=frame,
        kind=kind,
        decimal=declared.decimal,
        dates=declared.dates,
        missing=declared.missing,
    )


def refused(rule: str, file: str, **detail: str) -> ReadResult:
    """No table, and the one reason."""
    return ReadResult(table=None, problems=(Problem(rule=rule, file=file, detail=detail),))
