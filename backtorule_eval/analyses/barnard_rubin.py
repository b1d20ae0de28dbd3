"""One answer from several completed data sets: Rubin's rules, with degrees of freedom for small samples."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtr, stdtrit

from backtorule_eval.analyses.contrast import Contrast

Floats = NDArray[np.float64]

# With one data set nothing tells how much the answer hangs on what was imputed.
FEWEST_IMPUTATIONS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledContrast:
    """A contrast pooled over m completed data sets, its standard error and t interval.

    Attributes
    ----------
    contrast : Contrast
        With Student's interval on `df`.
    df : float
        Barnard and Rubin's degrees of freedom; never more than the complete data would have.
    within, between : float
        Average variance inside a data set, and variance of the values between them, in squared units.
    share_between : float
        Share of the total variance that comes from not knowing the missing values, 0 to 1; gamma of
        docs/formulas.md.
    missing_information : float
        Fraction of missing information, 0 to 1: that share, with the few imputations allowed for.
    n_imputations : int
        m.
    """

    contrast: Contrast
    df: float
    within: float
    between: float
    share_between: float
    missing_information: float
    n_imputations: int


def pool_contrasts(
    *, values: ArrayLike, std_errors: ArrayLike, df_complete: float = inf, level: float = 0.95
) -> PooledContrast:
    """What do several completed data sets say together, and how sure is it?

    The estimand is that of the analysis that was run in each data set; the null is that it is zero. Values
    are averaged, and the total variance is the average within plus 1 + 1/m times that between (Rubin 1987,
    chapter 3). The degrees of freedom are those for small samples (Barnard & Rubin 1999), because Rubin's
    first rule can give more than there are people.

    Parameters
    ----------
    values, std_errors : (m,) array
        One per completed data set, on a scale on which the value is about normal: log odds and not odds.
    df_complete : float
        Degrees of freedom of the same analysis had nothing been missing: people less coefficients, or
        Satterthwaite's; infinite for a normal approximation.
    level : float
        Level of the interval.

    Raises
    ------
    ValueError
        Arrays of different shapes, fewer than two data sets, missing values, a standard error or degrees of
        freedom that are not above zero.

    Notes
    -----
    The rules hold for imputations drawn with the uncertainty of the imputation model in them, from a model
    that holds what the analysis holds. They do not tell whether people were missing at random. When values
    differ much the degrees of freedom can fall below one, and the interval holds everything; whether there
    are enough of them is for the caller to ask of support.

    Agrees with R's ``mice::pool.scalar`` to 1e-10;
    tests/analyses/test_barnard_rubin.py::test_agrees_with_mice. mice counts a share between of less than
    0.0001 as 0.0001; here it stays what it is, so that values that do not differ at all give the complete
    data's degrees of freedom times (df + 1) / (df + 3).
    """
    value, error = (np.asarray(a, dtype=np.float64) for a in (values, std_errors))
    _check(value, error, df_complete)
    m = len(value)
    within, between = float((error**2).mean()), float(value.var(ddof=1))
    total = within + (1 + 1 / m) * between
    share = (1 + 1 / m) * between / total
    df = _degrees_of_freedom(m, share, within / total, df_complete)
    return PooledContrast(
        contrast=_student(float(value.mean()), float(np.sqrt(total)), df, level),
        df=df,
        within=within,
        between=between,
        share_between=share,
        # Rubin's (r + 2 / (df + 3)) / (r + 1), where r is the share between divided by the share within.
        missing_information=share + within / total * 2 / (df + 3),
        n_imputations=m,
    )


def _check(value: Floats, error: Floats, df_complete: float) -> None:
    """Refuse what is not one value and one standard error per data set."""
    if value.ndim != 1 or value.shape != error.shape or len(value) < FEWEST_IMPUTATIONS:
        raise ValueError("There must be one value and one standard error for each of two or more data sets.")
    if not (np.isfinite(value).all() and np.isfinite(error).all() and (error > 0).all()):
        raise ValueError("Values and standard errors must be finite, and standard errors above zero.")
    if not df_complete > 0:
        raise ValueError("The degrees of freedom of the complete data must be above zero.")


def _degrees_of_freedom(m: int, between: float, within: float, df_complete: float) -> float:
    """Combine those of the number of imputations and those of the people observed; by shares of variance."""
    by_imputation = between**2 / (m - 1)
    by_people = 0.0
    if df_complete < inf:
        by_people = (df_complete + 3) / ((df_complete + 1) * df_complete * within)
    both = by_imputation + by_people
    return 1 / both if both > 0 else inf


def _student(value: float, std_error: float, df: float, level: float) -> Contrast:
    """Value, standard error and Student's interval; normal when the degrees of freedom have no end."""
    reach = float(stdtrit(df, 0.5 + level / 2)) * std_error
    p_value = 2.0 * float(stdtr(df, -abs(value) / std_error))
    return Contrast(value=value, std_error=std_error, low=value - reach, high=value + reach, p_value=p_value)
