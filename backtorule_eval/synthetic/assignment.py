"""How people came to the programme: everybody, by a random waiting list, or by the office they belong to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from backtorule_eval.errors import ParameterProblem
from backtorule_eval.synthetic.motivation import AMOTIVATION
from backtorule_eval.synthetic.parameters import Parameters
from backtorule_eval.synthetic.people import People
from backtorule_eval.synthetic.streams import Block, Booleans, Floats, Integers, inverse_logit

Design = Literal["none", "waitlist", "offices"]
DESIGNS: tuple[Design, ...] = get_args(Design)
NOBODY = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """One entry per person.

    Attributes
    ----------
    propensity : floats
        The probability with which the person came to the programme, given what was known at start.
    office : integers
        0 is the programme's office.
    counsellor : integers
        Main counsellor in the programme; NOBODY in the comparison.
    office_leave : floats
        What the office adds to the log-odds of leaving, programme or not.
    """

    programme: Booleans
    propensity: Floats
    office: Integers
    counsellor: Integers
    school: Integers
    office_leave: Floats


def read_design(name: str) -> Design:
    """Return the design of that name.

    Raises
    ------
    ParameterProblem
        There is no design of that name.
    """
    for design in DESIGNS:
        if design == name:
            return design
    raise ParameterProblem(f"There is no design {name!r}; choose one of: {', '.join(DESIGNS)}.")


def assign(
    block: Block, people: People, at_start: Floats, given: Parameters, *, design: Design
) -> Assignment:
    """Draw who takes part; `at_start` are the true motivation scores at start."""
    rng = block.stream("assignment")
    n = len(people)
    propensity = _propensity(people, at_start, given, design=design)
    order = rng.permutation(n)
    draws = rng.random(n)
    # A random waiting list gives half of the places at once: exactly half, rounded up.
    programme = order < (n + 1) // 2 if design == "waitlist" else draws < propensity
    if block.number == 0 and not programme.any():
        programme[np.argmax(propensity)] = True
    elsewhere = 1 + np.floor(rng.random(n) * given.design.comparison_offices).astype(np.int64)
    office = np.where(programme | (design != "offices"), 0, elsewhere)
    counsellor = np.floor(rng.random(n) * given.design.counsellors).astype(np.int64)
    return Assignment(
        programme=programme,
        propensity=propensity,
        office=office,
        counsellor=np.where(programme, counsellor, NOBODY),
        school=np.where(
            people.enrolled, np.floor(rng.random(n) * given.design.schools).astype(np.int64), NOBODY
        ),
        office_leave=np.array((0.0, *given.design.office_leave))[office],
    )


def _propensity(people: People, at_start: Floats, given: Parameters, *, design: Design) -> Floats:
    """Probability of coming to the programme."""
    if design != "offices":
        return np.full(len(people), 1.0 if design == "none" else 0.5)
    constant, points, benefit, amotivation = given.design.treated
    return inverse_logit(
        constant
        + points * (people.points - given.people.points_mean) / 10
        + benefit * people.benefit_yes
        + amotivation * at_start[:, AMOTIVATION]
    )
