"""Register-size cohorts: a folder of Parquet files that are already in the dictionary's form.

No mapping and no text to read. Every table is one file, such as ``persons.parquet``, or a folder of parts,
``persons/*.parquet``; tables that are not there are empty. The checks are the same as for any other source,
and take most of the time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from backtorule_eval.cohort.dictionary import PANDAS_TYPES, Table, load_dictionary
from backtorule_eval.cohort.mapping import MappedTable
from backtorule_eval.cohort.parquet import column_types, connect, empty_table, read_parquet
from backtorule_eval.errors import Problem

_WHOLE = frozenset({"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"})
_FITTING = {
    "str": frozenset({"VARCHAR", "ENUM"}),
    "Int64": _WHOLE,
    "float64": _WHOLE | {"FLOAT", "DOUBLE", "DECIMAL"},
    "datetime64[us]": frozenset({"DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"}),
    "boolean": frozenset({"BOOLEAN"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ParquetRead:
    """All tables of the dictionary as a folder of Parquet files has them, and what is wrong with it."""

    tables: Mapping[str, MappedTable]
    problems: tuple[Problem, ...]


def read_parquet_folder(folder: Path) -> ParquetRead:
    """What do the Parquet files of a folder hold, in the dictionary's types?

    Parameters
    ----------
    folder : Path
        Has ``<table>.parquet`` or ``<table>/*.parquet`` for the tables there are.

    Returns
    -------
    ParquetRead
        Rows count from 1 within a table. Rules ``parquet_folder_missing``, ``parquet_unknown_table``,
        ``parquet_unreadable``, ``undeclared_column`` and ``parquet_type``; a column with a problem is left
        out.
    """
    if not folder.is_dir():
        lost = Problem(rule="parquet_folder_missing", file=folder.name)
        return ParquetRead(tables=_all_tables({}), problems=(lost,))
    problems = _unknown_tables(folder)
    read: dict[str, MappedTable] = {}
    with connect() as connection:
        for name, table in load_dictionary().tables.items():
            place = _place(folder, name)
            if place is not None:
                mapped, found = _read_table(connection, place, table)
                read |= {name: mapped} if mapped else {}
                problems += found
    return ParquetRead(tables=_all_tables(read), problems=tuple(problems))


def _unknown_tables(folder: Path) -> list[Problem]:
    """A problem for each Parquet file, or folder of them, that no table of the dictionary is named after."""
    tables = load_dictionary().tables
    files = [path for path in folder.glob("*.parquet") if path.stem not in tables]
    folders = [path.parent for path in folder.glob("*/*.parquet") if path.parent.name not in tables]
    detail = {"tables": ", ".join(tables)}
    names = sorted({path.name for path in (*files, *folders)})
    return [Problem(rule="parquet_unknown_table", file=name, detail=detail) for name in names]


def _place(folder: Path, table: str) -> Path | None:
    """File, or pattern of files, that holds a table; None if there is none."""
    one, parts = folder / f"{table}.parquet", folder / table
    if one.is_file():
        return one
    return parts / "*.parquet" if any(parts.glob("*.parquet")) else None


def _read_table(
    connection: duckdb.DuckDBPyConnection, place: Path, table: Table
) -> tuple[MappedTable | None, list[Problem]]:
    """Read one table, and say which of its columns cannot be used."""
    file = place.name if place.suffix == ".parquet" and "*" not in place.name else place.parent.name
    try:
        found = column_types(connection, place)
        kinds = _types(table)
        usable = {c: kinds[c] for c in found if c in kinds and _fits(found[c], kinds[c])}
        frame = read_parquet(connection, place, usable)
    except duckdb.Error:
        return None, [Problem(rule="parquet_unreadable", file=file, table=table.name)]
    surplus = {name: kind for name, kind in found.items() if name not in usable}
    return _mapped(table, frame, file=file), [
        _column_problem(table, name, file=file, found=kind) for name, kind in surplus.items()
    ]


def _column_problem(table: Table, name: str, *, file: str, found: str) -> Problem:
    """Why a column of a file cannot be used: the dictionary does not have it, or has it as another type."""
    if name not in table.columns:
        return Problem(rule="undeclared_column", file=file, table=table.name, column=name)
    detail = {"found": found, "type": table.columns[name].type}
    return Problem(rule="parquet_type", file=file, table=table.name, column=name, detail=detail)


def _types(table: Table) -> dict[str, str]:
    """Column -> pandas type."""
    return {name: PANDAS_TYPES[column.type] for name, column in table.columns.items()}


def _fits(found: str, kind: str) -> bool:
    """Whether values of a Parquet type are values of a pandas type without loss."""
    return found.partition("(")[0] in _FITTING[kind]


def _mapped(table: Table, frame: pd.DataFrame, *, file: str) -> MappedTable:
    """A table in the shape that checks take; columns the file lacks are missing, dates lose a time of day."""
    n = len(frame)
    none = {kind: pd.Series([None], dtype=kind).repeat(n).reset_index(drop=True) for kind in _FITTING}
    whole = {c: frame[c] if c in frame else none[kind] for c, kind in _types(table).items()}
    dates = {c: v.dt.normalize() for c, v in whole.items() if v.dtype.kind == "M"}
    origin = {"file": pd.array([file] * n, dtype="str"), "row": np.arange(1, n + 1, dtype=np.int64)}
    return MappedTable(
        name=table.name,
        frame=pd.DataFrame({**whole, **dates}),
        origin=pd.DataFrame(origin),
        source_columns={c: c for c in frame.columns},
    )


def _all_tables(read: Mapping[str, MappedTable]) -> dict[str, MappedTable]:
    """All tables of the dictionary; those that were not read have no rows."""
    return {
        name: read.get(name) or _mapped(table, empty_table({}), file="")
        for name, table in load_dictionary().tables.items()
    }
