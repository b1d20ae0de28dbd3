from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backtorule_eval.cohort.dictionary import load_dictionary
from backtorule_eval.errors import DataProblem, NotEstimable
from backtorule_eval.measures.absence import absence_share, require_one_period, school_year_of
from backtorule_eval.measures.absence_rules import load_absence_rules
from tests.measures.made import table

SUBJECT = "MAT1019"


def absences(*records, person="a"):
    """Absence records, each (date, hours, code) or (date, hours, code, subject)."""
    rows = [
        dict(zip(("date", "hours", "code", "subject"), (*record, SUBJECT)[:4], strict=True))
        | {"record": f"r{i}", "person": person}
        for i, record in enumerate(records)
    ]
    return table("attendance", rows)


def taken(term="2025V", hours=100, route="E", person="a", subject=SUBJECT):
    return {"person": person, "subject": subject, "term": term, "route": route, "hours": hours}


def covered(first="2010-08-01", last="2030-07-31", person="a", source="attendance"):
    return {"person": person, "source": source, "complete_from": first, "complete_to": last}


def share(records, subjects=None, coverage=None):
    """Absence shares of these tables; by default one subject of 100 hours in 2024/25, all covered."""
    return absence_share(
        records,
        subjects=table("subjects", [taken()] if subjects is None else subjects),
        coverage=table("coverage", [covered()] if coverage is None else coverage),
    )


# --- Rules as data -----------------------------------------------------------------------------


def test_codes_are_those_of_the_dictionary():
    assert set(load_absence_rules().codes) == set(
        load_dictionary().tables["attendance"].columns["code"].levels
    )


@pytest.mark.parametrize(
    ("school_year", "period"),
    [
        (1999, "before_limit"),
        (2015, "before_limit"),
        (2016, "limit_2016"),
        (2018, "limit_2016"),
        (2019, "pandemic"),
        (2021, "pandemic"),
        (2022, "limit_2022"),
        (2024, "limit_2022"),
        (2025, "limit_2025"),
        (2040, "limit_2025"),
    ],
)
def test_period_of_a_school_year(school_year, period):
    assert load_absence_rules().period_of(school_year).name == period


@pytest.mark.parametrize(
    ("date", "year"),
    [("2025-07-31", 2024), ("2025-08-01", 2025), ("2025-12-31", 2025), ("2026-01-01", 2025)],
)
def test_the_school_year_turns_in_august(date, year):
    assert school_year_of(pd.Series(pd.to_datetime([date]))).tolist() == [year]


# --- What counts -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "before_2025", "from_2025"),
    [
        ("X", "hours_counted", "hours_counted"),
        ("M", "hours_counted", "hours_counted"),
        ("D", "hours_other", "hours_counted"),
        ("R", "hours_other", "hours_other"),
        ("!", "hours_other", "hours_other"),
        ("§", "hours_unclear", "hours_unclear"),
    ],
)
def test_what_each_code_counts_as(code, before_2025, from_2025):
    subjects = [taken("2025V"), taken("2026V")]
    frame = share(absences(("2025-03-03", 4, code), ("2026-03-03", 4, code)), subjects).frame
    kinds = ["hours_counted", "hours_other", "hours_unclear"]
    by_year = frame.set_index("school_year")[kinds]
    assert by_year.loc[2024].to_dict() == dict.fromkeys(kinds, 0.0) | {before_2025: 4.0}
    assert by_year.loc[2025].to_dict() == dict.fromkeys(kinds, 0.0) | {from_2025: 4.0}


def test_hours_by_annual_hours():
    frame = share(absences(("2024-09-02", 3, "X"), ("2025-03-03", 4, "M"), ("2025-03-04", 2, "R"))).frame
    assert frame["share"].tolist() == [0.07]
    assert frame["period"].tolist() == ["limit_2022"]


@pytest.mark.parametrize(
    ("year", "hours", "reached"),
    [
        (2025, 9, False),
        (2025, 10, False),
        (2025, 11, True),
        (2026, 9, False),
        (2026, 10, True),
        (2026, 11, True),
    ],
)
def test_above_the_limit_or_at_it(year, hours, reached):
    records = absences(*((f"{year}-03-0{day}", h, "X") for day, h in ((3, hours - 1), (4, 1))))
    assert share(records, [taken(f"{year}V")]).frame["limit_reached"].tolist() == [reached]


def test_a_share_at_the_limit_does_not_miss_it_by_rounding():
    records = absences(*((f"2026-03-0{day}", 2.8, "X") for day in (2, 3, 4)))
    assert share(records, [taken("2026V", hours=84)]).frame["limit_reached"].tolist() == [True]


def test_no_limit_before_2016():
    frame = share(absences(("2015-03-03", 50, "X")), [taken("2015V")]).frame
    assert frame["share"].tolist() == [0.5]
    assert frame["limit_reached"].isna().all()


# --- Subjects, routes, years -------------------------------------------------------------------


def test_autumn_and_spring_of_a_school_year_are_one():
    subjects = [taken("2024H"), taken("2025V")]
    frame = share(absences(("2024-09-02", 5, "X"), ("2025-03-03", 5, "X")), subjects).frame
    assert frame[["school_year", "share"]].to_numpy().tolist() == [[2024, 0.10]]


def test_two_numbers_of_annual_hours_are_refused():
    with pytest.raises(DataProblem, match=r"1 subject\(s\) have two numbers of annual hours"):
        share(absences(), [taken("2024H", hours=84), taken("2025V", hours=56)])


def test_privatists_are_left_out():
    assert share(absences(), [taken(route="P")]).frame.empty


def test_a_subject_without_records_has_share_0_where_covered():
    assert share(absences()).frame["share"].tolist() == [0.0]


def test_absence_in_a_subject_that_is_not_listed_has_no_share():
    frame = share(absences(("2025-03-03", 5, "X", "NOR1260"))).frame.set_index("subject")
    assert pd.isna(frame.loc["NOR1260", "share"])
    assert frame.loc["NOR1260", "hours_counted"] == 5
    assert pd.isna(frame.loc["NOR1260", "limit_reached"])


def test_unknown_annual_hours_give_no_share():
    frame = share(absences(("2025-03-03", 5, "X")), [taken(hours=None)]).frame
    assert frame["share"].isna().all()


def test_records_without_a_subject_are_counted_apart():
    found = share(absences(("2025-03-03", 5, "X", None), ("2025-03-04", 5, "X")))
    assert found.n_without_subject == 1
    assert found.frame["hours_counted"].tolist() == [5.0]


# --- Coverage ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "part"),
    [
        ("2024-08-01", "2025-06-30", 1.0),
        ("2010-01-01", "2030-01-01", 1.0),
        ("2025-06-30", "2026-01-01", 1 / 334),
        ("2025-07-01", "2026-01-01", 0.0),
        ("2024-08-01", "2024-08-01", 1 / 334),
        ("2020-08-01", "2024-07-31", 0.0),
    ],
)
def test_part_of_the_school_year_that_is_covered(first, last, part):
    frame = share(absences(), coverage=[covered(first, last)]).frame
    assert frame["covered"].tolist() == [pytest.approx(part)]
    assert frame["share"].isna().tolist() == [part == 0]


def test_without_coverage_no_record_is_not_read_as_no_absence():
    coverage = [covered(source="surveys"), covered(person="b")]
    frame = share(absences(("2025-03-03", 5, "X")), coverage=coverage).frame
    assert frame["covered"].tolist() == [0.0]
    assert frame["share"].isna().all()
    assert frame["hours_counted"].tolist() == [5.0]


# --- One period at a time ----------------------------------------------------------------------


def test_rows_of_one_period():
    subjects = [taken("2025V"), taken("2026V")]
    found = share(absences(), subjects)
    assert [period.name for period in found.periods] == ["limit_2022", "limit_2025"]
    assert found.in_period("limit_2025")["school_year"].tolist() == [2025]
    assert require_one_period(found.in_period("limit_2022")).limit == 0.10


def test_two_periods_are_not_compared():
    with pytest.raises(NotEstimable, match="absence_periods") as caught:
        require_one_period(share(absences(), [taken("2025V"), taken("2026V")]).frame)
    assert (caught.value.needed, caught.value.found) == (1, 2)


def test_no_rows_are_no_period():
    with pytest.raises(NotEstimable, match="absence_periods"):
        require_one_period(share(absences(), []).frame)


def test_pandemic_years_are_not_compared():
    with pytest.raises(NotEstimable, match="absence_suspended"):
        require_one_period(share(absences(), [taken("2021V")]).frame)


def test_an_unknown_code_is_refused():
    with pytest.raises(DataProblem, match=r"1 record\(s\) have a code other than X, M, D, R, !, §"):
        share(absences(("2025-03-03", 5, "Q")))


def test_types_and_repr():
    for found in (share(absences(("2025-03-03", 5, "X"))), share(absences(), [])):
        types = found.frame.dtypes.map(str).to_dict()
        assert types["person"] == types["subject"] == types["period"] == "str"
        assert types["school_year"] == "int64"
        assert types["limit_reached"] == "boolean"
        assert {types[c] for c in ("hours_counted", "annual_hours", "covered", "share")} == {"float64"}
        assert "frame" not in repr(found)


RECORDS = st.lists(
    st.tuples(
        st.sampled_from(["2024-09-02", "2025-03-03", "2025-09-01"]),
        st.integers(1, 8),
        st.sampled_from(list("XMDR!§")),
    ),
    max_size=8,
)


@given(records=RECORDS, random=st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_no_hour_is_lost_and_order_does_not_matter(records, random):
    subjects = [taken("2025V"), taken("2026V")]
    found = share(absences(*records), subjects).frame
    kinds = found[["hours_counted", "hours_other", "hours_unclear"]]
    assert kinds.to_numpy().sum() == sum(hours for _, hours, _ in records)
    random.shuffle(records)
    pd.testing.assert_frame_equal(share(absences(*records), subjects).frame, found)
