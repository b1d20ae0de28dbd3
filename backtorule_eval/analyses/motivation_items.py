"""The answers behind the subscales of motivation, turned as the key says, and which item belongs where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from backtorule_eval.analyses.baseline import START
from backtorule_eval.cohort.cohort import Cohort
from backtorule_eval.cohort.dictionary import Text
from backtorule_eval.errors import NotEstimable
from backtorule_eval.measures.plan import ScorePlan, plan_scoring
from backtorule_eval.measures.scales import load_catalogue
from backtorule_eval.measures.scores import read_scores
from backtorule_eval.measures.scoring import keyed_items

# Subscales that one factor stands for, in models with fewer factors than subscales.
INTRINSIC = ("ams_know", "ams_accomplish", "ams_stimulation")
EXTRINSIC = ("ams_identified", "ams_introjected", "ams_external")
AMOTIVATION = "ams_amotivation"
SCALE = "ams"


@dataclass(frozen=True, slots=True, kw_only=True)
class MotivationItems:
    """Answers to the questions on motivation.

    Attributes
    ----------
    answers : mapping of int to pd.DataFrame
        By wave, one row per person of the cohort, one column per item, NaN for "not answered".
    subscales : tuple of ScorePlan
        In the order in which they are read.
    scores : pd.DataFrame
        By person and wave, one column per subscale.
    """

    answers: Mapping[int, pd.DataFrame] = field(repr=False)
    subscales: tuple[ScorePlan, ...]
    scores: pd.DataFrame = field(repr=False)

    def scores_at(self, wave: int) -> pd.DataFrame:
        """Scores at a wave, one row per person of the cohort, one column per subscale."""
        by_person = self.scores.reset_index()
        rows = by_person[by_person["wave"] == wave].set_index("person")
        return rows[[plan.name for plan in self.subscales]].reindex(self.answers[START].index)

    def labels(self) -> dict[str, Text]:
        """Words of each subscale, by its name."""
        return {plan.name: plan.label for plan in self.subscales}

    @property
    def last(self) -> int:
        """The last wave with answers."""
        return max(self.answers)


def motivation_items(cohort: Cohort) -> MotivationItems:
    """What did people answer to each question on motivation, wave by wave?

    Raises
    ------
    NotEstimable
        "no_items": the source holds no answers to all questions of the scale at the start.
    """
    scored = read_scores(cohort).scored.get(SCALE)
    surveys = cohort.table("surveys")
    names = load_catalogue().readings["subscales"].scores
    plans = {plan.name: plan for plan in scored.plan.scores} if scored else {}
    if scored is None or not set(names) <= set(plans):
        raise NotEstimable("no_items")
    persons = pd.Index(cohort.table("persons")["person"], name="person")
    waves = sorted(int(w) for w in surveys.loc[surveys["item"].isin(scored.plan.items), "wave"].unique())
    if START not in waves:
        raise NotEstimable("no_items")
    return MotivationItems(
        answers={wave: keyed_items(surveys, SCALE, wave=wave).reindex(persons) for wave in waves},
        subscales=tuple(plans[name] for name in names),
        scores=scored.frame.pivot(index=["person", "wave"], columns="scale", values="value"),
    )


def question_numbers(plan: ScorePlan) -> str:
    """List the numbers of a subscale's questions, in the order of the form."""
    order = plan_scoring(SCALE).scale.item_names
    return ", ".join(str(order.index(item) + 1) for item in plan.items)
