"""Least squares with few clusters: are several weighted sums of coefficients all zero?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import fdtrc

from backtorule_eval.analyses.cluster_robust import adjusted_weights
from backtorule_eval.analyses.logit import refuse_collinear
from backtorule_eval.errors import NotEstimable

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class JointTest:
    """An F test of several null hypotheses at once.

    Attributes
    ----------
    statistic : float
        The Wald statistic, scaled to be compared with F.
    df_between : int
        Hypotheses tested together.
    df_within : float
        Degrees of freedom behind the uncertainty; far below the number of clusters when few of them carry it.
    p_value : float
    n_clusters : int
    """

    statistic: float
    df_between: int
    df_within: float
    p_value: float
    n_clusters: int


def joint_test(*, x: Floats, y: Floats, clusters: ArrayLike, weights: ArrayLike) -> JointTest:
    """Are several weighted sums of least-squares coefficients all zero, when people of a cluster are alike?

    The null is that all q sums are zero; association only. CR2 covariance with independent, equally spread
    errors as the working model; the Wald statistic is compared with Hotelling's T-squared, whose degrees of
    freedom match the total variance of that covariance (the AHZ or HTZ test; Pustejovsky & Tipton 2018,
    section 3.2). For one sum it is the square of `clustered_contrast`'s t.

    Parameters
    ----------
    x : (n, p) array
        One row per person, the constant included; no missing values.
    y : (n,) array
    clusters : (n,) array
        Which cluster each person belongs to; any values that can be sorted.
    weights : (q, p) array
        One row per sum; rows that do not depend on each other.

    Raises
    ------
    NotEstimable
        "collinear", from `refuse_collinear`; "satterthwaite_df" when the clusters cannot carry q hypotheses.
    ValueError
        Weights that depend on each other.

    Notes
    -----
    Not valid with one treated cluster; support rules refuse that case before. Agrees with R's
    ``clubSandwich::Wald_test(vcov = "CR2", test = "HTZ")``;
    tests/analyses/test_joint_test.py::test_agrees_with_r.
    """
    matrix, outcome, each = (np.asarray(a, dtype=np.float64) for a in (x, y, weights))
    if np.linalg.matrix_rank(each) < len(each):
        raise ValueError("The weighted sums depend on each other: leave out those that follow from the rest.")
    refuse_collinear(matrix, tuple(f"column {i}" for i in range(matrix.shape[1])))
    bread = np.linalg.inv(matrix.T @ matrix).astype(np.float64)
    coef = bread @ (matrix.T @ outcome)
    ids, member = np.unique(np.asarray(clusters), return_inverse=True)
    adjusted = [adjusted_weights(matrix[member == i], bread, each.T) for i in range(len(ids))]
    rest = outcome - matrix @ coef
    scores = np.array([a.T @ rest[member == i] for i, a in enumerate(adjusted)])
    pulls = np.array([matrix[member == i].T @ a for i, a in enumerate(adjusted)])
    df = _hotelling_df(adjusted, pulls, bread)
    q, sums = len(each), each @ coef
    within = df - q + 1
    if within <= 0:
        raise NotEstimable("satterthwaite_df", needed=float(q), found=df)
    statistic = float(sums @ np.linalg.solve(scores.T @ scores, sums)) * within / (df * q)
    return JointTest(
        statistic=statistic,
        df_between=q,
        df_within=within,
        p_value=float(fdtrc(q, within, statistic)),
        n_clusters=len(ids),
    )


def _hotelling_df(adjusted: list[Floats], pulls: Floats, bread: Floats) -> float:
    """Degrees of freedom of the Wishart matrix with the same mean and total variance as the CR2 covariance.

    The covariance is a sum over clusters of products of q normal scores each. `shared` holds what the
    scores of two clusters have in common under the working model, (g, q, g, q).
    """
    n_clusters, _, q = pulls.shape
    shared = -np.einsum("gas,ab,hbt->gsht", pulls, bread, pulls)
    every = np.arange(n_clusters)
    shared[every, :, every, :] += np.array([a.T @ a for a in adjusted])
    expected = shared[every, :, every, :].sum(axis=0)
    sizes, directions = np.linalg.eigh(expected)
    turn = directions / np.sqrt(sizes)
    turned = np.einsum("gsht,su,tv->guhv", shared, turn, turn)
    own = np.einsum("gshs->gh", turned)
    # Sum over all pairs (s, t) of the variance of entry (s, t), as sums of squares by Isserlis' theorem.
    total = float((own**2).sum() + (turned * turned.transpose(0, 3, 2, 1)).sum())
    return float(q * (q + 1) / total)
