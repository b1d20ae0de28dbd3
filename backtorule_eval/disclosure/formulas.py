"""How an interval follows from counts: so a reader can try counts against what is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, ndtr, ndtri, stdtr, stdtrit

Cells = NDArray[np.int64]
Numbers = NDArray[np.float64]
# An interval as near as this to what a formula gives came from that formula.
SAME = 1e-6


@dataclass(frozen=True, slots=True)
class Told:
    """What follows from counts, world by world; `p` is None where the formula has no test of its own."""

    value: Numbers
    low: Numbers
    high: Numbers
    p: Numbers | None = None


Formula = Callable[[Cells, float], Told]


def wald_difference(cells: Cells, level: float) -> Told:
    """Difference of two risks, normal interval, unpooled variance."""
    return _difference(cells, None, level, _variance(cells))


def student_difference(cells: Cells, level: float) -> Told:
    """The same as a linear model gives it with HC2 standard errors and Student's t."""
    return _difference(cells, cells.sum(axis=0) - 2, level, _variance(cells, less=1))


def pooled_difference(cells: Cells, level: float) -> Told:
    """The same as a linear model gives it that takes the variance to be one."""
    n_first, n_second = cells[0] + cells[1], cells[2] + cells[3]
    within = cells[0] * cells[1] / n_first + cells[2] * cells[3] / n_second
    variance = within / (n_first + n_second - 2) * (1 / n_first + 1 / n_second)
    return _difference(cells, n_first + n_second - 2, level, variance)


def newcombe_difference(cells: Cells, level: float) -> Told:
    """Difference of two risks with the interval of Newcombe (1998, method 10), and the normal test."""
    first, second = wilson_risk(cells[:2], level), wilson_risk(cells[2:], level)
    value = first.value - second.value
    low = value - np.hypot(first.value - first.low, second.high - second.value)
    high = value + np.hypot(first.high - first.value, second.value - second.low)
    return Told(value, low, high, wald_difference(cells, level).p)


def woolf_log_odds(cells: Cells, level: float) -> Told:
    """Log odds ratio with the interval of Woolf (1955), as a logistic model without covariates gives it."""
    value = np.log(cells[0] * cells[3] / (cells[1] * cells[2]))
    return _told(value, None, level, (1 / cells).sum(axis=0))


def wilson_risk(cells: Cells, level: float) -> Told:
    """One risk with the interval of Wilson (1927)."""
    n, z = cells.sum(axis=0), float(ndtri((1 + level) / 2))
    p = cells[0] / n
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return Told(p, centre - half, centre + half)


def wald_risk(cells: Cells, level: float) -> Told:
    """One risk with the normal interval."""
    n = cells.sum(axis=0)
    told = _told(cells[0] / n, None, level, cells[0] * cells[1] / n**3)
    return Told(told.value, told.low, told.high)


def exact_risk(cells: Cells, level: float) -> Told:
    """One risk with the interval of Clopper and Pearson (1934)."""
    tail = (1 - level) / 2
    low = betaincinv(cells[0], cells[1] + 1, tail)
    return Told(cells[0] / cells.sum(axis=0), low, betaincinv(cells[0] + 1, cells[1], 1 - tail))


# Where none of them gave the interval (it is adjusted, or clusters count), the first stands in for what did.
DIFFERENCES: tuple[Formula, ...] = (
    wald_difference,
    student_difference,
    pooled_difference,
    newcombe_difference,
)
LOG_ODDS: tuple[Formula, ...] = (woolf_log_odds,)
RISKS: tuple[Formula, ...] = (wilson_risk, wald_risk, exact_risk)


def formula_of(
    formulas: Sequence[Formula], cells: Cells, *, level: float, low: float, high: float
) -> Formula:
    """Which formula made this interval of these counts; the first if none did."""
    for formula in formulas:
        told = formula(cells, level)
        if abs(told.low[0] - low) < SAME and abs(told.high[0] - high) < SAME:
            return formula
    return formulas[0]


def _variance(cells: Cells, less: int = 0) -> Numbers:
    """Variance of a difference of risks; `less` is taken from each group's size once."""
    n_first, n_second = cells[0] + cells[1], cells[2] + cells[3]
    first = cells[0] * cells[1] / n_first**2 / (n_first - less)
    variance: Numbers = first + cells[2] * cells[3] / n_second**2 / (n_second - less)
    return variance


def _difference(cells: Cells, df: Cells | None, level: float, variance: Numbers) -> Told:
    """Difference of two risks, given its variance."""
    value = cells[0] / (cells[0] + cells[1]) - cells[2] / (cells[2] + cells[3])
    return _told(value, df, level, variance)


def _told(value: Numbers, df: Cells | None, level: float, variance: Numbers) -> Told:
    """Value, symmetric interval and two-sided test; by Student's t where there are degrees of freedom."""
    error = np.sqrt(variance)
    half = (ndtri((1 + level) / 2) if df is None else stdtrit(df, (1 + level) / 2)) * error
    away = -np.abs(value) / error
    return Told(value, value - half, value + half, 2 * (ndtr(away) if df is None else stdtr(df, away)))
