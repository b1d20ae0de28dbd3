"""What counts towards the absence limit, period by period, read from `absence.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Literal

import yaml

from backtorule_eval.cohort.dictionary import Text
from backtorule_eval.measures.evidence import Entry, Rule


class SchoolYear(Rule):
    """First and last day (month-day) of the school year."""

    first: str
    last: str


class AbsenceCode(Rule):
    """A code of Visma InSchool; `diploma`: whether the hours stand on the diploma."""

    label: Text
    diploma: bool


class RulePeriod(Rule):
    """What counts in the school years from the autumn of `first_year` on, until the next period begins."""

    name: str
    label: Text
    first_year: int | None
    limit: float | None
    reached: Literal["above", "at"]
    counts: frozenset[str]
    unclear: frozenset[str]
    comparable: bool


class AbsenceRules(Entry):
    """Everything in `absence.yaml`; periods in the order of time."""

    version: int
    school_year: SchoolYear
    codes: Mapping[str, AbsenceCode]
    periods: Mapping[str, RulePeriod]

    def period_of(self, school_year: int) -> RulePeriod:
        """Period of the school year that begins in the autumn of `school_year`."""
        begun = [p for p in self.periods.values() if p.first_year is None or p.first_year <= school_year]
        return begun[-1]


@cache
def load_absence_rules() -> AbsenceRules:
    """Read the absence rules that this version of the package carries."""
    raw = yaml.safe_load(resources.files(__package__).joinpath("absence.yaml").read_text(encoding="utf-8"))
    periods = {name: {**entry, "name": name} for name, entry in raw["periods"].items()}
    return AbsenceRules.model_validate({**raw, "periods": periods})
