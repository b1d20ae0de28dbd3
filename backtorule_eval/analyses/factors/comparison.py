"""Is the simpler of two factor models good enough? The scaled difference test."""

from __future__ import annotations

from dataclasses import dataclass

from scipy.stats import chi2

from backtorule_eval.analyses.factors.fit import FactorFit
from backtorule_eval.errors import NotEstimable


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Test of a restricted factor model against a freer one it is part of.

    `chi2` is the scaled difference, `df` how many restrictions it tests, `p_value` under the null that they
    hold in the population.
    """

    chi2: float
    df: int
    p_value: float


def scaled_difference(restricted: FactorFit, free: FactorFit) -> Difference:
    """Does the freer model fit better than the restricted one by more than chance?

    Satorra and Bentler (2001). The restricted model must be a special case of the freer one; that is not
    checked. Where it sets correlations of factors to 1 they lie at the edge of what can be, and the test is
    conservative.

    Raises
    ------
    ValueError
        Other persons, or no more degrees of freedom.
    NotEstimable
        "scaled_difference": the factor of the difference is not positive, as can happen in small samples.

    Notes
    -----
    Agrees with R's ``lavaan::lavTestLRT(method = "satorra.bentler.2001")``;
    tests/analyses/test_factors.py::test_differences_agree_with_r.
    """
    more = restricted.df - free.df
    if restricted.n != free.n or more <= 0:
        raise ValueError("A difference needs the same persons and a model with more degrees of freedom.")
    free_part = free.df * free.scaling if free.df else 0.0
    factor = (restricted.df * restricted.scaling - free_part) / more
    if factor <= 0:
        raise NotEstimable("scaled_difference")
    statistic = max(restricted.chi2 - free.chi2, 0.0) / factor
    return Difference(chi2=statistic, df=more, p_value=float(chi2.sf(statistic, more)))
