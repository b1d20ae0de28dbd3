"""A whole synthetic site in the dictionary's terms, before it is written as files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from backtorule_eval.errors import ParameterProblem
from backtorule_eval.synthetic import tables
from backtorule_eval.synthetic.frames import as_dictionary
from backtorule_eval.synthetic.interviews import Interview, draw_interviews
from backtorule_eval.synthetic.lives import Lives, Plan, live
from backtorule_eval.synthetic.streams import Block, blocks
from backtorule_eval.synthetic.surveys import Answers, draw_answers

# From this size on one person is over the age limit: a mistake at intake that the import finds.
OVER_AGE_FROM = 8
OVER_AGE_YEARS = 27
MOST_DRAWS = 2_000
# Columns that must not be empty: without them a file, or a column of one, would not be there.
NEEDED = (
    ("surveys", "value"),
    ("subjects", "standpunkt"),
    ("subjects", "exam"),
    ("attendance", "subject"),
    ("schooling", "to"),
    ("work", "per_cent"),
    ("benefits", "kind"),
)

_OF_LIVES: Mapping[str, Callable[[Lives], pd.DataFrame]] = {
    "persons": tables.persons,
    "coverage": tables.coverage,
    "contacts": tables.contacts,
    "goals": tables.goals,
    "subjects": tables.subjects,
    "attendance": tables.attendance,
    "schooling": tables.schooling,
    "work": tables.work,
    "benefits": tables.benefits,
    "other_support": tables.other_support,
}
_OF_ANSWERS: Mapping[str, Callable[[Lives, Answers], pd.DataFrame]] = {
    "surveys": tables.surveys,
    "living": tables.living,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Everything a site knows.

    Attributes
    ----------
    tables : mapping of name to pd.DataFrame
        Tables of the dictionary, in its types.
    interviews : tuple of Interview
        What was said, with positions of persons in the order of the table persons.
    """

    plan: Plan
    tables: Mapping[str, pd.DataFrame] = field(repr=False)
    interviews: tuple[Interview, ...] = field(repr=False)

    def dirt(self, part: str) -> np.random.Generator:
        """Random numbers for what is wrong with one part of the files."""
        words = np.frombuffer(part.encode(), dtype=np.uint8).tolist()
        return np.random.Generator(np.random.Philox(np.random.SeedSequence([self.plan.seed, *words])))


def make_site(plan: Plan) -> Site:
    """Make the site; it is held in memory, so it is for thousands of people, not millions.

    One to three people may by chance have no grade, no work or no survey. A site would then send no such
    file, and there would be nothing to show: such people are drawn again.

    Raises
    ------
    ParameterProblem
        No draw gave people with something in every file.
    """
    for draw in range(MOST_DRAWS):
        whole = _tables(plan, draw=draw)
        if all(len(whole[table][column].dropna()) for table, column in NEEDED):
            _make_one_too_old(whole["persons"])
            interviews = Block(seed=plan.seed, number=0, first=0, size=0, draw=draw).stream("interviews")
            return Site(plan=plan, tables=whole, interviews=draw_interviews(interviews, people=plan.people))
    raise ParameterProblem(
        f"Seed {plan.seed} gives no {plan.people} people with something in every file. Choose another seed."
    )


def _tables(plan: Plan, *, draw: int) -> dict[str, pd.DataFrame]:
    """All tables of all blocks."""
    parts: dict[str, list[pd.DataFrame]] = {name: [] for name in (*_OF_LIVES, *_OF_ANSWERS)}
    for block in blocks(plan.people, plan.seed, draw=draw):
        lives = live(block, plan)
        answers = draw_answers(lives)
        for name, make in _OF_LIVES.items():
            parts[name].append(as_dictionary(name, make(lives)))
        for name, of_answers in _OF_ANSWERS.items():
            parts[name].append(as_dictionary(name, of_answers(lives, answers)))
    return {name: pd.concat(frames, ignore_index=True) for name, frames in parts.items()}


def _make_one_too_old(persons: pd.DataFrame) -> None:
    """Let the last person who has not withdrawn be over 25 at start."""
    if len(persons) < OVER_AGE_FROM:
        return
    row = persons.index[persons["withdrawal_date"].isna()][-1]
    persons.loc[row, "birth_year"] = persons.loc[row, "start_date"].year - OVER_AGE_YEARS
