"""How well does a factor model fit? The usual indices, with and without taking the answers as normal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.stats import ncx2

from backtorule_eval.analyses.factors.fit import FactorFit, fit_sample
from backtorule_eval.analyses.factors.model import independence
from backtorule_eval.analyses.factors.moments import imply_covariance
from backtorule_eval.errors import NotEstimable


@dataclass(frozen=True, slots=True, kw_only=True)
class FitIndices:
    """Fit of a factor model.

    Attributes
    ----------
    chi2, df, p_value : float, int, float
        Null: the model holds exactly in the population.
    cfi : float
        Comparative fit index (Bentler 1990), between 0 and 1.
    tli : float
        Tucker-Lewis index; can leave 0 to 1.
    rmsea, rmsea_low, rmsea_high : float
        Root mean square error of approximation, with its interval at 90 %.
    srmr : float
        Standardised root mean square residual of the covariances (means left out).
    robust : bool
        Whether chi2, p-value, CFI, TLI and RMSEA are those that do not take the answers as normal.
    """

    chi2: float
    df: int
    p_value: float
    cfi: float
    tli: float
    rmsea: float
    rmsea_low: float
    rmsea_high: float
    srmr: float
    robust: bool


def fit_indices(fit: FactorFit, *, robust: bool = True) -> FitIndices:
    """How far is the model from the data, and how much better than no model?

    The baseline lets no items go together. With `robust`: Satorra and Bentler's statistic, and CFI, TLI and
    RMSEA that estimate what they would be under normality (Brosseau-Liard & Savalei 2014; Brosseau-Liard,
    Savalei & Li 2012); without it c = 1 throughout. RMSEA of several groups after Steiger (1998).

    Raises
    ------
    NotEstimable
        "saturated": no degrees of freedom, so every data set fits.

    Notes
    -----
    Agrees with R's ``lavaan::fitMeasures``: ``cfi.robust``, ``srmr_bentler_nomean`` and so on;
    tests/analyses/test_factors.py::test_indices_agree_with_r.
    """
    if fit.df == 0:
        raise NotEstimable("saturated")
    groups = len(fit.samples)
    base = fit_sample(independence(fit.model.items, n_groups=groups), fit.samples)
    factor, base_factor = (fit.scaling, base.scaling) if robust else (1.0, 1.0)
    excess, base_excess = fit.chi2 - factor * fit.df, base.chi2 - base_factor * base.df
    widest = max(excess, base_excess, 0.0)
    statistic = fit.chi2 / factor
    per = np.sqrt(groups * factor / (fit.n * fit.df))
    low, high = (per * np.sqrt(_noncentrality(statistic, fit.df, share)) for share in (0.95, 0.05))
    return FitIndices(
        chi2=statistic,
        df=fit.df,
        p_value=fit.scaled_p_value if robust else fit.p_value,
        cfi=1 - max(excess, 0.0) / widest if widest else 1.0,
        tli=1 - excess * base.df / (base_excess * fit.df),
        rmsea=float(np.sqrt(max(excess, 0.0) * groups / (fit.n * fit.df))),
        rmsea_low=float(low),
        rmsea_high=float(high),
        srmr=_srmr(fit),
        robust=robust,
    )


def _noncentrality(statistic: float, df: int, share: float) -> float:
    """Noncentrality under which `share` of the statistics are smaller; 0 if even without it fewer are."""

    def over(noncentrality: float) -> float:
        return float(ncx2.cdf(statistic, df, noncentrality)) - share

    if over(0.0) < 0:
        return 0.0
    far = statistic + 10.0
    while over(far) > 0:
        far *= 2
    return float(brentq(over, 0.0, far, xtol=1e-12))


def _srmr(fit: FactorFit) -> float:
    """Root mean square of the differences of covariances in units of the items' own deviations."""
    result = 0.0
    for pattern, sample in zip(fit.model.groups, fit.samples, strict=True):
        deviation = np.sqrt(np.diag(sample.covariance))
        off = (sample.covariance - imply_covariance(pattern, fit.values)) / np.outer(deviation, deviation)
        lower = off[np.tril_indices(len(off))]
        result += sample.n / fit.n * float(np.sqrt((lower**2).mean()))
    return result
