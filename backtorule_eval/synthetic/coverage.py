"""From when to when each source tells of each person, and why it ends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backtorule_eval.synthetic.calendar import Calendar, last_day_of_year
from backtorule_eval.synthetic.courses import NEVER, Courses
from backtorule_eval.synthetic.people import People
from backtorule_eval.synthetic.streams import Block, Booleans, Integers, choose

SOURCES = (
    "surveys",
    "contacts",
    "goals",
    "subjects",
    "attendance",
    "schooling",
    "work",
    "benefits",
    "other_support",
    "living",
)
OF_THE_CASE = tuple(SOURCES.index(s) for s in ("contacts", "goals", "other_support"))
REASONS = ("moved", "case_closed", "turned_25", "emigrated", "withdrew", "data_cut")
MOVED, CASE_CLOSED, TURNED_25, EMIGRATED, WITHDREW, DATA_CUT = range(len(REASONS))
# Design choice: share who move to another municipality or emigrate during follow-up, and who withdraw
# consent.
MOVE, EMIGRATE, WITHDRAW = 0.04, 0.01, 0.03
STAYS = 2
# In a small site the share would often be nobody: then it is one person, if there are so many.
SMALL, ENOUGH = 1000, 8
# Design choice: the case is closed so many days after completing.
CLOSED_AFTER = 60
AGE_LIMIT = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Last day and reason, shape (people, sources); and who withdrew consent, on which day (NEVER if not)."""

    last: Integers
    reason: Integers
    withdrawn: Integers

    def of(self, source: str) -> Integers:
        """Last day on which the source tells of each person."""
        return self.last[:, SOURCES.index(source)]


def draw_coverage(
    block: Block, people: People, courses: Courses, calendar: Calendar, *, consent: bool
) -> Coverage:
    """Draw when the sources end; `consent` says whether the site asks for it, so that it can be withdrawn."""
    rng = block.stream("dirt")
    n, cut = len(people), calendar.cut_day
    when = (
        people.start + 60 + np.floor(rng.random(n) * np.maximum(cut - people.start - 90, 1)).astype(np.int64)
    )
    kind = choose(rng.random(n), (MOVE, EMIGRATE, 1 - MOVE - EMIGRATE))
    withdraws = _withdrawing(block, rng.random(n)) & consent
    withdrawn = np.where(withdraws, people.start + 30 + (when - people.start) // 3, NEVER)
    last = np.where(kind == STAYS, cut, when)
    reason = np.array([MOVED, EMIGRATED, DATA_CUT])[kind]
    reason = np.where(withdrawn < last, WITHDREW, reason)
    last = np.minimum(last, withdrawn)
    whole = Coverage(
        last=np.repeat(last[:, None], len(SOURCES), axis=1),
        reason=np.repeat(reason[:, None], len(SOURCES), axis=1),
        withdrawn=withdrawn,
    )
    _end_case(whole, people, courses)
    return whole


def _withdrawing(block: Block, draws: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Booleans:
    """Who withdraws consent: a share of them, in a small site one at least, among a handful nobody."""
    chosen = draws < WITHDRAW
    few = np.argsort(draws)[: max(1, round(WITHDRAW * block.size))]
    if block.number == 0 and block.size < SMALL:
        chosen[:] = False
        chosen[few] = block.size >= ENOUGH
    return np.asarray(chosen, dtype=bool)


def _end_case(coverage: Coverage, people: People, courses: Courses) -> None:
    """End what follows the case at NAV at completion, or with the year the person turns 25."""
    year_ends = last_day_of_year(people.birth_year + AGE_LIMIT)
    closed = np.where(courses.completed == NEVER, NEVER, courses.completed + CLOSED_AFTER)
    for days, reason in ((year_ends, TURNED_25), (closed, CASE_CLOSED)):
        for source in OF_THE_CASE:
            earlier = days < coverage.last[:, source]
            coverage.last[earlier, source] = days[earlier]
            coverage.reason[earlier, source] = reason
