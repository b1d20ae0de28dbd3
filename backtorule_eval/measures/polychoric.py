"""How would two items correlate if the answers were not in steps? Polychoric correlations, in two steps."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import ndtr, ndtri

from backtorule_eval.errors import NotEstimable

Floats = NDArray[np.float64]

MIN_CATEGORIES = 2
# A correlation this close to 1 or -1 is the end of the search: the table has no maximum inside.
END = 0.999
# Gauss-Legendre nodes of the bivariate normal: enough for twelve digits up to END.
NODES, WEIGHTS = np.polynomial.legendre.leggauss(96)
TINY = 1e-300


@dataclass(frozen=True, slots=True, kw_only=True)
class Polychoric:
    """Polychoric correlations of a set of items.

    Attributes
    ----------
    correlations : (k, k) array
        Not forced to be positive definite.
    thresholds : tuple of arrays
        Per item, where the underlying normal variable is cut, in standard deviations.
    n, n_incomplete : int
        Persons who answered every item, and those left out because an answer is missing.
    """

    correlations: Floats = field(repr=False)
    thresholds: tuple[Floats, ...] = field(repr=False)
    n: int
    n_incomplete: int


def polychoric(items: pd.DataFrame) -> Polychoric:
    """How would the items correlate as normal variables of which the answers are coarse readings?

    Two steps (Olsson 1979): thresholds from each item's own shares, then each correlation by maximum
    likelihood with the thresholds held. No constant is added to empty cells.

    Parameters
    ----------
    items : pd.DataFrame, shape (n, k)
        One row per person, one column per item; ordered numbers, NaN for "not answered". Not modified.

    Raises
    ------
    NotEstimable
        "variation": an item has fewer than two answers in use. "boundary": a pair is so closely tied that
        its correlation has no estimate short of 1.

    Notes
    -----
    Agrees with R's ``lavaan::lavCor``, and with ``polycor::polychor`` and ``psych::polychoric`` as closely as
    their searches go; tests/measures/test_polychoric.py::test_agrees_with_r.
    """
    complete = items.dropna()
    codes = [np.unique(complete[name].to_numpy(), return_inverse=True)[1] for name in complete]
    cuts = []
    for name, code in zip(complete.columns, codes, strict=True):
        shares = np.bincount(code, minlength=MIN_CATEGORIES) / max(len(code), 1)
        if not shares[1] > 0:
            raise NotEstimable("variation", columns=(str(name),))
        cuts.append(ndtri(np.cumsum(shares)[:-1]))
    result = np.eye(len(codes))
    for i, j in combinations(range(len(codes)), 2):
        table = np.zeros((len(cuts[i]) + 1, len(cuts[j]) + 1))
        np.add.at(table, (codes[i], codes[j]), 1)
        value = correlation_of_table(table, cuts[i], cuts[j])
        if abs(value) > END - 1e-6:
            raise NotEstimable("boundary", columns=(str(complete.columns[i]), str(complete.columns[j])))
        result[i, j] = result[j, i] = value
    n = len(complete)
    return Polychoric(correlations=result, thresholds=tuple(cuts), n=n, n_incomplete=len(items) - n)


def correlation_of_table(table: Floats, rows: Floats, columns: Floats) -> float:
    """Return the correlation under which this table is most likely, given the cuts of rows and columns."""
    rows, columns = (np.clip(np.concatenate([[-np.inf], c, [np.inf]]), -30, 30) for c in (rows, columns))
    h, k = np.meshgrid(rows, columns, indexing="ij")

    def surprise(correlation: float) -> float:
        corners = bivariate_normal(h, k, correlation)
        cells = corners[1:, 1:] - corners[:-1, 1:] - corners[1:, :-1] + corners[:-1, :-1]
        return -float((table * np.log(np.maximum(cells, TINY))).sum())

    found = minimize_scalar(surprise, bounds=(-END, END), method="bounded", options={"xatol": 1e-9})
    return float(found.x)


def bivariate_normal(h: Floats, k: Floats, correlation: float) -> Floats:
    """Share of a standard bivariate normal below `h` and `k` together.

    Phi(h) Phi(k) plus the integral of the density over correlations from 0 (Drezner & Wesolowsky 1990), in
    the arc sine of the correlation (Genz 2004), by Gauss-Legendre.
    """
    reach = np.arcsin(correlation)
    angle = reach * (NODES + 1) / 2
    sine, cosine2 = np.sin(angle), np.cos(angle) ** 2
    squares, product = (h**2 + k**2)[..., None], (h * k)[..., None]
    density = np.exp(-(squares - 2 * product * sine) / (2 * cosine2))
    result: Floats = ndtr(h) * ndtr(k) + reach / (4 * np.pi) * (density @ WEIGHTS)
    return result
