"""Who the people are at start, as arrays: one entry per person."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backtorule_eval.synthetic.calendar import Calendar, to_weekday
from backtorule_eval.synthetic.catalogue import NO_SUBJECT, PLAN, SLOTS, SLOTS_A_YEAR
from backtorule_eval.synthetic.parameters import BENEFITS, EDUCATIONS, ROUTES, PeopleParameters
from backtorule_eval.synthetic.streams import Block, Booleans, Floats, Integers, choose, choose_by

PUPIL, PRIVATIST, ADULT, INTRODUCTORY, APPRENTICE, TRAINING, OUT = range(len(ROUTES))
WORKPLACE = 3
RECENT_YEARS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """One entry per person; levels are positions in the tuples of ``parameters``.

    Attributes
    ----------
    number : integers
        Counted from 0 over the whole site.
    points : floats
        Grunnskolepoeng, 10 to 60; known to the simulation for everyone.
    points_known : booleans
        Whether a register has them.
    residence : floats
        Years in Norway; NaN for those born here.
    plan : integers
        Position in ``catalogue.PLANS``.
    year : integers
        School year at start, 0 to 2 (Vg1 to Vg3).
    start : integers
        Start date in days since 1970-01-01.
    left_to_pass : booleans, shape (people, slots)
        Subjects that remain at start.
    """

    number: Integers
    birth_year: Integers
    gender: Integers
    category: Integers
    country_group: Integers
    residence: Floats
    education: Integers
    benefit: Integers
    points: Floats
    points_known: Booleans
    route: Integers
    plan: Integers
    year: Integers
    start: Integers
    left_to_pass: Booleans

    @property
    def enrolled(self) -> Booleans:
        """In education at start, as opposed to out or privatist."""
        return ~np.isin(self.route, (OUT, PRIVATIST))

    @property
    def vocational(self) -> Booleans:
        """In a vocational programme."""
        return np.isin(self.plan, len(PLAN) - 1)

    @property
    def benefit_yes(self) -> Booleans:
        """Parents are known to have received social assistance."""
        return np.isin(self.benefit, BENEFITS.index("yes"))

    def __len__(self) -> int:
        """How many people there are."""
        return len(self.number)


def draw_people(block: Block, calendar: Calendar, given: PeopleParameters) -> People:
    """Draw the people of one block."""
    rng = block.stream("people")
    n = block.size
    category = choose(rng.random(n), (given.immigrant, 1 - given.immigrant))
    gender = choose(rng.random(n), given.gender)
    start = _start(rng, calendar, n, given)
    start_year = 1970 + start.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64)
    age = 17 + choose(rng.random(n), given.age)
    residence = _residence(rng, category, age)
    education = choose(rng.random(n), given.parents_education)
    points = _points(rng, education, gender, given)
    route = choose(rng.random(n), given.route)
    year = choose_by(rng.random(n), given.stage, route)
    plan = _plan(rng, route, given)
    return People(
        number=block.first + np.arange(n),
        birth_year=start_year - age,
        gender=gender,
        category=category,
        country_group=choose(rng.random(n), (1 - given.group_2, given.group_2)),
        residence=residence,
        education=education,
        benefit=_benefit(rng, education, given),
        points=points,
        points_known=_points_known(rng, residence, given),
        route=route,
        plan=plan,
        year=year,
        start=start,
        left_to_pass=_left_to_pass(rng, route, year, plan),
    )


def _start(rng: np.random.Generator, calendar: Calendar, n: int, given: PeopleParameters) -> Integers:
    """Draw start dates in the intake of one school year, from 21 August, when school has begun."""
    month = choose(rng.random(n), given.intake)
    first = calendar.first_days[month] + np.where(month == 0, 20, 0)
    last = calendar.first_days[month + 1] - 1
    last = np.where(month == len(given.intake) - 1, first + 13, last)
    return to_weekday(np.asarray(first + np.floor(rng.random(n) * (last - first + 1)), dtype=np.int64))


def _residence(rng: np.random.Generator, category: Integers, age: Integers) -> Floats:
    """Draw years in Norway for immigrants, at most their age."""
    # Design choice: spread over the whole of life, somewhat more in the first half of it.
    share = rng.beta(1.2, 1.4, len(age))
    return np.where(category == 0, np.round(np.maximum(share * (age - 1), 0.5), 1), np.nan)


def _points(
    rng: np.random.Generator, education: Integers, gender: Integers, given: PeopleParameters
) -> Floats:
    """Draw grunnskolepoeng around the mean of the parents' education and of the gender."""
    mean = np.array(given.points)[education] + np.array(given.points_gender)[gender] + given.points_at_risk
    points: Floats = np.round(mean + given.points_sd * rng.standard_normal(len(mean)), 2)
    return np.clip(points, 10.0, 60.0)


def _points_known(rng: np.random.Generator, residence: Floats, given: PeopleParameters) -> Booleans:
    """Draw whether grunnskolepoeng are on record."""
    recent = np.nan_to_num(residence, nan=99.0) < RECENT_YEARS
    return rng.random(len(residence)) >= np.where(recent, given.points_missing_recent, given.points_missing)


def _benefit(rng: np.random.Generator, education: Integers, given: PeopleParameters) -> Integers:
    """Draw the parents' benefit receipt by their education."""
    unknown = given.parents_benefit_unknown
    shares = [(yes * (1 - unknown), (1 - yes) * (1 - unknown), unknown) for yes in given.parents_benefit]
    return choose_by(rng.random(len(education)), shares[: len(EDUCATIONS)], education)


def _plan(rng: np.random.Generator, route: Integers, given: PeopleParameters) -> Integers:
    """Draw the subject plan; those in a workplace are vocational."""
    # Design choice: of those in an academic programme three in ten take science.
    plan = choose(
        rng.random(len(route)), ((1 - given.vocational) * 0.7, (1 - given.vocational) * 0.3, given.vocational)
    )
    return np.where((route == APPRENTICE) | (route == TRAINING), len(PLAN) - 1, plan)


def _left_to_pass(rng: np.random.Generator, route: Integers, year: Integers, plan: Integers) -> Booleans:
    """Draw which subjects remain at start; everyone has at least one."""
    n = len(route)
    draws = rng.random((n, SLOTS))
    slot_year = np.arange(SLOTS) // SLOTS_A_YEAR
    ahead = slot_year[None, :] >= year[:, None]
    # Design choice: shares of earlier subjects still to pass, by route.
    behind = np.array([0.10, 0.25, 0.30, 0.10, 0.10, 0.10, 0.25])[route][:, None]
    left = np.where(ahead, True, draws < behind)
    # Design choice: privatists and adults have some of the subjects left, those in a workplace only a few.
    some = np.array([1.0, 0.30, 0.40, 1.0, 0.25, 0.25, 1.0])[route][:, None]
    left = left & np.where(some < 1.0, draws < some, True)
    exists = PLAN[plan] != NO_SUBJECT
    left &= exists
    # The first subject of the year stands in for those who would have none.
    left[np.arange(n), year * SLOTS_A_YEAR] |= ~left.any(axis=1)
    return left
