"""What an import gives: the cohort, and a light report of what was read on the way."""

from __future__ import annotations

from dataclasses import dataclass

from backtorule_eval.cohort.cohort import Cohort
from backtorule_eval.errors import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRead:
    """One raw file, sheet or query: its name without path, and its size in rows and columns."""

    file: str
    rows: int
    columns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsMade:
    """How many rows of one of the dictionary's tables came from one raw file, before anyone was removed."""

    table: str
    file: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What was read and what became of it.

    Attributes
    ----------
    files : tuple of FileRead
        In the order of the mapping file.
    tables : tuple of RowsMade
        In the order of the dictionary, then of the mapping file.
    warnings : tuple of Problem
        What looks odd but did not stop the import.
    """

    files: tuple[FileRead, ...] = ()
    tables: tuple[RowsMade, ...] = ()
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A cohort and the report of its import."""

    cohort: Cohort
    report: ImportReport
