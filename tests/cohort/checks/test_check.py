"""What the checks do together: who is looked at, what is counted, what is told once."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from backtorule_eval.cohort.checks import check_tables, persons_to_remove, without_persons
from backtorule_eval.cohort.dictionary import Column, Text
from backtorule_eval.cohort.problems import stops
from backtorule_eval.errors import Problem
from tests.cohort.checks.site_tables import AS_OF, GOOD, PERSONS, check, found, mapped, site

ROOM = Column(
    name="room",
    type="level",
    label=Text(nb="Rom", en="Room"),
    levels={"a": Text(nb="A", en="A")},
    required=True,
)


def test_every_problem_of_every_file_at_once():
    problems = check(
        goals={"level_reached": [5, None], "date_set": ["2024-09-03", None]},
        contacts={"person": ["x", "p1", "y"]},
        surveys={"wave": [0, 99, 0, 1]},
    )
    assert [(p.file, p.rule) for p in problems] == [
        ("surveys.csv", "out_of_range"),
        ("goals.csv", "required_empty"),
        ("goals.csv", "out_of_range"),
        ("contacts.csv", "unknown_person"),
    ]


# --- Where it is told -----------------------------------------------------------------------------


def test_rows_are_counted_as_the_file_has_them():
    """A wide row that became several items is one row; at most five row numbers are shown, ascending."""
    n = 14
    rows = {
        "person": ["p1"] * n,
        "wave": [60] * n,
        "item": [f"ams_{i:02d}" for i in range(n)],
        "value": [1.0] * n,
        "date": [None] * n,
    }
    tables = site(surveys=rows)
    origin = pd.DataFrame({"file": "svar.csv", "row": [9, 9, 8, 8, 7, 7, 6, 6, 5, 5, 4, 4, 3, 3]})
    tables["surveys"] = replace(tables["surveys"], origin=origin)
    problems = check_tables(tables, extra_columns={}, as_of=AS_OF)
    assert [(p.n_rows, p.first_rows) for p in problems] == [(7, (3, 4, 5, 6, 7))]


def test_two_files_are_two_problems():
    tables = site(goals={"level_reached": [5, 6]})
    origin = pd.DataFrame({"file": ["b.xlsx", "a.xlsx"], "row": [2, 2]})
    tables["goals"] = replace(tables["goals"], origin=origin)
    told = [(p.file, p.n_rows) for p in check_tables(tables, extra_columns={}, as_of=AS_OF)]
    assert told[:2] == [("b.xlsx", 1), ("a.xlsx", 1)]


def test_an_item_is_told_under_its_raw_column():
    tables = site(surveys={"value": [None, 6.0, None, 4.0], "item": ["ams_01", "ams_01", "ams_01", "ams_02"]})
    tables["surveys"] = replace(tables["surveys"], item_columns={"ams_01": "Q7", "ams_02": "Q8"})
    problems = check_tables(tables, extra_columns={}, as_of=AS_OF)
    assert found(problems, "no_value_no_reason") == [("Q7", (2,))]


# --- Columns ---------------------------------------------------------------------------------------


def test_a_required_column_that_no_file_has():
    rows = {column: values for column, values in GOOD["contacts"].items() if column != "held"}
    tables = site() | {"contacts": mapped("contacts", rows)}
    problems = check_tables(tables, extra_columns={}, as_of=AS_OF)
    assert [(p.rule, p.column, p.n_rows) for p in problems] == [("required_column_missing", "held", 0)]


def test_extra_columns_are_checked_as_they_are_declared():
    rows = {"person": ["p1", "p2", "p3"], "room": ["a", "b", None]}
    tables = site() | {"extras": mapped("extras", rows, extra={"room": ROOM})}
    problems = check_tables(tables, extra_columns={"room": ROOM}, as_of=AS_OF)
    assert [(p.rule, p.column, p.first_rows) for p in problems] == [
        ("required_empty", "raw room", (4,)),
        ("level_not_allowed", "raw room", (3,)),
    ]
    assert problems[1].detail == {"levels": "a"}


def test_a_column_nobody_declared():
    rows = {"person": ["p1"], "room": ["a"]}
    tables = site() | {"extras": mapped("extras", rows, extra={"room": ROOM})}
    problems = check_tables(tables, extra_columns={}, as_of=AS_OF)
    assert [(p.rule, p.file, p.column) for p in problems] == [("undeclared_column", "extras.csv", "room")]


@pytest.mark.parametrize("name", ["p1", "staff-1", "STAFF 1", "a b", "Kari", "veileder nord", "Sted A1"])
def test_what_is_taken_for_a_pseudonym(name):
    assert check(persons={"counsellor": [name, "s2", "s2"]}) == []


# --- Keys -------------------------------------------------------------------------------------------


def test_a_copy_is_told_apart_from_a_contradiction():
    contacts = {
        column: [values[0], values[0], values[2], values[2]] for column, values in GOOD["contacts"].items()
    }
    contacts["minutes"] = [45, 45, 60, 61]
    problems = check(contacts=contacts)
    assert found(problems, "repeated_row") == [("raw contact", (2, 3))]
    assert found(problems, "duplicate_key") == [("raw contact", (4, 5))]


def test_a_key_of_several_columns():
    problems = check(surveys={"wave": [0, 0, 0, 1], "date": [None] * 4})
    assert found(problems, "duplicate_key") == [("", (2, 3))]
    assert problems[0].detail == {"key": "raw person, raw wave, raw item"}


def test_an_empty_key_is_not_told_as_a_duplicate():
    problems = check(goals={"goal": [None, None]})
    assert [p.rule for p in problems] == ["required_empty"]


def test_a_person_who_is_there_twice_does_not_break_the_rest():
    persons = {column: [*values, values[0]] for column, values in PERSONS.items()}
    assert [p.rule for p in check(persons=persons)] == ["repeated_row"]


# --- Who is taken out --------------------------------------------------------------------------------


def test_who_is_taken_out_and_counted_once():
    persons = {"birth_year": [1990, 1990, 2007], "withdrawal_date": ["2025-01-01", None, None]}
    steps = persons_to_remove(site(persons={**persons, "residence_years": [None] * 3}))
    assert [(step.step, step.persons) for step in steps] == [
        ("consent_withdrawn", frozenset({"p1"})),
        ("over_25_at_start", frozenset({"p2"})),
    ]
    assert [step.label.nb for step in steps] == ["Trakk samtykket", "Over 25 år ved start"]


def test_nobody_is_taken_out_of_the_good_site():
    assert [step.persons for step in persons_to_remove(site())] == [frozenset(), frozenset()]


def test_rows_of_those_taken_out_are_not_checked_against_others():
    early = {"date": ["2020-01-01", "2025-02-01", "2024-09-10", "2025-02-01"]}
    assert [p.rule for p in check(surveys=early)] == ["before_consent", "survey_before_start"]
    withdrawn = check(surveys=early, persons={"withdrawal_date": ["2026-01-01", None, None]})
    assert [p.rule for p in withdrawn] == ["before_consent"]


def test_withdrawn_consent_alone_is_no_problem():
    assert check(persons={"withdrawal_date": ["2026-01-01", None, None]}) == []


def test_rows_of_a_person_go_and_the_rest_is_numbered_anew():
    table = without_persons(site()["contacts"], {"p1"})
    assert table.frame["contact"].tolist() == ["c3"]
    assert table.frame.index.tolist() == table.origin.index.tolist() == [0]
    assert table.origin["row"].tolist() == [4]


def test_tables_without_persons_stay_whole():
    assert len(without_persons(site()["context"], {"p1"}).frame) == 1


def test_nobody_left():
    problems = check(persons={"withdrawal_date": ["2026-01-01"] * 3})
    assert [(p.rule, p.file) for p in problems] == [("nobody_left", "persons.csv")]


def test_no_persons():
    assert [p.rule for p in check(persons={"person": []})] == ["persons_missing"]
    tables = {name: table for name, table in site().items() if name != "persons"}
    assert [p.rule for p in check_tables(tables, extra_columns={}, as_of=AS_OF)] == ["persons_missing"]


# --- Without a date, from above, already told ----------------------------------------------------------


def test_without_a_data_cut_nothing_is_in_the_future():
    tables = site(work={"from": ["2060-01-01", "2025-02-01"]}, subjects={"term": ["2060V", "2025V", "2025H"]})
    assert check_tables(tables, extra_columns={}, as_of=None) == []


def test_rules_from_above_see_those_who_stay():
    seen = []

    def rule(tables):
        seen.append(tables["persons"].frame["person"].tolist())
        return [Problem(rule="answer_out_of_scale", file="surveys.csv")]

    tables = site(persons={"withdrawal_date": ["2026-01-01", None, None]})
    problems = check_tables(tables, extra_columns={}, as_of=AS_OF, rules=[rule])
    assert seen == [["p2", "p3"]]
    assert [p.rule for p in problems] == ["answer_out_of_scale"]


def test_an_unreadable_cell_is_not_told_again_as_empty():
    tables = site(contacts={"date": [None, "2024-10-02", None]}, goals={"date_set": [None, "2024-10-01"]})
    told = [Problem(rule="date_unreadable", file="contacts.csv", column="raw date", n_rows=2)]
    problems = check_tables(tables, extra_columns={}, as_of=AS_OF, already_told=told)
    assert [(p.rule, p.file) for p in problems] == [("required_empty", "goals.csv")]


def test_warnings_do_not_stop_and_errors_do():
    assert not stops(check(persons={"birth_year": [1990, 2005, 2007], "residence_years": [None] * 3}))
    assert stops(check(goals={"level_reached": [5, None]}))


def test_no_value_is_told():
    """Rare values in every kind of cell of every rule: none of them is in what is told."""
    canaries = ["kanarifugl", "KANARI", "4711", "1987-03-02", "2031", "0815", "Kanari Fugl"]
    problems = check(
        persons={
            "person": ["p1", "p2", "Kanari Fugl"],
            "gender": ["kanarifugl", None, None],
            "remaining_hours": [5_814_711, None, None],
            "programme_area": ["KANARI", None, None],
            "start_date": ["1987-03-02", "2024-09-02", "2031-01-01"],
            "counsellor": ["Kanari Fugl", None, None],
        },
        contacts={
            "person": ["kanarifugl", "P1", "p2"],
            "minutes": [4711, None, 60],
            "date": ["1987-03-02"] * 3,
        },
        surveys={
            "item": ["KANARI"] * 4,
            "value": [4711.0815, None, 4711.0815, 1.0],
            "language": ["kanarifugl"] * 4,
        },
        subjects={"term": ["2031V", "0815", "2025H"], "standpunkt": ["IM", "kanarifugl", "3"]},
    )
    assert len({p.rule for p in problems}) > 10
    assert [c for c in canaries if c in repr(problems)] == []
