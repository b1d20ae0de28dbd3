"""Can contacts, sub-goals and absence have happened as they are dated?"""

from __future__ import annotations

from backtorule_eval.cohort.checks.site import Site, held, told
from backtorule_eval.cohort.checks.spells import check_ends
from backtorule_eval.cohort.mapping.mapped import MappedTable
from backtorule_eval.errors import Problem

# Dates of what has happened; a planned contact, a date due and the end of a benefit may lie ahead.
HAPPENED = (
    ("persons", "start_date"),
    ("persons", "consent_date"),
    ("coverage", "complete_to"),
    ("surveys", "date"),
    ("contacts", "date"),
    ("goals", "date_set"),
    ("goals", "date_scored"),
    ("attendance", "date"),
    ("living", "date"),
)
SCHOOL_DAYS = 5
# The longest absence the dictionary takes in one record, and a long school day.
MOST_HOURS_A_DAY = 10
SAME_CONTACT = ["person", "date", "kind", "minutes", "staff", "held"]


def check_events(site: Site) -> list[Problem]:
    """What is wrong with dates and contents of events?"""
    problems = _check_as_of(site)
    for name, column in (("contacts", "date"), ("goals", "date_set")):
        if name in site:
            before = site.tables[name].frame[column] < site.of_person(name, "start_date")
            problems += told(site.tables[name], before, rule="before_start", column=column)
    if "contacts" in site:
        problems += _check_contacts(site)
    if "goals" in site:
        problems += _check_goals(site.tables["goals"])
    if "attendance" in site:
        problems += _check_absence(site.tables["attendance"])
    return problems


def _check_as_of(site: Site) -> list[Problem]:
    """Which things are said to have happened after the data were cut?"""
    problems: list[Problem] = []
    if site.as_of is None:
        return problems
    for name, column in HAPPENED:
        if name not in site:
            continue
        table = site.tables[name]
        later = table.frame[column] > site.as_of
        if name == "contacts":
            later &= held(table.frame)
        detail = {"as_of": f"{site.as_of:%Y-%m-%d}"}
        problems += told(table, later, rule="date_after_as_of", column=column, detail=detail)
    return problems


def _check_contacts(site: Site) -> list[Problem]:
    """Which contacts took no time, are there twice, or reached the comparison group?"""
    table = site.tables["contacts"]
    frame = table.frame
    took_place = held(frame)
    timeless = took_place & (frame["minutes"].fillna(0) == 0)
    twice = frame.duplicated(SAME_CONTACT, keep=False) & frame["person"].notna()
    comparison = took_place & (site.of_person("contacts", "group") == "comparison")
    problems = told(table, timeless, rule="held_without_minutes", column="minutes")
    problems += told(table, twice, rule="contact_repeated", column="contact")
    return problems + told(table, comparison, rule="comparison_contacted", column="person")


def _check_goals(table: MappedTable) -> list[Problem]:
    """Which sub-goals were scored or due before they were set, or scored by halves?"""
    level, date = table.frame["level_reached"].notna(), table.frame["date_scored"].notna()
    return [
        *check_ends(table, "date_set", "date_scored", rule="goal_scored_before_set"),
        *check_ends(table, "date_set", "date_due", rule="goal_due_before_set"),
        *told(table, level & ~date, rule="goal_level_without_date", column="date_scored"),
        *told(table, date & ~level, rule="goal_date_without_level", column="level_reached"),
    ]


def _check_absence(table: MappedTable) -> list[Problem]:
    """Which absence falls on a weekend, or is longer than a day?"""
    frame = table.frame
    weekend = frame["date"].dt.day_of_week >= SCHOOL_DAYS
    total = frame.groupby(["person", "date"])["hours"].transform("sum")
    hours = {"hours": str(MOST_HOURS_A_DAY)}
    return told(table, weekend, rule="absence_on_weekend", column="date") + told(
        table, total > MOST_HOURS_A_DAY, rule="absence_over_a_day", column="hours", detail=hours
    )
