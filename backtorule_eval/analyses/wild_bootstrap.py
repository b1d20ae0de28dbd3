"""Least squares with few clusters: a test and an interval by the restricted wild cluster bootstrap."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import product

import numpy as np
from numpy.typing import ArrayLike, NDArray

from backtorule_eval.analyses.contrast import Contrast
from backtorule_eval.analyses.logit import refuse_collinear
from backtorule_eval.errors import NotEstimable

Floats = NDArray[np.float64]

# Webb's six points: mean zero, variance one, and far more patterns than two points have when clusters are
# few.
WEBB = np.sqrt([0.5, 1.0, 1.5, 0.5, 1.0, 1.5]) * [1, 1, 1, -1, -1, -1]
# All patterns of two points are counted up to so many clusters: 1,024.
MOST_ENUMERATED = 10
# Draws weighed together. Fixed, so that the bits do not depend on how many work at once.
BLOCK = 2048
# Equal statistics differ by rounding; an equal one counts as at least as large.
TIE = 1e-9
# A limit lies within 2^10 standard errors or the interval is open.
DOUBLINGS, HALVINGS = 10, 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusteredSum:
    """A weighted sum of least-squares coefficients, and what turning a cluster's residuals does to it.

    With the sum held at the value r, cluster g's residuals multiplied by v_g give the sum r + v @ own(r)
    and the scores turned(r) @ v, where own(r) and turned(r) are straight lines in r.

    Attributes
    ----------
    value, std_error : float
        Estimate, and its standard error without correction for few clusters (CR0).
    own : (2, g) array
        Constant, and slope in r.
    turned : (2, g, g) array
        Constant, and slope in r.
    """

    value: float
    std_error: float
    own: Floats
    turned: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class WildContrast:
    """A contrast tested and bounded by the wild cluster bootstrap.

    Attributes
    ----------
    contrast : Contrast
        `low` and `high` are the values that the bootstrap does not reject; `p_value` belongs to them,
        `std_error` does not.
    p_enumerated : float or None
        The referee: the p-value over all patterns of plus and minus one; None with more than ten clusters.
    n_clusters, n_draws : int
    """

    contrast: Contrast
    p_enumerated: float | None
    n_clusters: int
    n_draws: int


def draw_webb(rng: np.random.Generator, *, n_draws: int, n_clusters: int) -> Floats:
    """Draw weights of clusters from Webb's six points (Webb 2023).

    Returns
    -------
    (n_draws, n_clusters) array
    """
    return rng.choice(WEBB, size=(n_draws, n_clusters))


def clustered_sum(*, x: ArrayLike, y: ArrayLike, clusters: ArrayLike, weights: ArrayLike) -> ClusteredSum:
    """How large is a weighted sum of least-squares coefficients, and how does it hang on each cluster?

    Parameters
    ----------
    x : (n, p) array
        One row per person, the constant included; no missing values.
    y : (n,) array
    clusters : (n,) array
        Which cluster each person belongs to; any values that can be sorted.
    weights : (p,) array
        One per coefficient.

    Raises
    ------
    NotEstimable
        "collinear", from `refuse_collinear`; "variation" when the residuals are zero in every cluster.
    """
    matrix, outcome, c = (np.asarray(a, dtype=np.float64) for a in (x, y, weights))
    refuse_collinear(matrix, tuple(f"column {i}" for i in range(matrix.shape[1])))
    bread = np.linalg.inv(matrix.T @ matrix)
    coef = bread @ (matrix.T @ outcome)
    value, pull = float(c @ coef), matrix @ (bread @ c)
    # Residuals with the sum held at r are `plain + r * slope`.
    slope = -pull / float(pull @ pull)
    plain = outcome - matrix @ coef - value * slope
    member = np.unique(np.asarray(clusters), return_inverse=True)[1]
    apart = (member[:, None] == np.arange(member.max() + 1)).astype(np.float64).T
    lever = apart @ (pull[:, None] * matrix) @ bread
    own = np.array([apart @ (pull * part) for part in (plain, slope)])
    scores = [apart @ (part[:, None] * matrix) for part in (plain, slope)]
    turned = np.array([np.diag(o) - lever @ s.T for o, s in zip(own, scores, strict=True)])
    std_error = float(np.linalg.norm((turned[0] + value * turned[1]).sum(axis=1)))
    if std_error <= TIE * float(np.linalg.norm(pull) * np.linalg.norm(outcome)):
        raise NotEstimable("variation")
    return ClusteredSum(value=value, std_error=std_error, own=own, turned=turned)


def wild_contrast(
    clustered: ClusteredSum, *, draws: Floats, level: float = 0.95, workers: int = 1
) -> WildContrast:
    """Which values of the sum would not be surprising, if clusters' residuals might as well have been turned?

    The null is that the sum is zero. Residuals under the null are multiplied by one random weight per
    cluster, the model is fitted again, and the share of draws whose t is at least as far from zero as the
    one seen is the p-value (Cameron, Gelbach & Miller 2008; Webb 2023 for the weights). The interval holds
    every value that the same draws do not reject.

    Parameters
    ----------
    clustered : ClusteredSum
        Of a linear model; for logit and hazard models this bootstrap is not valid.
    draws : (n_draws, g) array
        From `draw_webb`. The observed residuals are counted as one more draw, so that p is never zero.
    level : float
        Level of the interval.
    workers : int
        Threads; any number gives the same bits.

    Raises
    ------
    NotEstimable
        "interval_open": no value, however far, is rejected on one side, as when clusters or draws are too
        few.
    ValueError
        The draws are for another number of clusters.

    Notes
    -----
    With one treated cluster it hardly ever rejects, whatever is true; support rules refuse that case
    before. With few clusters the p-value comes in steps, so near a limit the interval is a step wide.
    Agrees with R, where every draw is fitted by ``lm.fit``, on the same draws, and over all patterns;
    tests/analyses/test_wild_bootstrap.py::test_agrees_with_r.
    """
    n_clusters = clustered.own.shape[1]
    if draws.ndim != 2 or draws.shape[1] != n_clusters:  # noqa: PLR2004
        raise ValueError(f"The draws must have one column for each of the {n_clusters} clusters.")
    with ThreadPoolExecutor(workers) as pool:
        blocks = [draws[i : i + BLOCK] for i in range(0, len(draws), BLOCK)]

        def p_value(held: float) -> float:
            """Share of draws, the one seen included, at least as far out with the sum held at this value."""
            as_far = sum(pool.map(partial(_count_as_far, clustered, held), blocks))
            return (1 + as_far) / (1 + len(draws))

        low, high = (_limit(p_value, clustered, side, 1 - level + TIE) for side in (-1.0, 1.0))
        p_zero = p_value(0.0)
    contrast = Contrast(
        value=clustered.value, std_error=clustered.std_error, low=low, high=high, p_value=p_zero
    )
    return WildContrast(
        contrast=contrast,
        p_enumerated=_enumerate(clustered) if n_clusters <= MOST_ENUMERATED else None,
        n_clusters=n_clusters,
        n_draws=len(draws),
    )


def _enumerate(clustered: ClusteredSum) -> float:
    """Share of all patterns of plus and minus one whose t is as far from zero as that of the pattern seen."""
    patterns = np.array(list(product((-1.0, 1.0), repeat=clustered.own.shape[1])))
    return _count_as_far(clustered, 0.0, patterns) / len(patterns)


def _count_as_far(clustered: ClusteredSum, held: float, draws: Floats) -> int:
    """How many draws have a t at least as far from zero as the one seen, with the sum held at this value."""
    own = clustered.own[0] + held * clustered.own[1]
    turned = clustered.turned[0] + held * clustered.turned[1]
    # Compared as squares times both spreads: a draw without spread has a t without bounds.
    seen = (clustered.value - held) ** 2 * ((draws @ turned.T) ** 2).sum(axis=1)
    return int(((draws @ own) ** 2 * clustered.std_error**2 >= seen * (1 - TIE)).sum())


def _limit(p_value: Callable[[float], float], clustered: ClusteredSum, side: float, alpha: float) -> float:
    """Find where, going outwards on one side, values begin to be rejected."""
    inside = clustered.value
    for doubling in range(DOUBLINGS + 1):
        outside = clustered.value + side * 2.0**doubling * clustered.std_error
        if p_value(outside) <= alpha:
            break
        inside = outside
    else:
        raise NotEstimable("interval_open")
    for _ in range(HALVINGS):
        middle = (inside + outside) / 2
        inside, outside = (inside, middle) if p_value(middle) <= alpha else (middle, outside)
    return outside
