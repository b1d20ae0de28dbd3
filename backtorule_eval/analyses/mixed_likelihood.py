"""The restricted likelihood of a linear mixed model, its variances profiled, and where it is highest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import qr, solve_triangular
from scipy.optimize import minimize

from backtorule_eval.errors import NotEstimable

Floats = NDArray[np.float64]

# Standard deviations between people beside the one within, from which the search begins.
STARTS = (1.0, 0.1, 4.0)
BESIDE = 0.2
# Two searches whose deviances differ by more have not found the same top.
SAME_TOP = 1e-5
BY_SLOPE = {"ftol": 1e-15, "gtol": 1e-9}
WITHOUT_SLOPE = {"fatol": 1e-11, "xatol": 1e-9}
# What residuals this small beside the outcome leave is rounding.
EXACT = 1e-20
STEP = 2e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The model at given variances.

    Attributes
    ----------
    coef : (p,) array
        In the basis.
    bread : (p, p) array
        Inverse of X'V^-1 X, in the basis, V in units of the residual variance.
    residual, deviance : float
        Residual variance, and minus twice the restricted log likelihood.
    log_sizes, rest : float
        Log determinants, and the sum of squares that is left.
    """

    coef: Floats
    bread: Floats
    residual: float
    deviance: float
    log_sizes: float
    rest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Waves:
    """Sums of squares and products of g persons' rows, in an orthonormal basis of the columns.

    Attributes
    ----------
    turn : (p, p) array
        From coefficients of the basis to those of the columns.
    zz, zx, zy : (g, q, q), (g, q, p) and (g, q) array
    xy : (p,) array
    yy : float
    n_rows : int
    """

    turn: Floats
    zz: Floats
    zx: Floats
    zy: Floats
    xy: Floats
    yy: float
    n_rows: int

    @property
    def df(self) -> int:
        """Rows less coefficients."""
        return self.n_rows - len(self.xy)

    def root(self, theta: Floats) -> Floats:
        """Lower triangle whose square is the covariance of the random effects over the residual variance."""
        n_effects = self.zz.shape[1]
        found = np.zeros((n_effects, n_effects))
        found[np.tril_indices(n_effects)] = theta
        return found

    def profile(self, theta: Floats) -> Profile:
        """Fit the coefficients and the residual variance at these variances between people."""
        root = self.root(theta)
        middle = np.eye(len(root)) + root.T @ self.zz @ root
        half = np.linalg.cholesky(middle)
        across = np.linalg.solve(half, root.T @ self.zx)
        along = np.linalg.solve(half, (self.zy @ root)[:, :, None])[:, :, 0]
        inner = np.eye(len(self.xy)) - np.einsum("gqi,gqj->ij", across, across)
        right = self.xy - np.einsum("gqi,gq->i", across, along)
        bread = np.linalg.inv(inner)
        coef = bread @ right
        rest = self.yy - float((along**2).sum()) - float(right @ coef)
        if rest <= EXACT * self.yy:
            raise NotEstimable("variation")
        diagonals = np.diagonal(half, axis1=1, axis2=2)
        # The determinant of the columns themselves, not of the basis, so that deviances are lme4's.
        log_sizes = 2.0 * float(np.log(diagonals).sum()) + float(np.linalg.slogdet(inner)[1])
        log_sizes -= 2.0 * float(np.log(np.abs(np.diag(self.turn))).sum())
        deviance = log_sizes + self.df * (1.0 + np.log(2.0 * np.pi * rest / self.df))
        return Profile(
            coef=coef, bread=bread, residual=rest / self.df, deviance=deviance, log_sizes=log_sizes, rest=rest
        )

    def deviance_at(self, parameters: Floats) -> float:
        """Minus twice the restricted log likelihood at variances and a residual standard deviation."""
        profile, variance = self.profile(parameters[:-1]), float(parameters[-1]) ** 2
        return profile.log_sizes + profile.rest / variance + self.df * float(np.log(2.0 * np.pi * variance))

    def cov_at(self, parameters: Floats) -> Floats:
        """Covariance of the columns' coefficients at variances and a residual standard deviation."""
        profile = self.profile(parameters[:-1])
        found: Floats = float(parameters[-1]) ** 2 * (self.turn @ profile.bread @ self.turn.T)
        return found


def gather(x: Floats, y: Floats, random: Floats, member: NDArray[np.intp]) -> Waves:
    """Add up each person's rows.

    Parameters
    ----------
    x, y, random : (n, p), (n,) and (n, q) array
    member : (n,) array of int
        Person of each row, from 0.
    """
    basis, triangle = qr(x, mode="economic")
    persons = [member == g for g in range(member.max() + 1)]
    return Waves(
        turn=solve_triangular(triangle, np.eye(len(triangle))),
        zz=np.array([random[g].T @ random[g] for g in persons]),
        zx=np.array([random[g].T @ basis[g] for g in persons]),
        zy=np.array([random[g].T @ y[g] for g in persons]),
        xy=basis.T @ y,
        yy=float(y @ y),
        n_rows=len(y),
    )


def best_variances(waves: Waves) -> Floats:
    """Find the variances between people at which the restricted likelihood is highest.

    Raises
    ------
    NotEstimable
        "not_converged" when no two starts lead to the same top.
    """
    n_effects = waves.zz.shape[1]
    on_diagonal = np.equal(*np.tril_indices(n_effects))
    bounds = [(0.0, None) if is_variance else (None, None) for is_variance in on_diagonal]

    def deviance(theta: Floats) -> float:
        """What is to be made small."""
        return waves.profile(theta).deviance

    def search(start: Floats) -> Any:
        """Go downhill from here."""
        return minimize(deviance, start, method="L-BFGS-B", bounds=bounds, options=BY_SLOPE)

    first = [search(start * on_diagonal) for start in STARTS]
    # The slope is zero wherever a variance is, top or not: what ended there sets out again beside it.
    ends = first + [search(end.x + BESIDE * on_diagonal) for end in first if (end.x[on_diagonal] == 0).any()]
    ends.sort(key=lambda end: float(end.fun))
    if ends[1].fun - ends[0].fun > SAME_TOP:
        raise NotEstimable("not_converged")
    # Slopes by differences stop a little short; the second optimiser needs none, but by itself it takes the
    # edge at which people do not differ for a top.
    near = minimize(deviance, ends[0].x, method="Nelder-Mead", bounds=bounds, options=WITHOUT_SLOPE)
    found: Floats = min(near, ends[0], key=lambda end: float(end.fun)).x
    return found


def slopes(function: Callable[[Floats], Floats], at: Floats) -> Floats:
    """First derivatives in each parameter, by differences of two sizes (Richardson).

    Returns
    -------
    (k, ...) array
    """

    def slope(direction: Floats, size: float) -> Floats:
        """Difference of this size along one direction."""
        return (function(at + size * direction) - function(at - size * direction)) / (2 * size)

    every = np.eye(len(at))
    return np.array([(4 * slope(one, STEP / 2) - slope(one, STEP)) / 3 for one in every])


def curvature(function: Callable[[Floats], float], at: Floats) -> Floats:
    """Second derivatives, by differences of two sizes (Richardson).

    Returns
    -------
    (k, k) array
    """

    def bend(one: Floats, other: Floats, size: float) -> float:
        """Difference of this size of differences along two directions."""
        ends = [
            sign * turned * function(at + size * (sign * one + turned * other))
            for sign in (1, -1)
            for turned in (1, -1)
        ]
        return sum(ends) / (4 * size**2)

    every = np.eye(len(at))
    return np.array(
        [[(4 * bend(a, b, STEP / 2) - bend(a, b, STEP)) / 3 for a in every] for b in every],
        dtype=np.float64,
    )
