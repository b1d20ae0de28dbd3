"""Logistic regression by maximum likelihood, on arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import cho_factor, cho_solve, qr, solve_triangular, svd
from scipy.optimize import linprog
from scipy.special import expit

from backtorule_eval.errors import NotEstimable

Floats = NDArray[np.float64]

MAX_ITERATIONS = 50
HALVINGS = 30
# Newton's decrement is the length of the next step in standard errors; the step after one of 1e-9 changes
# nothing.
CONVERGED = 1e-9
# A singular value this small beside the largest, columns scaled to length one, is a dependency and not data.
COLLINEAR = 1e-9
# A log odds beyond this (three in ten million) is either separation or a very long tail; the check below
# decides.
SUSPICIOUS_LOG_ODDS = 15.0
SEPARATED = 1e-5


@dataclass(frozen=True, slots=True, kw_only=True)
class LogitFit:
    """A fitted logistic regression with p coefficients on n rows; one that exists has converged.

    Attributes
    ----------
    coef : (p,) array
        Log odds, in the order of the columns.
    cov : (p, p) array
        Inverse of the information at `coef` (observed and expected are the same for this link).
    loglik : float
        Log likelihood at `coef`.
    n, n_events : int
        Rows, and rows with outcome 1.
    n_iterations : int
        Newton steps taken.
    """

    coef: Floats
    cov: Floats
    loglik: float
    n: int
    n_events: int
    n_iterations: int


def fit_logit(*, x: ArrayLike, y: ArrayLike, names: tuple[str, ...] = ()) -> LogitFit:
    """Which log odds make the outcomes seen most likely?

    Newton's method on the log likelihood, which is Fisher scoring for this link (McCullagh & Nelder 1989,
    section 4.4), in an orthonormal basis of the columns; a step is halved while the likelihood falls.

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
        "outcome_does_not_vary"; "collinear", naming the columns that depend on each other; "separation": a
        combination of the columns foretells the outcome without error in some rows, so that the most likely
        log odds are infinite (Albert & Anderson 1984; found by the linear programme of Konis 2007);
        "not_converged".
    ValueError
        Shapes that do not fit, missing values, or outcomes other than 0 and 1.

    Notes
    -----
    Agrees with R's ``glm(..., control = glm.control(epsilon = 1e-14))`` to 1e-8 in coefficients and
    standard errors; tests/analyses/test_logit.py::test_agrees_with_r_glm.
    """
    matrix, sign = check_rows(np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64))
    refuse_collinear(matrix, names or tuple(f"column {i}" for i in range(matrix.shape[1])))
    basis, root = qr(matrix, mode="economic")
    turned, n_iterations, converged = _maximise(basis, sign)
    log_odds = basis @ turned
    suspicious = not converged or float(np.abs(log_odds).max()) > SUSPICIOUS_LOG_ODDS
    if suspicious and is_separated(x=matrix, sign=sign):
        raise NotEstimable("separation")
    if not converged:
        raise NotEstimable("not_converged", needed=MAX_ITERATIONS, found=n_iterations)
    half = solve_triangular(root, np.linalg.inv(np.linalg.cholesky(information(basis, log_odds))).T)
    return LogitFit(
        coef=solve_triangular(root, turned),
        cov=half @ half.T,
        loglik=log_likelihood(log_odds, sign),
        n=len(sign),
        n_events=int((sign > 0).sum()),
        n_iterations=n_iterations,
    )


def is_separated(*, x: Floats, sign: Floats) -> bool:
    """Tell whether some combination of the columns never points the wrong way and somewhere the right way.

    Parameters
    ----------
    x : (n, p) array
    sign : (n,) array
        1 for rows with the event, -1 for rows without.
    """
    rows = sign[:, None] * x / np.linalg.norm(x, axis=0)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    found = linprog(-rows.sum(axis=0), A_ub=-rows, b_ub=np.zeros(len(rows)), bounds=(-1, 1), method="highs")
    # A programme that could not be solved proves nothing about the data, so it counts as separated: fail
    # closed.
    return found.x is None or bool((rows @ found.x).max() > SEPARATED)


def check_rows(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Return the matrix, and the outcome as 1 and -1, when both are what `fit_logit` asks for.

    Parameters
    ----------
    x : (n, p) array
    y : (n,) array

    Raises
    ------
    NotEstimable
        "outcome_does_not_vary".
    ValueError
        Shapes that do not fit, missing values, or outcomes other than 0 and 1.
    """
    if x.ndim != 2 or y.shape != x.shape[:1]:  # noqa: PLR2004
        raise ValueError("x must be rows by columns, and y must have one outcome per row.")
    if not (np.isfinite(x).all() and np.isin(y, (0.0, 1.0)).all()):
        raise ValueError("x must be finite and y 0 or 1; leave out rows with missing values first.")
    if y.size == 0 or y.min() == y.max():
        raise NotEstimable("outcome_does_not_vary")
    return x, 2.0 * y - 1.0


def refuse_collinear(x: Floats, names: tuple[str, ...]) -> None:
    """Refuse columns that depend on each other.

    Parameters
    ----------
    x : (n, p) array
    names : tuple of str, length p
        Names of the columns, for the message.

    Raises
    ------
    NotEstimable
        "collinear", naming the columns that take part in a dependency.
    """
    lengths = np.linalg.norm(x, axis=0)
    root = qr(x / np.where(lengths > 0, lengths, 1.0), mode="r")[0]
    _, sizes, directions = svd(root[: x.shape[1]], full_matrices=True)
    n_sound = int((sizes > COLLINEAR * sizes[0]).sum())
    if n_sound < x.shape[1]:
        involved = (np.abs(directions[n_sound:]) > np.sqrt(COLLINEAR)).any(axis=0)
        told = dict.fromkeys(name for name, is_in in zip(names, involved, strict=True) if is_in)
        raise NotEstimable("collinear", needed=x.shape[1], found=n_sound, columns=tuple(told))


def _maximise(basis: Floats, sign: Floats) -> tuple[Floats, int, bool]:
    """Return the coefficients of a basis, the steps taken, and whether the last was small enough."""
    coef = np.zeros(basis.shape[1])
    for iteration in range(1, MAX_ITERATIONS + 1):
        log_odds = basis @ coef
        # (y - p), written so that it stays exact when p rounds to 0 or 1.
        slope = basis.T @ (sign * expit(-sign * log_odds))
        try:
            step = cho_solve(cho_factor(information(basis, log_odds)), slope)
        except np.linalg.LinAlgError:
            return coef, iteration, False
        coef = _uphill(basis, sign, coef, step)
        if float(slope @ step) < CONVERGED**2:
            return coef, iteration, True
    return coef, MAX_ITERATIONS, False


def _uphill(x: Floats, sign: Floats, coef: Floats, step: Floats) -> Floats:
    """Take the step, halved until the likelihood does not fall by more than rounding."""
    before = log_likelihood(x @ coef, sign)
    enough = before - 1e-10 * abs(before)
    shares = (0.5**k for k in range(HALVINGS))
    share = next((s for s in shares if log_likelihood(x @ (coef + s * step), sign) >= enough), 0.5**HALVINGS)
    return coef + share * step


def log_likelihood(log_odds: Floats, sign: Floats) -> float:
    """Log likelihood of outcomes.

    Parameters
    ----------
    log_odds : (n,) array
    sign : (n,) array
        1 for rows with the event, -1 for rows without.
    """
    return -float(np.logaddexp(0.0, -sign * log_odds).sum())


def information(basis: Floats, log_odds: Floats) -> Floats:
    """Return the information that the rows hold about the coefficients.

    Parameters
    ----------
    basis : (n, p) array
    log_odds : (n,) array
        At which it is taken.

    Returns
    -------
    (p, p) array
    """
    weight = expit(log_odds) * expit(-log_odds)
    found: Floats = basis.T @ (weight[:, None] * basis)
    return found
