"""Outcomes over waves: a linear mixed model of people measured several times, and its contrasts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtr, stdtrit

from backtorule_eval.analyses.contrast import Contrast
from backtorule_eval.analyses.logit import refuse_collinear
from backtorule_eval.analyses.mixed_likelihood import Waves, best_variances, curvature, gather, slopes
from backtorule_eval.analyses.support import require_support
from backtorule_eval.errors import NotEstimable

Floats = NDArray[np.float64]

# A standard deviation between people this small beside the one within (lme4's own line) is none.
SINGULAR = 1e-4
# Directions in which the likelihood bends less than this carry no information about the variances.
FLAT = 1e-8


@dataclass(frozen=True, slots=True, kw_only=True)
class MixedFit:
    """A linear mixed model by restricted maximum likelihood: p coefficients, q random effects per person.

    Attributes
    ----------
    coef : (p,) array
    cov : (p, p) array
        Of `coef`, by generalised least squares at the variances found.
    random : (q, q) array
        Covariance of the random effects between people.
    residual : float
        Variance within people.
    deviance : float
        Minus twice the restricted log likelihood.
    is_singular : bool
        A variance between people, or some combination of them, is zero: the model says that people do not
        differ there, which small data say easily. To be told beside the result.
    cov_slopes : (k, p, p) array
        Derivatives of `cov` in the k parameters of the variances.
    variance_cov : (k, k) array
        Covariance of those parameters.
    n_rows, n_persons : int
    """

    coef: Floats
    cov: Floats
    random: Floats
    residual: float
    deviance: float
    is_singular: bool
    cov_slopes: Floats
    variance_cov: Floats
    n_rows: int
    n_persons: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MixedContrast:
    """A contrast of a mixed model's coefficients, with Satterthwaite's degrees of freedom behind it."""

    contrast: Contrast
    df: float


def fit_mixed(*, x: ArrayLike, y: ArrayLike, random: ArrayLike, persons: ArrayLike) -> MixedFit:
    """How does an outcome go over the waves, when people differ in level and perhaps in course?

    The estimand is the coefficients of the mean: differences in means between people and waves, given the
    other columns. Restricted maximum likelihood with the variances profiled (Bates, Maechler, Bolker &
    Walker 2015), searched from several starts, two of which must lead to the same top.

    Parameters
    ----------
    x : (n, p) array
        One row per person and wave, the constant included; no missing values.
    y : (n,) array
    random : (n, q) array
        Columns whose coefficients differ between people: a constant, or a constant and the time.
    persons : (n,) array
        Who each row is of; any values that can be sorted.

    Raises
    ------
    NotEstimable
        "persons_with_two_waves", from ``support.yaml``; "waves" when people have no more rows than random
        effects; "collinear"; "variation" when nothing is left to explain; "not_converged".

    Notes
    -----
    statsmodels' MixedLM is not behind this: it reports convergence at wrong optima, coefficients of zero
    where the variance between people is, and standard errors from a Hessian that is not that of the
    coefficients, and it has no small-sample degrees of freedom. Agrees with R's ``lme4::lmer`` and
    ``lmerTest``, singular fits included; tests/analyses/test_mixed_model.py::test_agrees_with_lmertest.
    """
    matrix, outcome, effects = (np.asarray(a, dtype=np.float64) for a in (x, y, random))
    ids, member, size = np.unique(np.asarray(persons), return_inverse=True, return_counts=True)
    require_support("mixed_model", persons_with_two_waves=int((size > 1).sum()))
    if len(outcome) <= len(ids) * effects.shape[1]:
        raise NotEstimable("waves")
    refuse_collinear(matrix, tuple(f"column {i}" for i in range(matrix.shape[1])))
    waves = gather(matrix, outcome, effects, member)
    return _describe(waves, best_variances(waves))


def mixed_contrast(fit: MixedFit, *, weights: ArrayLike, level: float = 0.95) -> MixedContrast:
    """How large is a weighted sum of a mixed model's coefficients, and how sure is it?

    The null is that the sum is zero. Satterthwaite's degrees of freedom by the covariance of the variance
    parameters (Fai & Cornelius 1996; Kuznetsova, Brockhoff & Christensen 2017).

    Parameters
    ----------
    fit : MixedFit
    weights : (p,) array
        One per coefficient.
    level : float
        Level of the interval.

    Notes
    -----
    Agrees with R's ``lmerTest::contest1D``;
    tests/analyses/test_mixed_model.py::test_contrast_agrees_with_lmertest.
    """
    each = np.asarray(weights, dtype=np.float64)
    value, variance = float(each @ fit.coef), float(each @ fit.cov @ each)
    slope = np.array([each @ one @ each for one in fit.cov_slopes])
    df = 2 * variance**2 / float(slope @ fit.variance_cov @ slope)
    std_error = float(np.sqrt(variance))
    reach = float(stdtrit(df, 0.5 + level / 2)) * std_error
    contrast = Contrast(
        value=value,
        std_error=std_error,
        low=value - reach,
        high=value + reach,
        p_value=2.0 * float(stdtr(df, -abs(value) / std_error)),
    )
    return MixedContrast(contrast=contrast, df=df)


def _describe(waves: Waves, theta: Floats) -> MixedFit:
    """Make the fit at these variances, and what its degrees of freedom rest on."""
    profile = waves.profile(theta)
    root = waves.root(theta)
    parameters = np.append(theta, np.sqrt(profile.residual))
    bends, directions = np.linalg.eigh(curvature(waves.deviance_at, parameters))
    sound = bends > FLAT
    half = directions[:, sound] / np.sqrt(bends[sound])
    return MixedFit(
        coef=waves.turn @ profile.coef,
        cov=waves.cov_at(parameters),
        random=profile.residual * (root @ root.T),
        residual=profile.residual,
        deviance=profile.deviance,
        is_singular=bool(np.diag(root).min() < SINGULAR),
        cov_slopes=slopes(waves.cov_at, parameters),
        variance_cov=2.0 * half @ half.T,
        n_rows=waves.n_rows,
        n_persons=len(waves.zz),
    )
