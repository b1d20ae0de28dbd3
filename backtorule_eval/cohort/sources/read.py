"""All raw files and database tables that a mapping file uses, read; nothing stops at the first problem."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from backtorule_eval.cohort.sources.columnar import read_columnar
from backtorule_eval.cohort.sources.database import read_database
from backtorule_eval.cohort.sources.declaration import Declared, FileDeclaration
from backtorule_eval.cohort.sources.delimited import read_delimited
from backtorule_eval.cohort.sources.labelled import read_labelled
from backtorule_eval.cohort.sources.nvb import read_nvb
from backtorule_eval.cohort.sources.raw_table import RawTable, ReadResult, refused
from backtorule_eval.cohort.sources.workbook import read_workbook
from backtorule_eval.errors import Problem

_Reader = Callable[..., ReadResult]
_READERS: dict[str, _Reader] = {
    "text": read_delimited,
    "xlsx": read_workbook,
    "sav": read_labelled,
    "dta": read_labelled,
    "parquet": read_columnar,
    "nvb": read_nvb,
}


def read_sources(
    mapping: Declared, *, folder: Path | None, database: str | None
) -> tuple[dict[str, RawTable], list[Problem]]:
    """What do the raw files say, and what stands in the way of reading them?

    Parameters
    ----------
    mapping : MappingFile
        Declares the files and tells which of them, and which sheets, are used.
    folder : Path or None
        The study's raw folder.
    database : str or None
        SQLAlchemy URL of the study's database. It is never shown.

    Returns
    -------
    tables : dict of str to RawTable
        By ``handle`` or ``handle/sheet``; a source that could not be read is left out.
    problems : list of Problem
        Of all files, in the order in which the mapping file uses them.
    """
    tables: dict[str, RawTable] = {}
    problems: list[Problem] = []
    for source in mapping.sources:
        handle, _, sheet = source.partition("/")
        declared = mapping.files[handle]
        if sheet:
            declared = declared.model_copy(update={"sheet": sheet})
        result = _read_source(source, declared, folder=folder, database=database)
        problems += [p for p in result.problems if p not in problems]
        if result.table is not None:
            tables[source] = result.table
    return tables, problems


def _read_source(
    source: str, declared: FileDeclaration, *, folder: Path | None, database: str | None
) -> ReadResult:
    """Read one source."""
    if declared.file:
        result = _read_file(source, declared, folder=folder)
    else:
        result = read_database(database, declared, source=source)
    if result.table is None or len(result.table.frame) or declared.may_be_empty or result.problems:
        return result
    return refused("file_no_rows", result.table.file)


def _read_file(source: str, declared: FileDeclaration, *, folder: Path | None) -> ReadResult:
    """Read one file of the raw folder."""
    name = Path(declared.file).name
    if folder is None:
        return refused("folder_missing", name)
    if not folder.is_dir():
        return refused("folder_not_found", folder.name)
    path = folder / declared.file
    rule = _file_rule(path)
    if rule:
        return refused(rule, name)
    return _READERS[declared.read_as](path, declared, source=source)


def _file_rule(path: Path) -> str:
    """The rule that a file breaks before it is opened, or ""."""
    if not path.is_file():
        return "file_missing"
    try:
        with path.open("rb") as file:
            return "" if file.read(1) else "file_empty"
    except OSError:
        return "file_forbidden"
