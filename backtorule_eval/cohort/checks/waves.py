"""Do survey answers fit the persons' start dates and each other?"""

from __future__ import annotations

import pandas as pd

from backtorule_eval.cohort.checks.site import Site, told
from backtorule_eval.cohort.mapping.mapped import MappedTable
from backtorule_eval.errors import Problem

# A first survey is often filled in before the start itself; earlier than this it says little of the start.
PRE_START_DAYS = 60
# After this the follow-up has begun to work, and a first survey no longer says how things were at start.
LATE_BASELINE_DAYS = 30
WAVE_SPREAD_DAYS = 30
DATED_BY_WAVE = ("surveys", "living")
WITH_REASONS = ("surveys", "scores")


def check_waves(site: Site) -> list[Problem]:
    """What is wrong with dates of waves, and with values and reasons?"""
    problems = []
    for name in DATED_BY_WAVE:
        if name in site:
            problems += _check_start(site, name) + _check_order(site.tables[name])
    for name in WITH_REASONS:
        if name in site:
            problems += _check_reasons(site.tables[name])
    return problems


def _check_start(site: Site, name: str) -> list[Problem]:
    """Which answers are dated before start, or long after it although they are the first?"""
    table = site.tables[name]
    first = (table.frame["wave"] == 0).fillna(False).astype(bool)
    days = (table.frame["date"] - site.of_person(name, "start_date")).dt.days
    early = (days < 0) & ~first | (days < -PRE_START_DAYS) & first
    late = (days > LATE_BASELINE_DAYS) & first
    before, after = {"days": str(PRE_START_DAYS)}, {"days": str(LATE_BASELINE_DAYS)}
    return told(table, early, rule="survey_before_start", column="date", detail=before) + told(
        table, late, rule="late_baseline", column="date", detail=after
    )


def _check_order(table: MappedTable) -> list[Problem]:
    """Which waves come no later than an earlier wave, and which stretch over weeks?"""
    frame = table.frame
    dated = frame[frame["date"].notna() & frame["person"].notna() & frame["wave"].notna()]
    if dated.empty:
        return []
    waves = dated.groupby(["person", "wave"])["date"].agg(["min", "max"]).sort_index()
    before = waves.groupby("person")["max"].cummax().groupby("person").shift()
    wrong = waves.index[waves["min"] <= before]
    wide = waves.index[(waves["max"] - waves["min"]).dt.days > WAVE_SPREAD_DAYS]
    here = pd.MultiIndex.from_frame(frame[["person", "wave"]])
    is_dated = frame["date"].notna().to_numpy()
    days = {"days": str(WAVE_SPREAD_DAYS)}
    return told(table, here.isin(wrong) & is_dated, rule="waves_out_of_order", column="date") + told(
        table, here.isin(wide) & is_dated, rule="wave_spread", column="date", detail=days
    )


def _check_reasons(table: MappedTable) -> list[Problem]:
    """Which rows have both a value and a reason why it is missing, and which neither?"""
    value, reason = table.frame["value"].notna(), table.frame["missing_reason"].notna()
    return told(table, value & reason, rule="value_and_reason", column="value") + told(
        table, ~value & ~reason, rule="no_value_no_reason", column="value"
    )
