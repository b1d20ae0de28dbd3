"""The same people in several worlds: without the programme, with it, and with it but motivation as without.

Random numbers are common to the worlds, so the difference between two of them is the programme's doing,
person by person. It is what the truths of the site are computed from.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np

from backtorule_eval.synthetic.assignment import Assignment, Design, assign
from backtorule_eval.synthetic.calendar import Calendar, add_months, make_calendar
from backtorule_eval.synthetic.catalogue import HOURS, PLAN
from backtorule_eval.synthetic.courses import Circumstances, Courses, run_courses
from backtorule_eval.synthetic.life import receives_assistance
from backtorule_eval.synthetic.motivation import draw_motivation
from backtorule_eval.synthetic.parameters import BENEFITS, HORIZONS, SUBSCALES, Parameters
from backtorule_eval.synthetic.people import People, draw_people
from backtorule_eval.synthetic.streams import Block, Booleans, Floats, blocks
from backtorule_eval.synthetic.surveys import AMS_SUBSCALE, ams_answers

WITHOUT, WITH, DIRECT = range(3)
UNKNOWN = BENEFITS.index("unknown")
OUTCOMES = ("left", "completed", "completed_not_passed", "share_passed", "social_assistance")


@dataclass(frozen=True, slots=True, kw_only=True)
class Worlds:
    """People and what happens to them in each world.

    Attributes
    ----------
    outcomes : floats, shape (worlds, outcomes, horizons, people)
        0 or 1, or the share of the remaining hours passed. Social assistance is told for 24 months at every
        horizon.
    true_scores, observed_scores : floats, shape (people, subscales)
        Motivation at start: as it is, and as four items measure it.
    covariates : floats, shape (people, columns)
        What is known of a person at start, levels as 0 and 1 without the first.
    """

    enrolled: Booleans
    parents_benefit: Floats
    propensity: Floats
    programme: Booleans
    outcomes: Floats
    true_scores: Floats
    observed_scores: Floats
    covariates: Floats

    def part(self, rows: slice) -> Worlds:
        """Some of the people."""
        return Worlds(
            enrolled=self.enrolled[rows],
            parents_benefit=self.parents_benefit[rows],
            propensity=self.propensity[rows],
            programme=self.programme[rows],
            outcomes=self.outcomes[..., rows],
            true_scores=self.true_scores[rows],
            observed_scores=self.observed_scores[rows],
            covariates=self.covariates[rows],
        )


def simulate_worlds(design: Design, given: Parameters, *, people: int, seed: int) -> Worlds:
    """Let many people live in all worlds."""
    parts = list(_blocks(design, given, people=people, seed=seed))
    axis = {"outcomes": 3}
    return Worlds(
        **{
            f.name: np.concatenate([getattr(p, f.name) for p in parts], axis=axis.get(f.name, 0))
            for f in fields(Worlds)
        }
    )


def _blocks(design: Design, given: Parameters, *, people: int, seed: int) -> Iterator[Worlds]:
    """Worlds of one block after the other."""
    calendar = make_calendar()
    for block in blocks(people, seed):
        who = draw_people(block, calendar, given.people)
        nobody = np.zeros(len(who), dtype=bool)
        without = draw_motivation(block, who, given, programme=nobody)
        moved = draw_motivation(block, who, given, programme=~nobody)
        assignment = assign(block, who, without[0], given, design=design)
        answers = ams_answers(block.stream("surveys"), without[0], given)
        worlds = ((without, nobody), (moved, ~nobody), (without, ~nobody))
        outcomes = [
            _outcomes(
                block,
                who,
                calendar,
                given,
                under=Circumstances(motivation=m, programme=p, office_leave=assignment.office_leave),
            )
            for m, p in worlds
        ]
        yield Worlds(
            enrolled=who.enrolled,
            parents_benefit=np.where(who.benefit == UNKNOWN, np.nan, who.benefit_yes),
            propensity=assignment.propensity,
            programme=assignment.programme,
            outcomes=np.stack(outcomes),
            true_scores=without[0],
            observed_scores=np.stack(
                [answers[:, s == AMS_SUBSCALE].mean(axis=1) for s in range(len(SUBSCALES))], axis=1
            ),
            covariates=_covariates(who, assignment),
        )


def _outcomes(
    block: Block, people: People, calendar: Calendar, given: Parameters, *, under: Circumstances
) -> Floats:
    """Outcomes of one world, shape (outcomes, horizons, people)."""
    courses = run_courses(block, people, calendar, given.courses, under=under)
    draws = block.stream("benefits").random(len(people))
    in_time = courses.left < add_months(people.start, 24)
    assisted = receives_assistance(draws, people, given.lives, left=in_time, programme=under.programme)
    return np.stack([_by(people, courses, assisted, months) for months in HORIZONS], axis=1)


def _by(people: People, courses: Courses, assisted: Booleans, months: int) -> Floats:
    """Outcomes at one horizon, shape (outcomes, people)."""
    end = add_months(people.start, months)
    hours = HOURS[PLAN[people.plan]] * people.left_to_pass
    share = (hours * (courses.passed < end[:, None])).sum(axis=1) / hours.sum(axis=1)
    return np.stack(
        [courses.left < end, courses.completed < end, courses.not_passed < end, share, assisted]
    ).astype(np.float64)


def _covariates(people: People, assignment: Assignment) -> Floats:
    """Points, gender, immigrant category, parents' education and benefit, route, stage, kind of programme."""
    levels = (
        (people.gender, 3),
        (people.category, 2),
        (people.education, 5),
        (people.benefit, 3),
        (people.route, 7),
        (people.year, 3),
        (people.vocational.astype(np.int64), 2),
    )
    columns = [people.points, *(values == level for values, n in levels for level in range(1, n))]
    return np.stack([np.asarray(c, dtype=np.float64) for c in columns], axis=1)
