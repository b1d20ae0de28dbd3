"""Refits of a logistic regression with the exposure dealt to other persons, in blocks: a test of the null."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import qr

from backtorule_eval.analyses.logit import fit_logit
from backtorule_eval.analyses.refit import shares_in_place
from backtorule_eval.errors import NotEstimable

Floats = NDArray[np.float64]

# Fixed, so that the bits do not depend on how many work at once.
BLOCK = 32
MAX_STEPS = 60
CONVERGED = 1e-8


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """What is compared, and what is held constant.

    Attributes
    ----------
    compared : (n,) array
    held : (n, q) array
        The constant included.
    """

    compared: Floats
    held: Floats


def permuted_refits(
    exposure: Exposure, *, y: Floats, permutations: NDArray[np.intp], workers: int = 1
) -> tuple[Floats, Floats]:
    """Which log odds, with which standard error, would the exposure have if it were dealt so?

    What the held variables explain of the exposure stays with each person; the rest is dealt (Freedman & Lane
    1983 deal the rest of the outcome; a yes-or-no outcome leaves none).

    Parameters
    ----------
    exposure : Exposure
    y : (n,) array
        1 with the event, 0 without.
    permutations : (n_permutations, n) array of int
        Whose rest each person gets; ``arange(n)`` is the data as they are.

    Returns
    -------
    value, std_error : (n_permutations,) array
        Coefficient of the exposure and its standard error; NaN where there is no estimate.

    Raises
    ------
    NotEstimable
        The model of the data as they are, or the one without the exposure, cannot be fitted.
    """
    fit_logit(x=np.column_stack([exposure.compared, exposure.held]), y=y)
    basis = qr(exposure.held, mode="economic")[0]
    explained = basis @ (basis.T @ exposure.compared)
    null = _Null(basis=basis, y=y, explained=explained, rest=exposure.compared - explained)
    blocks = [permutations[i : i + BLOCK] for i in range(0, len(permutations), BLOCK)]
    with ThreadPoolExecutor(max_workers=max(1, workers)) as pool:
        found = list(pool.map(null.refit, blocks))
    value, error = (np.concatenate(each) for each in zip(*found, strict=True))
    return value, error


class _Null:
    """The model without the exposure, at which every refit starts."""

    def __init__(self, *, basis: Floats, y: Floats, explained: Floats, rest: Floats) -> None:
        self.basis, self.y, self.explained, self.rest = basis, y, explained, rest
        first, second = np.triu_indices(basis.shape[1])
        self.products = basis[:, first] * basis[:, second]
        self.begin = fit_logit(x=basis, y=y).coef
        share = shares_in_place(basis @ self.begin)
        self.variance = share * (1 - share)
        self.inverse = np.linalg.inv(basis.T @ (self.variance[:, None] * basis))

    def refit(self, deals: NDArray[np.intp]) -> tuple[Floats, Floats]:
        """Return value and standard error of the exposure in each deal of one block."""
        compared = self.explained + self.rest[deals]
        cross = (compared * self.variance) @ self.basis
        own = np.einsum("bn,bn->b", compared * self.variance, compared)
        # Inverse of the information in blocks: what the exposure knows beyond the held variables.
        beyond = cross @ self.inverse
        left = own - np.einsum("bq,bq->b", beyond, cross)
        held = np.repeat(self.begin[None, :], len(deals), axis=0)
        value = np.zeros(len(deals))
        length = np.full(len(deals), np.inf)
        for _ in range(MAX_STEPS):
            missed = self.y - shares_in_place(held @ self.basis.T + value[:, None] * compared)
            slope_held = missed @ self.basis
            slope = np.einsum("bn,bn->b", missed, compared)
            step = (slope - np.einsum("bq,bq->b", beyond, slope_held)) / left
            step_held = slope_held @ self.inverse - step[:, None] * beyond
            going = length >= CONVERGED**2
            value += np.where(going, step, 0.0)
            held += np.where(going[:, None], step_held, 0.0)
            length = np.where(going, slope * step + np.einsum("bq,bq->b", slope_held, step_held), length)
            if not (length >= CONVERGED**2).any():
                break
        found = value, self._errors(compared, held, value)
        for i in np.flatnonzero(~(length < CONVERGED**2)):
            found[0][i], found[1][i] = self._alone(compared[i])
        return found

    def _errors(self, compared: Floats, held: Floats, value: Floats) -> Floats:
        """Return the standard error of the exposure at each refit."""
        share = shares_in_place(held @ self.basis.T + value[:, None] * compared)
        variance = share * (1 - share)
        weighted = variance * compared
        cross = weighted @ self.basis
        own = np.einsum("bn,bn->b", weighted, compared)
        n_columns = self.basis.shape[1]
        information = np.empty((len(value), n_columns, n_columns))
        first, second = np.triu_indices(n_columns)
        information[:, first, second] = information[:, second, first] = variance @ self.products
        beyond = np.linalg.solve(information, cross[:, :, None])[:, :, 0]
        errors: Floats = 1 / np.sqrt(own - np.einsum("bq,bq->b", cross, beyond))
        return errors

    def _alone(self, compared: Floats) -> tuple[float, float]:
        """Fit one deal by itself."""
        try:
            fit = fit_logit(x=np.column_stack([compared, self.basis]), y=self.y)
        except NotEstimable:
            return np.nan, np.nan
        return float(fit.coef[0]), float(np.sqrt(fit.cov[0, 0]))
