"""The lives of one block of people: everything that happens to them, before any file is written."""

from __future__ import annotations

from dataclasses import dataclass

from backtorule_eval.synthetic.assignment import Assignment, Design, assign
from backtorule_eval.synthetic.calendar import Calendar
from backtorule_eval.synthetic.courses import Circumstances, Courses, run_courses
from backtorule_eval.synthetic.coverage import Coverage, draw_coverage
from backtorule_eval.synthetic.motivation import draw_motivation
from backtorule_eval.synthetic.parameters import Parameters
from backtorule_eval.synthetic.people import People, draw_people
from backtorule_eval.synthetic.spells import Spells, schooling_spells
from backtorule_eval.synthetic.streams import Block, Booleans, Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What kind of site is made.

    Attributes
    ----------
    people : int
        How many, over all blocks.
    register : bool
        Whether it is a register: nobody is asked for consent, and only what registers tell is covered.
    """

    people: int
    seed: int
    design: Design
    calendar: Calendar
    given: Parameters
    register: bool = False

    @property
    def width(self) -> int:
        """Digits of a pseudonym's number."""
        return max(3, len(str(self.people)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lives:
    """What happens to the people of one block."""

    plan: Plan
    block: Block
    people: People
    assignment: Assignment
    motivation: Floats
    courses: Courses
    schooling: Spells
    coverage: Coverage

    @property
    def programme(self) -> Booleans:
        """Who takes part."""
        return self.assignment.programme

    def __len__(self) -> int:
        """How many people the block holds."""
        return len(self.people)


def live(block: Block, plan: Plan) -> Lives:
    """Let one block of people live through the calendar."""
    given, calendar = plan.given, plan.calendar
    people = draw_people(block, calendar, given.people)
    # Motivation at start is the same whoever takes part, and the assignment may depend on it.
    nobody = people.enrolled & False
    at_start = draw_motivation(block, people, given, programme=nobody)[0]
    assignment = assign(block, people, at_start, given, design=plan.design)
    motivation = draw_motivation(block, people, given, programme=assignment.programme)
    under = Circumstances(
        motivation=motivation, programme=assignment.programme, office_leave=assignment.office_leave
    )
    courses = run_courses(block, people, calendar, given.courses, under=under)
    return Lives(
        plan=plan,
        block=block,
        people=people,
        assignment=assignment,
        motivation=motivation,
        courses=courses,
        schooling=schooling_spells(block, people, courses, calendar),
        coverage=draw_coverage(block, people, courses, calendar, consent=not plan.register),
    )
