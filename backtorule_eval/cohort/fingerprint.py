"""SHA-256 of tables, the same on every machine and for every way pandas may store a column."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

import numpy as np
import pandas as pd

# What a column is to the hash. Where pandas keeps the strings (Python or Arrow) is not part of it.
_KINDS = {"f": "number", "i": "integer", "M": "date", "b": "boolean"}


def fingerprint(frames: Mapping[str, pd.DataFrame], *, beside: object = None) -> str:
    """Are these tables, value for value, the ones seen before?

    Parameters
    ----------
    frames : mapping of str to pd.DataFrame
        Columns are ``str``, ``Int64``, ``float64``, ``datetime64`` or ``boolean``. The order of tables and of
        columns does not count; the order of rows does (a cohort's are sorted by key), the index does not.
    beside : object
        Whatever else shall count, as JSON can write it.

    Returns
    -------
    str
        Hexadecimal SHA-256. Missing is missing, be it ``NaN``, ``NaT`` or ``<NA>``; -0.0 is 0.0. Every piece
        is preceded by its length, so no character inside a value can pass for a border between two.

    Raises
    ------
    TypeError
        A column is of another type than a cohort may hold.
    """
    digest = hashlib.sha256()
    _add(digest, json.dumps(beside, ensure_ascii=False).encode())
    for name in sorted(frames):
        frame = frames[name]
        _add(digest, json.dumps([name, len(frame), len(frame.columns)], ensure_ascii=False).encode())
        for column in sorted(frame.columns):
            _add_column(digest, frame[column])
    return digest.hexdigest()


def _add(digest: hashlib._Hash, piece: bytes | memoryview) -> None:
    """Add one piece, its length first."""
    digest.update(len(piece).to_bytes(8, "little"))
    digest.update(piece)


def _add_column(digest: hashlib._Hash, values: pd.Series) -> None:
    """Add a column: name and kind, which rows have a value, the values."""
    present = values.notna().to_numpy(dtype=bool)
    text = isinstance(values.dtype, pd.StringDtype)
    kind = "text" if text else _KINDS.get(values.dtype.kind)
    if kind is None or isinstance(values.dtype, pd.DatetimeTZDtype):
        raise TypeError(f"Column {values.name!r} is of type {values.dtype}, which no cohort holds.")
    _add(digest, json.dumps([str(values.name), kind], ensure_ascii=False).encode())
    _add(digest, np.packbits(present).tobytes())
    if text:
        _add_texts(digest, values.array[present].tolist())
    else:
        _add(digest, _numbers(values.array[present], kind).tobytes())


def _add_texts(digest: hashlib._Hash, texts: list[str]) -> None:
    """Add the lengths of all texts, then the texts end to end; together they can be read in one way only."""
    _add(digest, np.fromiter(map(len, texts), dtype="<i8", count=len(texts)).tobytes())
    _add(digest, "".join(texts).encode("utf-8", "surrogatepass"))


def _numbers(values: pd.api.extensions.ExtensionArray | np.ndarray, kind: str) -> np.ndarray:
    """Numbers in one byte order, dates as microseconds."""
    if kind == "number":
        return np.asarray(values, dtype="<f8") + 0.0
    if kind == "date":
        return np.asarray(values, dtype="<M8[us]").view("<i8")
    return np.asarray(values, dtype="<i8" if kind == "integer" else "u1")
