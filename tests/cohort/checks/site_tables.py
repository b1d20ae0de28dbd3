"""A small site without a fault, and the same with one table changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

import pandas as pd

from backtorule_eval.cohort.checks import check_tables
from backtorule_eval.cohort.dictionary import Column, load_dictionary
from backtorule_eval.cohort.mapping.mapped import MappedTable
from backtorule_eval.errors import Problem
from tests.cohort.tables import typed

AS_OF = date(2026, 6, 30)
NEAR = ("persons", "coverage", "documents")
SOURCES = ("surveys", "contacts", "goals", "subjects", "attendance", "schooling", "work", "benefits")
Rows = Mapping[str, Any]

PERSONS: Rows = {
    "person": ["p1", "p2", "p3"],
    "birth_year": [2006, 2005, 2007],
    "residence_years": [8.0, 20.0, None],
    "programme_area": ["STUSP1----", "HSHEA2----", None],
    "stage": ["vg1", "vg2", "workplace"],
    "counsellor": ["staff-1", "staff-2", "staff-1"],
    "group": ["programme", "programme", "comparison"],
    "start_date": ["2024-08-19", "2024-09-02", "2024-08-19"],
    "consent_date": ["2024-08-01", "2024-08-01", "2024-08-01"],
}
GOOD: Mapping[str, Rows] = {
    "persons": PERSONS,
    "coverage": {
        "person": [p for p in PERSONS["person"] for _ in SOURCES],
        "source": list(SOURCES) * 3,
        "complete_from": ["2024-08-01"] * 24,
        "complete_to": ["2026-06-30"] * 24,
    },
    "surveys": {
        "person": ["p1", "p1", "p2", "p2"],
        "wave": [0, 1, 0, 1],
        "item": ["ams_01"] * 4,
        "value": [5.0, 6.0, None, 4.0],
        "missing_reason": [None, None, "refused", None],
        "date": ["2024-08-10", "2025-02-01", "2024-09-10", "2025-02-01"],
        "language": ["nb", "nb", "en", "en"],
    },
    "contacts": {
        "contact": ["c1", "c2", "c3"],
        "person": ["p1", "p1", "p2"],
        "date": ["2024-09-03", "2026-08-01", "2024-10-01"],
        "kind": ["school_follow_up", "job_taster", "life_mastery"],
        "minutes": [45, None, 60],
        "held": [True, False, True],
        "staff": ["staff-1", "staff-1", "staff-2"],
    },
    "goals": {
        "goal": ["g1", "g2"],
        "person": ["p1", "p2"],
        "domain": ["school", "work"],
        "date_set": ["2024-09-03", "2024-10-01"],
        "date_due": ["2026-12-01", None],
        "weight": [1.0, None],
        "level_reached": [1, None],
        "date_scored": ["2025-01-10", None],
    },
    "subjects": {
        "person": ["p1", "p1", "p2"],
        "subject": ["MAT1019", "NOR1260", "MAT1019"],
        "term": ["2025V", "2025V", "2025H"],
        "route": ["E", "E", "P"],
        "standpunkt": ["4", "IV", "none"],
        "exam": [None, None, "IM"],
        "hours": [84, 112, 84],
    },
    "attendance": {
        "record": ["a1", "a2"],
        "person": ["p1", "p1"],
        "date": ["2024-10-07", "2024-10-08"],
        "hours": [5.0, 6.0],
        "code": ["X", "D"],
    },
    "schooling": {
        "person": ["p1", "p1", "p2"],
        "status": ["enrolled", "completed", "enrolled"],
        "from": ["2024-08-19", "2025-06-21", "2024-08-19"],
        "to": ["2025-06-20", None, None],
    },
    "work": {
        "person": ["p1", "p1"],
        "kind": ["ordinary", "job_taster"],
        "from": ["2025-01-01", "2025-02-01"],
        "to": [None, "2025-02-28"],
    },
    "benefits": {
        "person": ["p2", "p2"],
        "kind": ["social_assistance", "social_assistance"],
        "from": ["2024-01-01", "2024-06-01"],
        "to": ["2024-05-31", None],
    },
    "documents": {
        "document": ["d1", "d2"],
        "person": ["p1", None],
        "role": ["participant", "counsellor"],
    },
    "codings": {"coding": ["k1"], "document": ["d1"], "code": ["mestring"], "from": [10], "to": [40]},
    "context": {
        "event": ["exams_cancelled"],
        "from": ["2021-05-01"],
        "to": ["2021-06-30"],
        "outcomes": ["grades"],
    },
    "scores": {
        "person": ["p1"],
        "wave": [0],
        "scale": ["interest"],
        "value": [0.3],
    },
}


def mapped(name: str, rows: Rows, *, extra: Mapping[str, Column] | None = None, **names: Any) -> MappedTable:
    """One table whose row i stands in row i + 2 of `<table>.csv`; columns are spelled `raw <column>`."""
    frame = typed(name, rows, extra)
    origin = pd.DataFrame({"file": f"{name}.csv", "row": range(2, 2 + len(frame))}, index=frame.index)
    spelled = {column: f"raw {column}" for column in rows}
    return MappedTable(name=name, frame=frame, origin=origin, source_columns=spelled, **names)


def site(**changed: Rows) -> dict[str, MappedTable]:
    """The good site; a table that is given replaces the good one's columns of the same name."""
    return _good_site() | {name: _changed(name, rows) for name, rows in changed.items()}


@cache
def _empty(name: str) -> MappedTable:
    return mapped(name, {})


@cache
def _good_site() -> dict[str, MappedTable]:
    return {name: mapped(name, GOOD.get(name, {})) for name in load_dictionary().tables}


def _changed(name: str, rows: Rows) -> MappedTable:
    """The good table with other columns; a new table if it has another number of rows."""
    good = GOOD.get(name, {})
    same_length = bool(good) and len(next(iter(rows.values()))) == len(next(iter(good.values())))
    return mapped(name, {**good, **rows} if same_length else rows)


def check(**changed: Rows) -> list[Problem]:
    """What is wrong with the good site when these tables are changed.

    Tables that have nothing to do with those are left empty, for speed.
    """
    tables = site(**changed)
    near = set(tables) if {"persons", "coverage"} & set(changed) or not changed else {*NEAR, *changed}
    empty = {name: _empty(name) for name in tables if name not in near}
    return check_tables(tables | empty, extra_columns={}, as_of=AS_OF)


def found(problems: list[Problem], rule: str) -> list[tuple[str, tuple[int, ...]]]:
    """Column and rows of the problems of one rule."""
    return [(p.column, p.first_rows) for p in problems if p.rule == rule]
