"""School courses: when people leave, come back, pass and complete."""

from __future__ import annotations

import numpy as np
import pytest

from backtorule_eval.synthetic.calendar import add_months, make_calendar
from backtorule_eval.synthetic.courses import (
    COMPLETED,
    ENROLLED,
    LEFT,
    NEVER,
    NOT_PASSED,
    Circumstances,
    run_courses,
)
from backtorule_eval.synthetic.parameters import PARAMETERS
from backtorule_eval.synthetic.people import INTRODUCTORY, PUPIL
from backtorule_eval.synthetic.spells import LONG_SPELL, STATUSES
from tests.synthetic.sites import lives_under, many_lives, without_terms

CALENDAR = make_calendar()


def month_and_day(days: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    return months.astype(int) % 12 + 1, (dates - months.astype("datetime64[D]")).astype(int) + 1


@pytest.fixture(scope="module")
def plain():
    """Pupils whom nothing moves but the school year."""
    return lives_under(without_terms())


def left_in_august(lives, *, vocational: bool, year: int) -> tuple[int, int]:
    """How many pupils left on 18 August 2024, and of how many who were enrolled the day before."""
    day = int(CALENDAR.first_days[12]) + 17
    at_risk = left = 0
    for block in lives:
        people, courses = block.people, block.courses
        group = (people.route == PUPIL) & (people.vocational == vocational) & (people.year == year)
        gone = np.minimum(courses.left, np.minimum(courses.completed, courses.not_passed)) < day
        at_risk += int((group & ~gone).sum())
        left += int((group & ~gone & (courses.left == day)).sum())
    return left, at_risk


@pytest.mark.parametrize(
    ("vocational", "year", "share"),
    # Vg2 to Vg3: academic 4 %, vocational 1 in 4. Vg1 to Vg2: 9 % in all, here 6.5 and 12.
    [(False, 1, 0.04), (True, 1, 0.25), (False, 0, 0.065), (True, 0, 0.12)],
)
def test_leaving_between_school_years_has_the_sources_shares(plain, vocational, year, share):
    left, at_risk = left_in_august(plain, vocational=vocational, year=year)
    assert left / at_risk == pytest.approx(share, abs=3 * np.sqrt(share * (1 - share) / at_risk))


@pytest.mark.parametrize(("vocational", "share"), [(False, 0.021), (True, 0.062)])
def test_leaving_during_a_school_year_has_the_sources_shares(plain, vocational, share):
    """From September to June among those who go on to a school year that begins after they started."""
    first, last = int(CALENDAR.first_days[13]), int(CALENDAR.first_days[22]) + 19
    at_risk = left = 0
    for block in plain:
        people, courses = block.people, block.courses
        group = people.enrolled & (people.vocational == vocational)
        gone = np.minimum(courses.left, np.minimum(courses.completed, courses.not_passed)) < first
        completes = (courses.completed >= first) & (courses.completed < last)
        stays = group & ~gone & ~completes
        at_risk += int(stays.sum())
        left += int((stays & (courses.left >= first) & (courses.left < last)).sum())
    assert left / at_risk == pytest.approx(share, abs=3 * np.sqrt(share / at_risk))


def test_the_step_to_vocational_vg3_is_the_steepest():
    """The planted terms keep the order of the sources."""
    rates = {}
    for vocational in (False, True):
        for year in (0, 1):
            left, at_risk = left_in_august(many_lives(), vocational=vocational, year=year)
            rates[vocational, year] = left / at_risk
    assert max(rates, key=rates.get) == (True, 1)
    assert min(rates, key=rates.get) == (False, 1)


def test_men_and_immigrants_leave_more_often_as_in_the_source():
    """Of immigrants who began in 2006, 38 % of the men and 25 % of the women left: odds ratio 1.84."""
    counts = np.zeros((2, 2))
    for block in lives_under(PARAMETERS, design="offices"):
        people = block.people
        end = add_months(people.start, 24)
        group = people.enrolled & (people.category == 0)
        for man in (0, 1):
            own = group & (people.gender == man)
            counts[man] += (own & (block.courses.left < end)).sum(), (own & (block.courses.left >= end)).sum()
    odds = counts[:, 0] / counts[:, 1]
    assert odds[1] / odds[0] == pytest.approx(1.84, abs=0.25)


def test_completing_happens_at_exam_periods_only_and_ends_everything():
    for block in many_lives():
        courses = block.courses
        month, day = month_and_day(courses.day[courses.state == COMPLETED])
        assert set(month.tolist()) <= {6, 12}
        assert set(day.tolist()) == {20}
        after = courses.day > courses.completed[courses.person]
        assert not after.any()


def test_those_who_completed_have_passed_everything_and_the_others_have_not():
    for block in many_lives():
        courses = block.courses
        left_to_pass = (courses.passed == NEVER).any(axis=1)
        assert ((courses.completed != NEVER) == ~left_to_pass).all()


def test_nothing_happens_before_start_or_after_the_cut():
    for block in many_lives():
        assert (block.courses.day > block.people.start[block.courses.person]).all()
        assert block.courses.day.max() <= CALENDAR.cut_day


def test_states_follow_each_other():
    """Nobody leaves who is out, and nobody comes back who is in."""
    allowed = {
        (ENROLLED, LEFT),
        (LEFT, ENROLLED),
        (ENROLLED, NOT_PASSED),
        (ENROLLED, COMPLETED),
        (LEFT, COMPLETED),
        (NOT_PASSED, COMPLETED),
    }
    seen = set()
    for block in many_lives():
        courses = block.courses
        before = np.append(-1, courses.state[:-1])
        first = np.append(True, courses.person[1:] != courses.person[:-1])
        before[first] = courses.state_at_start[courses.person[first]]
        seen |= set(zip(before.tolist(), courses.state.tolist(), strict=True))
    assert seen == allowed


def test_an_introductory_class_has_no_grades_in_its_first_school_year():
    for block in many_lives():
        attempts = block.courses.attempts
        own = block.people.route[attempts.person] == INTRODUCTORY
        august = int(CALENDAR.first_days[12])
        assert not (own & ~attempts.privatist & (attempts.day < august)).any()


def test_the_random_numbers_do_not_depend_on_who_takes_part():
    """Somebody for whom the programme does nothing lives the same life in both worlds."""
    lives = lives_under(without_terms(), people=500)[0]
    given, n = lives.plan.given, len(lives)
    worlds = [
        Circumstances(
            motivation=np.zeros((3, n, 7)), programme=np.full(n, takes_part), office_leave=np.zeros(n)
        )
        for takes_part in (False, True)
    ]
    left = [
        run_courses(lives.block, lives.people, CALENDAR, given.courses, under=under).left for under in worlds
    ]
    assert (left[0] == left[1]).mean() > 0.97  # the programme still helps to pass and to come back


def test_spells_cover_every_day_once():
    for block in many_lives():
        spells = block.schooling
        following = spells.person[1:] == spells.person[:-1]
        assert (spells.first[1:][following] == spells.last[:-1][following] + 1).all()
        last_of_person = np.append(~following, True)
        assert (spells.last[last_of_person] == NEVER).all()
        starts = np.full(len(block), NEVER)
        np.minimum.at(starts, spells.person, spells.first)
        assert (starts <= block.people.start).all()


def test_leaves_lie_inside_long_spells():
    for block in many_lives():
        spells = block.schooling
        leave = np.flatnonzero(spells.kind == STATUSES.index("leave"))
        assert len(leave) > 0
        assert (spells.kind[leave - 1] == 0).all()
        assert (spells.kind[leave + 1] == 0).all()
        assert (spells.last[leave] - spells.first[leave]).max() < LONG_SPELL
