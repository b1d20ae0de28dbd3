"""How precisely is motivation measured here, and are the subscales different things?"""

from __future__ import annotations

from itertools import combinations
from math import atanh, sqrt, tanh

import pandas as pd
from scipy.special import ndtri

from backtorule_eval.analyses.baseline import START
from backtorule_eval.analyses.describe import EVERYONE
from backtorule_eval.analyses.factors.omega import omega_total
from backtorule_eval.analyses.motivation_items import MotivationItems, motivation_items, question_numbers
from backtorule_eval.analyses.motivation_scores import score_notes
from backtorule_eval.analyses.quality import Quality, QualityRow, Quantity
from backtorule_eval.analyses.support import refusal, require_support
from backtorule_eval.analyses.tables import Refusal
from backtorule_eval.cohort.cohort import Cohort
from backtorule_eval.cohort.dictionary import Text
from backtorule_eval.errors import NotEstimable
from backtorule_eval.measures.plan import ScorePlan
from backtorule_eval.measures.reliability import MIN_PERSONS, cronbach_alpha, ordinal_alpha
from backtorule_eval.measures.scores import read_scores

RELIABILITY = (
    Quantity.ALPHA,
    Quantity.ALPHA_LOW,
    Quantity.ALPHA_HIGH,
    Quantity.ORDINAL_ALPHA,
    Quantity.OMEGA,
    Quantity.OMEGA_LOW,
    Quantity.OMEGA_HIGH,
)
CORRELATION = (Quantity.CORRELATION, Quantity.CORRELATION_LOW, Quantity.CORRELATION_HIGH)
LEVEL = 0.95


def motivation_reliability(cohort: Cohort) -> Quality | Refusal:
    """How consistently did people answer the questions of each subscale at the start?

    Alpha with Feldt's interval always; omega and ordinal alpha where there are people enough for them. Each
    of those who answered every question of the subscale.

    Parameters
    ----------
    cohort : Cohort

    Returns
    -------
    Quality or Refusal
        A refusal when the source holds no answers, or no subscale has its alpha.
    """
    try:
        items = motivation_items(cohort)
        rows = [row for plan in items.subscales if (row := _reliability(items, plan)) is not None]
        if not rows:
            raise NotEstimable("persons", needed=MIN_PERSONS, found=_most_complete(items))
    except NotEstimable as reason:
        return refusal(reason, question="reliability", population=EVERYONE, model="reliability")
    notes = score_notes([plan.name for plan in items.subscales], scored=read_scores(cohort).scored)
    return _table("reliability", RELIABILITY, rows, notes=notes)


def motivation_correlations(cohort: Cohort) -> Quality | Refusal:
    """How closely do the subscales go together at the start?

    Product-moment correlations of scores, of those who have all of them, with Fisher's interval. Two
    subscales that correlate as highly as their reliability allows cannot be told apart here.
    """
    try:
        items = motivation_items(cohort)
        scores = items.scores_at(START)
        complete = scores.dropna()
        if len(complete) < MIN_PERSONS:
            raise NotEstimable("persons", needed=MIN_PERSONS, found=len(complete))
        if not (complete.std() > 0).all():
            raise NotEstimable("variation")
        pairs = combinations([plan.name for plan in items.subscales], 2)
        left_out = len(scores) - len(complete)
        rows = [_correlation(items, complete, left_out, pair) for pair in pairs]
    except NotEstimable as reason:
        return refusal(reason, question="correlations", population=EVERYONE, model="reliability")
    return _table("correlations", CORRELATION, rows)


def _reliability(items: MotivationItems, plan: ScorePlan) -> QualityRow | None:
    """One subscale; None where not even alpha can be said."""
    answers = items.answers[START][list(plan.items)]
    try:
        alpha = cronbach_alpha(answers, level=LEVEL)
    except NotEstimable:
        return None
    numbers = question_numbers(plan)
    return QualityRow(
        name=plan.name,
        label=plan.label,
        beside=Text(nb=numbers, en=numbers),
        n=alpha.n,
        n_missing=alpha.n_incomplete,
        n_items=alpha.n_items,
        figures=(alpha.value, alpha.low, alpha.high, _ordinal(answers), *_omega(answers)),
    )


def _ordinal(answers: pd.DataFrame) -> float | None:
    """Ordinal alpha where there are people enough for it."""
    try:
        require_support("ordinal_alpha", persons=len(answers.dropna()))
        return ordinal_alpha(answers).value
    except NotEstimable:
        return None


def _omega(answers: pd.DataFrame) -> tuple[float | None, float | None, float | None]:
    """Omega and its interval where there are people enough for them."""
    try:
        omega = omega_total(answers, level=LEVEL)
    except NotEstimable:
        return None, None, None
    return omega.value, omega.low, omega.high


def _correlation(
    items: MotivationItems, complete: pd.DataFrame, left_out: int, pair: tuple[str, str]
) -> QualityRow:
    """One pair of subscales, with Fisher's interval; one of an exact correlation has no width."""
    one, other = pair
    n = len(complete)
    value = float(complete[one].corr(complete[other]))
    reach = float(ndtri((1 + LEVEL) / 2)) / sqrt(n - 3)
    low, high = (tanh(atanh(value) + side * reach) if abs(value) < 1 else value for side in (-1, 1))
    labels = items.labels()
    return QualityRow(
        name=f"{one}~{other}",
        label=labels[one],
        beside=labels[other],
        n=n,
        n_missing=left_out,
        figures=(value, low, high),
    )


def _most_complete(items: MotivationItems) -> int:
    """Persons who answered every question of the subscale that most did so for."""
    return max(len(items.answers[START][list(plan.items)].dropna()) for plan in items.subscales)


def _table(
    question: str, quantities: tuple[Quantity, ...], rows: list[QualityRow], *, notes: tuple[Text, ...] = ()
) -> Quality:
    """Leave out quantities that no row has."""
    kept = [i for i in range(len(quantities)) if any(row.figures[i] is not None for row in rows)]
    slim = tuple(
        QualityRow(
            name=row.name,
            label=row.label,
            beside=row.beside,
            n=row.n,
            n_missing=row.n_missing,
            n_items=row.n_items,
            figures=tuple(row.figures[i] for i in kept),
        )
        for row in rows
    )
    return Quality(
        question=question,
        population=EVERYONE,
        quantities=tuple(quantities[i] for i in kept),
        rows=slim,
        notes=notes,
    )
