"""Does a table hold identity numbers in two columns, the date in one and the last five digits in another?

One row proves nothing: of five random digits beside a date one in thirty fits. A column in which most rows
fit is no accident.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtorule_eval.cohort.identity_search import D_NUMBER, MONTH_SERIES, checksums, digits_of

FEWEST_ROWS = 5
FEWEST_SHARE = 0.5
# Whether a column is of the kind at all shows in its first cells.
FIRST_CELLS = 1000
# A date as text: ddmmyy, dd.mm.yyyy and the like, or the year first.
_DAY_FIRST = r"^\s*(?P<day>\d{2})[./ -]?(?P<month>\d{2})[./ -]?(?:19|20)?(?P<year>\d{2})(?:[ T].*)?$"
_YEAR_FIRST = r"^\s*(?:19|20)(?P<year>\d{2})[./-]?(?P<month>\d{2})[./-]?(?P<day>\d{2})(?:[ T].*)?$"
_FIVE_OR_SIX = r"^\s*\d{5,6}\s*$"
_FIVE = r"^\s*(\d{3,5})(?:\.0)?\s*$"
NOTHING = -1

Parts = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitHit:
    """Two columns, by place (the first is 1), that make identity numbers together, and in which rows."""

    date_position: int
    five_position: int
    rows: tuple[int, ...]


def find_split_numbers(frame: pd.DataFrame) -> tuple[SplitHit, ...]:
    """Which columns of a raw table make identity numbers together?"""
    columns = [frame.iloc[:, i] for i in range(frame.shape[1])]
    fives = {i: five for i, column in enumerate(columns) if (five := _five_digits(column)) is not None}
    dates = {i: date for i, column in enumerate(columns) if fives and (date := _dates(column)) is not None}
    hits = []
    for (i, date), (j, five) in product(dates.items(), fives.items()):
        rows = _fitting(date, five) if i != j else np.zeros(0, dtype=np.int64)
        if len(rows):
            numbers = np.sort(frame.index.to_numpy()[rows]).tolist()
            hits.append(SplitHit(date_position=i + 1, five_position=j + 1, rows=tuple(numbers)))
    return tuple(hits)


def _fitting(date: Parts, five: Parts) -> Parts:
    """Return the rows that fit together, if they are so many that it is no accident."""
    both = np.flatnonzero((date[:, 0] != NOTHING) & (five != NOTHING))
    day, month, year = date[both].T
    for day_added, month_added in product((0, D_NUMBER), MONTH_SERIES):
        six = (day + day_added) * 10**4 + (month + month_added) * 100 + year
        fits = checksums(digits_of(six * 10**5 + five[both]))[1]
        if fits.sum() >= FEWEST_ROWS and fits.mean() >= FEWEST_SHARE:
            return both[fits]
    return np.zeros(0, dtype=np.int64)


def _five_digits(column: pd.Series) -> Parts | None:
    """Read a column of up to five digits, leading zeros perhaps lost; None if it is something else."""
    if not _mostly(column, _FIVE):
        return None
    found = _texts(column).str.extract(_FIVE)[0]
    return found.fillna(str(NOTHING)).to_numpy(dtype=np.int64)


def _dates(column: pd.Series) -> Parts | None:
    """Read a column of dates as day, month and two digits of the year; None if it is something else."""
    if not (_mostly(column, _DAY_FIRST) or _mostly(column, _YEAR_FIRST) or _mostly(column, _FIVE_OR_SIX)):
        return None
    texts = _texts(column)
    six = texts.where(~texts.str.fullmatch(r"\d{5}").fillna(False).astype(bool), "0" + texts)
    order = ["day", "month", "year"]
    found = texts.str.extract(_YEAR_FIRST)[order].fillna(six.str.extract(_DAY_FIRST)[order])
    return found.fillna(str(NOTHING)).to_numpy(dtype=np.int64)


def _mostly(column: pd.Series, pattern: str) -> bool:
    """Tell whether most of a column's first cells are of a kind."""
    first = _texts(column.dropna().head(FIRST_CELLS))
    return len(first) >= FEWEST_ROWS and bool(first.str.match(pattern).mean() >= FEWEST_SHARE)


def _texts(column: pd.Series) -> pd.Series:
    """Write a column as text; whole numbers without a decimal sign."""
    if pd.api.types.is_float_dtype(column.dtype):
        whole = column.where((column % 1 == 0) & (column.abs() < 10**9))
        return whole.astype("Int64").astype("str")
    return column.astype("str")
