"""School courses month by month: leaving, coming back, passing subjects, completing.

Leaving is possible every month and above all between two school years; subjects are passed, and school is
completed, at the exam periods in June and December.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backtorule_eval.synthetic.calendar import (
    AUGUST,
    DECEMBER,
    EXAM_DAY,
    JUNE,
    SCHOOL_BEGINS,
    Calendar,
    add_months,
)
from backtorule_eval.synthetic.exams import Attempts, ExamPeriod, sit_exams
from backtorule_eval.synthetic.motivation import WAVE_MONTHS
from backtorule_eval.synthetic.parameters import CourseParameters
from backtorule_eval.synthetic.people import ADULT, APPRENTICE, INTRODUCTORY, PRIVATIST, TRAINING, People
from backtorule_eval.synthetic.streams import Block, Booleans, Floats, Integers, choose, inverse_logit, logit

ENROLLED, LEFT, NOT_PASSED, COMPLETED = range(4)
NEVER = np.iinfo(np.int64).max
JULY = 7
LAST_YEAR = 2  # Vg3, counted from 0
THROUGH_AFTER, REPEATS_AFTER, LEFT_AFTER = range(3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What the courses of a block depend on besides the people.

    Attributes
    ----------
    motivation : floats, shape (waves, people, subscales)
        True scores.
    programme : booleans
        Who takes part.
    office_leave : floats
        The office's own share in the log-odds of leaving.
    """

    motivation: Floats
    programme: Booleans
    office_leave: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Courses:
    """What happened.

    Attributes
    ----------
    state_at_start : integers
        ENROLLED, LEFT or NOT_PASSED (through Vg3 without having passed).
    person, state, day : integers
        Changes after start, by person and day: the person's position in the block, the new state, its first
        day.
    left, completed, not_passed : integers
        Day of the first change to that state, NEVER if there is none.
    passed : integers, shape (people, slots)
        Day each remaining subject was passed, NEVER if it was not.
    attempts : Attempts
        Every grade given and every exam sat.
    """

    state_at_start: Integers
    person: Integers
    state: Integers
    day: Integers
    left: Integers
    completed: Integers
    not_passed: Integers
    passed: Integers
    attempts: Attempts


class _Run:
    """The state of a block while its months go by."""

    def __init__(self, block: Block, people: People, calendar: Calendar, given: CourseParameters) -> None:
        self.rng = block.stream("courses")
        self.people, self.calendar, self.given = people, calendar, given
        n = len(people)
        self.common = self.rng.standard_normal(n)
        been_through = (people.route == PRIVATIST) & (self.rng.random(n) < given.been_through)
        out = np.where(been_through, NOT_PASSED, LEFT)
        self.state = np.where(people.enrolled, ENROLLED, out)
        self.at_start = self.state.copy()
        self.year = people.year.copy()
        self.passed = np.where(people.left_to_pass, NEVER, NEVER - 1)
        # Those in a workplace and adults do not go from one school year to the next.
        self.in_years = ~np.isin(people.route, (ADULT, APPRENTICE, TRAINING))
        self.waits = people.route == INTRODUCTORY
        self.changes: list[tuple[Integers, Integers, Integers]] = []
        self.attempts: list[Attempts] = []

    def change(self, who: Booleans, state: int, day: Integers | int) -> None:
        """Note a change of state."""
        index = np.flatnonzero(who)
        self.state[index] = state
        days = np.broadcast_to(np.asarray(day, dtype=np.int64), who.shape)[index]
        self.changes.append((index, np.full(len(index), state), days))


def run_courses(
    block: Block, people: People, calendar: Calendar, given: CourseParameters, *, under: Circumstances
) -> Courses:
    """Let the months go by for one block; the random numbers do not depend on `under`."""
    run = _Run(block, people, calendar, given)
    leave, back, passing = _log_odds(people, given, under, common=run.common)
    wave_begins = np.stack([add_months(people.start, m) for m in WAVE_MONTHS[1:]])
    everyone = np.arange(len(people))
    for month in range(calendar.months):
        wave = (calendar.first_days[month] >= wave_begins).sum(axis=0)
        _month(run, month, leave=leave[wave, everyone], back=back[wave, everyone])
        if calendar.month_of_year(month) in (JUNE, DECEMBER):
            _exam_period(run, month, passing=passing[wave, everyone], back=back[wave, everyone], under=under)
    return _courses(run)


def _log_odds(
    people: People, given: CourseParameters, under: Circumstances, *, common: Floats
) -> tuple[Floats, Floats, Floats]:
    """What a person adds to the log-odds of leaving, coming back and passing, shape (waves, people)."""
    points: Floats = (people.points - given.points_centre) / 10
    benefit: Floats = people.benefit_yes.astype(np.float64)
    programme: Floats = under.programme.astype(np.float64)
    leave: Floats = (
        given.at_risk
        + given.leave_immigrant * (people.category == 0)
        + given.leave_man * (people.gender == 1)
        + given.leave_points * points
        + given.leave_benefit * benefit
        + programme * (given.leave_programme + given.leave_programme_benefit * benefit)
        + under.office_leave
    )
    passing: Floats = (
        given.pass_points * points
        + given.pass_benefit * benefit
        + programme * (given.pass_programme + given.pass_programme_benefit * benefit)
        + given.pass_common * common
    )

    def by_wave(fixed: Floats, weights: tuple[float, ...]) -> Floats:
        moved: Floats = np.einsum("wij,j->wi", under.motivation, np.array(weights))
        return fixed + moved

    return (
        by_wave(leave, given.leave_motivation),
        by_wave(given.back_programme * programme, given.back_motivation),
        by_wave(passing, given.pass_motivation),
    )


def _month(run: _Run, month: int, *, leave: Floats, back: Floats) -> None:
    """Let people leave, come back and go on to the next school year during one month."""
    u = run.rng.random((5, len(run.people)))
    calendar, start = run.calendar, run.people.start
    of_year, first = calendar.month_of_year(month), calendar.first_days[month]
    if of_year == AUGUST:
        _new_school_year(run, first + SCHOOL_BEGINS - 1, u, leave=leave, back=back)
        return
    last = first + EXAM_DAY - 2 if of_year in (JUNE, DECEMBER) else calendar.first_days[month + 1] - 1
    begin = np.maximum(first, start + 1)
    days = np.maximum(last - begin + 1, 0)
    share = days / (last - first + 1)
    was = run.state.copy()
    if of_year != JULY:
        base = np.array([logit(1 - (1 - year) ** 0.1) for year in run.given.year])
        chance = inverse_logit(base[run.people.vocational.astype(np.int64)] + leave)
        leaves = (was == ENROLLED) & (u[0] < 1 - (1 - chance) ** share)
        run.change(leaves, LEFT, begin + np.floor(u[1] * days).astype(np.int64))
        chance = inverse_logit(logit(run.given.back_month) + back)
        returns = (was == LEFT) & (u[2] < 1 - (1 - chance) ** share)
        run.change(returns, ENROLLED, begin + np.floor(u[3] * days).astype(np.int64))


def _new_school_year(run: _Run, day: int, u: Floats, *, leave: Floats, back: Floats) -> None:
    """Let people not come back after the summer, repeat, go on, or begin again."""
    given, was, started = run.given, run.state.copy(), run.people.start < day
    pupils = started & (was == ENROLLED) & run.in_years
    between = np.array([[logit(share) for share in kinds] for kinds in given.summer])
    step = np.minimum(run.year, 1)
    chance = inverse_logit(between[run.people.vocational.astype(np.int64), step] + leave)
    leaves = pupils & (run.year < LAST_YEAR) & ~run.waits & (u[0] < chance)
    run.change(leaves, LEFT, day)
    goes_on = pupils & ~leaves & (run.year < LAST_YEAR) & ~run.waits & (u[4] >= given.repeat)
    run.year += goes_on
    run.waits &= ~pupils
    returns = started & (was == LEFT) & (u[2] < inverse_logit(logit(given.back_august) + back))
    run.change(returns, ENROLLED, day)


def _exam_period(run: _Run, month: int, *, passing: Floats, back: Floats, under: Circumstances) -> None:
    """Give grades, let people sit exams, complete, or reach the end of Vg3 without having passed."""
    day = int(run.calendar.first_days[month]) + EXAM_DAY - 1
    n, june = len(run.people), run.calendar.month_of_year(month) == JUNE
    draws = run.rng.random((3, *run.passed.shape))
    after = choose(run.rng.random(n), run.given.after_vg3)
    started = run.people.start < day
    pupil = started & (run.state == ENROLLED) & run.in_years & ~run.waits
    period = ExamPeriod(
        day=day,
        june=june,
        left=(run.passed == NEVER) & started[:, None] & (run.state != COMPLETED)[:, None],
        taught=pupil & june,
        enrolled=run.state == ENROLLED,
        out=run.state == LEFT,
        in_years=run.in_years,
        year=run.year,
        log_odds_pass=passing,
        log_odds_sit=back
        - run.given.back_programme * under.programme
        + run.given.sits_programme * under.programme,
        draws=draws,
    )
    attempts = sit_exams(run.people, run.given, period)
    run.attempts.append(attempts)
    run.passed[attempts.person[attempts.passed], attempts.slot[attempts.passed]] = day
    done = started & (run.state != COMPLETED) & ~(run.passed == NEVER).any(axis=1)
    run.change(done, COMPLETED, day)
    if june:
        at_end = pupil & ~done & (run.year == LAST_YEAR)
        run.change(at_end & (after == THROUGH_AFTER), NOT_PASSED, day + 1)
        run.change(at_end & (after == LEFT_AFTER), LEFT, day + 1)


def _courses(run: _Run) -> Courses:
    """Put the changes in order and find the first of each kind."""
    person, state, day = (np.concatenate(parts) for parts in zip(*run.changes, strict=True))
    kept = day <= run.calendar.cut_day
    person, state, day = person[kept], state[kept], day[kept]
    order = np.lexsort((day, person))
    person, state, day = person[order], state[order], day[order]

    def first(of: int) -> Integers:
        days = np.full(len(run.people), NEVER)
        np.minimum.at(days, person[state == of], day[state == of])
        return days

    return Courses(
        state_at_start=run.at_start,
        person=person,
        state=state,
        day=day,
        left=first(LEFT),
        completed=first(COMPLETED),
        not_passed=first(NOT_PASSED),
        passed=run.passed,
        attempts=Attempts.joined(run.attempts),
    )
