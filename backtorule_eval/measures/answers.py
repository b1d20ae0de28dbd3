"""The arithmetic of answers, and the refusals that come before it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtorule_eval.errors import DataProblem
from backtorule_eval.measures.plan import ScoringPlan
from backtorule_eval.measures.scales import MethodName


def turn(answers: NDArray[np.float64], turned: Iterable[bool], *, low: int, high: int) -> NDArray[np.float64]:
    """Turn round the columns marked in `turned`, so that the lowest answer becomes the highest.

    Parameters
    ----------
    answers : array of shape (n, n_items)
        NaN stays NaN. Not modified.
    turned : iterable of bool, length n_items
    low, high : int
        Ends of the answers' range.
    """
    return np.where(np.array(tuple(turned)), low + high - answers, answers)


def person_scores(
    answers: NDArray[np.float64], *, method: MethodName, min_answered: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Score each row by its answered items.

    Parameters
    ----------
    answers : array of shape (n, n_items)
        Turned already; NaN for "not answered".
    method : {"mean", "sum", "converted"}
        "sum" (and "converted", before its table) is the mean times n_items: the plain sum if all are
        answered.
    min_answered : int
        Rows with fewer answers get NaN.

    Returns
    -------
    scores : array of shape (n,)
    n_answered : array of shape (n,)
    """
    n_answered = np.isfinite(answers).sum(axis=1)
    times = 1 if method == "mean" else answers.shape[1]
    scores = np.full(len(answers), np.nan)
    # Multiplied before divided: a whole sum then stays exactly whole, and meets a cut-off it equals.
    np.divide(np.nansum(answers, axis=1) * times, n_answered, out=scores, where=n_answered >= min_answered)
    return scores, n_answered


def refuse_outside(plan: ScoringPlan, answers: pd.DataFrame) -> None:
    """Raise DataProblem for answers outside the coding's range or between whole numbers."""
    coding = plan.coding
    wrong = answers.notna() & ~answers.isin(range(coding.low, coding.high + 1))
    counts = wrong.sum()
    if counts.any():
        by_item = ", ".join(f"{item} ({n})" for item, n in counts[counts > 0].items())
        raise DataProblem(
            f"Scale {plan.scale.name!r} with coding {plan.coding_name!r} has whole answers from {coding.low} "
            f"to {coding.high}; number of other answers by item: {by_item}. Recode them in the mapping, or "
            "name another coding."
        )


def refuse_missing_items(plan: ScoringPlan, present: Iterable[str]) -> None:
    """Raise DataProblem if the data lack an item: it may be another form of the scale."""
    if missing := sorted(set(plan.items) - set(present)):
        raise DataProblem(
            f"Scale {plan.scale.name!r} needs {len(plan.items)} items; the data lack {len(missing)}: "
            f"{', '.join(missing)}. If the form was another one, its items need other names in the mapping."
        )


def refuse_repeated(plan: ScoringPlan, rows: pd.DataFrame) -> None:
    """Raise DataProblem if an item stands twice for a person and wave."""
    if n := int(rows.duplicated(["person", "wave", "item"]).sum()):
        raise DataProblem(
            f"Scale {plan.scale.name!r}: {n} row(s) repeat an item of the same person and wave. "
            "Keep one of them in the source or in the mapping."
        )
