"""Text to dates: declared, ISO, or the one reading that fits every value."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backtorule_eval.cohort.mapping.dates import check_format, read_dates


def days(*texts):
    return np.array([t or "NaT" for t in texts], dtype="datetime64[D]")


@pytest.mark.parametrize(
    ("texts", "form", "values"),
    [
        (["2024-01-05", None], "", days("2024-01-05", None)),
        (
            ["2024-01-05T23:59", "2024-01-06 00:00:00", "2024-01-07 01:02:03.456"],
            "",
            days("2024-01-05", "2024-01-06", "2024-01-07"),
        ),
        (["05.01.2024", "13.02.2024"], "", days("2024-01-05", "2024-02-13")),
        (["5.1.2024", "31.12.2024"], "", days("2024-01-05", "2024-12-31")),
        (["12/31/2024", "01/02/2024"], "", days("2024-12-31", "2024-01-02")),
        (["31/12/2024"], "", days("2024-12-31")),
        (["2024/01/05"], "", days("2024-01-05")),
        (["20240105"], "", days("2024-01-05")),
        # Both readings are the same day.
        (["05.05.2024", "07.07.2024"], "", days("2024-05-05", "2024-07-07")),
        (["03.04.2024"], "dd.mm.yyyy", days("2024-04-03")),
        (["03.04.2024 08:15"], "DD.MM.YYYY", days("2024-04-03")),
        (["04/03/2024"], "mm/dd/yyyy", days("2024-04-03")),
        (["3.4.2024", "03.04.2024"], "d.m.yyyy", days("2024-04-03", "2024-04-03")),
        (["20240403"], "yyyymmdd", days("2024-04-03")),
        (["29.02.2024"], "dd.mm.yyyy", days("2024-02-29")),
        (["1900-02-28"], "", days("1900-02-28")),
        ([None, None], "", days(None, None)),
        ([], "", days()),
    ],
)
def test_dates(texts, form, values):
    reading = read_dates(texts, form=form)
    assert reading.broken == {}
    np.testing.assert_array_equal(reading.values, values)


@pytest.mark.parametrize(
    ("texts", "form", "rule", "wrong"),
    [
        (["03.04.2024", "05.06.2024"], "", "date_unclear", [True, True]),
        (["01/02/2024", None], "", "date_unclear", [True, False]),
        (["01022012"], "", "date_unclear", [True]),
        (["2024-01-05", "05.01.2024"], "", "date_unreadable", [False, True]),
        (["13.01.2024", "01.13.2024"], "", "date_no_format", [True, True]),
        (["13.01.2024", "snart"], "", "date_no_format", [True, True]),
        (["13.01.24"], "", "date_no_format", [True]),
        (["3.4.2024", "03.04.2024"], "dd.mm.yyyy", "date_unreadable", [True, False]),
        (["30.02.2024", "31.04.2024", "29.02.2023"], "dd.mm.yyyy", "date_unreadable", [True, True, True]),
        (
            ["00.01.2024", "01.00.2024", "32.01.2024", "01.13.2024"],
            "dd.mm.yyyy",
            "date_unreadable",
            [True] * 4,
        ),
        (["31.12.1799", "01.01.1800"], "dd.mm.yyyy", "date_unreadable", [True, False]),
        (["2024-01-05"], "dd.mm.yyyy", "date_unreadable", [True]),
        (
            ["2024-01-05T23:30Z", "2024-01-05 23:30:00+01:00", "2024-01-05"],
            "",
            "date_with_zone",
            [True, True, False],
        ),
        (["2024-01-05 23:30:00.5+00"], "", "date_with_zone", [True]),
        (["\u0660\u0665.01.2024"], "dd.mm.yyyy", "date_unreadable", [True]),
    ],
)
def test_what_is_not_one_date(texts, form, rule, wrong):
    reading = read_dates(texts, form=form)
    assert {r: m.tolist() for r, m in reading.broken.items()} == {rule: wrong}
    assert np.isnat(reading.values[np.array(wrong)]).all()


def test_a_cell_that_was_a_date_already_is_read_beside_the_declared_format():
    texts = ["2024-01-05", "06.01.2024"]
    np.testing.assert_array_equal(
        read_dates(texts, form="dd.mm.yyyy", iso_too=True).values, days("2024-01-05", "2024-01-06")
    )


@pytest.mark.parametrize(
    "form", ["dd.mm.yyyy", "d.m.yyyy", "yyyy-mm-dd", "yyyymmdd", "mm/dd/yyyy", "DD.MM.YYYY"]
)
def test_formats_that_can_be_declared(form):
    assert check_format(form) == ""


@pytest.mark.parametrize(
    "form", ["dd.mm.yy", "dd.mm", "yyyy", "ddd.mm.yyyy", "dd.dd.yyyy", "norsk", "%d.%m.%Y"]
)
def test_formats_that_cannot(form):
    assert "once each, such as dd.mm.yyyy" in check_format(form)


DATES = st.dates(dt.date(1800, 1, 1), dt.date(2200, 12, 31))


@settings(max_examples=40, deadline=None)
@given(dates=st.lists(DATES, min_size=1))
def test_undeclared_dates_are_right_or_refused(dates):
    expected = np.array(dates, dtype="datetime64[D]")
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%d-%m-%Y", "%Y%m%d"):
        reading = read_dates([d.strftime(form) for d in dates], form="")
        if reading.broken:
            assert set(reading.broken) == {"date_unclear"}
        else:
            np.testing.assert_array_equal(reading.values, expected)
