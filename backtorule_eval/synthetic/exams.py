"""One exam period: who is graded as a pupil, who sits an exam as a privatist, who passes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from backtorule_eval.synthetic.catalogue import HARDER, PLAN, PRIVATIST_FAILS, SLOTS, SLOTS_A_YEAR
from backtorule_eval.synthetic.parameters import CourseParameters
from backtorule_eval.synthetic.people import ADULT, PRIVATIST, People
from backtorule_eval.synthetic.streams import Booleans, Floats, Integers, inverse_logit, logit

YEAR_OF_SLOT: Integers = np.arange(SLOTS, dtype=np.int64) // SLOTS_A_YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempts:
    """One entry for every subject graded or sat in an exam period.

    Attributes
    ----------
    person, slot, day : integers
        Position in the block, slot of the plan, day of the exam period.
    privatist : booleans
        Sat as a privatist, otherwise as a pupil or adult.
    met : booleans
        Came to the exam; always true for pupils.
    passed : booleans
        Passed the subject.
    """

    person: Integers
    slot: Integers
    day: Integers
    privatist: Booleans
    met: Booleans
    passed: Booleans

    @classmethod
    def joined(cls, parts: Sequence[Attempts]) -> Attempts:
        """Join the attempts of all exam periods, in the order of person, day and slot."""
        whole = {f.name: np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(cls)}
        order = np.lexsort((whole["slot"], whole["day"], whole["person"]))
        return cls(**{name: values[order] for name, values in whole.items()})


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamPeriod:
    """What an exam period depends on, by person; `left` and `draws` by slot too."""

    day: int
    june: bool
    left: Booleans
    taught: Booleans
    enrolled: Booleans
    out: Booleans
    in_years: Booleans
    year: Integers
    log_odds_pass: Floats
    log_odds_sit: Floats
    draws: Floats


def sit_exams(people: People, given: CourseParameters, period: ExamPeriod) -> Attempts:
    """Let one exam period happen."""
    subject = PLAN[people.plan]
    this_year = YEAR_OF_SLOT[None, :] == period.year[:, None]
    as_pupil = period.left & this_year & period.taught[:, None]
    may_sit = period.left & ~as_pupil & _open_to(period)
    season = 2 * (given.spring if period.june else 1 - given.spring)
    chance = inverse_logit(_base_of_sitting(people, given, period, season=season) + period.log_odds_sit)
    sits = may_sit & (period.draws[0] < chance[:, None])
    privatist = sits & (people.route != ADULT)[:, None]
    met = ~privatist | (period.draws[1] >= given.no_show)
    of_pupil = given.pass_pupil - HARDER[subject]
    of_privatist = -np.log(PRIVATIST_FAILS[subject] / (1 - PRIVATIST_FAILS[subject]))
    log_odds = np.where(privatist, of_privatist, of_pupil) + period.log_odds_pass[:, None]
    passed = (as_pupil | sits) & met & (period.draws[2] < inverse_logit(log_odds))
    person, slot = np.nonzero(as_pupil | sits)
    return Attempts(
        person=person,
        slot=slot,
        day=np.full(len(person), period.day),
        privatist=privatist[person, slot],
        met=met[person, slot],
        passed=passed[person, slot],
    )


def _open_to(period: ExamPeriod) -> Booleans:
    """Subjects one may sit an exam in: pupils those of earlier years, those who are out until their last."""
    earlier = YEAR_OF_SLOT[None, :] < period.year[:, None]
    until_now = YEAR_OF_SLOT[None, :] <= period.year[:, None]
    pupil = (period.enrolled & period.in_years)[:, None]
    return np.where(pupil, earlier, np.where(period.out[:, None], until_now, True))


def _base_of_sitting(people: People, given: CourseParameters, period: ExamPeriod, *, season: float) -> Floats:
    """Log-odds of sitting the exam in one of the subjects left."""
    in_school, out = logit(given.sits_school * season), logit(given.sits_out * season)
    adult, privatist = logit(given.sits_adult * season), logit(given.sits_privatist * season)
    base = np.where(period.enrolled, np.where(period.in_years, in_school, adult), privatist)
    return np.where(period.out & (people.route != PRIVATIST), out, base)
