"""Intervals and p-values from the profile of the penalised likelihood: logistic regression, few events."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import qr, solve_triangular
from scipy.optimize import brentq
from scipy.special import chdtrc, chdtri

from backtorule_eval.analyses.contrast import Contrast
from backtorule_eval.analyses.firth import FirthFit
from backtorule_eval.analyses.logit import check_rows, information
from backtorule_eval.analyses.penalised_likelihood import climb, penalised_likelihood
from backtorule_eval.errors import NotEstimable

Floats = NDArray[np.float64]

# A limit of a profile interval lies within 2^20 standard errors or is not found.
DOUBLINGS = 20
# A rise of the penalised likelihood above the fit's own that is no rounding.
HIGHER = 1e-6


def profile_contrast(
    fit: FirthFit, *, x: ArrayLike, y: ArrayLike, weights: ArrayLike, level: float = 0.95
) -> Contrast:
    """Which values of a weighted sum of log odds do the data not speak against?

    Those at which the penalised likelihood, maximised over everything else, is not further below its maximum
    than chi-squared with one degree of freedom allows (Heinze & Schemper 2002). Such an interval need not be
    symmetric and holds what a Wald interval leaves out when events are few.

    Parameters
    ----------
    fit : FirthFit
    x, y : (n, p) and (n,) array
        What it was fitted to.
    weights : (p,) array
        One per coefficient, not all zero; the null is that the weighted sum is zero. For one coefficient
        alone: 1 there, 0 elsewhere.
    level : float
        Level of the interval.

    Returns
    -------
    Contrast
        In log odds. The interval is the profile's and `p_value` the penalised likelihood ratio's;
        `std_error` comes from `fit.cov` and belongs to neither.

    Raises
    ------
    NotEstimable
        "not_converged", when a limit is not found, or when the penalised likelihood is found to be higher
        somewhere else than at `fit.coef`: with about as many coefficients as people it can have several tops.
    ValueError
        All weights are zero.

    Notes
    -----
    Agrees to 1e-6 with R, where the penalised likelihood is written out and maximised by ``optim``;
    tests/analyses/test_firth.py::test_profile_agrees_with_r.
    """
    each = np.asarray(weights, dtype=np.float64)
    if not each.any():
        raise ValueError("At least one weight must differ from zero.")
    value, std_error = float(each @ fit.coef), float(np.sqrt(each @ fit.cov @ each))
    profile = _profile(fit, np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64), each)
    reach = float(chdtri(1, 1 - level))
    low, high = (_limit(profile, value, side * std_error, reach) for side in (-1.0, 1.0))
    p_value = float(chdtrc(1, max(profile(0.0), 0.0)))
    return Contrast(value=value, std_error=std_error, low=low, high=high, p_value=p_value)


def _profile(fit: FirthFit, x: Floats, y: Floats, weights: Floats) -> Callable[[float], float]:
    """Twice the fall of the penalised likelihood from its top, by the value the weighted sum is held at."""
    matrix, sign = check_rows(x, y)
    basis, root = qr(matrix, mode="economic")
    # In the basis the weighted sum is a multiple of one direction; the rest is free to move.
    held = solve_triangular(root, weights, trans="T")
    free = np.linalg.qr(held[:, None], mode="complete")[0][:, 1:]
    best = root @ fit.coef
    top = penalised_likelihood(basis, sign, best)
    along = np.linalg.solve(information(basis, basis @ best), held)
    along /= held @ along

    def fall(value: float) -> float:
        near, plain = best + (value - float(held @ best)) * along, value * held / (held @ held)
        start = max(near, plain, key=lambda coef: penalised_likelihood(basis, sign, coef))
        found, _ = climb(basis, sign, start, free)
        fallen = 2.0 * (top - penalised_likelihood(basis, sign, found))
        if fallen < -HIGHER:
            raise NotEstimable("not_converged")
        return fallen

    return fall


def _limit(profile: Callable[[float], float], value: float, step: float, reach: float) -> float:
    """Where the profile has fallen by as much as chi-squared allows, in the direction of the step."""
    inside = value
    for doubling in range(DOUBLINGS):
        outside = value + step * 2.0**doubling
        if profile(outside) > reach:
            return float(brentq(lambda at: profile(at) - reach, inside, outside, xtol=1e-12 * abs(step)))
        inside = outside
    raise NotEstimable("not_converged", needed=DOUBLINGS, found=DOUBLINGS)
