"""Do grades fit the route (pupil or privatist), the kind of grade and the term?"""

from __future__ import annotations

import pandas as pd

from backtorule_eval.cohort.checks.site import Site, told
from backtorule_eval.cohort.mapping.mapped import MappedTable
from backtorule_eval.errors import Problem

NO_GRADE = "none"
# The month in which a term begins.
SPRING, AUTUMN = 1, 8
PUPIL_AND_PRIVATIST = 2


def check_grades(site: Site) -> list[Problem]:
    """What is wrong with rows of subjects?"""
    if "subjects" not in site:
        return []
    table = site.tables["subjects"]
    frame = table.frame
    iv, im = frame["standpunkt"] == "IV", frame["standpunkt"] == "IM"
    privatist = frame["route"] == "P"
    graded = _has_grade(frame["standpunkt"])
    routes = frame.groupby(["person", "subject", "term"])["route"].transform("nunique")
    return [
        *told(table, privatist & (iv | (frame["exam"] == "IV")), rule="privatist_with_iv", column="route"),
        *told(table, privatist & graded & ~iv, rule="privatist_with_standpunkt", column="standpunkt"),
        *told(table, ~privatist & (frame["exam"] == "IV"), rule="iv_in_exam", column="exam"),
        *told(table, ~privatist & im, rule="im_in_standpunkt", column="standpunkt"),
        *told(table, routes == PUPIL_AND_PRIVATIST, rule="pupil_and_privatist", column="route"),
        *_check_term(site, table),
    ]


def _check_term(site: Site, table: MappedTable) -> list[Problem]:
    """Which grades belong to a term that begins after the data cut?"""
    if site.as_of is None:
        return []
    frame = table.frame
    year = pd.to_numeric(frame["term"].str[:4], errors="coerce")
    month = frame["term"].str[4:].map({"V": SPRING, "H": AUTUMN})
    later = (year > site.as_of.year) | ((year == site.as_of.year) & (month > site.as_of.month))
    graded = _has_grade(frame["standpunkt"]) | _has_grade(frame["exam"])
    detail = {"as_of": f"{site.as_of:%Y-%m-%d}"}
    return told(table, later & graded, rule="grade_after_as_of", column="term", detail=detail)


def _has_grade(grades: pd.Series) -> pd.Series:
    """Tell where a grade was given."""
    return grades.notna() & (grades != NO_GRADE)
