"""Reading one table or query of the study's database, through SQLAlchemy. Nothing is ever written there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import sqlalchemy
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from backtorule_eval.cohort.sources.declaration import FileDeclaration
from backtorule_eval.cohort.sources.header import read_header
from backtorule_eval.cohort.sources.native import UnsupportedType, native_column
from backtorule_eval.cohort.sources.raw_table import ReadResult, raw_table, refused
from backtorule_eval.errors import Problem

_BATCH = 50_000


def read_database(database: str | None, declared: FileDeclaration, *, source: str) -> ReadResult:
    """What does a table or a query hold?

    Parameters
    ----------
    database : str or None
        SQLAlchemy URL. Neither it nor any message of the database is shown: both can hold what is secret.
    declared : FileDeclaration
        With a table or a query.
    source : str
        Handle in the mapping file; the name of a query in messages.
    """
    file = declared.table or source
    if database is None:
        return refused("database_missing", file)
    try:
        url = make_url(database)
        engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool)
    except (ArgumentError, NoSuchModuleError, ValueError):
        return refused("database_url_wrong", file)
    except ModuleNotFoundError:
        return refused("database_driver_missing", file, driver=url.drivername)
    if _lacks_file(url):
        return refused("database_unreachable", file)
    try:
        with engine.connect() as connection:
            return _read(connection, declared, file=file, source=source)
    except SQLAlchemyError:
        return refused("database_unreachable", file)


def _read(connection: Connection, declared: FileDeclaration, *, file: str, source: str) -> ReadResult:
    """Read over an open connection that cannot write."""
    _forbid_writing(connection)
    schema, _, name = declared.table.rpartition(".")
    try:
        if name and not sqlalchemy.inspect(connection).has_table(name, schema=schema or None):
            return refused("database_table_missing", file)
        query = _everything(schema, name) if name else sqlalchemy.text(declared.query)
        result = connection.execution_options(stream_results=True).execute(query)
        names = list(result.keys())
        columns: list[list[Any]] = [[] for _ in names]
        for rows in result.partitions(_BATCH):
            for values, cells in zip(columns, zip(*rows, strict=True), strict=True):
                values.extend(cells)
    except SQLAlchemyError:
        return refused("database_query_failed", file)
    return _table(names, columns, declared, file=file, source=source)


def _forbid_writing(connection: Connection) -> None:
    """Make the session read-only where the database knows how."""
    statements = {"postgresql": "SET TRANSACTION READ ONLY", "sqlite": "PRAGMA query_only = ON"}
    if statement := statements.get(connection.dialect.name):
        connection.execute(sqlalchemy.text(statement))


def _everything(schema: str, name: str) -> sqlalchemy.Select[Any]:
    """All columns and rows of a table."""
    table = sqlalchemy.table(name, schema=schema or None)
    return sqlalchemy.select(sqlalchemy.literal_column("*")).select_from(table)


def _table(
    names: list[str], columns: list[list[Any]], declared: FileDeclaration, *, file: str, source: str
) -> ReadResult:
    """Make a table of a result."""
    header = read_header(names, filled=[True] * len(names), file=file, row=None)
    problems = list(header.problems)
    arrays: dict[str, Any] = {}
    for name, position in zip(header.names, header.positions, strict=True):
        try:
            arrays[name] = native_column(columns[position], decimal=declared.decimal)
        except UnsupportedType:
            problems.append(Problem(rule="column_type_unsupported", file=file, column=name))
    n = len(columns[0]) if columns else 0
    frame = pd.DataFrame(arrays, index=pd.RangeIndex(1, n + 1, name="row"))
    table = raw_table(frame, declared, source=source, file=file, kind="typed")
    unusable = header.repeated | (set(header.names) - set(arrays))
    return ReadResult(table=replace(table, unusable=unusable), problems=tuple(problems))


def _lacks_file(url: URL) -> bool:
    """Whether an SQLite file is not there; opening it would make an empty one."""
    inside = url.database in {None, "", ":memory:"} or str(url.database).startswith("file:")
    return url.get_backend_name() == "sqlite" and not inside and not Path(str(url.database)).is_file()
