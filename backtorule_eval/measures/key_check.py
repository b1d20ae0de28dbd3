"""Is the key the right one for these answers? Two forms of a scale can put the items in different orders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtorule_eval.errors import DataProblem, NotEstimable
from backtorule_eval.measures.answers import refuse_missing_items, refuse_outside, turn
from backtorule_eval.measures.plan import AS_PUBLISHED, ScaleChoice, ScoringPlan, plan_scoring
from backtorule_eval.measures.reliability import alpha_from_covariance
from backtorule_eval.measures.scales import Scale

MIN_PERSONS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyCheck:
    """A key that the answers do not contradict.

    Attributes
    ----------
    key : str
    n : int
        Persons with every item answered.
    correlation : float or None
        Between the mean of the reversed items, after reversing, and the mean of the rest; None if none or all
        are reversed.
    alpha : float
        Cronbach's alpha under the key.
    """

    key: str
    n: int
    correlation: float | None
    alpha: float


def needs_check(scale: Scale) -> bool:
    """Whether the scale has a key that reverses items, so that a wrong key can go unseen."""
    return any(key.reversed for key in scale.keys.values())


def check_key(
    items: pd.DataFrame,
    scale: Scale | str,
    *,
    choice: ScaleChoice = AS_PUBLISHED,
    min_persons: int = MIN_PERSONS,
) -> KeyCheck:
    """Do these answers fit the key the user named?

    The key is refused if another key of the scale gives as high an alpha. The key that reverses nothing is
    one of them, and it gives the higher alpha exactly when the reversed items, after reversing, correlate
    negatively with the rest; so that sign is included. Alone it would not do: the two item orders of the RSES
    share three of five reversed items, and under the wrong one the correlation is still weakly positive
    (tests/measures/test_key_check.py::test_correlation_alone_would_miss_it). With 20 persons and loadings of
    .45 to .6 this finds the wrong order in 97 or more of 100 samples and blames a right one in at most 1.

    Parameters
    ----------
    items : pd.DataFrame, shape (n, n_items)
        One row per person, columns named after the items, NaN for "not answered". Not modified.
    scale, choice
        As in `score_scale`.
    min_persons : int
        Fewer persons with every item answered than this cannot try a key.

    Raises
    ------
    DataProblem
        The answers contradict the key; the message names the key that fits better, if there is one.
    NotEstimable
        "persons": too few persons with every item answered. "variation": they all answer alike.
    ParameterProblem
        As in `plan_scoring`.
    """
    plan = plan_scoring(scale, choice=choice)
    refuse_missing_items(plan, items.columns)
    refuse_outside(plan, items[list(plan.items)])
    complete = items[list(plan.items)].dropna().to_numpy(dtype=float)
    if len(complete) < min_persons:
        raise NotEstimable("persons", needed=min_persons, found=len(complete))
    alphas = {name: _alpha(complete, plan, name) for name in plan.scale.keys}
    if np.isnan(list(alphas.values())).any():
        raise NotEstimable("variation")
    check = KeyCheck(
        key=plan.key_name,
        n=len(complete),
        correlation=_correlation(complete, plan),
        alpha=alphas[plan.key_name],
    )
    _refuse_contradicted(check, plan, alphas)
    return check


def _keyed(complete: NDArray[np.float64], plan: ScoringPlan) -> NDArray[np.float64]:
    """Answers with the plan's items turned."""
    return turn(complete, plan.scores[0].turned, low=plan.coding.low, high=plan.coding.high)


def _alpha(complete: NDArray[np.float64], plan: ScoringPlan, key: str) -> float:
    """Alpha if `key` were the right one."""
    other = plan_scoring(plan.scale, choice=ScaleChoice(key=key, coding=plan.coding_name))
    return alpha_from_covariance(np.cov(_keyed(complete, other), rowvar=False))


def _correlation(complete: NDArray[np.float64], plan: ScoringPlan) -> float | None:
    """Correlation between the reversed items, after reversing, and the rest."""
    reversed_items = np.array([number in plan.key.reversed for number in range(1, complete.shape[1] + 1)])
    if reversed_items.all() or not reversed_items.any():
        return None
    keyed = _keyed(complete, plan)
    halves = keyed[:, reversed_items].mean(axis=1), keyed[:, ~reversed_items].mean(axis=1)
    if min(np.ptp(half) for half in halves) == 0:
        raise NotEstimable("variation")
    return float(np.corrcoef(*halves)[0, 1])


def _refuse_contradicted(check: KeyCheck, plan: ScoringPlan, alphas: Mapping[str, float]) -> None:
    """Raise DataProblem if another key fits the answers as well or better."""
    others = [name for name in alphas if name != check.key]
    best = max(others, key=lambda name: alphas[name])
    if alphas[best] >= check.alpha:
        raise DataProblem(
            f"Scale {plan.scale.name!r}: the answers of {check.n} persons contradict key={check.key!r}. "
            f"They fit key={best!r} better: look at the form, and name that key if it is the one."
        )
