"""How reliable is the sum of a scale's items if one thing is behind them? Omega total."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit, logit
from scipy.stats import norm

from backtorule_eval.analyses.factors.fit import FactorFit
from backtorule_eval.analyses.factors.model import one_group
from backtorule_eval.analyses.factors.supported import fit_supported
from backtorule_eval.errors import NotEstimable

MIN_ITEMS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Omega:
    """Omega total of one scale, between 0 and 1.

    Attributes
    ----------
    value, low, high, std_error, level : float
    n, n_incomplete : int
        Persons who answered every item, and those left out.
    n_items : int
    """

    value: float
    low: float
    high: float
    std_error: float
    level: float
    n: int
    n_incomplete: int
    n_items: int


def omega_total(items: pd.DataFrame, *, level: float = 0.95) -> Omega:
    """Which share of the variance of the items' sum is that of the one thing behind them?

    Of a congeneric model (one factor, own loading and residual for each item) fitted by maximum likelihood:
    (sum of loadings)^2 / ((sum of loadings)^2 + sum of residual variances), Raykov (1997); McDonald's (1999)
    omega. Not the omega of a bifactor or Schmid-Leiman solution. Interval by the delta method on the logit,
    from standard errors that do not take the answers as normal.

    Parameters
    ----------
    items : pd.DataFrame, shape (n, k)
        One row per person, one numeric column per item, turned already; NaN for "not answered". Not modified.
    level : float
        Level of the interval.

    Raises
    ------
    NotEstimable
        "items": fewer than three. As `fit_supported`.

    Notes
    -----
    Agrees with R's ``semTools::compRelSEM(obs.var = FALSE)``, its standard error with lavaan's of the same
    formula as a defined parameter; tests/analyses/test_omega.py.
    """
    if items.shape[1] < MIN_ITEMS:
        raise NotEstimable("items", needed=MIN_ITEMS, found=items.shape[1])
    named = items.set_axis([f"item{i}" for i in range(items.shape[1])], axis=1)
    fit = fit_supported(one_group({"factor": tuple(named.columns)}), [named])
    value, std_error = omega_of_factor(fit, "factor")
    reach = norm.ppf((1 + level) / 2) * std_error / (value * (1 - value))
    low, high = (float(expit(logit(value) + side * reach)) for side in (-1, 1))
    return Omega(
        value=value,
        low=low,
        high=high,
        std_error=std_error,
        level=level,
        n=fit.n,
        n_incomplete=fit.n_incomplete,
        n_items=items.shape[1],
    )


def omega_of_factor(fit: FactorFit, factor: str, *, group: int = 0) -> tuple[float, float]:
    """Return omega total of the items of one factor in a fitted model, and its standard error.

    For items that load on this factor alone and whose residuals do not correlate.
    """
    column, pattern = fit.model.factors.index(factor), fit.model.groups[group]
    own = np.nonzero((pattern.loadings.parameter[:, column] >= 0) | (pattern.loadings.fixed[:, column] != 0))[
        0
    ]
    slope = np.zeros(len(fit.values))
    loadings = pattern.loadings.fill(fit.values)[own, column]
    variance = float(pattern.factors.fill(fit.values)[column, column])
    true, rest = loadings.sum() ** 2 * variance, np.diag(pattern.residuals.fill(fit.values))[own].sum()
    for parameter, (i, j) in pattern.loadings.free():
        if j == column and i in own:
            slope[parameter] += 2 * loadings.sum() * variance * rest
    for parameter, (i, j) in pattern.factors.free():
        if i == j == column:
            slope[parameter] += loadings.sum() ** 2 * rest
    for parameter, (i, j) in pattern.residuals.free():
        if i == j and i in own:
            slope[parameter] -= true
    slope /= (true + rest) ** 2
    return float(true / (true + rest)), float(np.sqrt(slope @ fit.robust_covariance @ slope))
