"""Days, months, school years."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from backtorule_eval.synthetic.calendar import (
    add_months,
    day_of,
    last_day_of_year,
    make_calendar,
    school_year_begins,
    to_weekday,
)


def days(*texts: str) -> np.ndarray:
    return np.array([day_of(date.fromisoformat(t)) for t in texts])


@pytest.mark.parametrize(
    ("day", "months", "moved"),
    [
        ("2024-01-15", 6, "2024-07-15"),
        ("2024-08-31", 6, "2025-02-28"),
        ("2023-08-31", 6, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-06-14", 24, "2026-06-14"),
        ("2023-12-31", 0, "2023-12-31"),
    ],
)
def test_months_are_added_to_the_end_of_a_short_month(day, months, moved):
    assert add_months(days(day), months).tolist() == days(moved).tolist()


@pytest.mark.parametrize(
    ("day", "begins"),
    [
        ("2024-08-17", "2023-08-18"),
        ("2024-08-18", "2024-08-18"),
        ("2024-12-31", "2024-08-18"),
        ("2025-01-01", "2024-08-18"),
        ("2025-06-20", "2024-08-18"),
    ],
)
def test_a_school_year_begins_on_18_august(day, begins):
    assert school_year_begins(days(day)).tolist() == days(begins).tolist()


@pytest.mark.parametrize(
    ("day", "moved"),
    [("2024-03-22", "2024-03-22"), ("2024-03-23", "2024-03-25"), ("2024-03-24", "2024-03-25")],
)
def test_weekends_move_to_monday(day, moved):
    assert to_weekday(days(day)).tolist() == days(moved).tolist()


def test_last_day_of_year():
    assert last_day_of_year(np.array([2024])).tolist() == days("2024-12-31").tolist()


def test_the_calendar_runs_from_the_intake_to_the_cut():
    calendar = make_calendar(2023, date(2026, 6, 30))
    assert calendar.first_days[0] == day_of(date(2023, 8, 1))
    assert calendar.months == 35
    assert calendar.month_of_year(34) == 6
    assert calendar.year_of(34) == 2026
    assert calendar.month_of_year(5) == 1
    assert calendar.year_of(5) == 2024
