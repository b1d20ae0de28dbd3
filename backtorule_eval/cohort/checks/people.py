"""What looks wrong with the persons themselves: age, start, consent, schooling at start?"""

from __future__ import annotations

from typing import Any

import pandas as pd

from backtorule_eval.cohort.checks.site import Site, held, told
from backtorule_eval.errors import Problem

# The target group is under 25. Only the year of birth is known, so a person who turns 25 in the year of start
# may have been 24 or 25; more calendar years than that is surely over.
OLDEST_YEARS = 25
# Pupils start upper secondary school in the year they turn 16; a year younger happens.
YOUNGEST_YEARS = 15
STAGES = {"vg1": "1", "vg2": "2", "vg3": "3"}
STAGE_CHARACTER = 5
# What is dated when a person says or does something themself.
DATED_BY_PERSONS = {"surveys": "date", "living": "date", "contacts": "date", "goals": "date_set"}


def years_at_start(persons: pd.DataFrame) -> pd.Series[Any]:
    """Calendar years between birth and start, missing if either is; the age at start is this or one less."""
    years: pd.Series[Any] = persons["start_date"].dt.year.astype("Int64") - persons["birth_year"]
    return years


def over_25_at_start(persons: pd.DataFrame) -> pd.Series[Any]:
    """Which persons were surely over 25 when they started? False where year of birth or start is missing."""
    return _true(years_at_start(persons) > OLDEST_YEARS)


def check_people(site: Site) -> list[Problem]:
    """What is wrong with rows of persons?"""
    persons = site.tables["persons"]
    frame = persons.frame
    problems = _check_age(site)
    if frame["start_date"].notna().any():
        problems += told(persons, frame["start_date"].isna(), rule="start_missing", column="start_date")
    area = frame["programme_area"].str[STAGE_CHARACTER]
    stage = frame["stage"].map(STAGES)
    odd = stage.notna() & area.isin(STAGES.values()) & (stage != area)
    return problems + told(persons, odd, rule="stage_and_programme_area", column="stage")


def check_consent(site: Site) -> list[Problem]:
    """Was consent given before anything was asked, and respected after it was withdrawn?

    Looks at everybody, also at those who are taken out because they withdrew.
    """
    persons = site.tables["persons"]
    given, withdrawn = persons.frame["consent_date"], persons.frame["withdrawal_date"]
    turned = withdrawn < given
    problems = told(persons, turned, rule="withdrawal_before_consent", column="withdrawal_date")
    if given.notna().any():
        problems += told(persons, given.isna(), rule="consent_missing", column="consent_date")
    for name, column in DATED_BY_PERSONS.items():
        if name not in site:
            continue
        table = site.tables[name]
        after = table.frame[column] > site.of_person(name, "withdrawal_date")
        if name == "contacts":
            after &= held(table.frame)
        problems += told(table, after, rule="after_withdrawal", column=column)
        if name in ("surveys", "living"):
            before = table.frame[column] < site.of_person(name, "consent_date")
            problems += told(table, before, rule="before_consent", column=column)
    return problems


def _check_age(site: Site) -> list[Problem]:
    """Who is outside the target group's age, and whose age is unknown or impossible?"""
    persons = site.tables["persons"]
    frame = persons.frame
    years = years_at_start(frame)
    unknown = frame["start_date"].notna() & frame["birth_year"].isna()
    young = {"column": "birth_year", "detail": {"age": str(YOUNGEST_YEARS)}}
    impossible = _true(frame["residence_years"] > years + 1)
    return [
        *told(persons, over_25_at_start(frame), rule="over_25_at_start", column="birth_year"),
        *told(persons, _true(years == OLDEST_YEARS), rule="may_be_25_at_start", column="birth_year"),
        *told(persons, _true(years < YOUNGEST_YEARS), rule="young_at_start", **young),  # type: ignore[arg-type]
        *told(persons, unknown, rule="birth_year_missing", column="birth_year"),
        *told(persons, impossible, rule="residence_longer_than_life", column="residence_years"),
    ]


def _true(answer: pd.Series[Any]) -> pd.Series[Any]:
    """Read "unknown" as no."""
    return answer.astype("boolean").fillna(False).astype(bool)
