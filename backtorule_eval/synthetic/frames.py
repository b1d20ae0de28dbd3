"""From arrays of positions and days to columns of the dictionary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from backtorule_eval.cohort.dictionary import PANDAS_TYPES, load_dictionary
from backtorule_eval.synthetic.courses import NEVER
from backtorule_eval.synthetic.streams import Booleans, Floats, Integers

NO_DAY = NEVER
# What a column of a frame is made from; pandas' own stubs know only some of the kinds.
Column = Any


def named(positions: Integers, names: Sequence[str]) -> Column:
    """Names by position; -1 is missing. A name may stand at several positions."""
    distinct = list(dict.fromkeys(names))
    place: Integers = np.array([distinct.index(name) for name in names] + [-1], dtype=np.int64)
    return _categorical(place[positions], distinct)


def numbered(prefix: str, numbers: Integers, *, width: int) -> Column:
    """Identifiers such as P-001; number 0 becomes 1, and -1 is missing."""
    present, codes = np.unique(numbers[numbers >= 0], return_inverse=True)
    positions: Integers = np.full(len(numbers), -1, dtype=np.int64)
    positions[numbers >= 0] = codes
    return _categorical(positions, [f"{prefix}-{n + 1:0{width}d}" for n in present.tolist()])


def _categorical(positions: Integers, names: list[str]) -> Column:
    """Positions with their names."""
    return pd.Categorical.from_codes(positions, categories=pd.Index(names, dtype="object"))


def dates(days: Integers) -> pd.DatetimeIndex:
    """Days since 1970-01-01 as dates; NO_DAY is missing."""
    known = np.where(days == NO_DAY, 0, days).astype("datetime64[D]").astype("datetime64[us]")
    return pd.DatetimeIndex(np.where(days == NO_DAY, np.datetime64("NaT"), known))


def whole(values: Integers | Floats, *, known: Booleans | None = None) -> Any:
    """Whole numbers with missing ones."""
    numbers: Any = values
    array: Any = pd.array(numbers, dtype="Int64")
    if known is not None:
        array[~known] = pd.NA
    return array


def as_dictionary(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Give a frame exactly the dictionary's columns, order and types; what it does not have is missing."""
    columns = load_dictionary().tables[table].columns
    typed: Mapping[str, Any] = {
        name: _typed(frame[name], column.type) if name in frame else _missing(len(frame), column.type)
        for name, column in columns.items()
    }
    return pd.DataFrame(typed, index=range(len(frame)))


def _typed(values: pd.Series[Any], kind: str) -> Any:
    """One column in the dictionary's type."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        names = np.append(np.array(values.cat.categories, dtype=object), np.array([np.nan], dtype=object))
        return pd.array(names[values.cat.codes.to_numpy()], dtype="str")
    column: Any = values
    return column.astype(PANDAS_TYPES[kind]).array


def _missing(n: int, kind: str) -> Any:
    """A column without values."""
    empty: Any = pd.Series([None], dtype="object").repeat(n)
    return empty.astype(PANDAS_TYPES[kind]).array
