"""Fit a factor model by maximum likelihood, with Satorra and Bentler's correction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import chi2

from backtorule_eval.analyses.factors.model import FactorModel
from backtorule_eval.analyses.factors.moments import Sample, misfit, slopes, spread
from backtorule_eval.errors import NotEstimable

Floats = NDArray[np.float64]

# Stop when a full step would bring no parameter a billionth of a person's standard error further.
CLOSE = 1e-18
MAX_STEPS = 1000
# A misfit that differs by less than this differs by rounding.
ROUNDING = 1e-12
# Information with a larger ratio of eigenvalues (after scaling) than this does not tell parameters apart.
SINGULAR = 1e12


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorFit:
    """A fitted factor model.

    Attributes
    ----------
    model : FactorModel
    samples : tuple of Sample
        The complete answers, by group.
    values : (t,) array
        In the order of `model.parameters`.
    covariance, robust_covariance : (t, t) arrays
        Of the estimates, under normality and without it.
    misfit : float
        The discrepancy at its minimum.
    chi2, df, p_value : float, int, float
        n times the misfit against a chi-square; p-value NaN without degrees of freedom.
    scaling : float
        Satorra and Bentler's factor c; the scaled statistic is ``chi2 / c``. NaN without degrees of freedom.
    n, n_incomplete : int
        Persons used, and left out because an answer is missing.
    improper : tuple of str
        What cannot be: ``x~~x`` of a negative variance, or "residuals" or "factors" when their covariances
        contradict each other. A fit with any of it is not to be interpreted.
    """

    model: FactorModel = field(repr=False)
    samples: tuple[Sample, ...] = field(repr=False)
    values: Floats = field(repr=False)
    covariance: Floats = field(repr=False)
    robust_covariance: Floats = field(repr=False)
    misfit: float
    chi2: float
    df: int
    p_value: float
    scaling: float
    n: int
    n_incomplete: int
    improper: tuple[str, ...]

    @property
    def std_errors(self) -> Floats:
        """Standard errors under normality."""
        return np.sqrt(np.diag(self.covariance))

    @property
    def robust_std_errors(self) -> Floats:
        """Standard errors that do not take the answers as normal."""
        return np.sqrt(np.diag(self.robust_covariance))

    @property
    def scaled_chi2(self) -> float:
        """Satorra and Bentler's statistic."""
        return self.chi2 / self.scaling

    @property
    def scaled_p_value(self) -> float:
        """P-value of the scaled statistic."""
        return float(chi2.sf(self.scaled_chi2, self.df)) if self.df else np.nan

    def value(self, parameter: str) -> float:
        """Return one estimate by name."""
        return float(self.values[self.model.parameters.index(parameter)])


def fit_factors(model: FactorModel, data: Sequence[pd.DataFrame]) -> FactorFit:
    """How well do a few things behind the answers account for how the items go together?

    Maximum likelihood under normality by Fisher scoring with the analytic gradient, until the gradient is
    zero; test and standard errors also without normality (Satorra & Bentler 1994, expected information). Only
    persons who answered every item. No support rule: that is
    `fit_supported`.

    Parameters
    ----------
    model : FactorModel
    data : sequence of pd.DataFrame
        One per group, with the model's items among the columns; NaN for "not answered". Not modified.

    Raises
    ------
    NotEstimable
        "variation": covariances of a group are singular (an item that does not vary, fewer persons than
        items). "not_identified": the data do not tell the parameters apart. "not_converged".

    Notes
    -----
    Agrees with R's ``lavaan::cfa(estimator = "MLM")``; tests/analyses/test_factors.py.
    """
    samples, n_incomplete = _read(model, data)
    return fit_sample(model, samples, n_incomplete=n_incomplete)


def fit_sample(model: FactorModel, samples: tuple[Sample, ...], *, n_incomplete: int = 0) -> FactorFit:
    """Fit the model to samples that were read before; as `fit_factors`."""
    values = _search(model, samples)
    n = sum(sample.n for sample in samples)
    distance = misfit(model, samples, values)
    covariance = np.linalg.inv(slopes(model, samples, values)[1])
    scores, trace = spread(model, samples, values)
    df, statistic = model.df, n * distance
    return FactorFit(
        model=model,
        samples=samples,
        values=values,
        covariance=covariance / n,
        robust_covariance=covariance @ scores @ covariance / n,
        misfit=distance,
        chi2=statistic,
        df=df,
        p_value=float(chi2.sf(statistic, df)) if df else np.nan,
        scaling=(trace - float(np.trace(covariance @ scores))) / df if df else np.nan,
        n=n,
        n_incomplete=n_incomplete,
        improper=_improper(model, values),
    )


def _read(model: FactorModel, data: Sequence[pd.DataFrame]) -> tuple[tuple[Sample, ...], int]:
    """Moments of the complete answers of each group, and how many were not complete."""
    samples, left_out = [], 0
    for frame in data:
        complete = frame.loc[:, list(model.items)].dropna().to_numpy(dtype=np.float64)
        left_out += len(frame) - len(complete)
        if len(complete) <= len(model.items):
            raise NotEstimable("variation")
        sample = Sample.of(complete)
        sizes = np.sqrt(np.diag(sample.covariance))
        if not (sizes > 0).all() or np.linalg.cond(sample.covariance / np.outer(sizes, sizes)) > SINGULAR:
            raise NotEstimable("variation")
        samples.append(sample)
    return tuple(samples), left_out


def _search(model: FactorModel, samples: tuple[Sample, ...]) -> Floats:
    """Parameter values with the smallest misfit, by Fisher scoring with shortened steps."""
    values = _start(model, samples)
    now = misfit(model, samples, values)
    for _ in range(MAX_STEPS):
        gradient, information = slopes(model, samples, values)
        sizes = np.sqrt(np.diag(information))
        if not (sizes > 0).all() or np.linalg.cond(information / np.outer(sizes, sizes)) > SINGULAR:
            raise NotEstimable("not_identified")
        step = np.linalg.solve(information, gradient) / 2
        if float(gradient @ step) < CLOSE:
            return values
        length = 1.0
        while not misfit(model, samples, values - length * step) <= now + ROUNDING:
            length /= 2
            if length < ROUNDING:
                raise NotEstimable("not_converged")
        values = values - length * step
        now = misfit(model, samples, values)
    raise NotEstimable("not_converged")


def _start(model: FactorModel, samples: tuple[Sample, ...]) -> Floats:
    """Starting values: half of each item's variance is its factor's, and factors hardly correlate."""
    values = np.zeros(len(model.parameters))
    for pattern, sample in zip(reversed(model.groups), reversed(samples), strict=True):
        deviation = np.sqrt(np.diag(sample.covariance))
        # Twice the variance of each factor, as a deviation: that of its first item where this gives the unit.
        unit = np.full(len(model.factors), np.sqrt(2))
        for i, j in zip(*np.nonzero(pattern.loadings.fixed), strict=True):
            unit[j] = deviation[i]
        for parameter, (i, j) in pattern.loadings.free():
            values[parameter] = deviation[i] / unit[j]
        for parameter, (j, k) in pattern.factors.free():
            values[parameter] = unit[j] * unit[k] / 2 * (1.0 if j == k else 0.1)
        for parameter, (i, j) in pattern.residuals.free():
            values[parameter] = deviation[i] ** 2 / 2 if i == j else 0.0
        for parameter, (i,) in pattern.intercepts.free():
            values[parameter] = sample.mean[i]
    return values


def _improper(model: FactorModel, values: Floats) -> tuple[str, ...]:
    """Name what cannot be: negative variances, contradictory covariances of residuals or factors."""
    found: list[str] = []
    for pattern in model.groups:
        residuals, factors = pattern.residuals.fill(values), pattern.factors.fill(values)
        found.extend(
            model.parameters[pattern.residuals.parameter[i, i]]
            for i in np.nonzero(np.diag(residuals) <= 0)[0]
        )
        if (np.diag(residuals) > 0).all() and np.linalg.eigvalsh(residuals)[0] <= 0:
            found.append("residuals")
        if len(factors) and np.linalg.eigvalsh(factors)[0] <= 0:
            found.append("factors")
    return tuple(dict.fromkeys(found))
