"""Spells in education: from what happened to a person to one row for each period."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backtorule_eval.synthetic.calendar import JUNE, Calendar, school_year_begins
from backtorule_eval.synthetic.courses import COMPLETED, ENROLLED, LEFT, NEVER, NOT_PASSED, Courses
from backtorule_eval.synthetic.people import APPRENTICE, TRAINING, People
from backtorule_eval.synthetic.streams import Block, Floats, Integers

STATUSES = ("enrolled", "leave", "apprentice", "left", "completed", "completed_not_passed")
_STATUS_OF_STATE = {ENROLLED: 0, LEFT: 3, COMPLETED: 4, NOT_PASSED: 5}
_LEAVE, _APPRENTICE = 1, 2
# Design choice: share of spells in education of half a year or more that hold a leave, and its length in
# days.
LEAVE_SHARE, LEAVE_DAYS, LONG_SPELL = 0.06, (30, 90), 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Spells:
    """One entry per spell: person's position, kind's position, first day, last day (NEVER if it goes on)."""

    person: Integers
    kind: Integers
    first: Integers
    last: Integers

    def ordered(self) -> Spells:
        """The same in the order of person and first day."""
        order = np.lexsort((self.first, self.person))
        return Spells(
            person=self.person[order], kind=self.kind[order], first=self.first[order], last=self.last[order]
        )


def schooling_spells(block: Block, people: People, courses: Courses, calendar: Calendar) -> Spells:
    """Give every person's spells, from the one running at start to the data cut."""
    rng = block.stream("spells")
    begin = _first_day_of_first_spell(rng.random(len(people)), people, courses.state_at_start)
    person = np.concatenate([np.arange(len(people)), courses.person])
    state = np.concatenate([courses.state_at_start, courses.state])
    first = np.concatenate([begin, courses.day])
    order = np.lexsort((first, person))
    person, state, first = person[order], state[order], first[order]
    following = np.append(person[1:] == person[:-1], False)
    last = np.where(following, np.append(first[1:], 0) - 1, NEVER)
    kind = np.array([_STATUS_OF_STATE[s] for s in range(len(_STATUS_OF_STATE))])[state]
    workplace = np.isin(people.route, (APPRENTICE, TRAINING))[person]
    kind = np.where(workplace & (kind == 0), _APPRENTICE, kind)
    whole = Spells(person=person, kind=kind, first=first, last=last)
    return _with_leaves(whole, rng.random((3, len(person))), cut=calendar.cut_day)


def _first_day_of_first_spell(draws: Floats, people: People, state: Integers) -> Integers:
    """The day the spell at start began: the school year, the end of the last one, or some time ago."""
    school_year = school_year_begins(people.start)
    out_since = people.start - 30 - np.floor(draws * 470).astype(np.int64)
    previous = (people.start.astype("datetime64[D]") - np.timedelta64(171, "D")).astype("datetime64[Y]")
    june = (previous.astype("datetime64[M]") + JUNE - 1).astype("datetime64[D]").astype(np.int64) + 20
    return np.where(state == ENROLLED, school_year, np.where(state == NOT_PASSED, june, out_since))


def _with_leaves(spells: Spells, draws: Floats, *, cut: int) -> Spells:
    """Put a leave of one to three months into a few long spells of being enrolled."""
    end = np.where(spells.last == NEVER, cut, spells.last)
    length = end - spells.first
    has = (spells.kind == 0) & (length >= LONG_SPELL) & (draws[0] < LEAVE_SHARE)
    days = LEAVE_DAYS[0] + np.floor(draws[1] * (LEAVE_DAYS[1] - LEAVE_DAYS[0])).astype(np.int64)
    begin = spells.first + 30 + np.floor(draws[2] * (length - days - 60)).astype(np.int64)
    i = np.flatnonzero(has)
    last = spells.last.copy()
    last[i] = begin[i] - 1
    return Spells(
        person=np.concatenate([spells.person, spells.person[i], spells.person[i]]),
        kind=np.concatenate([spells.kind, np.full(len(i), _LEAVE), spells.kind[i]]),
        first=np.concatenate([spells.first, begin[i], begin[i] + days[i]]),
        last=np.concatenate([last, begin[i] + days[i] - 1, spells.last[i]]),
    ).ordered()
