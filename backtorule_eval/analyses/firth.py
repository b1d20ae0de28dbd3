"""Logistic regression when events are few: Firth's penalty, and risks that average right."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import qr, solve_triangular
from scipy.optimize import brentq
from scipy.special import expit, logit

from backtorule_eval.analyses.logit import LogitFit, check_rows, log_likelihood, refuse_collinear
from backtorule_eval.analyses.penalised_likelihood import climb, covariance, penalised_likelihood

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class FirthFit:
    """A logistic regression fitted with Firth's penalty: p coefficients on n rows.

    Attributes
    ----------
    coef : (p,) array
        Log odds, in the order of the columns; finite also when the outcome is separated.
    cov : (p, p) array
        Inverse of the information at `coef`, the penalty left out of it. A Wald interval made of it is too
        short on one side when events are few; use `firth_profile.profile_contrast`.
    penalised_loglik : float
        Log likelihood plus half the log determinant of the information, at `coef`.
    n, n_events : int
        Rows, and rows with outcome 1.
    n_iterations : int
        Newton steps taken.
    """

    coef: Floats
    cov: Floats
    penalised_loglik: float
    n: int
    n_events: int
    n_iterations: int


def fit_firth(*, x: ArrayLike, y: ArrayLike, names: tuple[str, ...] = ()) -> FirthFit:
    """Which log odds make the outcomes seen most likely, less the bias that few events bring?

    The estimand is that of `fit_logit`: log odds ratios given the other columns. The log likelihood plus
    half the log determinant of the information (Jeffreys' prior) is maximised, which takes away the bias of
    order 1/n of maximum likelihood (Firth 1993) and gives finite log odds under separation too (Heinze &
    Schemper 2002). Newton's method; a step is halved while the penalised likelihood falls.

    Parameters
    ----------
    x : (n, p) array
        One row per person, one column per coefficient, the constant included. No missing values.
    y : (n,) array
        1 with the event, 0 without.
    names : tuple of str, length p
        Names of the columns, for the message when some of them depend on each other.

    Raises
    ------
    NotEstimable
        "outcome_does_not_vary"; "collinear", naming the columns that depend on each other; "not_converged".
    ValueError
        Shapes that do not fit, missing values, or outcomes other than 0 and 1.

    Notes
    -----
    Under separation the size of a log odds comes from the penalty more than from the data: `is_separated`
    tells, and the page has to. Risks predicted from `coef` average too near one half: `correct_intercept`
    first.

    Agrees with R's ``brglm2::brglmFit(type = "AS_mean")``, whose correction is this penalty for this link,
    to 1e-6 in coefficients and standard errors, with separation and without;
    tests/analyses/test_firth.py::test_agrees_with_brglm2.
    """
    matrix, sign = check_rows(np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64))
    refuse_collinear(matrix, names or tuple(f"column {i}" for i in range(matrix.shape[1])))
    basis, root = qr(matrix, mode="economic")
    every = np.eye(basis.shape[1])
    turned, n_iterations = climb(basis, sign, np.zeros(len(every)), every)
    return FirthFit(
        coef=solve_triangular(root, turned),
        cov=covariance(basis, root, basis @ turned),
        penalised_loglik=penalised_likelihood(basis, sign, turned)
        + float(np.log(np.abs(np.diag(root))).sum()),
        n=len(sign),
        n_events=int((sign > 0).sum()),
        n_iterations=n_iterations,
    )


def correct_intercept(fit: FirthFit, *, x: ArrayLike, y: ArrayLike, constant: int = 0) -> LogitFit:
    """Which intercept makes the predicted risks average to the share seen, all other log odds as they are?

    Firth's penalty pulls predicted risks towards one half. FLIC (Puhr, Heinze, Nold, Lusa & Geroldinger
    2017) keeps the penalised slopes and estimates the intercept again by maximum likelihood, after which
    the predicted risks add up to the events.

    Parameters
    ----------
    fit : FirthFit
    x, y : (n, p) and (n,) array
        What it was fitted to.
    constant : int
        Position of the column of ones.

    Returns
    -------
    LogitFit
        For `risk_contrast` and predicted risks. `cov` is the inverse of the information, and `loglik` the log
        likelihood without penalty, both at the corrected coefficients. For log odds use `fit` itself.

    Raises
    ------
    ValueError
        The column is not of ones.

    Notes
    -----
    Agrees with R's ``glm(y ~ offset(...))`` on the slopes of brglm2 to 1e-6 in intercept and risks;
    tests/analyses/test_firth.py::test_flic_agrees_with_r.
    """
    matrix, sign = check_rows(np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64))
    if not (matrix[:, constant] == 1.0).all():
        raise ValueError(f"Column {constant} must be the constant, one in every row.")
    rest = matrix @ fit.coef - fit.coef[constant]
    share = fit.n_events / fit.n
    # With the share as everybody's risk at either end, the average risk is on the wrong side of it at both.
    ends = logit(share) - np.array([rest.max() + 1.0, rest.min() - 1.0])
    found = brentq(lambda intercept: float(expit(rest + intercept).mean()) - share, *ends, xtol=1e-12)
    coef = np.where(np.arange(len(fit.coef)) == constant, found, fit.coef)
    log_odds = matrix @ coef
    basis, root = qr(matrix, mode="economic")
    return LogitFit(
        coef=coef,
        cov=covariance(basis, root, log_odds),
        loglik=log_likelihood(log_odds, sign),
        n=fit.n,
        n_events=fit.n_events,
        n_iterations=fit.n_iterations,
    )
