"""One raw column as its distinct texts, so that each step of a mapping works once per distinct value."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

_EXACT_INTEGERS = 2.0**53


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """A column taken apart into distinct texts and where they stand.

    Attributes
    ----------
    texts : tuple of str or None
        Distinct trimmed texts; None is missing. Two of them may be equal.
    position : np.ndarray of int
        For every row the index of its text; -1 for an empty cell.
    reasons : tuple of str
        Why each distinct text is missing; "" if it is not, or if no reason is known.
    labels : tuple of str
        The label the source gives each distinct value; "" if none.
    decimal : str
        "." where the column already held numbers, else the declared sign or "".
    """

    texts: tuple[str | None, ...]
    position: np.ndarray[Any, Any] = field(repr=False)
    reasons: tuple[str, ...]
    labels: tuple[str, ...]
    decimal: str = ""

    def changed(self, change: Callable[[str], str | None]) -> Cells:
        """The same cells with every text changed."""
        return replace(self, texts=tuple(None if t is None else change(t) for t in self.texts))

    def with_texts(self, texts: Iterable[str | None]) -> Cells:
        """The same cells with other texts."""
        return replace(self, texts=tuple(texts))

    def emptied(self, reasons: Mapping[str, str]) -> Cells:
        """The same cells, with the texts or labels that `reasons` lists made missing for the reason it gives."""
        texts, whys = list(self.texts), list(self.reasons)
        for i, (text, label) in enumerate(zip(self.texts, self.labels, strict=True)):
            key = text if text in reasons else label
            if text is not None and key in reasons:
                texts[i], whys[i] = None, reasons[key]
        return replace(self, texts=tuple(texts), reasons=tuple(whys))

    def spread(self, values: np.ndarray[Any, Any], *, empty: Any) -> np.ndarray[Any, Any]:
        """One value per row from one value per distinct text."""
        return np.append(values, np.array([empty], dtype=values.dtype))[self.position]


def cells_of(column: pd.Series[Any], *, decimal: str, labels: Mapping[str, str]) -> Cells:
    """Take a raw column apart; numbers and dates that already have their type are written canonically."""
    position, distinct = pd.factorize(column, use_na_sentinel=True)
    texts = _texts(distinct, decimal=decimal)
    numeric = pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype)
    return Cells(
        texts=texts,
        position=position,
        reasons=("",) * len(texts),
        labels=tuple(labels.get(t, "") if t else "" for t in texts),
        decimal="." if numeric else decimal,
    )


def constant_cells(text: str, *, n: int) -> Cells:
    """The same text in `n` rows; a constant is written with a decimal point."""
    return Cells(texts=(text or None,), position=np.zeros(n, dtype=np.intp), reasons=("",), labels=("",), decimal=".")


def joined_cells(parts: Sequence[Cells], *, between: str) -> Cells:
    """Texts of several columns put together; missing where one of them is."""
    columns = [c.spread(np.array(c.texts, dtype=object), empty=None) for c in parts]
    rows = [None if None in row else between.join(row) for row in zip(*columns, strict=True)]
    position, distinct = pd.factorize(np.array(rows, dtype=object), use_na_sentinel=True)
    none = ("",) * len(distinct)
    return Cells(texts=tuple(distinct), position=position, reasons=none, labels=none)


def _texts(distinct: Any, *, decimal: str) -> tuple[str | None, ...]:
    """Write distinct values as text."""
    dtype = distinct.dtype
    if pd.api.types.is_bool_dtype(dtype):
        return tuple("true" if v else "false" for v in distinct)
    if pd.api.types.is_datetime64_any_dtype(dtype):
        return tuple(_date_text(v) for v in pd.DatetimeIndex(distinct))
    if pd.api.types.is_numeric_dtype(dtype):
        return tuple(number_text(v, decimal=".") for v in distinct.tolist())
    return tuple(_tidy(v) for v in distinct)


def number_text(value: float, *, decimal: str) -> str:
    """Write a number so that it reads back exactly; whole numbers without a decimal sign."""
    if isinstance(value, int):
        return str(value)
    if abs(value) < _EXACT_INTEGERS and value.is_integer():
        return str(int(value))
    return repr(value).replace(".", decimal or ".")


def _date_text(value: pd.Timestamp) -> str:
    """Write a date as ISO; a time of day only if there is one."""
    day = value.strftime("%Y-%m-%d")
    return day if value == value.normalize() else f"{day} {value.strftime('%H:%M:%S')}"


def _tidy(text: str) -> str | None:
    """Trimmed text in composed letters; None if nothing is left."""
    trimmed = text.strip()
    return (trimmed if trimmed.isascii() else unicodedata.normalize("NFC", trimmed)) or None
