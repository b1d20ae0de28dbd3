"""Work, benefits, other support and living conditions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from backtorule_eval.synthetic.calendar import add_months
from backtorule_eval.synthetic.courses import NEVER
from backtorule_eval.synthetic.lives import Lives
from backtorule_eval.synthetic.parameters import LifeParameters
from backtorule_eval.synthetic.people import OUT, People
from backtorule_eval.synthetic.spells import STATUSES, Spells
from backtorule_eval.synthetic.streams import Booleans, Floats, Integers, inverse_logit

BENEFITS = (
    "social_assistance",
    "unemployment",
    "measure_benefit",
    "aap",
    "disability",
    "qualification",
    "introduction",
)
WORK = ("ordinary", "wage_subsidy", "job_taster", "apprenticeship")
SUPPORT = ("follow_up_service", "qualification", "introduction", "ips", "mentor", "health")
NEWCOMER_YEARS = 4
# Design choice: a second spell of social assistance; those out who are with the follow-up service.
AGAIN, OUT_AND_FOLLOWED = 0.25, 0.50


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkSpells:
    """Spells of work, kind as WORK, and the per cent of full time of each."""

    spells: Spells
    per_cent: Integers


@dataclass(frozen=True, slots=True, kw_only=True)
class _Window:
    """A spell begins within `width` days from `origin`, lasts `shortest` days and `mean` more on average."""

    origin: Integers
    width: int
    shortest: int
    mean: float


def receives_assistance(
    draws: Floats, people: People, given: LifeParameters, *, left: Booleans, programme: Booleans
) -> Booleans:
    """Who receives social assistance in the first 24 months; `left`: who leaves school in that time."""
    log_odds = (
        np.array(given.assistance)[people.benefit]
        + given.assistance_left * left
        + programme * (given.assistance_programme + given.assistance_programme_benefit * people.benefit_yes)
    )
    return np.asarray(draws < inverse_logit(log_odds), dtype=bool)


def benefit_spells(lives: Lives) -> Spells:
    """Spells of benefits, kind as BENEFITS; none of a person's spells of one kind overlap."""
    rng = lives.block.stream("benefits")
    people, given, n = lives.people, lives.plan.given.lives, len(lives)
    left = lives.courses.left < add_months(people.start, 24)
    assisted = receives_assistance(rng.random(n), people, given, left=left, programme=lives.programme)
    window = _Window(origin=people.start - 60, width=420, shortest=61, mean=150.0)
    parts = [_draw(rng, assisted, window, kind=0), _again(rng, assisted, window, kind=0)]
    for name, share in given.other_benefits:
        takes = rng.random(n) < share
        if name == "introduction":
            takes &= _newcomers(people)
        window = _Window(origin=people.start - 60, width=500, shortest=30, mean=240.0)
        parts.append(_draw(rng, takes, window, kind=BENEFITS.index(name)))
    return _tidied(parts, lives.coverage.of("benefits"), cut=lives.plan.calendar.cut_day)


def work_spells(lives: Lives) -> WorkSpells:
    """Spells of work; spells of ordinary work follow each other."""
    rng = lives.block.stream("work")
    given, courses, people = lives.plan.given.lives, lives.courses, lives.people
    n = len(lives)
    u = rng.random((5, n))

    def after(days: Integers) -> Integers:
        return np.where(days == NEVER, people.start, days)

    jobs = (
        (u[0] < given.work_enrolled, _Window(origin=people.start, width=200, shortest=30, mean=240.0)),
        (
            (courses.left != NEVER) & (u[1] < given.work_left),
            _Window(origin=after(courses.left), width=180, shortest=30, mean=500.0),
        ),
        (
            (courses.completed != NEVER) & (u[2] < given.work_completed),
            _Window(origin=after(courses.completed), width=120, shortest=60, mean=600.0),
        ),
    )
    ordinary = _one_after_the_other([_draw(rng, who, window, kind=0) for who, window in jobs])
    taster = _Window(origin=people.start + 60, width=340, shortest=14, mean=25.0)
    subsidy = _Window(origin=people.start + 90, width=400, shortest=60, mean=90.0)
    parts = [
        ordinary,
        _draw(rng, u[3] < given.wage_subsidy, subsidy, kind=1),
        _draw(rng, lives.programme & (u[4] < given.job_taster), taster, kind=2),
        _apprenticeships(lives),
    ]
    spells = _tidied(parts, lives.coverage.of("work"), cut=lives.plan.calendar.cut_day)
    return WorkSpells(spells=spells, per_cent=_per_cent(rng, spells, lives))


def support_spells(lives: Lives) -> Spells:
    """Spells of other support, kind as SUPPORT."""
    rng = lives.block.stream("support")
    people, n = lives.people, len(lives)
    parts = []
    for name, share in lives.plan.given.lives.other_support:
        takes = rng.random(n) < share
        if name == "introduction":
            takes &= _newcomers(people)
        if name == "follow_up_service":
            takes |= (people.route == OUT) & (rng.random(n) < OUT_AND_FOLLOWED)
        window = _Window(origin=people.start - 90, width=500, shortest=30, mean=200.0)
        parts.append(_draw(rng, takes, window, kind=SUPPORT.index(name)))
    return _tidied(parts, lives.coverage.of("other_support"), cut=lives.plan.calendar.cut_day)


def _newcomers(people: People) -> Booleans:
    """Who came to Norway less than four years ago."""
    return np.nan_to_num(people.residence, nan=99.0) < NEWCOMER_YEARS


def _draw(rng: np.random.Generator, who: Booleans, window: _Window, *, kind: int) -> Spells:
    """Draw one spell for each of those chosen; the random numbers do not depend on who they are."""
    u = rng.random((2, len(who)))
    first = window.origin + np.floor(u[0] * window.width).astype(np.int64)
    length = window.shortest + np.floor(-window.mean * np.log1p(-u[1])).astype(np.int64)
    i = np.flatnonzero(who)
    return Spells(person=i, kind=np.full(len(i), kind), first=first[i], last=first[i] + length[i] - 1)


def _again(rng: np.random.Generator, who: Booleans, window: _Window, *, kind: int) -> Spells:
    """Draw a second spell, half a year to a year and a half later, for a quarter of those chosen."""
    chosen = who & (rng.random(len(who)) < AGAIN)
    later = _Window(
        origin=window.origin + window.width + 180, width=360, shortest=window.shortest, mean=window.mean
    )
    return _draw(rng, chosen, later, kind=kind)


def _joined(parts: Sequence[Spells]) -> Spells:
    """All spells in the order of person and first day."""
    return Spells(
        person=np.concatenate([p.person for p in parts]),
        kind=np.concatenate([p.kind for p in parts]),
        first=np.concatenate([p.first for p in parts]),
        last=np.concatenate([p.last for p in parts]),
    ).ordered()


def _kept(spells: Spells, rows: Booleans) -> Spells:
    """Some of the spells."""
    return Spells(
        person=spells.person[rows], kind=spells.kind[rows], first=spells.first[rows], last=spells.last[rows]
    )


def _one_after_the_other(parts: Sequence[Spells]) -> Spells:
    """End every spell before the person's next one of the same kind; what has no day left falls out."""
    spells = _joined(parts)
    order = np.lexsort((spells.first, spells.kind, spells.person))
    person, kind, first = spells.person[order], spells.kind[order], spells.first[order]
    same = np.append((person[1:] == person[:-1]) & (kind[1:] == kind[:-1]), False)
    following = np.append(first[1:], 0) - 1
    last = np.where(same, np.minimum(spells.last[order], following), spells.last[order])
    ended = Spells(person=person, kind=kind, first=first, last=last)
    return _kept(ended, last >= first)


def _tidied(parts: Sequence[Spells], covered: Integers, *, cut: int) -> Spells:
    """Only what the source tells of: nothing that begins after it ends, and no end it has not seen."""
    spells = _one_after_the_other(parts)
    end = np.minimum(covered, cut)[spells.person]
    seen = Spells(
        person=spells.person,
        kind=spells.kind,
        first=spells.first,
        last=np.where(spells.last > end, NEVER, spells.last),
    )
    return _kept(seen, spells.first <= end).ordered()


def _apprenticeships(lives: Lives) -> Spells:
    """Work as an apprentice, as long as the spell in education."""
    schooling = lives.schooling
    rows = schooling.kind == STATUSES.index("apprentice")
    spells = _kept(schooling, rows)
    return Spells(
        person=spells.person, kind=np.full(len(spells.person), 3), first=spells.first, last=spells.last
    )


def _per_cent(rng: np.random.Generator, spells: Spells, lives: Lives) -> Integers:
    """Per cent of full time, a design choice: little beside school, more after it, all for apprentices."""
    u = rng.random(len(spells.person))
    courses = lives.courses
    done = np.minimum(courses.left, courses.completed)[spells.person]
    beside_school = 10 * (1 + np.floor(u * 3))
    after_school = 10 * (5 + np.floor(u * 6))
    per_cent = np.where((spells.kind == 0) & (spells.first <= done), beside_school, after_school)
    return np.where(spells.kind == WORK.index("apprenticeship"), 100, per_cent).astype(np.int64)
