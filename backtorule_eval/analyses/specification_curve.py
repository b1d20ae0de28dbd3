"""Does an answer hang on our choices? One contrast under every set of choices, and a test of all together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import null_space
from scipy.special import ndtr

from backtorule_eval.analyses.permuted import Exposure, permuted_refits
from backtorule_eval.analyses.support import require_support

Floats = NDArray[np.float64]

SIGNIFICANT = 0.05
# Statistics that differ by rounding alone are the same.
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Specification:
    """One set of choices: what they are, and the model they make.

    Attributes
    ----------
    choices : tuple of (str, str)
        What is chosen, and which option, in the same order in every specification.
    x : (n, p) array
        The same persons in the same order in every specification; the constant included.
    weights : (p,) array
        The contrast is the weighted sum of coefficients; zero for what is held constant.
    """

    choices: tuple[tuple[str, str], ...]
    x: Floats
    weights: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveTest:
    """One statistic of the whole curve, and how often chance alone makes one as large."""

    value: float
    p_value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecificationResult:
    """The contrast under every specification, in the order given.

    Attributes
    ----------
    value, std_error, p_value : (n_specifications,) array
        Log odds, standard error, two-sided p-value.
    median : CurveTest
        Median of the values; two-sided.
    same_sign, significant : CurveTest
        Share of the specifications with the more common sign; share with that sign and p < 0.05.
    n_permutations : int
    """

    value: Floats
    std_error: Floats
    p_value: Floats
    median: CurveTest
    same_sign: CurveTest
    significant: CurveTest
    n_permutations: int


def specification_curve(
    *, specifications: Sequence[Specification], y: Floats, n_permutations: int, seed: int, workers: int = 1
) -> SpecificationResult:
    """Is there an association under most choices, and could chance have made the whole curve?

    The estimand is the one contrast that all specifications answer. The test imposes the null that it is zero
    in all of them (after Simonsohn, Simmons & Nelson 2020, for an observed exposure): in each specification
    the part of the exposure that the other variables do not explain is dealt to other persons, the same deal
    in every specification, and all models are fitted again.

    Parameters
    ----------
    specifications : sequence of Specification
        At least one; about the same persons.
    y : (n,) array
        1 with the event, 0 without.
    n_permutations : int
        The smallest p-value is one over this plus one.

    Raises
    ------
    NotEstimable
        Fewer persons than the support table asks for, or a specification cannot be fitted.

    Notes
    -----
    Agrees with R's ``glm`` on the same permutations to 1e-6; tests/analyses/test_specification_curve.py.
    """
    require_support("specification_curve", persons=len(y))
    deals = permutations(n=len(y), n_permutations=n_permutations, seed=seed)
    found = [
        permuted_refits(exposure_of(one), y=y, permutations=deals, workers=workers) for one in specifications
    ]
    values, errors = (np.stack(each, axis=1) for each in zip(*found, strict=True))
    scores = values / errors
    statistics = [_statistics(value, score) for value, score in zip(values, scores, strict=True)]
    median, same_sign, significant = (_test(np.array(each)) for each in zip(*statistics, strict=True))
    return SpecificationResult(
        value=values[0],
        std_error=errors[0],
        p_value=2 * ndtr(-np.abs(scores[0])),
        median=CurveTest(value=float(np.median(values[0])), p_value=median.p_value),
        same_sign=same_sign,
        significant=significant,
        n_permutations=n_permutations,
    )


def exposure_of(specification: Specification) -> Exposure:
    """Turn columns so that one coefficient is the contrast, and the others are what it is adjusted for.

    With w the weights and u = w / |w|^2, the columns X of the contrast make X b = X u (w'b) + X N d, where N
    spans what is at right angles to w; so the coefficient of X u is the contrast whatever the others are.
    """
    x, weights = specification.x, specification.weights
    within = np.flatnonzero(weights)
    given = weights[within]
    compared = x[:, within] @ (given / (given @ given))
    beside = x[:, within] @ null_space(given[None, :])
    held = np.delete(x, within, axis=1)
    return Exposure(compared=compared, held=np.column_stack([held, beside]))


def permutations(*, n: int, n_permutations: int, seed: int) -> NDArray[np.intp]:
    """Return who gets whose exposure: first all their own, then deals by seed and number alone."""
    deals = (np.random.default_rng([seed, number]).permutation(n) for number in range(n_permutations))
    return np.stack([np.arange(n), *deals])


def _statistics(values: Floats, scores: Floats) -> tuple[float, float, float]:
    """Return size of the median, share of the more common sign, share significant with that sign."""
    sign = 1.0 if (values > 0).mean() >= (values < 0).mean() else -1.0
    significant = 2 * ndtr(-np.abs(scores)) < SIGNIFICANT
    agreeing = sign * values > 0
    return abs(float(np.median(values))), float(agreeing.mean()), float((agreeing & significant).mean())


def _test(statistic: Floats) -> CurveTest:
    """Compare what was seen, the first, with chance; a deal without an estimate counts as larger."""
    as_large = ~(statistic[1:] < statistic[0] - ROUNDING)
    return CurveTest(
        value=float(statistic[0]), p_value=float((1 + as_large.sum()) / (1 + len(statistic[1:])))
    )
