"""Answers to scores: the range is checked, items are turned, and the missing rule decides who gets one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtorule_eval.cohort.dictionary import Text
from backtorule_eval.errors import NotEstimable
from backtorule_eval.measures.answers import (
    person_scores,
    refuse_missing_items,
    refuse_outside,
    refuse_repeated,
    turn,
)
from backtorule_eval.measures.evidence import Evidence, RuleUsed, weakest
from backtorule_eval.measures.key_check import KeyCheck, check_key, needs_check
from backtorule_eval.measures.plan import (
    AS_PUBLISHED,
    ScaleChoice,
    ScorePlan,
    ScoringPlan,
    plan_scoring,
)
from backtorule_eval.measures.scales import Scale

NOT_ASKED = ("not_asked", "does_not_apply")
UNCHECKED_KEY = Text(
    nb="For få svar til å prøve nøkkelen mot svarene.",
    en="Too few answers to try the key against the answers.",
)
SCORED, TOO_FEW, NO_ANSWERS, NEVER_ASKED = "scored", "too_few_answered", "no_answers", "not_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreCount:
    """Persons of one wave with and without one score, by reason; they add up to all who have a row.

    `not_asked`: no item of the score was put to the person. `no_answers`: asked, nothing answered.
    `too_few_answered`: some answers, fewer than the missing rule asks for.
    """

    score: str
    wave: int
    scored: int
    too_few_answered: int
    no_answers: int
    not_asked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleScores:
    """Scores of one scale and everything a page must say about them.

    Attributes
    ----------
    frame : pd.DataFrame
        One row per person, wave and score: `person` (str), `wave` (Int64), `scale` (str, name of the score),
        `value` (float64, NaN if not scored), `n_answered` (int64) and `status` (str: "scored",
        "too_few_answered", "no_answers" or "not_asked").
    plan : ScoringPlan
        The choices made; `plan.scores` has each score's label and range.
    rules : tuple of RuleUsed
        The rules behind the scores, each with its mark; the trial of the key is one of them.
    counts : tuple of ScoreCount
    key_check : KeyCheck or None
        What the trial of the key against the answers gave; None if there was nothing to try or too few
        answers.
    """

    frame: pd.DataFrame = field(repr=False)
    plan: ScoringPlan = field(repr=False)
    rules: tuple[RuleUsed, ...]
    counts: tuple[ScoreCount, ...]
    key_check: KeyCheck | None

    @property
    def evidence(self) -> Evidence:
        """Mark of the weakest rule used."""
        return weakest(rule.evidence for rule in self.rules)

    def wide(self) -> pd.DataFrame:
        """One row per person and wave, one column per score."""
        return self.frame.pivot(index=["person", "wave"], columns="scale", values="value").reset_index()


def score_scale(
    surveys: pd.DataFrame, scale: Scale | str, *, choice: ScaleChoice = AS_PUBLISHED
) -> ScaleScores:
    """What does each person score on this scale, wave by wave?

    A person gets a score when as many items are answered as the scale's missing rule asks for. The mean is
    over the answered items; a sum is that mean times the number of items, so that it stays on the scale's
    range.

    Parameters
    ----------
    surveys : pd.DataFrame
        The cohort's table `surveys`, one row per person, wave and item; a missing value means "no answer",
        and `missing_reason` says why. Not modified.
    scale : Scale or str
        The scale or its name, e.g. "ams".
    choice : ScaleChoice
        Key, coding, method and missing rule, where the published rules leave a choice.

    Raises
    ------
    ParameterProblem
        A choice is missing or does not fit (see `plan_scoring`).
    DataProblem
        An item is not in the data at all, a person answers it twice in a wave, an answer is outside the range
        or is no whole number, or the answers contradict the key.
    """
    plan = plan_scoring(scale, choice=choice)
    rows = surveys[surveys["item"].isin(plan.items)]
    answers = _side_by_side(rows, plan)
    asked = rows["value"].notna() | ~rows["missing_reason"].isin(NOT_ASKED)
    was_asked = rows.assign(asked=asked).pivot(index=["person", "wave"], columns="item", values="asked")
    frames = [_score_rows(score, answers, was_asked, plan) for score in plan.scores]
    frame = pd.concat(frames, ignore_index=True)
    key_check, rules = _try_key(plan, answers, choice)
    counts = tuple(_count(frame))
    return ScaleScores(frame=frame, plan=plan, rules=rules, counts=counts, key_check=key_check)


def score_items(
    items: pd.DataFrame, scale: Scale | str, *, choice: ScaleChoice = AS_PUBLISHED
) -> pd.DataFrame:
    """What does each row of answers score on this scale?

    The same rules as `score_scale`, for answers that stand side by side; the key is not tried against them.

    Parameters
    ----------
    items : pd.DataFrame, shape (n, >= n_items)
        One row per person, numeric columns named after the items, NaN for "not answered". Not modified.
    scale, choice
        As in `score_scale`.

    Returns
    -------
    pd.DataFrame, shape (n, n_scores)
        One column per score, the index of `items`, NaN for "not scored".

    Raises
    ------
    ParameterProblem, DataProblem
        As in `score_scale`.
    """
    plan = plan_scoring(scale, choice=choice)
    refuse_missing_items(plan, items.columns)
    answers = items[list(plan.items)]
    refuse_outside(plan, answers)
    scored = {score.name: _score_values(score, answers, plan)[0] for score in plan.scores}
    return pd.DataFrame(scored, index=items.index)


def keyed_items(
    surveys: pd.DataFrame, scale: Scale | str, *, wave: int, choice: ScaleChoice = AS_PUBLISHED
) -> pd.DataFrame:
    """What did each person answer in one wave, with the items turned as the key says?

    For reliability and structure: ``cronbach_alpha(items[list(score.items)])`` for each score of
    ``plan_scoring(scale, choice=choice).scores``.

    Parameters
    ----------
    surveys, scale, choice
        As in `score_scale`.
    wave : int
        The wave.

    Returns
    -------
    pd.DataFrame, shape (n, n_items)
        Index `person`, one column per item in the order of the form, float64, NaN for "not answered".

    Raises
    ------
    ParameterProblem, DataProblem
        As in `score_scale`; the key is not tried.
    """
    plan = plan_scoring(scale, choice=choice)
    rows = surveys[surveys["item"].isin(plan.items) & (surveys["wave"] == wave)]
    answers = _side_by_side(rows, plan).droplevel("wave")
    turned = {item: flag for s in plan.scores for item, flag in zip(s.items, s.turned, strict=True)}
    flags = [turned[item] for item in plan.items]
    keyed = turn(answers.to_numpy(dtype=float), flags, low=plan.coding.low, high=plan.coding.high)
    return pd.DataFrame(keyed, index=answers.index, columns=list(plan.items))


def _side_by_side(rows: pd.DataFrame, plan: ScoringPlan) -> pd.DataFrame:
    """Answers by person and wave, one column per item, after everything that can be wrong with them."""
    refuse_missing_items(plan, rows["item"].unique())
    refuse_repeated(plan, rows)
    answers = rows.pivot(index=["person", "wave"], columns="item", values="value")[list(plan.items)]
    refuse_outside(plan, answers)
    return answers


def _score_values(
    score: ScorePlan, answers: pd.DataFrame, plan: ScoringPlan
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Values of one score and how many of its items were answered."""
    raw = answers[list(score.items)].to_numpy(dtype=float, na_value=np.nan)
    turned = turn(raw, score.turned, low=plan.coding.low, high=plan.coding.high)
    values, n_answered = person_scores(turned, method=plan.method, min_answered=score.min_answered)
    if plan.method == "converted" and (conversion := plan.scale.conversion):
        known = np.isfinite(values)
        values[known] = np.array(conversion.values)[values[known].astype(int) - conversion.first]
    return values, n_answered


def _score_rows(
    score: ScorePlan, answers: pd.DataFrame, was_asked: pd.DataFrame, plan: ScoringPlan
) -> pd.DataFrame:
    """Rows of one score in the result's frame."""
    values, n_answered = _score_values(score, answers, plan)
    asked = was_asked[list(score.items)].eq(True).any(axis=1).to_numpy()
    cases = [~asked, n_answered == 0, ~np.isfinite(values)]
    status = np.select(cases, [NEVER_ASKED, NO_ANSWERS, TOO_FEW], default=SCORED)
    frame = answers.index.to_frame(index=False).assign(scale=score.name, value=values)
    return frame.assign(n_answered=n_answered, status=pd.array(status, dtype="str"))


def _count(frame: pd.DataFrame) -> Iterable[ScoreCount]:
    """Count each score's rows by wave and status."""
    table = frame.groupby(["scale", "wave"], sort=False)["status"].value_counts().unstack(fill_value=0)
    table = table.reindex(columns=[SCORED, TOO_FEW, NO_ANSWERS, NEVER_ASKED], fill_value=0)
    for (score, wave), row in zip(table.index, table.to_numpy(), strict=True):
        counts = dict(zip(table.columns, map(int, row), strict=True))
        yield ScoreCount(score=score, wave=int(wave), **counts)


def _try_key(
    plan: ScoringPlan, answers: pd.DataFrame, choice: ScaleChoice
) -> tuple[KeyCheck | None, tuple[RuleUsed, ...]]:
    """Try the key against each person's first complete form; too few of them is a caution, not a refusal."""
    if not needs_check(plan.scale):
        return None, plan.rules
    first = answers.dropna().groupby(level="person").head(1)
    try:
        check = check_key(first, plan.scale, choice=choice)
    except NotEstimable:
        unchecked = RuleUsed(rule="key_check", choice="", evidence=Evidence.UNVERIFIED, note=UNCHECKED_KEY)
        return None, (*plan.rules, unchecked)
    return check, (*plan.rules, RuleUsed(rule="key_check", choice="", evidence=Evidence.COMPUTED))
