"""Every rule on a site that breaks it, and on the nearest sites that do not."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from backtorule_eval.cohort.checks import check_tables
from backtorule_eval.cohort.checks.waves import LATE_BASELINE_DAYS, PRE_START_DAYS, WAVE_SPREAD_DAYS
from tests.cohort.checks.site_tables import GOOD, PERSONS, check, found, site


def rules(problems):
    return {problem.rule for problem in problems}


def test_the_good_site_has_no_problem():
    assert check() == []


# --- One rule, one site --------------------------------------------------------------------------

# rule, the changed table, its changed columns, the column and rows told
BROKEN = [
    # Columns
    ("required_empty", "contacts", {"kind": ["life_mastery", None, None]}, "raw kind", (3, 4)),
    ("level_not_allowed", "persons", {"gender": ["woman", "kvinne", None]}, "raw gender", (3,)),
    ("out_of_range", "goals", {"level_reached": [3, None]}, "raw level_reached", (2,)),
    ("out_of_range", "goals", {"level_reached": [-3, None]}, "raw level_reached", (2,)),
    ("not_finite", "scores", {"value": [float("inf")]}, "raw value", (2,)),
    ("pattern_mismatch", "subjects", {"subject": ["MAT1019", "NOR12", "MAT1019"]}, "raw subject", (3,)),
    ("date_implausible", "benefits", {"to": ["2024-05-31", "9999-12-31"]}, "raw to", (3,)),
    ("date_implausible", "benefits", {"from": ["1970-01-01", "2024-06-01"]}, "raw from", (2,)),
    ("name_as_pseudonym", "persons", {"person": ["p1", "p2", "Kari Nordmann"]}, "raw person", (4,)),
    ("name_as_pseudonym", "contacts", {"staff": ["s1", "a.b@nav.example", "s2"]}, "raw staff", (3,)),
    # Keys
    ("duplicate_key", "goals", {"goal": ["g1", "g1"]}, "raw goal", (2, 3)),
    ("unknown_person", "goals", {"person": ["p1", "q9"]}, "raw person", (3,)),
    ("unknown_person_spelling", "goals", {"person": ["P-01", "p2"]}, "raw person", (2,)),
    ("unknown_reference", "codings", {"document": ["d7"]}, "raw document", (2,)),
    ("pseudonyms_alike", "persons", {"person": ["p1", "p2", "P02"]}, "raw person", (3, 4)),
    # Persons
    ("over_25_at_start", "persons", {"birth_year": [1998, 2005, 2007]}, "raw birth_year", (2,)),
    ("may_be_25_at_start", "persons", {"birth_year": [1999, 2005, 2007]}, "raw birth_year", (2,)),
    ("young_at_start", "persons", {"birth_year": [2010, 2005, 2007]}, "raw birth_year", (2,)),
    ("birth_year_missing", "persons", {"birth_year": [None, 2005, 2007]}, "raw birth_year", (2,)),
    ("start_missing", "persons", {"start_date": [None, "2024-09-02", None]}, "raw start_date", (2, 4)),
    ("residence_longer_than_life", "persons", {"residence_years": [20, 1, 1]}, "raw residence_years", (2,)),
    ("stage_and_programme_area", "persons", {"stage": ["vg3", "vg2", None]}, "raw stage", (2,)),
    (
        "consent_missing",
        "persons",
        {"consent_date": ["2024-08-01", None, "2024-08-01"]},
        "raw consent_date",
        (3,),
    ),
    ("before_consent", "persons", {"consent_date": ["2024-08-11"] * 3}, "raw date", (2,)),
    # Waves
    ("waves_out_of_order", "surveys", {"date": ["2025-02-01"] * 2 + ["2024-09-10", None]}, "raw date", (3,)),
    (
        "value_and_reason",
        "surveys",
        {"missing_reason": ["refused", None, "refused", None]},
        "raw value",
        (2,),
    ),
    ("no_value_no_reason", "surveys", {"value": [None, 6.0, None, 4.0]}, "raw value", (2,)),
    ("no_value_no_reason", "scores", {"value": [None]}, "raw value", (2,)),
    # Spells
    ("end_before_start", "work", {"to": ["2024-12-31", "2025-02-28"]}, "raw to", (2,)),
    ("end_before_start", "context", {"to": ["2021-04-30"]}, "raw to", (2,)),
    (
        "end_before_start",
        "coverage",
        {"complete_to": ["2024-07-31"] + ["2026-06-30"] * 23},
        "raw complete_to",
        (2,),
    ),
    ("spell_after_as_of", "work", {"from": ["2026-07-01", "2025-02-01"]}, "raw from", (2,)),
    ("schooling_after_completion", "schooling", {"status": ["completed", "leave", "left"]}, "raw from", (3,)),
    # Events
    ("date_after_as_of", "contacts", {"held": [True, True, True]}, "raw date", (3,)),
    ("date_after_as_of", "surveys", {"date": [None, "2026-07-01", None, None]}, "raw date", (3,)),
    ("date_after_as_of", "persons", {"start_date": ["2026-07-01"] * 3}, "raw start_date", (2, 3, 4)),
    (
        "date_after_as_of",
        "coverage",
        {"complete_to": ["2026-07-01"] * 24},
        "raw complete_to",
        (2, 3, 4, 5, 6),
    ),
    ("before_start", "contacts", {"date": ["2024-08-18", None, None]}, "raw date", (2,)),
    ("before_start", "goals", {"date_set": ["2024-08-18", "2024-10-01"]}, "raw date_set", (2,)),
    ("held_without_minutes", "contacts", {"minutes": [0, None, None]}, "raw minutes", (2, 4)),
    ("comparison_contacted", "contacts", {"person": ["p1", "p1", "p3"]}, "raw person", (4,)),
    ("goal_scored_before_set", "goals", {"date_scored": ["2024-09-02", None]}, "raw date_scored", (2,)),
    ("goal_due_before_set", "goals", {"date_due": ["2024-09-02", None]}, "raw date_due", (2,)),
    ("goal_level_without_date", "goals", {"date_scored": [None, None]}, "raw date_scored", (2,)),
    ("goal_date_without_level", "goals", {"level_reached": [None, None]}, "raw level_reached", (2,)),
    ("absence_on_weekend", "attendance", {"date": ["2024-10-05", "2024-10-06"]}, "raw date", (2, 3)),
    ("absence_over_a_day", "attendance", {"date": ["2024-10-07"] * 2}, "raw hours", (2, 3)),
    # Grades
    ("privatist_with_iv", "subjects", {"standpunkt": ["4", "IV", "IV"]}, "raw route", (4,)),
    ("privatist_with_iv", "subjects", {"exam": [None, None, "IV"]}, "raw route", (4,)),
    ("privatist_with_standpunkt", "subjects", {"standpunkt": ["4", "IV", "3"]}, "raw standpunkt", (4,)),
    ("iv_in_exam", "subjects", {"exam": ["IV", None, None]}, "raw exam", (2,)),
    ("im_in_standpunkt", "subjects", {"standpunkt": ["IM", None, None]}, "raw standpunkt", (2,)),
    ("grade_after_as_of", "subjects", {"term": ["2026H", "2026V", "2025H"]}, "raw term", (2,)),
    ("grade_after_as_of", "subjects", {"term": ["2025V", "2025V", "2027V"]}, "raw term", (4,)),
    # Coverage and documents
    ("withdrew_without_date", "coverage", {"end_reason": ["withdrew"] + [None] * 23}, "raw end_reason", (2,)),
    ("segment_reversed", "codings", {"to": [9]}, "raw to", (2,)),
    ("participant_without_person", "documents", {"role": ["participant"] * 2}, "raw person", (3,)),
]


@pytest.mark.parametrize(
    ("rule", "table", "columns", "column", "rows"),
    BROKEN,
    ids=[f"{b[0]}-{b[1]}-{i}" for i, b in enumerate(BROKEN)],
)
def test_a_broken_rule_is_told_where_it_is(rule, table, columns, column, rows):
    told = found(check(**{table: columns}), rule)
    assert told == [(column, rows)]


# --- Persons: borders ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("birth_year", "expected"),
    [
        (1998, "over_25_at_start"),
        (1999, "may_be_25_at_start"),
        (2000, None),
        (2009, None),
        (2010, "young_at_start"),
    ],
)
def test_borders_of_age(birth_year, expected):
    problems = check(persons={"birth_year": [birth_year, 2005, 2007], "residence_years": [None] * 3})
    assert rules(problems) == ({expected} if expected else set())


@pytest.mark.parametrize(("years", "broken"), [(18.0, False), (19.0, False), (19.5, True)])
def test_border_of_residence(years, broken):
    problems = check(persons={"residence_years": [years, None, None]})
    assert ("residence_longer_than_life" in rules(problems)) == broken


def test_consent_turned_round():
    dates = {"consent_date": ["2024-08-01"] * 3, "withdrawal_date": ["2024-07-31", "2024-08-01", None]}
    assert found(check(persons=dates), "withdrawal_before_consent") == [("raw withdrawal_date", (2,))]


def test_what_is_dated_after_withdrawal():
    problems = check(persons={"withdrawal_date": ["2025-02-01", "2025-01-31", None]})
    assert found(problems, "after_withdrawal") == [("raw date", (5,))]


def test_missing_consent_is_no_news_where_nobody_has_a_date():
    assert "consent_missing" not in rules(check(persons={"consent_date": [None] * 3}))


def test_missing_start_is_no_news_where_nobody_has_one():
    assert "start_missing" not in rules(check(persons={"start_date": [None] * 3}))


# --- Waves: borders ------------------------------------------------------------------------------


def survey_at(*, wave, day):
    """One answer of p1, who started on 19 August 2024, so many days after start."""
    date = pd.Timestamp("2024-08-19") + pd.Timedelta(days=day)
    rows = {"person": ["p1"], "wave": [wave], "item": ["ams_01"], "value": [1.0], "date": [date]}
    return check(surveys=rows, persons={"consent_date": [None] * 3})


@pytest.mark.parametrize(
    ("wave", "day", "expected"),
    [
        (0, -PRE_START_DAYS - 1, {"survey_before_start"}),
        (0, -PRE_START_DAYS, set()),
        (0, LATE_BASELINE_DAYS, set()),
        (0, LATE_BASELINE_DAYS + 1, {"late_baseline"}),
        (1, -1, {"survey_before_start"}),
        (1, 0, set()),
        (1, LATE_BASELINE_DAYS + 1, set()),
    ],
)
def test_borders_of_a_wave(wave, day, expected):
    assert rules(survey_at(wave=wave, day=day)) == expected


@pytest.mark.parametrize(("days", "broken"), [(WAVE_SPREAD_DAYS, False), (WAVE_SPREAD_DAYS + 1, True)])
def test_border_of_a_spread_wave(days, broken):
    first = pd.Timestamp("2025-02-01")
    rows = {
        "person": ["p1"] * 2,
        "wave": [1, 1],
        "item": ["ams_01", "ams_02"],
        "value": [1.0, 1.0],
        "date": [first, first + pd.Timedelta(days=days)],
    }
    assert found(check(surveys=rows), "wave_spread") == ([("raw date", (2, 3))] if broken else [])


def test_waves_are_compared_with_all_earlier_ones():
    rows = {
        "person": ["p1"] * 3,
        "wave": [1, 2, 4],
        "item": ["ams_01"] * 3,
        "value": [1.0] * 3,
        "date": ["2025-06-01", None, "2025-05-01"],
    }
    assert found(check(surveys=rows), "waves_out_of_order") == [("raw date", (4,))]


# --- Spells: borders ------------------------------------------------------------------------------


def spells(*rows, table="schooling", kind="status"):
    """Spells given as (kind, from, to) of one person."""
    kinds, begins, ends = zip(*rows, strict=True)
    return check(**{table: {"person": ["p2"] * len(rows), kind: kinds, "from": begins, "to": ends}})


@pytest.mark.parametrize(
    ("second_from", "expected"),
    [
        ("2025-01-31", {"overlapping_spells"}),
        ("2025-02-01", {"spells_share_a_day"}),
        ("2025-02-02", set()),
    ],
)
def test_borders_of_an_overlap(second_from, expected):
    problems = spells(("enrolled", "2024-08-19", "2025-02-01"), ("leave", second_from, None))
    assert rules(problems) == expected


def test_a_spell_without_end_lasts():
    problems = spells(("enrolled", "2024-08-19", None), ("leave", "2026-01-01", "2026-02-01"))
    assert found(problems, "overlapping_spells") == [("raw from", (3,))]


def test_a_long_spell_overlaps_everything_inside_it():
    problems = spells(
        ("enrolled", "2024-08-19", "2025-06-20"),
        ("leave", "2024-09-01", "2024-09-10"),
        ("apprentice", "2025-01-01", "2025-01-10"),
    )
    assert found(problems, "overlapping_spells") == [("raw from", (3, 4))]


@pytest.mark.parametrize(
    ("table", "kinds"), [("work", ["ordinary", "job_taster"]), ("benefits", ["aap", "other"])]
)
def test_different_kinds_of_work_and_benefits_may_overlap(table, kinds):
    both = [(kind, "2025-01-01", "2025-06-30") for kind in kinds]
    assert spells(*both, table=table, kind="kind") == []
    same = [(kinds[0], "2025-01-01", "2025-06-30"), (kinds[0], "2025-03-01", "2025-04-30")]
    assert found(spells(*same, table=table, kind="kind"), "overlapping_spells") == [("raw from", (3,))]


def test_spells_of_different_persons_do_not_overlap():
    rows = {"person": ["p1", "p2"], "status": ["enrolled"] * 2, "from": ["2024-08-19"] * 2, "to": [None] * 2}
    assert check(schooling=rows) == []


def test_a_spell_that_ends_before_it_begins_is_not_told_again_as_overlapping():
    problems = spells(("enrolled", "2024-08-19", "2025-06-20"), ("leave", "2025-03-01", "2025-02-01"))
    assert rules(problems) == {"end_before_start"}


# --- Contacts, grades, coverage ---------------------------------------------------------------------


def test_a_contact_registered_twice():
    first = {column: [values[0]] * 2 for column, values in GOOD["contacts"].items()}
    problems = check(contacts={**first, "contact": ["c1", "c9"]})
    assert found(problems, "contact_repeated") == [("raw contact", (2, 3))]


def test_pupil_and_privatist_in_one_term():
    rows = {
        "person": ["p1"] * 3,
        "subject": ["MAT1019"] * 3,
        "term": ["2025V", "2025V", "2025H"],
        "route": ["E", "P", "P"],
    }
    assert found(check(subjects=rows), "pupil_and_privatist") == [("raw route", (2, 3))]


@pytest.mark.parametrize(("as_of_term", "broken"), [("2026V", False), ("2026H", True)])
def test_a_term_without_grades_may_lie_ahead(as_of_term, broken):
    rows = {
        "person": ["p1"],
        "subject": ["MAT1019"],
        "term": [as_of_term],
        "route": ["E"],
        "standpunkt": ["none"],
    }
    assert check(subjects=rows) == []
    assert ("grade_after_as_of" in rules(check(subjects={**rows, "standpunkt": ["5"]}))) == broken


@pytest.mark.parametrize(
    ("standpunkt", "rule"), [("IV", "privatist_with_iv"), ("2", "privatist_with_standpunkt")]
)
def test_a_privatist_with_standpunkt_is_told_once(standpunkt, rule):
    assert rules(check(subjects={"standpunkt": ["4", "IV", standpunkt]})) == {rule}


@pytest.mark.parametrize(
    ("as_of", "term", "broken"),
    [
        (date(2026, 7, 31), "2026H", True),
        (date(2026, 8, 1), "2026H", False),
        (date(2025, 12, 31), "2026V", True),
        (date(2026, 1, 1), "2026V", False),
    ],
)
def test_borders_of_a_term(as_of, term, broken):
    tables = site(subjects={"term": [term, "2025V", "2025H"]})
    problems = check_tables(tables, extra_columns={}, as_of=as_of)
    assert ("grade_after_as_of" in rules(problems)) == broken


def test_coverage_that_lacks_a_person_for_a_source():
    coverage = {column: values[1:] for column, values in GOOD["coverage"].items()}
    problems = check(coverage=coverage)
    assert [(p.rule, p.file, p.first_rows, p.detail) for p in problems] == [
        ("coverage_missing", "persons.csv", (2,), {"source": "surveys"})
    ]


def test_no_coverage_at_all():
    assert rules(check(coverage={"person": []})) == {"coverage_absent"}


def test_a_counsellor_may_have_people_in_both_groups():
    assert check(persons={"counsellor": ["staff-1"] * 3}) == []
    assert PERSONS["group"][0] != PERSONS["group"][2]


def test_the_site_is_not_changed_by_checking_it():
    tables = site()
    before = {name: table.frame.copy() for name, table in tables.items()}
    check()
    for name, table in tables.items():
        assert table.frame.equals(before[name])
