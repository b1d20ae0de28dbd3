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
LONGEST = 3  # single hours in a record: one to three, alike often
SHORTEST = 7  # days in school before absence is recorded
SCHOOL_YEAR_DAYS = 305  # from 18 August to 19 June


@dataclass(frozen=True, slots=True, kw_only=True)
class Absences:
    """One entry per record; `subject` is a place in the catalogue, -1 for whole days."""

    person: Integers
    number: Integers
    day: Integers
    hours: Floats
    code: Integers
    subject: Integers


def draw_absences(lives: Lives) -> Absences:
    """Draw absence of pupils, school year by school year, while they are enrolled; a day has one record."""
    rng = lives.block.stream("absence")
    calendar = lives.plan.calendar
    parts = []
    for august in calendar.first_days[:-1:12].tolist():
        begin = august + SCHOOL_BEGINS - 1
        year = np.arange(begin, begin + SCHOOL_YEAR_DAYS + 1)
        parts.append(_one_year(rng, lives, year[to_weekday(year) == year]))
    person, day, hours, code, subject = (np.concatenate(p) for p in zip(*parts, strict=True))
    order = np.lexsort((day, person))
    return Absences(
        person=person[order],
        number=count_within(person[order]),
        day=day[order],
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
    rows = (schooling.kind == 0) & (last - first >= SHORTEST)
    return Spells(
        person=schooling.person[rows], kind=schooling.kind[rows], first=first[rows], last=last[rows]
    )


def _one_year(
    rng: np.random.Generator, lives: Lives, school_days: Integers
) -> tuple[Integers, Integers, Floats, Integers, Integers]:
    """Draw the records of one school year: person, day, hours, code, subject."""
    exposed = _enrolled_days(lives, int(school_days[0]), int(school_days[-1]))
    days, hours = _counts(rng, lives, exposed)
    # Every part of the year takes its records from its own days, shuffled.
    outside = (school_days < exposed.first[:, None]) | (school_days > exposed.last[:, None])
    shuffled = np.argsort(rng.random(outside.shape) + outside, axis=1)
    records = np.minimum(days + hours, (~outside).sum(axis=1))
    which = np.repeat(np.arange(len(records)), records)
    place = count_within(which)
    whole = place < days[which]
    u = rng.random((3, len(which)))
    person = exposed.person[which]
    return (
        person,
        school_days[shuffled[which, place]],
        np.where(whole, HOURS_A_DAY, 1.0 + np.floor(u[0] * LONGEST)),
        np.where(whole, choose(u[1], DAY_CODES), choose(u[1], HOUR_CODES)),
        np.where(whole, NO_SUBJECT, _subject(lives, person, u[2])),
    )


def _counts(rng: np.random.Generator, lives: Lives, exposed: Spells) -> tuple[Integers, Integers]:
    """Draw whole days, and records of single hours, for each enrolled part of the year."""
    given, n = lives.plan.given.lives, len(lives)
    # Who is away for many days is away for many hours.
    z = np.sqrt(0.6) * rng.standard_normal(n) + np.sqrt(0.4) * rng.standard_normal((2, n))
    amotivation = lives.motivation[0, :, AMOTIVATION]
    level = given.absent_at_risk * np.exp(given.absent_amotivation * amotivation)
    share = (exposed.last - exposed.first + 1) / (SCHOOL_YEAR_DAYS + 1)
    days = level * given.absent_days[0] * np.exp(given.absent_days[1] * z[0])
    hours = level * given.absent_hours[0] * np.exp(given.absent_hours[1] * z[1])
    records = hours / (1 + (LONGEST - 1) / 2)
    each = [np.rint(expected[exposed.person] * share).astype(np.int64) for expected in (days, records)]
    return each[0], each[1]


def _subject(lives: Lives, person: Integers, draws: Floats) -> Integers:
    """A subject of the person's year at start."""
    plan, year = lives.people.plan[person], lives.people.year[person]
    slots = 5  # every year has at least five subjects
    return PLAN[plan, year * SLOTS_A_YEAR + np.floor(draws * slots).astype(np.int64)]
