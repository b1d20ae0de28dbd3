"""Do spells end after they begin, and follow one another without overlap?"""

from __future__ import annotations

from typing import Any

import pandas as pd

from backtorule_eval.cohort.checks.site import Site, spelled, told
from backtorule_eval.cohort.mapping.mapped import MappedTable
from backtorule_eval.errors import Problem

# A person may have two kinds of work or benefit at once, but is in one state of schooling.
SAME = {
    "schooling": ("person",),
    "work": ("person", "kind"),
    "benefits": ("person", "kind"),
    "other_support": ("person", "kind"),
}
ENDS = {
    **{name: ("from", "to") for name in (*SAME, "context")},
    "coverage": ("complete_from", "complete_to"),
}
GOES_ON = pd.Timestamp(2262, 1, 1)


def check_spells(site: Site) -> list[Problem]:
    """What is wrong with spells of any table?"""
    problems = []
    for name, (first, last) in ENDS.items():
        if name in site:
            problems += check_ends(site.tables[name], first, last, rule="end_before_start")
    for name, same in SAME.items():
        if name in site:
            problems += _check_overlap(site.tables[name], same) + _check_future(site, name)
    if "schooling" in site:
        problems += _check_completion(site.tables["schooling"])
    return problems


def check_ends(table: MappedTable, first: str, last: str, *, rule: str) -> list[Problem]:
    """Which rows have a last day, or place, before the first?"""
    broken = (table.frame[last] < table.frame[first]).fillna(False)
    return told(table, broken, rule=rule, column=last, detail={"from_column": spelled(table, first)})


def _check_overlap(table: MappedTable, same: tuple[str, ...]) -> list[Problem]:
    """Which spells begin before another of the same person (and kind) has ended?"""
    frame = table.frame
    whole = frame[[*same, "from", "to"]].dropna(subset=[*same, "from"])
    whole = whole.assign(to=whole["to"].fillna(GOES_ON))
    whole = whole[whole["to"] >= whole["from"]].sort_values([*same, "from", "to"], kind="stable")
    groups = [whole[column] for column in same]
    ended = whole.groupby(groups, sort=False)["to"].cummax().groupby(groups, sort=False).shift()
    over, touch = whole.index[whole["from"] < ended], whole.index[whole["from"] == ended]
    detail = {"same": ", ".join(spelled(table, column) for column in same)}
    rows = frame.index.to_series()
    return told(table, rows.isin(over), rule="overlapping_spells", column="from", detail=detail) + told(
        table, rows.isin(touch), rule="spells_share_a_day", column="from"
    )


def _check_future(site: Site, name: str) -> list[Problem]:
    """Which spells begin after the data cut?"""
    table = site.tables[name]
    if site.as_of is None:
        return []
    later = table.frame["from"] > site.as_of
    return told(
        table, later, rule="spell_after_as_of", column="from", detail={"as_of": f"{site.as_of:%Y-%m-%d}"}
    )


def _check_completion(table: MappedTable) -> list[Problem]:
    """Which spells begin after the person completed and passed?"""
    frame: Any = table.frame
    completed = frame[frame["status"] == "completed"].groupby("person")["from"].min()
    # reindex, not map: pandas takes a map without a single date for one to numbers.
    later = (frame["from"] > completed.reindex(frame["person"]).array) & (frame["status"] != "completed")
    return told(table, later, rule="schooling_after_completion", column="from")
