"""Absence from school: whole days and single hours, with Visma's codes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backtorule_eval.synthetic.calendar import SCHOOL_BEGINS, to_weekday
from backtorule_eval.synthetic.catalogue import NO_SUBJECT, PLAN, SLOTS_A_YEAR
from backtorule_eval.synthetic.follow_up import count_within
from backtorule_eval.synthetic.lives import Lives
from backtorule_eval.synthetic.motivation import AMOTIVATION
from backtorule_eval.synthetic.spells import Spells
from backtorule_eval.synthetic.streams import Floats, Integers, choose

CODES = ("X", "M", "D", "R", "!", "§")
# Design choice: how absence is coded.
DAY_CODES = (0.16, 0.14, 0.55, 0.10, 0.03, 0.02)
HOUR_CODES = (0.45, 0.20, 0.25, 0.07, 0.03, 0.00)
HOURS_A_DAY = 6.0
SCHOOL_YEAR_DAYS = 305  # from 18 August to 19 June


@dataclass(frozen=True, slots=True, kw_only=True)
class Absences:
    """One entry per record; `subject` is a place in the catalogue, -1 for whole days; `number` counts in the person."""

    person: Integers
    number: Integers
    day: Integers
    hours: Floats
    code: Integers
    subject: Integers


def draw_absences(lives: Lives) -> Absences:
    """Draw absence of pupils, school year by school year, while they are enrolled."""
    rng = lives.block.stream("absence")
    calendar = lives.plan.calendar
    n_years = (calendar.months + 11) // 12
    parts = []
    for year in range(n_years):
        begin = int(calendar.first_days[12 * year]) + SCHOOL_BEGINS - 1
        exposed = _enrolled_days(lives, begin, begin + SCHOOL_YEAR_DAYS)
        parts.append(_one_year(rng, lives, exposed))
    person, day, hours, code, subject = (np.concatenate(p) for p in zip(*parts, strict=True))
    order = np.lexsort((day, person))
    person, day = person[order], day[order]
    # A day holds one record of a person at most.
    once = np.diff(person, prepend=-1).astype(bool) | np.diff(day, prepend=-1).astype(bool)
    kept = once & (to_weekday(day) == day)
    order, person = order[kept], person[kept]
    return Absences(
        person=person,
        number=count_within(person),
        day=day[kept],
        hours=hours[order],
        code=code[order],
        subject=subject[order],
    )


def _enrolled_days(lives: Lives, begin: int, end: int) -> Spells:
    """Parts of spells of being enrolled that lie in one school year, after start and before coverage ends."""
    schooling = lives.schooling
    covered = np.minimum(lives.coverage.of("attendance"), lives.plan.calendar.cut_day)[schooling.person]
    first = np.maximum(np.maximum(schooling.first, begin), lives.people.start[schooling.person])
    last = np.minimum(np.minimum(schooling.last, end), covered)
    rows = (schooling.kind == 0) & (last - first >= 7)
    return Spells(
        person=schooling.person[rows], kind=schooling.kind[rows], first=first[rows], last=last[rows]
    )


def _one_year(
    rng: np.random.Generator, lives: Lives, exposed: Spells
) -> tuple[Integers, Integers, Floats, Integers, Integers]:
    """Draw the records of one school year: person, day, hours, code, subject."""
    given = lives.plan.given.lives
    n = len(lives)
    level = given.absent_at_risk * np.exp(given.absent_amotivation * lives.motivation[0, :, AMOTIVATION])
    # A person who is away for many days is away for many hours.
    common, own = rng.standard_normal(n), rng.standard_normal((2, n))
    z = np.sqrt(0.6) * common + np.sqrt(0.4) * own
    share = (exposed.last - exposed.first + 1) / (SCHOOL_YEAR_DAYS + 1)
    days = _counts(
        level * given.absent_days[0] * np.exp(given.absent_days[1] * z[0]), exposed, share, most=80
    )
    hours = _counts(
        level * given.absent_hours[0] * np.exp(given.absent_hours[1] * z[1]) / 2, exposed, share, most=90
    )
    which = np.concatenate([np.repeat(np.arange(len(days)), days), np.repeat(np.arange(len(hours)), hours)])
    whole = np.arange(len(which)) < days.sum()
    total = len(which)
    u = rng.random((4, total))
    length = (exposed.last - exposed.first)[which]
    day = np.minimum(
        to_weekday(exposed.first[which] + np.floor(u[0] * length).astype(np.int64)), exposed.last[which]
    )
    code = np.where(whole, choose(u[1], DAY_CODES), choose(u[1], HOUR_CODES))
    person = exposed.person[which]
    subject = np.where(whole, NO_SUBJECT, _subject(lives, person, u[2]))
    single = 1.0 + np.floor(u[3] * 3)
    return person, day, np.where(whole, HOURS_A_DAY, single), code, subject


def _counts(expected: Floats, exposed: Spells, share: Floats, *, most: int) -> Integers:
    """Whole numbers of records for each enrolled part of the year."""
    return np.minimum(np.rint(expected[exposed.person] * share), most).astype(np.int64)


def _subject(lives: Lives, person: Integers, draws: Floats) -> Integers:
    """A subject of the person's year at start."""
    plan, year = lives.people.plan[person], lives.people.year[person]
    slots = 5  # every year has at least five subjects
    return PLAN[plan, year * SLOTS_A_YEAR + np.floor(draws * slots).astype(np.int64)]
