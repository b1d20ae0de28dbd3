"""Reading SPSS and Stata files: values, value labels, and the codes the file itself declares as missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat

from backtorule_eval.cohort.sources.canonical import canonical_texts, number_text
from backtorule_eval.cohort.sources.declaration import FileDeclaration
from backtorule_eval.cohort.sources.header import tidy_name
from backtorule_eval.cohort.sources.native import UnsupportedType, native_column
from backtorule_eval.cohort.sources.raw_table import ReadResult, raw_table, refused

_FORMATS = {"sav": "SPSS", "dta": "Stata"}


def read_labelled(path: Path, declared: FileDeclaration, *, source: str) -> ReadResult:
    """What does an SPSS or Stata file hold? Codes stay codes; labels and missing codes stand beside."""
    read: Callable[..., Any] = {"sav": pyreadstat.read_sav, "dta": pyreadstat.read_dta}[declared.read_as]
    options: dict[str, Any] = {"encoding": declared.encoding} if declared.encoding else {}
    options["dates_as_pandas_datetime"] = True
    try:
        frame, meta = read(str(path), user_missing=True, **options)
        # Where a column has codes for missing, Stata's plain missing comes out as an arbitrary number
        # beside them.
        plain = read(str(path), **options)[0] if meta.missing_user_values else frame
        cleaned = {name: _without_noise(frame[name], plain[name], meta) for name in frame}
        columns = {tidy_name(name): _column(cells, declared) for name, cells in cleaned.items()}
    except (pyreadstat.ReadstatError, UnicodeDecodeError, UnsupportedType):
        return refused("file_unreadable", path.name, format=_FORMATS[declared.read_as])
    labels = {tidy_name(name): _labels(codes) for name, codes in meta.variable_value_labels.items()}
    rows = pd.DataFrame(columns, index=pd.RangeIndex(1, len(frame) + 1, name="row"))
    table = replace(
        raw_table(rows, declared, source=source, file=path.name, kind="typed"),
        labels=labels,
        user_missing={name: _declared_missing(columns[name], name, meta) for name in columns},
        aside={0: "\n".join(_beside_the_data(meta))},
    )
    return ReadResult(table=table)


def _beside_the_data(meta: Any) -> Iterator[str]:
    """Every text of the file that is no datum: labels of columns and of values, and notes."""
    yield from (
        str(text) for text in (meta.file_label, *(meta.column_labels or ()), *(meta.notes or ())) if text
    )
    for codes in meta.variable_value_labels.values():
        yield from map(str, codes.values())


def _without_noise(marked: pd.Series[Any], plain: pd.Series[Any], meta: Any) -> pd.Series[Any]:
    """A column in which what is missing is either a code that the file declares, or nothing at all."""
    codes = meta.missing_user_values.get(marked.name, ())
    return marked.where(plain.notna() | marked.isin(codes)) if codes else marked


def _column(column: pd.Series[Any], declared: FileDeclaration) -> Any:
    """One column; a text cell of length 0 is empty, and Stata's .a to .z stand among numbers as letters."""
    if column.dtype.kind in "iufM":
        return column.array
    values = [None if empty or v == "" else v for v, empty in zip(column, column.isna(), strict=True)]
    return native_column(values, decimal=declared.decimal)


def _labels(codes: Mapping[Any, str]) -> dict[str, str]:
    """Value labels by code as text."""
    return {_code(code): str(label).strip() for code, label in codes.items()}


def _code(code: Any) -> str:
    """A code as text, as `Cells` writes it."""
    return code.strip() if isinstance(code, str) else number_text(float(code), decimal=".")


def _declared_missing(column: Any, name: str, meta: Any) -> frozenset[str]:
    """The codes in this column that the file declares as missing, by list or by range."""
    listed = {_code(code) for code in meta.missing_user_values.get(name, ())}
    ranges = meta.missing_ranges.get(name, ())
    if not ranges:
        return frozenset(listed)
    distinct = pd.Series(column).dropna().drop_duplicates()
    within = [v for v in distinct if any(_within(v, r["lo"], r["hi"]) for r in ranges)]
    return frozenset(
        listed | {t for t in canonical_texts(pd.Series(within, dtype=distinct.dtype).array) if t}
    )


def _within(value: Any, low: Any, high: Any) -> bool:
    """Whether a value lies in a range of its own kind."""
    same = isinstance(value, str) == isinstance(low, str)
    return same and bool(low <= value <= high)
