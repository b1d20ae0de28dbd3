"""How consistently do the items of a scale answer together? Cronbach's alpha, with intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from backtorule_eval.errors import NotEstimable
from backtorule_eval.measures.polychoric import polychoric

MIN_ITEMS = 2
MIN_PERSONS = 10
# Fewer draws than this leave the ends of a 95 % interval to a handful of them.
MIN_DRAWS = 200


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


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdinalAlpha:
    """Alpha of the normal variables thought to lie behind the answers; not the reliability of the score.

    Attributes
    ----------
    value : float
    n, n_incomplete, n_items : int
        As in `Alpha`.
    """

    value: float
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
    complete = _complete(items, min_persons)
    n, k = complete.shape
    value = _alpha(complete)
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


def bootstrap_alpha(
    items: pd.DataFrame,
    *,
    draws: NDArray[np.intp],
    level: float = 0.95,
    min_persons: int = MIN_PERSONS,
) -> Alpha:
    """How consistently do people answer, with an interval that takes nothing as normal?

    Percentile interval over draws of persons (Efron 1979; quantiles by linear interpolation). With few
    persons it is too short, and Feldt's interval is the better one: `cronbach_alpha`.

    Parameters
    ----------
    items : pd.DataFrame, shape (n, k)
        As for `cronbach_alpha`.
    draws : (b, m) integer array
        Row numbers among the complete persons, one row per draw of m = n of them; see `draw_persons`.
    level : float
        Level of the interval.
    min_persons : int
        Fewer complete persons than this are refused.

    Raises
    ------
    NotEstimable
        As `cronbach_alpha`; "variation" also if the sum does not vary in a draw.
    ValueError
        Fewer than `MIN_DRAWS` draws, or draws that are not of n persons.

    Notes
    -----
    Agrees with R on the same draws; tests/measures/test_reliability.py::test_bootstrap_agrees_with_r.
    """
    complete = _complete(items, min_persons)
    n, k = complete.shape
    if len(draws) < MIN_DRAWS or draws.shape[1] != n:
        raise ValueError(f"Draws must be at least {MIN_DRAWS}, each of {n} persons.")
    centred = complete - complete.mean(axis=0)
    times = np.array([np.bincount(draw, minlength=n) for draw in draws], dtype=float)
    columns = np.column_stack([centred, centred.sum(axis=1)])
    variances = (times @ columns**2 - (times @ columns) ** 2 / n) / (n - 1)
    if not (variances[:, -1] > 0).all():
        raise NotEstimable("variation")
    alphas = k / (k - 1) * (1 - variances[:, :-1].sum(axis=1) / variances[:, -1])
    tail = (1 - level) / 2
    low, high = (float(end) for end in np.quantile(alphas, [tail, 1 - tail]))
    value, left_out = _alpha(complete), len(items) - n
    return Alpha(value=value, low=low, high=high, level=level, n=n, n_incomplete=left_out, n_items=k)


def draw_persons(n: int, *, draws: int, rng: np.random.Generator) -> NDArray[np.intp]:
    """Draw `n` row numbers out of `n` with replacement, `draws` times: shape (draws, n)."""
    return rng.integers(0, n, size=(draws, n), dtype=np.intp)


def ordinal_alpha(items: pd.DataFrame, *, min_persons: int = MIN_PERSONS) -> OrdinalAlpha:
    """How consistent would the answers be if they were not in steps?

    Alpha of the polychoric correlations (Zumbo, Gadermann & Zeisser 2007). It tells what coarse answers cost;
    the sum of the answers as given is as reliable as `cronbach_alpha` says and no more (Chalmers 2018).

    Parameters
    ----------
    items, min_persons
        As for `cronbach_alpha`.

    Raises
    ------
    NotEstimable
        As `cronbach_alpha`, and as `polychoric`.

    Notes
    -----
    Agrees with R's ``psych::alpha`` on the correlations of ``lavaan::lavCor``;
    tests/measures/test_polychoric.py::test_ordinal_alpha_agrees_with_r.
    """
    _complete(items, min_persons)
    found = polychoric(items)
    value = alpha_from_covariance(found.correlations)
    return OrdinalAlpha(value=value, n=found.n, n_incomplete=found.n_incomplete, n_items=items.shape[1])


def _complete(items: pd.DataFrame, min_persons: int) -> NDArray[np.float64]:
    """Answers of those who answered every item; refused if items or persons are too few."""
    k = items.shape[1]
    if k < MIN_ITEMS:
        raise NotEstimable("items", needed=MIN_ITEMS, found=k)
    complete = items.dropna().to_numpy(dtype=float)
    if len(complete) < min_persons:
        raise NotEstimable("persons", needed=min_persons, found=len(complete))
    return complete


def _alpha(complete: NDArray[np.float64]) -> float:
    """Alpha of complete answers; refused if their sum does not vary."""
    value = alpha_from_covariance(np.cov(complete, rowvar=False))
    if np.isnan(value):
        raise NotEstimable("variation")
    return value
