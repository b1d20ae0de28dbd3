"""Maximising a logistic log likelihood with Firth's penalty, in an orthonormal basis of the columns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_triangular
from scipy.special import expit

from backtorule_eval.analyses.logit import information, log_likelihood
from backtorule_eval.errors import NotEstimable

Floats = NDArray[np.float64]

MAX_ITERATIONS = 100
HALVINGS = 30
# Length of the last step in standard errors.
CONVERGED = 1e-9


def climb(basis: Floats, sign: Floats, start: Floats, free: Floats) -> tuple[Floats, int]:
    """Maximise the penalised likelihood along the free directions.

    Parameters
    ----------
    basis : (n, p) array
        Orthonormal columns.
    sign : (n,) array
        1 for rows with the event, -1 for rows without.
    start : (p,) array
        Coefficients to begin at; what lies outside the free directions stays as it is there.
    free : (p, q) array
        Directions in which to move.

    Returns
    -------
    tuple of (p,) array and int
        Coefficients, and Newton steps taken.

    Raises
    ------
    NotEstimable
        "not_converged".
    """
    coef = start
    for iteration in range(1, MAX_ITERATIONS + 1):
        try:
            slope, curvature = _modified_score(basis, sign, coef, free)
        except np.linalg.LinAlgError:
            # So far out that rounding leaves no information.
            raise NotEstimable("not_converged", needed=MAX_ITERATIONS, found=iteration) from None
        step = np.linalg.solve(curvature, slope)
        coef = _uphill(basis, sign, coef, free @ step)
        if float(slope @ step) < CONVERGED**2:
            return coef, iteration
    raise NotEstimable("not_converged", needed=MAX_ITERATIONS, found=MAX_ITERATIONS)


def _modified_score(basis: Floats, sign: Floats, coef: Floats, free: Floats) -> tuple[Floats, Floats]:
    """Slope of the penalised likelihood along the free directions, and how strongly it bends there.

    The penalty can bend the wrong way. Then its leverages are held, which always bends the right way: a row
    of leverage h counts like h more rows, half of them with the event.
    """
    log_odds = basis @ coef
    weight = expit(log_odds) * expit(-log_odds)
    # Rows in coordinates in which the information is one.
    root = np.linalg.cholesky(information(basis, log_odds))
    rows = solve_triangular(root, basis.T, lower=True).T
    squares = (rows**2).sum(axis=1)
    leverage = weight * squares
    # (y - p), written so that it stays exact when p rounds to 0 or 1; 1/2 - p likewise.
    tilt = -np.tanh(log_odds / 2)
    slope = free.T @ (basis.T @ (sign * expit(-sign * log_odds) + leverage * tilt / 2))
    turned = root.T @ free
    bend = turned.T @ _curvature(rows, weight, tilt, squares) @ turned
    if np.linalg.eigvalsh(bend)[:1].min(initial=1.0) <= 0:
        bend = turned.T @ (rows.T * (weight * (1 + leverage))) @ rows @ turned
    return slope, bend


def _curvature(rows: Floats, weight: Floats, tilt: Floats, squares: Floats) -> Floats:
    """Minus the second derivative of the penalised likelihood, where the information of the rows is one.

    The first and second derivative of a row's weight w in its log odds are w (1 - 2p) and w (1 - 6w).
    """
    n, p = rows.shape
    pairs = (rows[:, :, None] * rows[:, None, :]).reshape(n, p * p)
    third = (rows.T * (weight * tilt)) @ pairs
    fourth = (rows.T * (weight * (1 - 6 * weight) * squares)) @ rows
    found: Floats = np.eye(p) + (third @ third.T - fourth) / 2
    return found


def _uphill(basis: Floats, sign: Floats, coef: Floats, step: Floats) -> Floats:
    """Take the step, halved until the penalised likelihood does not fall by more than rounding."""
    before = penalised_likelihood(basis, sign, coef)
    enough = before - 1e-12 * abs(before)
    shares = (0.5**k for k in range(HALVINGS))
    share = next(
        (s for s in shares if penalised_likelihood(basis, sign, coef + s * step) >= enough), 0.5**HALVINGS
    )
    return coef + share * step


def penalised_likelihood(basis: Floats, sign: Floats, coef: Floats) -> float:
    """Log likelihood plus half the log determinant of the information, in the coefficients of a basis.

    Parameters
    ----------
    basis : (n, p) array
    sign : (n,) array
        1 for rows with the event, -1 for rows without.
    coef : (p,) array
    """
    log_odds = basis @ coef
    # Information of zero is worth minus infinity, which no step accepts.
    with np.errstate(divide="ignore"):
        size = float(np.linalg.slogdet(information(basis, log_odds))[1])
    return log_likelihood(log_odds, sign) + size / 2


def covariance(basis: Floats, root: Floats, log_odds: Floats) -> Floats:
    """Inverse of the information about the coefficients of the columns themselves.

    Parameters
    ----------
    basis, root : (n, p) and (p, p) array
        The columns, as orthonormal columns times a triangle.
    log_odds : (n,) array
        At which the information is taken.
    """
    half = solve_triangular(root, np.linalg.inv(np.linalg.cholesky(information(basis, log_odds))).T)
    found: Floats = half @ half.T
    return found
