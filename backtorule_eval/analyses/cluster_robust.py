"""Least squares with few clusters: bias-reduced covariance (CR2) and Satterthwaite degrees of freedom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtr, stdtrit

from backtorule_eval.analyses.contrast import Contrast
from backtorule_eval.analyses.logit import refuse_collinear

Floats = NDArray[np.float64]

# An eigenvalue of I - H this small belongs to a direction in which the cluster is fitted exactly.
FITTED_EXACTLY = 1e-10


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusteredContrast:
    """A contrast of least-squares coefficients, its CR2 standard error and t interval.

    Attributes
    ----------
    contrast : Contrast
    df : float
        Satterthwaite degrees of freedom behind the interval; far below the number of clusters when few of
        them carry the contrast.
    n_clusters : int
    """

    contrast: Contrast
    df: float
    n_clusters: int


def clustered_contrast(
    *, x: Floats, y: Floats, clusters: ArrayLike, weights: ArrayLike, level: float = 0.95
) -> ClusteredContrast:
    """How large is a weighted sum of least-squares coefficients when people of a cluster are alike?

    Bias-reduced linearisation (Bell & McCaffrey 2002) with independent, equally spread errors as the working
    model, and Satterthwaite degrees of freedom for this contrast (Pustejovsky & Tipton 2018, section 2).

    Parameters
    ----------
    x : (n, p) array
        One row per person, the constant included; no missing values.
    y : (n,) array
        Outcome; for a yes-or-no outcome the coefficients are differences in share (linear probability model).
    clusters : (n,) array
        Which cluster each person belongs to; any values that can be sorted.
    weights : (p,) array
        One per coefficient; the null is that the weighted sum is zero.
    level : float
        Level of the interval.

    Raises
    ------
    NotEstimable
        "collinear", from `refuse_collinear`.

    Notes
    -----
    Not valid with one treated cluster, however many there are in all; support rules refuse that case before.
    Agrees with R by the formulas in base R; tests/analyses/test_cluster_robust.py::test_agrees_with_r.
    """
    matrix, outcome, c = (np.asarray(a, dtype=np.float64) for a in (x, y, weights))
    refuse_collinear(matrix, tuple(f"column {i}" for i in range(matrix.shape[1])))
    bread = np.linalg.inv(matrix.T @ matrix).astype(np.float64)
    coef = bread @ (matrix.T @ outcome)
    rest = outcome - matrix @ coef
    ids, member = np.unique(np.asarray(clusters), return_inverse=True)
    adjusted = [adjusted_weights(matrix[member == i], bread, c) for i in range(len(ids))]
    scores = np.array([a @ rest[member == i] for i, a in enumerate(adjusted)])
    pulls = np.array([matrix[member == i].T @ a for i, a in enumerate(adjusted)])
    spread = np.diag([float(a @ a) for a in adjusted]) - pulls @ bread @ pulls.T
    df = float(np.trace(spread) ** 2 / (spread**2).sum())
    value, std_error = float(c @ coef), float(np.sqrt((scores**2).sum()))
    return ClusteredContrast(contrast=_student(value, std_error, df, level), df=df, n_clusters=len(ids))


def adjusted_weights(rows: Floats, bread: Floats, weights: Floats) -> Floats:
    """Weights of one cluster's residuals in a contrast: A X (X'X)^-1 c, with A the root of (I - H)^-1.

    Parameters
    ----------
    rows : (m, p) array
        The cluster's rows of X.
    bread : (p, p) array
        Inverse of X'X.
    weights : (p,) or (p, q) array
        One contrast, or q of them in columns.

    Returns
    -------
    (m,) or (m, q) array
    """
    sizes, directions = np.linalg.eigh(np.eye(len(rows)) - rows @ bread @ rows.T)
    sound = sizes > FITTED_EXACTLY
    root = directions[:, sound] / np.sqrt(sizes[sound])
    result: Floats = (root @ directions[:, sound].T) @ (rows @ (bread @ weights))
    return result


def _student(value: float, std_error: float, df: float, level: float) -> Contrast:
    """Value, standard error and Student's interval."""
    reach = float(stdtrit(df, 0.5 + level / 2)) * std_error
    p_value = 2.0 * float(stdtr(df, -abs(value) / std_error)) if std_error > 0 else float(value == 0)
    return Contrast(value=value, std_error=std_error, low=value - reach, high=value + reach, p_value=p_value)
