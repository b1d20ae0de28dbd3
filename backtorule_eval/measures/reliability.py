"""How consistently do the items of a scale answer together? Cronbach's alpha with Feldt's interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from backtorule_eval.errors import NotEstimable

MIN_ITEMS = 2
MIN_PERSONS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Alpha:
    """Cronbach's alpha.

    Attributes
    ----------
    value, low, high : float
        At most 1; `value` is below 0 if the items run against each other, as they do under a wrong key.
    level : float
        Level of the interval.
    n : int
        Persons who answered every item: those the number and its interval rest on.
    n_incomplete : int
        Persons left out because an answer is missing.
    n_items : int
    """

    value: float
    low: float
    high: float
    level: float
    n: int
    n_incomplete: int
    n_items: int


def alpha_from_covariance(covariance: NDArray[np.float64]) -> float:
    """Alpha of the items with this covariance matrix: k/(k-1) (1 - sum of variances / variance of the sum).

    Cronbach (1951). NaN if the sum of the items does not vary.
    """
    k = len(covariance)
    total = float(covariance.sum())
    return k / (k - 1) * (1 - float(np.trace(covariance)) / total) if total > 0 else np.nan


def cronbach_alpha(items: pd.DataFrame, *, level: float = 0.95, min_persons: int = MIN_PERSONS) -> Alpha:
    """How consistently do people answer the items of this scale?

    alpha = k/(k-1) (1 - sum of item variances / variance of the sum), Cronbach (1951), over persons who
    answered every item; interval of Feldt (1965; Feldt, Woodruff & Salih 1987): 1 - (1 - alpha) F, with
    quantiles of F(n - 1, (n - 1)(k - 1)) and n counted after incomplete persons are left out. The interval
    takes the answers as normal with equal covariances, and is too sure of itself where that is far off.

    Parameters
    ----------
    items : pd.DataFrame, shape (n, k)
        One row per person, one numeric column per item, turned already; NaN for "not answered". Not modified.
    level : float
        Level of the interval, between 0 and 1.
    min_persons : int
        Fewer complete persons than this are refused.

    Raises
    ------
    NotEstimable
        "items": fewer than two items. "persons": too few complete persons. "variation": the sum does not
        vary.

    Notes
    -----
    Agrees with the formulas of R's ``psych::alpha`` and ``psych::alpha.ci`` written out in base R;
    tests/measures/test_reliability.py::test_agrees_with_r.
    """
    k = items.shape[1]
    if k < MIN_ITEMS:
        raise NotEstimable("items", needed=MIN_ITEMS, found=k)
    complete = items.dropna().to_numpy(dtype=float)
    n = len(complete)
    if n < min_persons:
        raise NotEstimable("persons", needed=min_persons, found=n)
    value = alpha_from_covariance(np.cov(complete, rowvar=False))
    if np.isnan(value):
        raise NotEstimable("variation")
    tail = (1 - level) / 2
    upper, lower = stats.f.ppf([1 - tail, tail], n - 1, (n - 1) * (k - 1))
    return Alpha(
        value=value,
        low=float(1 - (1 - value) * upper),
        high=float(1 - (1 - value) * lower),
        level=level,
        n=n,
        n_incomplete=len(items) - n,
        n_items=k,
    )
