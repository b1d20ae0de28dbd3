"""Reading Parquet files, through DuckDB."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from backtorule_eval.cohort.parquet import connect, quoted
from backtorule_eval.cohort.sources.declaration import FileDeclaration
from backtorule_eval.cohort.sources.header import tidy_name
from backtorule_eval.cohort.sources.raw_table import ReadResult, raw_table, refused
from backtorule_eval.errors import Problem

_INTEGERS = {f"{sign}{size}INT" for sign in ("", "U") for size in ("TINY", "SMALL", "BIG")} | {
    "INTEGER",
    "UINTEGER",
}
_NUMBERS = {"FLOAT", "DOUBLE", "DECIMAL"}
_DATES = {"DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"}
# Read as the text DuckDB writes: with its zone, a moment is refused later where a date is wanted. So are
# whole decimals, which can be identifiers longer than a float holds.
_TEXTS = {"VARCHAR", "UUID", "ENUM", "TIME", "TIMESTAMP WITH TIME ZONE"}


def read_columnar(path: Path, declared: FileDeclaration, *, source: str) -> ReadResult:
    """What does a Parquet file hold? Lists, structures and bytes are refused by column."""
    try:
        with connect() as connection:
            found = (
                connection.execute(f"SELECT * FROM read_parquet({quoted(path)}) LIMIT 0").description or []
            )
            types = {str(column[0]): _family(str(column[1])) for column in found}
            # The constant keeps the statement whole when no column can be read.
            wanted = ", ".join(["1", *(_selected(name, kind) for name, kind in types.items() if kind)])
            cells = connection.execute(f"SELECT {wanted} FROM read_parquet({quoted(path)})").fetchnumpy()
    except (duckdb.Error, OSError):
        return refused("file_unreadable", path.name, format="Parquet")
    unread = [
        Problem(rule="column_type_unsupported", file=path.name, column=name)
        for name, kind in types.items()
        if not kind
    ]
    columns = {tidy_name(name): _column(cells.pop(name), kind) for name, kind in types.items() if kind}
    n = len(next(iter(columns.values()), ()))
    frame = pd.DataFrame(columns, index=pd.RangeIndex(1, n + 1, name="row"))
    table = raw_table(frame, declared, source=source, file=path.name, kind="typed")
    unusable = frozenset(tidy_name(p.column) for p in unread)
    return ReadResult(table=replace(table, unusable=unusable), problems=tuple(unread))


def _family(kind: str) -> str:
    """What a DuckDB type is read as; "" if it is not read."""
    bare = kind.partition("(")[0]
    families = ((_INTEGERS, "Int64"), (_NUMBERS, "float64"), (_DATES, "datetime64[us]"), (_TEXTS, "str"))
    if bare == "BOOLEAN":
        return "boolean"
    if bare == "DECIMAL" and kind.endswith(",0)"):
        return "str"
    return "" if kind.endswith("]") else next((name for types, name in families if bare in types), "")


def _selected(name: str, kind: str) -> str:
    """One column of the SELECT."""
    quoted_name = '"' + name.replace('"', '""') + '"'
    casts = {"str": "VARCHAR", "float64": "DOUBLE", "Int64": "BIGINT", "datetime64[us]": "TIMESTAMP"}
    return f"CAST({quoted_name} AS {casts[kind]}) AS {quoted_name}" if kind in casts else quoted_name


def _column(found: Any, kind: str) -> Any:
    """One column as pandas keeps it, missing where DuckDB masked it."""
    missing, values = np.ma.getmaskarray(found), np.ma.getdata(found)
    if kind in {"Int64", "boolean"}:
        values = values.astype("int64" if kind == "Int64" else "bool")
        return (pd.arrays.IntegerArray if kind == "Int64" else pd.arrays.BooleanArray)(values, missing)
    if kind == "float64":
        return np.where(missing, np.nan, values)
    if kind == "datetime64[us]":
        return np.where(missing, np.datetime64("NaT"), values.astype(kind))
    return pd.array(np.where(missing, np.array(None), values), dtype="str")
