"""Blocks and sites that several tests look at; each is made once."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd

from backtorule_eval.synthetic.calendar import make_calendar
from backtorule_eval.synthetic.lives import Lives, Plan, live
from backtorule_eval.synthetic.parameters import PARAMETERS, Parameters
from backtorule_eval.synthetic.streams import blocks

PEOPLE = 20_000
DICTIONARY_TEXT = ("person", "code", "level", "text")


def a_plan(
    people: int = PEOPLE, *, design: str = "none", seed: int = 7, given: Parameters = PARAMETERS
) -> Plan:
    return Plan(people=people, seed=seed, design=design, calendar=make_calendar(), given=given)


@cache
def many_lives(design: str = "none") -> tuple[Lives, ...]:
    """20,000 people in blocks."""
    plan = a_plan(design=design)
    return tuple(live(block, plan) for block in blocks(plan.people, plan.seed))


def lives_under(given: Parameters, *, people: int = PEOPLE, design: str = "none") -> tuple[Lives, ...]:
    plan = a_plan(people, design=design, given=given)
    return tuple(live(block, plan) for block in blocks(plan.people, plan.seed))


def joined(make, lives) -> pd.DataFrame:
    """A table of all blocks, names as plain text."""
    frames = [make(block) for block in lives]
    return pd.concat([f.astype({c: "object" for c in f if f[c].dtype == "category"}) for f in frames])


def without_terms() -> Parameters:
    """A population in which nothing but the school year moves anybody: all pupils of the sources."""
    none = (0.0,) * 7
    courses = replace(
        PARAMETERS.courses,
        at_risk=0.0,
        leave_immigrant=0.0,
        leave_man=0.0,
        leave_points=0.0,
        leave_benefit=0.0,
        leave_motivation=none,
        leave_programme=0.0,
        leave_programme_benefit=0.0,
        repeat=0.0,
    )
    return replace(PARAMETERS, courses=courses)


def raw_files(folder: Path) -> dict[str, bytes]:
    """Every file under a folder."""
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }
