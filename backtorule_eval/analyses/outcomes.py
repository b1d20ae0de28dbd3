"""Yes-or-no outcomes by a horizon: recorded at the source, or read from spells within their coverage."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from backtorule_eval.analyses.tables import Level
from backtorule_eval.cohort.cohort import Cohort
from backtorule_eval.cohort.dictionary import Text
from backtorule_eval.errors import NotEstimable, ParameterProblem

LEFT = "left"
COMPLETED = "completed"
NOT_PASSED = "completed_not_passed"
# On one day, having completed comes before having left.
ENDS = (COMPLETED, NOT_PASSED, LEFT)
AT_SCHOOL = ("enrolled", "apprentice", "leave")
STATUSES = (
    Level(key="left", label=Text(nb="Sluttet", en="Left")),
    Level(key="in_school", label=Text(nb="I opplæring", en="In education")),
    Level(key="completed", label=Text(nb="Fullført og bestått", en="Completed and passed")),
    Level(
        key="completed_not_passed",
        label=Text(nb="Gjennomført uten å bestå", en="Completed the years without passing"),
    ),
    Level(key="missing", label=Text(nb="Ikke kjent", en="Not known")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A yes-or-no outcome of each person of a population.

    Attributes
    ----------
    name : str
    population : str
        Identifier of who can have it.
    values : pd.Series
        By person (index): 1.0 yes, 0.0 no, NaN not known.
    horizon_months : int or None
        Months after the start; None if the source does not say.
    """

    name: str
    population: str
    values: pd.Series = field(repr=False)
    horizon_months: int | None


def read_outcome(cohort: Cohort, *, name: str, horizon_months: int | None = None) -> Outcome:
    """Who had this outcome by the horizon?

    Parameters
    ----------
    cohort : Cohort
    name : str
        "left": has left upper secondary, read from spells of schooling (see `status_at`). Anything else: an
        outcome recorded in the cohort's table `outcomes`.
    horizon_months : int, optional
        Needed for "left"; a recorded outcome has its own.

    Raises
    ------
    ParameterProblem
        No such outcome is recorded, it is recorded at several horizons, it is not a yes or no, or "left"
        comes without a horizon.
    NotEstimable
        "nobody_enrolled_at_start", for "left".
    """
    if name != LEFT:
        return _recorded(cohort, name)
    if horizon_months is None:
        raise ParameterProblem("The outcome left needs a horizon in months.")
    status = status_at(cohort, months=horizon_months)
    values = status.eq(LEFT).astype("float64").where(status.ne("missing"))
    return Outcome(name=name, population="enrolled_at_start", values=values, horizon_months=horizon_months)


def status_at(cohort: Cohort, *, months: int) -> pd.Series:
    """Where did those who were enrolled at the start stand by the horizon?

    Whoever was enrolled, an apprentice or on leave on the start date counts. From the day after the start
    to the horizon the first of these spells decides: `left` (left, even if the person came back),
    `completed`, or `completed_not_passed`, which a later `completed` replaces. Without any of them the
    person is "in_school" if a spell of schooling covers the horizon itself. A status is only believed where
    the source is complete: it is "missing" when coverage of schooling is not recorded, begins after the
    start or ends before the deciding day, and when nothing is recorded at the horizon. No record is never
    read as "not at school".

    Parameters
    ----------
    cohort : Cohort
    months : int
        The horizon, in months after each person's start date.

    Returns
    -------
    pd.Series
        Text by person (index), for those enrolled at the start only: "left", "in_school", "completed",
        "completed_not_passed" or "missing".

    Raises
    ------
    NotEstimable
        "nobody_enrolled_at_start".
    """
    persons = cohort.table("persons").dropna(subset=["start_date"])[["person", "start_date"]]
    spells = cohort.table("schooling").merge(persons, on="person")
    spells["horizon"] = spells["start_date"] + pd.DateOffset(months=months)
    at_school = spells[spells["status"].isin(AT_SCHOOL)]
    enrolled = pd.Index(
        at_school.loc[_covers(at_school, "start_date"), "person"].unique(), name="person"
    ).sort_values()
    if enrolled.empty:
        raise NotEstimable("nobody_enrolled_at_start")
    ends = _ends(spells).reindex(enrolled)
    still = (
        at_school.loc[_covers(at_school, "horizon")].groupby("person")["horizon"].first().reindex(enrolled)
    )
    deciding_day = ends["from"].fillna(still)
    known = deciding_day <= _known_until(cohort, persons).reindex(enrolled)
    return ends["status"].fillna("in_school").where(known, "missing").astype("str")


def _recorded(cohort: Cohort, name: str) -> Outcome:
    """Read an outcome recorded at the source."""
    table = cohort.table("outcomes")
    rows = table[table["outcome"] == name]
    if rows.empty:
        known = ", ".join(sorted(table["outcome"].unique())) or "none"
        raise ParameterProblem(
            f"No outcome {name} is recorded. Recorded here: {known}; read from spells: {LEFT}."
        )
    horizons = rows["horizon_months"].dropna().unique()
    if len(horizons) > 1:
        raise ParameterProblem(
            f"The outcome {name} is recorded at several horizons; map each as an outcome of its own."
        )
    if not rows["value"].dropna().isin([0.0, 1.0]).all():
        raise ParameterProblem(f"The outcome {name} is not a yes or no (1 or 0), as this analysis needs.")
    persons = pd.Index(cohort.table("persons")["person"], name="person")
    values = rows.set_index("person")["value"].astype("float64").reindex(persons)
    return Outcome(
        name=name,
        population="everyone",
        values=values,
        horizon_months=int(horizons[0]) if len(horizons) else None,
    )


def _covers(spells: pd.DataFrame, day: str) -> pd.Series:
    """Tell which spells hold the day in this column; a spell without an end goes on."""
    return (spells["from"] <= spells[day]) & (spells["to"].isna() | (spells["to"] >= spells[day]))


def _ends(spells: pd.DataFrame) -> pd.DataFrame:
    """Return the spell that decides each person's status, by person: its status and first day."""
    in_time = (spells["from"] > spells["start_date"]) & (spells["from"] <= spells["horizon"])
    ends = spells[in_time & spells["status"].isin(ENDS)]
    order = ends["status"].map({status: place for place, status in enumerate(ENDS)})
    ends = ends.assign(order=order).sort_values(["person", "from", "order"])
    first = ends.drop_duplicates("person").set_index("person")
    passed = ends[ends["status"] == COMPLETED].drop_duplicates("person").set_index("person")
    later = first.index[first["status"].eq(NOT_PASSED) & first.index.isin(passed.index)]
    return pd.concat([first.drop(index=later), passed.loc[later]])[["status", "from"]]


def _known_until(cohort: Cohort, persons: pd.DataFrame) -> pd.Series:
    """Return the last day for which schooling is completely recorded since the start, by person."""
    coverage = cohort.table("coverage")
    own = coverage[coverage["source"] == "schooling"].merge(persons, on="person")
    until = own.loc[own["complete_from"] <= own["start_date"]].groupby("person")["complete_to"].max()
    cut = pd.Timestamp(cohort.as_of) if cohort.as_of else pd.Timestamp.max
    return until.where(until <= cut, cut)
