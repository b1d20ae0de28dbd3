"""Values that have a type already, written as the one text that reads back exactly."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from typing import Any

import pandas as pd

# Above this a float does not hold every whole number.
_EXACT_INTEGERS = 2.0**53


def canonical_texts(distinct: Any) -> tuple[str | None, ...]:
    """Write distinct values of a column, of whatever type, as text; None if a text is empty once trimmed."""
    kind = distinct.dtype.kind
    if kind == "b":
        return tuple("true" if v else "false" for v in distinct)
    if kind == "M":
        return tuple(date_text(v) for v in pd.DatetimeIndex(distinct))
    if kind in "iuf":
        return tuple(number_text(v, decimal=".") for v in distinct.tolist())
    return tuple(map(tidy_text, distinct.tolist()))


def number_text(value: float, *, decimal: str) -> str:
    """Write a number with the given decimal sign; whole numbers without one."""
    if isinstance(value, int):
        return str(value)
    if abs(value) < _EXACT_INTEGERS and value.is_integer():
        return str(int(value))
    return repr(value).replace(".", decimal or ".")


def date_text(value: date) -> str:
    """Write a date as ISO; a time of day, and a zone, only if there is one."""
    if not isinstance(value, datetime):
        return value.isoformat()
    if value.tzinfo is None and value.time() == datetime.min.time():
        return value.date().isoformat()
    return value.isoformat(sep=" ", timespec="seconds")


def tidy_text(text: str) -> str | None:
    """Trim a text and compose its letters; None if nothing is left."""
    trimmed = text.strip()
    return (trimmed if trimmed.isascii() else unicodedata.normalize("NFC", trimmed)) or None
