"""Contrasts of fitted coefficients: on the scale of the model, and in risk by g-computation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, ndtr, ndtri

from backtorule_eval.analyses.logit import LogitFit

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """One number made of coefficients, with its interval.

    Attributes
    ----------
    value, std_error, low, high : float
        In the unit of the contrast; whose interval it is (normal, Student's, profile) is for the function
        that made it to say.
    p_value : float
        Two-sided, of a value of zero; by the same statistic as the interval.
    """

    value: float
    std_error: float
    low: float
    high: float
    p_value: float


def linear_contrast(*, coef: Floats, cov: Floats, weights: ArrayLike, level: float = 0.95) -> Contrast:
    """How large is a weighted sum of coefficients, and how sure is it?

    Parameters
    ----------
    coef : (p,) array
    cov : (p, p) array
        Covariance of `coef`.
    weights : (p,) array
        One per coefficient; the null is that the weighted sum is zero.
    level : float
        Level of the interval (Wald).

    Notes
    -----
    Agrees with R by ``vcov`` and matrix algebra; tests/analyses/test_contrast.py::test_agrees_with_r.
    """
    each = np.asarray(weights, dtype=np.float64)
    return _wald(float(each @ coef), float(each @ cov @ each), level)


def risk_contrast(
    fit: LogitFit, *, x: Floats, up: tuple[int, ...], against: tuple[int, ...] = (), level: float = 0.95
) -> Contrast:
    """How much would the modelled risk differ if these columns, rather than those, were one unit higher?

    The estimand is a standardised risk difference (g-computation; Robins 1986): for each column of `up`
    everybody's value of it is raised by one, all else as it is, the modelled risks are averaged over the n
    people, and these averages are averaged over the columns of `up`; minus the same for `against`. When
    `against` is empty it is minus the average risk with everything as it is. It compares what the model
    says of different people; nothing here says that raising anything would change anyone's risk.

    Parameters
    ----------
    fit : LogitFit
    x : (n, p) array
        The design matrix it was fitted to.
    up, against : tuple of int
        Positions of columns in `x`; one unit is one standard deviation when the column is standardised.
    level : float
        Level of the interval.

    Returns
    -------
    Contrast
        A share: 0.05 is five percentage points. Standard error by the delta method, for these n people: the
        coefficients are uncertain, who the people are is not.

    Notes
    -----
    Agrees with R by hand in base R; tests/analyses/test_contrast.py::test_agrees_with_r.
    """
    first, slope_first = average_risk(x, fit.coef, [(column,) for column in up])
    second, slope_second = average_risk(x, fit.coef, [(column,) for column in against])
    return wald(first - second, slope_first - slope_second, cov=fit.cov, level=level)


def average_risk(x: Floats, coef: Floats, moves: Sequence[Sequence[int]]) -> tuple[float, Floats]:
    """What is the average modelled risk if these columns were one higher, and its slope in the coefficients?

    Parameters
    ----------
    x : (n, p) array
        Those whose risks are averaged.
    coef : (p,) array
    moves : sequence of sequences of int
        The columns of each move are raised together, for everybody; risks are averaged over moves too. None:
        the risk with everything as it is.

    Returns
    -------
    risk, slope : float, (p,) array
    """
    risk, slope = 0.0, np.zeros(len(coef))
    for columns in moves or [()]:
        moved = x + np.bincount(columns, minlength=x.shape[1]) if len(columns) else x
        each = expit(moved @ coef)
        risk += float(each.mean())
        slope += (each * (1 - each)) @ moved / len(x)
    n_moves = max(len(moves), 1)
    return risk / n_moves, slope / n_moves


def wald(value: float, slope: Floats, *, cov: Floats, level: float = 0.95) -> Contrast:
    """Make a contrast of a value and its slope in the coefficients, by the delta method."""
    return _wald(value, float(slope @ cov @ slope), level)


def _wald(value: float, variance: float, level: float) -> Contrast:
    """Value, standard error and normal interval; a variance of zero is an exact number."""
    std_error = float(np.sqrt(max(variance, 0.0)))
    reach = float(ndtri(0.5 + level / 2)) * std_error
    p_value = 2.0 * float(ndtr(-abs(value) / std_error)) if std_error > 0 else float(value == 0)
    return Contrast(value=value, std_error=std_error, low=value - reach, high=value + reach, p_value=p_value)
