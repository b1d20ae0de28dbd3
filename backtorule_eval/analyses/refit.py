"""Many refits of one logistic regression at once: the same people in other numbers, in compiled array code.

A refit starts at the fit of everybody and takes steps with an information that is not renewed at each, so all
refits of a block are a few products of matrices. What does not converge so is fitted by itself.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import qr, solve_triangular

from backtorule_eval.analyses.logit import fit_logit
from backtorule_eval.errors import NotEstimable

Floats = NDArray[np.float64]
Counts = NDArray[np.uint16]

# Resamples fitted together, and rows at a time: what is worked on stays near the processor. Fixed, so that
# the bits do not depend on how many work at once.
BLOCK, ROWS = 64, 1024
MAX_STEPS = 40
# Steps shrink a hundredfold: what is left after one of this many standard errors is in the eleventh digit.
CONVERGED = 1e-8
# An information in an orthonormal basis is near a multiple of one; beyond this some column is not in it.
SOUND = 1e6
FAR_OUT = 80.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Refits:
    """Coefficients of every resample.

    Attributes
    ----------
    coef : (n_resamples, p) array
        In the order of the columns; NaN where the resample has no estimate.
    n_failed : int
        Resamples without one: the outcome does not vary in them, columns depend on each other, or separation.
    """

    coef: Floats
    n_failed: int


def refit_logit(
    *, x: Floats, y: Floats, start: Floats, counts: NDArray[np.integer], workers: int = 1
) -> Refits:
    """Which log odds would other draws of the same people give?

    Parameters
    ----------
    x : (n, p) array
        As `fit_logit` takes it.
    y : (n,) array
        1 with the event, 0 without.
    start : (p,) array
        Coefficients of everybody (`fit_logit(...).coef`).
    counts : (n_resamples, n) array of int
        How many times each person is in each resample.
    workers : int
        Threads; any number gives the same bits.

    Notes
    -----
    Newton's method in an orthonormal basis of the columns, with the information of the second step kept (the
    chord method), until a step is shorter than 1e-8 standard errors. Agrees with `fit_logit` of the repeated
    rows to 1e-8, and with R's ``boot`` of ``glm.fit`` on the same draws to 1e-6;
    tests/analyses/test_refit.py.
    """
    basis, root = qr(x, mode="economic")
    people = _People(basis=basis, y=y, begin=root @ start)

    def refit(block: NDArray[np.integer]) -> Floats:
        """Fit one block, and by itself what does not converge in it."""
        turned, has_converged = people.fit(block)
        coef: Floats = solve_triangular(root, turned.T).T
        for i in np.flatnonzero(~has_converged):
            coef[i] = _alone(x, y, block[i])
        return coef

    blocks = [counts[i : i + BLOCK] for i in range(0, len(counts), BLOCK)]
    with ThreadPoolExecutor(max_workers=max(1, workers)) as pool:
        found = np.concatenate([np.empty((0, x.shape[1])), *pool.map(refit, blocks)])
    return Refits(coef=found, n_failed=int(np.isnan(found).any(axis=1).sum()))


def bootstrap_counts(
    *, n: int, n_resamples: int, seed: int, clusters: NDArray[np.object_] | None = None, workers: int = 1
) -> Counts:
    """How many times is each person in each bootstrap resample?

    Parameters
    ----------
    n : int
        Persons.
    seed : int
        Resample number i depends on the seed and i alone.
    clusters : (n,) array, optional
        Whole clusters are drawn, as many as there are.
    workers : int
        Threads; any number gives the same draws.
    """
    member = None if clusters is None else np.unique(clusters, return_inverse=True)[1]
    n_units = n if member is None else int(member.max()) + 1
    counts = np.empty((n_resamples, n), dtype=np.uint16)

    def draw(number: int) -> None:
        """Draw one resample."""
        chance = np.random.default_rng([seed, number])
        drawn = np.bincount(chance.integers(0, n_units, n_units, dtype=np.int32), minlength=n_units)
        counts[number] = drawn if member is None else drawn[member]

    with ThreadPoolExecutor(max_workers=max(1, workers)) as pool:
        list(pool.map(draw, range(n_resamples)))
    return counts


class _People:
    """Everybody, in an orthonormal basis of their columns, in two precisions."""

    def __init__(self, *, basis: Floats, y: Floats, begin: Floats) -> None:
        self.basis, self.y, self.begin = basis, y, begin
        self.coarse = basis.astype(np.float32)
        self.coarse_y = y.astype(np.float32)
        self.first, self.second = np.triu_indices(basis.shape[1])
        # Products of all pairs of columns, row by row: what the information is a sum of.
        self.products = self.coarse[:, self.first] * self.coarse[:, self.second]
        share = shares_in_place(basis @ begin)
        self.inverse = np.linalg.inv(basis.T @ ((share * (1 - share))[:, None] * basis))

    def fit(self, block: NDArray[np.integer]) -> tuple[Floats, NDArray[np.bool_]]:
        """Return coefficients of the basis, one row per resample, and which have converged."""
        # The first steps need few digits: their end is where the exact ones begin.
        counts = block.astype(np.float32)
        turned = np.repeat(self.begin[None, :], len(block), axis=0)
        turned += self._slope(turned, counts, self.coarse, self.coarse_y)[0] @ self.inverse
        slope, information = self._slope(turned, counts, self.coarse, self.coarse_y, inform=True)
        is_sound = np.linalg.cond(information) < SOUND
        information[~is_sound] = np.eye(len(self.begin))
        inverse = np.linalg.inv(information).astype(np.float64, copy=False)
        turned += np.einsum("bij,bj->bi", inverse, slope)
        slope = self._slope(turned, counts, self.coarse, self.coarse_y)[0]
        turned += np.einsum("bij,bj->bi", inverse, slope)
        return self._to_the_end(turned, inverse, block.astype(np.float64), is_sound)

    def _to_the_end(
        self, turned: Floats, inverse: Floats, counts: Floats, is_sound: NDArray[np.bool_]
    ) -> tuple[Floats, NDArray[np.bool_]]:
        """Take exact steps until every resample that can converge has."""
        has_converged = np.zeros(len(turned), dtype=bool)
        with np.errstate(over="ignore", invalid="ignore"):  # of what diverges, and is fitted by itself
            for _ in range(MAX_STEPS):
                slope, _none = self._slope(turned, counts, self.basis, self.y)
                step = np.einsum("bij,bj->bi", inverse, slope)
                turned += np.where(has_converged[:, None], 0.0, step)
                length = np.einsum("bi,bi->b", slope, step)
                has_converged |= (length < CONVERGED**2) & is_sound
                if (has_converged | ~is_sound | ~np.isfinite(length)).all():
                    break
        return turned, has_converged

    def _slope(
        self,
        turned: Floats,
        counts: NDArray[np.floating],
        basis: NDArray[np.floating],
        y: NDArray[np.floating],
        *,
        inform: bool = False,
    ) -> tuple[Floats, Floats]:
        """Return the slope of each resample's likelihood, and its information if asked, rows by rows."""
        n_columns = len(self.begin)
        slope = np.zeros(turned.shape)
        sums = np.zeros((len(turned), len(self.first)))
        at = turned.astype(basis.dtype)
        for begin in range(0, len(y), ROWS):
            rows = slice(begin, begin + ROWS)
            share = shares_in_place(at @ basis[rows].T)
            if inform:
                sums += (share * (1 - share) * counts[:, rows]) @ self.products[rows]
            np.subtract(y[rows], share, out=share)
            share *= counts[:, rows]
            slope += share @ basis[rows]
        information = np.empty((len(turned), n_columns, n_columns))
        information[:, self.first, self.second] = information[:, self.second, self.first] = sums
        return slope, information


def _alone(x: Floats, y: Floats, counts: NDArray[np.integer]) -> Floats:
    """Fit one resample by itself; NaN where it has no estimate."""
    rows = np.repeat(np.arange(len(y)), counts)
    try:
        return fit_logit(x=x[rows], y=y[rows]).coef
    except NotEstimable:
        return np.full(x.shape[1], np.nan)


def shares_in_place(log_odds: NDArray[Any]) -> NDArray[Any]:
    """Return shares from log odds, in place; far out it is 0 or 1."""
    np.clip(log_odds, -FAR_OUT, FAR_OUT, out=log_odds)
    np.negative(log_odds, out=log_odds)
    np.exp(log_odds, out=log_odds)
    log_odds += 1
    np.reciprocal(log_odds, out=log_odds)
    return log_odds
