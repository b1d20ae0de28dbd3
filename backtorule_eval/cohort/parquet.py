"""Tables to Parquet files and back, through DuckDB.

DuckDB is asked for nothing but Parquet: it fetches no extension and looks at no Python variable.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd

CELLS_AT_ONCE = 5_000_000
_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
    # A sample of the rows would make a column that begins with missing values a column of integers.
    "pandas_analyze_sample": "0",
}

_SQL_TYPES = {
    "str": "VARCHAR",
    "Int64": "BIGINT",
    "float64": "DOUBLE",
    "datetime64[us]": "TIMESTAMP",
    "boolean": "BOOLEAN",
}


@contextmanager
def connect() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a DuckDB that exists in memory only."""
    connection = duckdb.connect(":memory:", config=_SETTINGS)
    try:
        yield connection
    finally:
        connection.close()


def write_parquet(connection: duckdb.DuckDBPyConnection, frame: pd.DataFrame, path: Path) -> None:
    """Write one table; its columns are ``str``, ``Int64``, ``float64``, ``datetime64[us]`` or ``boolean``."""
    connection.register("frame", frame)
    connection.execute(f"COPY frame TO {quoted(path)} (FORMAT parquet, COMPRESSION zstd)")
    connection.unregister("frame")


def read_parquet(
    connection: duckdb.DuckDBPyConnection, path: Path, columns: Mapping[str, str]
) -> pd.DataFrame:
    """Read the named columns of a Parquet file, or of the many that a pattern names, in the file's order.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        From `connect`.
    path : Path
        A file, or a pattern as ``folder/*.parquet``.
    columns : mapping of str to str
        Column -> pandas type, as in `PANDAS_TYPES`.
    """
    if not columns:
        return pd.DataFrame()
    source = f"FROM read_parquet({quoted(path)})"
    rows = (connection.execute(f"SELECT count(*) {source}").fetchone() or (0,))[0]
    # A few columns at a time: before equal texts share their memory, they take ten times what they will.
    together = max(1, CELLS_AT_ONCE // max(1, rows))
    names, read = list(columns), dict[str, Any]()
    for start in range(0, len(names), together):
        wanted = ", ".join(
            f'CAST("{n}" AS {_SQL_TYPES[columns[n]]}) AS "{n}"' for n in names[start:][:together]
        )
        found = connection.execute(f"SELECT {wanted} {source}").fetchnumpy()
        read |= {name: _column(values, columns[name]) for name, values in found.items()}
    return pd.DataFrame(read, copy=False)


def column_types(connection: duckdb.DuckDBPyConnection, path: Path) -> dict[str, str]:
    """Column -> DuckDB's type, as a Parquet file has them."""
    rows = connection.execute(f"DESCRIBE SELECT * FROM read_parquet({quoted(path)})").fetchall()
    return {str(row[0]): str(row[1]) for row in rows}


def empty_table(columns: Mapping[str, str]) -> pd.DataFrame:
    """Make a table without rows; column -> pandas type."""
    return pd.DataFrame({name: pd.Series([], dtype=kind) for name, kind in columns.items()})


def quoted(path: Path) -> str:
    """Write a path as SQL text."""
    return "'" + path.as_posix().replace("'", "''") + "'"


def _column(found: Any, kind: str) -> Any:
    """One column as pandas keeps it, missing where DuckDB masked it."""
    missing, values = np.ma.getmaskarray(found), np.ma.getdata(found)
    if kind == "Int64":
        return pd.arrays.IntegerArray(values.astype("int64"), missing)
    if kind == "boolean":
        return pd.arrays.BooleanArray(values.astype("bool"), missing)
    if kind == "float64":
        return np.where(missing, np.nan, values.astype("float64"))
    if kind == "datetime64[us]":
        return np.where(missing, np.datetime64("NaT"), values.astype("datetime64[us]"))
    position, distinct = pd.factorize(np.where(missing, np.array(None), values))
    return pd.array(np.append(distinct, np.array([None]))[position], dtype="str")
