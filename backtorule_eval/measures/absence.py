"""How much of a subject's teaching was missed, under the rule of its school year and no other?"""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from backtorule_eval.errors import DataProblem, NotEstimable
from backtorule_eval.measures.absence_rules import AbsenceRules, RulePeriod, load_absence_rules

SUBJECT_YEAR = ["person", "subject", "school_year"]
PUPIL = "E"
SOURCE = "attendance"
SUMS = ["hours_counted", "hours_other", "hours_unclear"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceShares:
    """Absence by person, subject and school year, under that year's rule.

    Attributes
    ----------
    frame : pd.DataFrame
        `person`, `subject` (str), `school_year` (int64, the autumn it begins), `period` (str, a rule period),
        `hours_counted`, `hours_other`, `hours_unclear` (float64: what counts towards the limit, what does
        not, and what nothing was read about), `annual_hours` (float64, NaN if unknown), `covered` (float64, 0
        to 1: part of the school year in which the source is complete), `share` (float64: hours counted by
        annual hours; NaN if the hours are unknown or nothing is covered; a lower bound where `covered` is
        below 1) and `limit_reached` (boolean; missing if there is no share or no limit; false is final only
        where `covered` is 1 and `hours_unclear` is 0).
    n_without_subject : int
        Absence records without a subject: they count towards no limit here.
    """

    frame: pd.DataFrame = field(repr=False)
    n_without_subject: int

    @property
    def periods(self) -> tuple[RulePeriod, ...]:
        """Rule periods in the data, in the order of time."""
        present = set(self.frame["period"])
        return tuple(period for name, period in load_absence_rules().periods.items() if name in present)

    def in_period(self, period: str) -> pd.DataFrame:
        """Rows of one rule period."""
        return self.frame[self.frame["period"] == period].reset_index(drop=True)


def require_one_period(frame: pd.DataFrame) -> RulePeriod:
    """Which single rule do these rows fall under?

    Parameters
    ----------
    frame : pd.DataFrame
        Rows of `AbsenceShares.frame` that are about to be compared or summed up.

    Raises
    ------
    NotEstimable
        "absence_periods": the rows fall under none or several rules. "absence_suspended": under a rule that
        was suspended in ways the codes do not show.
    """
    names = list(dict.fromkeys(frame["period"]))
    if len(names) != 1:
        raise NotEstimable("absence_periods", needed=1, found=len(names))
    period = load_absence_rules().periods[names[0]]
    if not period.comparable:
        raise NotEstimable("absence_suspended")
    return period


def absence_share(
    attendance: pd.DataFrame, *, subjects: pd.DataFrame, coverage: pd.DataFrame
) -> AbsenceShares:
    """What share of each subject's annual hours was missed in a way that counts towards the limit?

    Per cent are of the subject's annual hours (the rule from autumn 2025; used for all years here). A subject
    without absence records has share 0, if the source covers the person in that school year: no record is
    never read as no absence otherwise.

    Parameters
    ----------
    attendance : pd.DataFrame
        The cohort's table `attendance`: `person`, `date`, `hours`, `code`, `subject`. Not modified.
    subjects : pd.DataFrame
        The table `subjects`: `person`, `subject`, `term` ("2025V"), `route`, `hours`; privatists are left
        out.
    coverage : pd.DataFrame
        The table `coverage`: `person`, `source`, `complete_from`, `complete_to`.

    Raises
    ------
    DataProblem
        A code is not known, or a subject has two numbers of annual hours in one school year.
    """
    rules = load_absence_rules()
    if n := int((~attendance["code"].isin(rules.codes)).sum()):
        raise DataProblem(
            f"Table attendance: {n} record(s) have a code other than {', '.join(rules.codes)}. Say in the "
            "mapping what the codes mean."
        )
    records = attendance[attendance["subject"].notna()]
    frame = _annual_hours(subjects).join(_sum_hours(records, rules), how="outer").reset_index()
    frame[SUMS] = frame[SUMS].fillna(0.0)
    frame["period"] = frame["school_year"].map(lambda year: rules.period_of(year).name).astype("str")
    frame["covered"] = _covered(frame, coverage, rules)
    known = (frame["covered"] > 0) & (frame["annual_hours"] > 0)
    frame["share"] = (frame["hours_counted"] / frame["annual_hours"]).where(known)
    frame["limit_reached"] = _limit_reached(frame, rules)
    return AbsenceShares(frame=frame, n_without_subject=len(attendance) - len(records))


def school_year_of(dates: pd.Series) -> pd.Series:
    """Autumn in which the school year of each date begins (the year turns on 1 August)."""
    august = 8
    years: pd.Series = dates.dt.year - (dates.dt.month < august)
    return years.astype("int64")


def _annual_hours(subjects: pd.DataFrame) -> pd.DataFrame:
    """Annual hours by person, subject and school year, pupils only."""
    pupils = subjects[subjects["route"] == PUPIL]
    spring = pupils["term"].str.endswith("V").astype("int64")
    years = pupils["term"].str[:4].astype("int64") - spring
    grouped = pupils.assign(school_year=years).groupby(SUBJECT_YEAR)["hours"]
    if n := int((grouped.nunique() > 1).sum()):
        raise DataProblem(
            f"Table subjects: {n} subject(s) have two numbers of annual hours for the same person and school "
            "year. Keep the one of the timetable."
        )
    return grouped.max().astype("float64").to_frame("annual_hours")


def _sum_hours(records: pd.DataFrame, rules: AbsenceRules) -> pd.DataFrame:
    """Hours of absence by person, subject and school year, by whether they count under that year's rule."""
    years = school_year_of(records["date"])
    kinds = {year: _kinds(rules.period_of(year), rules) for year in years.unique()}
    kind = [kinds[year][code] for year, code in zip(years, records["code"], strict=True)]
    rows = records.assign(school_year=years, kind=pd.array(kind, dtype="str"))
    sums = rows.pivot_table(index=SUBJECT_YEAR, columns="kind", values="hours", aggfunc="sum")
    return sums.reindex(columns=SUMS)


def _kinds(period: RulePeriod, rules: AbsenceRules) -> dict[str, str]:
    """What becomes of each code's hours in a period."""
    told = dict.fromkeys(period.counts, "hours_counted") | dict.fromkeys(period.unclear, "hours_unclear")
    return {code: told.get(code, "hours_other") for code in rules.codes}


def _covered(frame: pd.DataFrame, coverage: pd.DataFrame, rules: AbsenceRules) -> pd.Series:
    """Part of each row's school year in which the person's absences are completely recorded."""
    spans = coverage[coverage["source"] == SOURCE].set_index("person")[["complete_from", "complete_to"]]
    spans = frame[["person", "school_year"]].join(spans, on="person")
    first = pd.to_datetime(spans["school_year"].astype("str") + "-" + rules.school_year.first)
    last = pd.to_datetime((spans["school_year"] + 1).astype("str") + "-" + rules.school_year.last)
    begins, ends = spans["complete_from"].clip(lower=first), spans["complete_to"].clip(upper=last)
    days = (ends - begins).dt.days + 1
    return (days.clip(lower=0) / ((last - first).dt.days + 1)).fillna(0.0)


def _limit_reached(frame: pd.DataFrame, rules: AbsenceRules) -> pd.Series:
    """Whether the share reaches the limit of its period."""
    limits = frame["period"].map({name: p.limit for name, p in rules.periods.items()}).astype("float64")
    at = frame["period"].map({name: p.reached == "at" for name, p in rules.periods.items()}).astype(bool)
    # In hours, not as a quotient: a share that equals the limit must not miss it by rounding.
    over = frame["hours_counted"] - limits * frame["annual_hours"]
    close = 1e-9
    reached = (over > close) | (at & (over > -close))
    return reached.astype("boolean").mask(frame["share"].isna() | limits.isna())
