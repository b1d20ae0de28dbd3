"""What the dictionary says of each column by itself: filled in, allowed, in range, well formed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from backtorule_eval.cohort.checks.site import Site, told
from backtorule_eval.cohort.dictionary import Column, load_dictionary
from backtorule_eval.cohort.mapping.mapped import MappedTable
from backtorule_eval.errors import Problem

# Spreadsheets and case systems write 1899, 1900, 1970 or 9999 for "unknown" and "goes on".
EARLIEST, LATEST = pd.Timestamp(1990, 1, 1), pd.Timestamp(2090, 12, 31)
STAFF = frozenset({"counsellor", "staff", "coder"})
# Two or more words with a capital, or an e-mail address. One word alone cannot be told from a code.
_NAME = re.compile(r"[^\W\d_][^\W\d_]+(?:[ ,.]+[^\W\d_][^\W\d_]+)+|.*\S@\S.*")


def check_columns(site: Site, *, extra_columns: Mapping[str, Column]) -> list[Problem]:
    """What is wrong with single columns of any table?"""
    problems = []
    for name, table in load_dictionary().tables.items():
        if name not in site:
            continue
        mapped = site.tables[name]
        columns = {**table.columns, **(extra_columns if table.open else {})}
        for column in columns.values():
            problems += _check_column(mapped, column)
        for surplus in (c for c in mapped.frame.columns if c not in columns):
            problems.append(
                Problem(rule="undeclared_column", file=_files(mapped), table=name, column=str(surplus))
            )
    return problems


def _check_column(mapped: MappedTable, column: Column) -> list[Problem]:
    """What is wrong with one column?"""
    values = mapped.frame[column.name]
    if column.required and column.name not in mapped.source_columns and values.isna().all():
        lacking = "required_column_missing"
        return [Problem(rule=lacking, file=_files(mapped), table=mapped.name, column=column.name)]
    empty = values.isna() & column.required
    problems = told(mapped, empty, rule="required_empty", column=column.name)
    return problems + _check_values(mapped, column, values)


def _check_values(mapped: MappedTable, column: Column, values: pd.Series[Any]) -> list[Problem]:
    """What is wrong with the values that are there?"""
    if column.type == "level":
        broken = values.notna() & ~values.isin(list(column.levels))
        detail = {"levels": ", ".join(column.levels)}
        return told(mapped, broken, rule="level_not_allowed", column=column.name, detail=detail)
    if column.type in ("integer", "number"):
        return _check_numbers(mapped, column, values)
    if column.type == "date":
        broken = (values < EARLIEST) | (values > LATEST)
        detail = {"earliest": f"{EARLIEST:%Y-%m-%d}", "latest": f"{LATEST:%Y-%m-%d}"}
        return told(mapped, broken, rule="date_implausible", column=column.name, detail=detail)
    if column.type in ("person", "code"):
        return _check_codes(mapped, column, values)
    return []


def _check_numbers(mapped: MappedTable, column: Column, values: pd.Series[Any]) -> list[Problem]:
    """Which numbers are infinite or out of range?"""
    numbers = values.to_numpy(dtype="float64", na_value=np.nan)
    problems = told(mapped, np.isinf(numbers), rule="not_finite", column=column.name)
    if column.range is None:
        return problems
    low, high = column.range
    broken = np.isfinite(numbers) & ((numbers < low) | (numbers > high))
    detail = {"low": f"{low:.10g}", "high": f"{high:.10g}"}
    return problems + told(mapped, broken, rule="out_of_range", column=column.name, detail=detail)


def _check_codes(mapped: MappedTable, column: Column, values: pd.Series[Any]) -> list[Problem]:
    """Which codes are not well formed, or are names? Each different code is looked at once."""
    different = values.dropna().unique()
    problems = []
    if column.pattern:
        form = re.compile(column.pattern)
        odd = [code for code in different if not form.fullmatch(code)]
        detail = {"example": column.example or column.pattern}
        broken = values.isin(odd)
        problems += told(mapped, broken, rule="pattern_mismatch", column=column.name, detail=detail)
    if column.type == "person" or column.name in STAFF:
        names = [code for code in different if _is_name(code)]
        problems += told(mapped, values.isin(names), rule="name_as_pseudonym", column=column.name)
    return problems


def _is_name(code: str) -> bool:
    """Tell whether a pseudonym looks like a name or an e-mail address."""
    return "@" in code or (_NAME.fullmatch(code) is not None and code == code.title())


def _files(mapped: MappedTable) -> str:
    """Return the names of the files a table was made from."""
    return ", ".join(mapped.origin["file"].unique())
