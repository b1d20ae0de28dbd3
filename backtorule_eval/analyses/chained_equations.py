"""Filling in missing values several times, each time as uncertain as it is: chained equations."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import qr
from scipy.special import expit

from backtorule_eval.analyses.firth import fit_firth
from backtorule_eval.analyses.support import require_support
from backtorule_eval.errors import NotEstimable

Floats = NDArray[np.float64]

DONORS = 5
CYCLES = 10
# A column whose part outside the others is this small, of length one, says nothing that they do not.
REDUNDANT = 1e-6


class Kind(StrEnum):
    """How a variable is filled in."""

    NUMBER = "number"
    YES_NO = "yes_no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incomplete:
    """Variables with missing values, and what else tells about them.

    Attributes
    ----------
    values : (n, k) array
        One row per person, NaN where missing; scale scores rather than answers to single questions.
    kinds : tuple of Kind, length k
        0 and 1 for a yes or no.
    predictors : (n, q) array
        Complete columns, without a constant: offices or counsellors as columns of 0 and 1 (fixed effects),
        auxiliaries, and of an outcome that takes time the event and `nelson_aalen`.

    Raises
    ------
    ValueError
        Shapes that do not fit, predictors with missing values, or a yes or no that is neither.
    """

    values: Floats
    kinds: tuple[Kind, ...]
    predictors: Floats

    def __post_init__(self) -> None:
        n, k = self.values.shape
        if len(self.kinds) != k or len(self.predictors) != n:
            raise ValueError("There must be one kind per variable and one row of predictors per person.")
        if not np.isfinite(self.predictors).all():
            raise ValueError("Predictors must be complete; what has missing values stands among the values.")
        yes_no = self.values[:, [kind is Kind.YES_NO for kind in self.kinds]]
        if not np.isin(yes_no[~np.isnan(yes_no)], (0.0, 1.0)).all():
            raise ValueError("A yes or no must be 0 or 1.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """Coefficients drawn from what the observed rows say of them.

    Attributes
    ----------
    best, drawn : (p,) array
        Estimate, and one draw around it.
    """

    best: Floats
    drawn: Floats


def impute(
    incomplete: Incomplete, *, rng: np.random.Generator, n_imputations: int = 20, workers: int = 1
) -> Floats:
    """What might the missing values have been?

    Fully conditional specification (van Buuren 2007): each variable in turn is filled in from all the
    others, ten times round, beginning with the one that lacks least. Numbers by predictive mean matching
    with five donors, so that no score leaves its scale, on coefficients drawn from their posterior (Little
    1988; Rubin 1987, page 167). A yes or no by logistic regression with Firth's penalty and a normal draw
    around it: the usual fit has no answer when one variable foretells all. Nothing here can tell whether
    values are missing at random; `delta_grid` asks what if not.

    Parameters
    ----------
    incomplete : Incomplete
    rng : numpy.random.Generator
        Each completed data set draws from a child of its own.
    n_imputations : int
        m.
    workers : int
        Threads; any number gives the same bits.

    Returns
    -------
    (m, n, k) array
        Observed values as they are, the others filled in.

    Raises
    ------
    NotEstimable
        "persons_per_free_parameter": fewer people have a value than ``support.yaml`` asks for per
        coefficient; "variation" when those who have one are all alike.

    Notes
    -----
    Own code: statsmodels' MICE draws from a shared generator, has no penalty and no cluster effects, and
    its seeds do not carry over to several workers. The draw of coefficients agrees with R's ``mice`` on the
    same random numbers, and pooled answers with ``mice`` on the same data within simulation error;
    tests/analyses/test_chained_equations.py::test_draw_agrees_with_mice.
    """
    missing = np.isnan(incomplete.values)
    _require_observed(incomplete, missing)
    with ThreadPoolExecutor(workers) as pool:
        filled = pool.map(lambda child: _chain(incomplete, missing, child), rng.spawn(n_imputations))
        return np.array(list(filled))


def nelson_aalen(*, time: ArrayLike, event: ArrayLike) -> Floats:
    """How much hazard has each person lived through, by the Nelson-Aalen estimate of everybody?

    With the event itself this is what an imputation model needs of an outcome that takes time (White &
    Royston 2009).

    Parameters
    ----------
    time : (n,) array
        Time until the event or the end of follow-up.
    event : (n,) array
        1 with the event, 0 without.

    Notes
    -----
    Agrees with R's ``survival::survfit(ctype = 1)``; ``mice::nelsonaalen`` counts tied events one after
    another. tests/analyses/test_chained_equations.py::test_hazard_agrees_with_survival.
    """
    ends, happened = np.asarray(time, dtype=np.float64), np.asarray(event, dtype=np.float64)
    moments, place = np.unique(ends, return_inverse=True)
    at_risk = (ends[:, None] >= moments).sum(axis=0)
    hazard: Floats = np.cumsum(np.bincount(place, weights=happened) / at_risk)[place]
    return hazard


def draw_least_squares(*, x: Floats, y: Floats, chi_squared: float, normal: Floats) -> Draw:
    """Which coefficients might be behind these rows?

    Variance and coefficients are drawn from their posterior under the usual flat prior (Rubin 1987, page
    167).

    Parameters
    ----------
    x : (n, p) array
        Independent columns, the constant included.
    y : (n,) array
    chi_squared : float
        Random number from chi-squared with n - p degrees of freedom.
    normal : (p,) array
        Independent standard normal numbers.
    """
    bread = np.linalg.inv(x.T @ x)
    best = bread @ (x.T @ y)
    rest = y - x @ best
    spread = np.sqrt(float(rest @ rest) / chi_squared)
    return Draw(best=best, drawn=best + spread * (np.linalg.cholesky(bread) @ normal))


def _require_observed(incomplete: Incomplete, missing: NDArray[np.bool_]) -> None:
    """Refuse a variable that too few have for all that is to foretell it, or in which all are alike."""
    n_parameters = incomplete.predictors.shape[1] + missing.shape[1]
    for column in np.flatnonzero(missing.any(axis=0)):
        observed = incomplete.values[~missing[:, column], column]
        require_support("imputation", persons_per_free_parameter=len(observed) / n_parameters)
        if observed.min() == observed.max():
            raise NotEstimable("variation")


def _chain(incomplete: Incomplete, missing: NDArray[np.bool_], rng: np.random.Generator) -> Floats:
    """Fill in once."""
    filled = incomplete.values.copy()
    order = [c for c in np.argsort(missing.sum(axis=0), kind="stable") if missing[:, c].any()]
    for column in order:
        gaps = missing[:, column]
        filled[gaps, column] = rng.choice(filled[~gaps, column], size=int(gaps.sum()))
    for _ in range(CYCLES):
        for column in order:
            others = np.column_stack([np.delete(filled, column, axis=1), incomplete.predictors])
            fill = _draw_yes_no if incomplete.kinds[column] is Kind.YES_NO else _match_number
            filled[missing[:, column], column] = fill(others, filled[:, column], missing[:, column], rng)
    return filled


def _match_number(others: Floats, y: Floats, gaps: NDArray[np.bool_], rng: np.random.Generator) -> Floats:
    """Borrow the value of one of the five people whose expected value is nearest to the drawn one."""
    x = _independent(others, ~gaps)
    seen, n_seen = y[~gaps], int((~gaps).sum())
    draw = draw_least_squares(
        x=x[~gaps],
        y=seen,
        chi_squared=float(rng.chisquare(n_seen - x.shape[1])),
        normal=rng.standard_normal((x.shape[1],)),
    )
    distance = np.abs((x[gaps] @ draw.drawn)[:, None] - x[~gaps] @ draw.best)
    donors = np.argsort(distance, axis=1, kind="stable")[:, :DONORS]
    chosen = rng.integers(donors.shape[1], size=len(donors))
    borrowed: Floats = seen[donors[np.arange(len(donors)), chosen]]
    return borrowed


def _draw_yes_no(others: Floats, y: Floats, gaps: NDArray[np.bool_], rng: np.random.Generator) -> Floats:
    """Draw a yes with the risk that drawn coefficients give."""
    x = _independent(others, ~gaps)
    fit = fit_firth(x=x[~gaps], y=y[~gaps])
    drawn = fit.coef + np.linalg.cholesky(fit.cov) @ rng.standard_normal((x.shape[1],))
    yes: Floats = (rng.random(int(gaps.sum())) < expit(x[gaps] @ drawn)).astype(np.float64)
    return yes


def _independent(others: Floats, seen: NDArray[np.bool_]) -> Floats:
    """Return a constant and the columns, standardised, that say something of their own among those seen."""
    middle, spread = others[seen].mean(axis=0), others[seen].std(axis=0)
    varies = spread > REDUNDANT * np.abs(others[seen]).max(axis=0)
    scaled = (others[:, varies] - middle[varies]) / spread[varies]
    root = qr(scaled[seen], mode="r")[0]
    own = np.abs(np.diag(root)) > REDUNDANT * np.sqrt(int(seen.sum()))
    return np.column_stack([np.ones(len(others)), scaled[:, own]])
