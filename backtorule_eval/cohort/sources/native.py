"""Python values, as workbooks and databases give them, as columns with a type."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import numpy as np
import pandas as pd

from backtorule_eval.cohort.sources.canonical import date_text, number_text

_LARGEST = 2**63 - 1


class UnsupportedType(Exception):
    """A column holds values that are neither number, text, date nor yes/no."""


def native_column(values: Sequence[Any], *, decimal: str) -> Any:
    """Which pandas column holds these values? None means missing.

    A column of one kind keeps its type. A column of several kinds becomes text, numbers written with
    `decimal` so that one declaration fits the whole column, and dates as ISO.

    Raises
    ------
    UnsupportedType
        A value is of another kind (bytes, a list ...).
    """
    kinds = {_kind(v) for v in values if v is not None}
    if kinds == {"boolean"}:
        return pd.array(list(values), dtype="boolean")
    if kinds == {"integer"} and all(v is None or abs(v) <= _LARGEST for v in values):
        return pd.array(list(values), dtype="Int64")
    if kinds and kinds <= {"integer", "number"}:
        return np.array([np.nan if v is None else float(v) for v in values], dtype=np.float64)
    if kinds == {"date"}:
        return np.array([np.datetime64("NaT") if v is None else v for v in values], dtype="datetime64[us]")
    return pd.array([None if v is None else _text(v, decimal=decimal) for v in values], dtype="str")


def _kind(value: Any) -> str:
    """What a value is."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float | Decimal):
        return "number"
    if isinstance(value, datetime):
        return "moment" if value.tzinfo is not None else "date"
    if isinstance(value, date):
        return "date"
    if isinstance(value, str | time | timedelta | UUID):
        return "text"
    raise UnsupportedType


def _text(value: Any, *, decimal: str) -> str:
    """Write one value as text."""
    match _kind(value):
        case "boolean":
            return "true" if value else "false"
        case "integer":
            return str(value)
        case "number":
            return number_text(float(value), decimal=decimal)
        case "date" | "moment":
            return date_text(value)
        case _:
            return str(value)
