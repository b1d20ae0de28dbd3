"""The calendar of the synthetic site: months, school years and exam periods, as days since 1970-01-01."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from backtorule_eval.synthetic.streams import Integers

AUGUST, DECEMBER, JUNE = 8, 12, 6
SATURDAY = 5  # days after Monday
SCHOOL_BEGINS = 18  # of August
EXAM_DAY = 20  # of June and December: grades are final, and who has passed all has completed


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The months from the first intake to the data cut.

    Attributes
    ----------
    first_year : int
        Intake runs from August of this year to June of the next.
    cut : date
        Last day the data tell of.
    first_days : integers
        First day of every month from August of ``first_year``, up to and including the month after the cut.
    """

    first_year: int
    cut: date
    first_days: Integers

    @property
    def months(self) -> int:
        """How many months there are."""
        return len(self.first_days) - 1

    @property
    def cut_day(self) -> int:
        """The data cut, as a day."""
        return day_of(self.cut)

    def month_of_year(self, month: int) -> int:
        """Return 1 to 12 for the month with this position."""
        return (AUGUST - 1 + month) % 12 + 1

    def year_of(self, month: int) -> int:
        """Return the year of the month with this position."""
        return self.first_year + (AUGUST - 1 + month) // 12


def make_calendar(first_year: int = 2023, cut: date = date(2026, 6, 30)) -> Calendar:
    """Make the calendar of one intake: by default one whose last starters have 24 months before the cut."""
    first = np.datetime64(f"{first_year}-{AUGUST:02d}", "M")
    after = np.datetime64(f"{cut:%Y-%m}", "M") + 1
    months = np.arange(first, after + 1)
    return Calendar(first_year=first_year, cut=cut, first_days=_days(months))


def day_of(when: date) -> int:
    """Return days since 1970-01-01."""
    return (when - date(1970, 1, 1)).days


def _days(dates: NDArray[np.datetime64]) -> Integers:
    """Return the first day of each date's month or year as days since 1970-01-01."""
    days: Integers = dates.astype("datetime64[D]").astype(np.int64)
    return days


def add_months(days: Integers, months: int) -> Integers:
    """Move days by whole months; a day the month does not have becomes its last."""
    dates = days.astype("datetime64[D]")
    month = dates.astype("datetime64[M]")
    target = month + months
    length = _days(target + 1) - _days(target)
    in_month: Integers = np.minimum(days - _days(month), length - 1)
    return _days(target) + in_month


def last_day_of_year(years: Integers) -> Integers:
    """Return 31 December of each year."""
    return _days((years - 1970 + 1).astype("datetime64[Y]")) - 1


def to_weekday(days: Integers) -> Integers:
    """Move Saturdays and Sundays to the Monday after."""
    # 1970-01-01 was a Thursday, so day 4 was a Monday.
    of_week = (days - 4) % 7
    return days + np.where(of_week >= SATURDAY, 7 - of_week, 0)


def school_year_begins(days: Integers) -> Integers:
    """Return the first school day of the school year each day falls in."""
    since_begin = (days - (SCHOOL_BEGINS - 1)).astype("datetime64[D]").astype("datetime64[M]")
    # Years that begin in August: seven months back, whole years, seven months on.
    august = (since_begin - (AUGUST - 1)).astype("datetime64[Y]").astype("datetime64[M]") + (AUGUST - 1)
    return _days(august) + SCHOOL_BEGINS - 1
