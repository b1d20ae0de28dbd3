"""The programme ran in one office: what can still be said, and what cannot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtr, stdtrit

from backtorule_eval.analyses.cluster_robust import ClusteredContrast, clustered_contrast
from backtorule_eval.analyses.contrast import Contrast
from backtorule_eval.analyses.logit import refuse_collinear
from backtorule_eval.analyses.support import require_support
from backtorule_eval.errors import NotEstimable

Floats = NDArray[np.float64]

# How a difference of this module is named wherever it is shown: it is about no other offices.
THESE_OFFICES_ONLY = "these_offices_only"
NOT_TOLD_APART = "office_and_programme"
# Of people in one office: how alike they may be in what they have in common there.
INTRACLASS = (0.01, 0.05, 0.10)
# Two statistics this near are equal but for rounding; an equal one counts as at least as large.
TIE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Offices:
    """People of one treated office and of others.

    Attributes
    ----------
    y : (n,) array
        Outcome; 0 and 1 for a yes or no.
    offices : (n,) array
        Which office each person belongs to.
    treated : (n,) array of bool
        Who was in the programme: everybody of some offices and nobody of the others.
    covariates : (n, k) array
        Numbers to hold constant, no constant among them; k may be 0.

    Raises
    ------
    ValueError
        Some office has both, or all people are alike in this.
    """

    y: Floats
    offices: NDArray[np.object_]
    treated: NDArray[np.bool_]
    covariates: Floats

    def __post_init__(self) -> None:
        inside, outside = (set(self.offices[self.treated == arm]) for arm in (True, False))
        if inside & outside or not (inside and outside):
            raise ValueError("Some offices must have had the programme and others not, and none in part.")

    @property
    def x(self) -> Floats:
        """Constant, programme, covariates."""
        return np.column_stack([np.ones(len(self.y)), self.treated, self.covariates])


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """The same difference, if people of one office were this alike."""

    intraclass: float
    contrast: Contrast


@dataclass(frozen=True, slots=True, kw_only=True)
class Placebo:
    """Where the treated office stands among all, each taken in turn for the treated one.

    Attributes
    ----------
    p_value : float
        Share of offices, the treated one included, that are at least as far from the rest.
    smallest_p : float
        1 / n_offices: no result could have given less.
    n_offices : int
    """

    p_value: float
    smallest_p: float
    n_offices: int


def refuse_one_treated(*, offices: ArrayLike, treated: ArrayLike) -> None:
    """Refuse an effect of the programme when only one office had it, or only one did not.

    Raises
    ------
    NotEstimable
        "office_and_programme": the office and the programme cannot be told apart. Whatever else that office
        has or lacks moves the difference as much as the programme does, and no number of people tells
        which. Cluster-robust intervals do not warn: with one treated of 12 CR2 rejects a true null in half
        of all samples.
    """
    groups, arms = np.asarray(offices), np.asarray(treated, dtype=bool)
    fewest = min(len(np.unique(groups[arms == arm])) for arm in (True, False))
    if fewest <= 1:
        raise NotEstimable(NOT_TOLD_APART, needed=2, found=fewest)


def difference_of_these_offices(rows: Offices, *, level: float = 0.95) -> ClusteredContrast:
    """How far apart are the people of these offices, whatever the reason?

    The estimand is the difference in means, given the covariates, between people of the offices as they are:
    people like these in the same offices. The interval knows of differences between persons alone, so it says
    nothing of other offices or of the programme; wherever it is shown it is named `THESE_OFFICES_ONLY` and
    carries the caution one_treated_cluster. HC2 with Satterthwaite degrees of freedom, and without
    covariates the standard error is Welch's.

    Notes
    -----
    Agrees with R's ``t.test`` and clubSandwich with one cluster per person;
    tests/analyses/test_one_treated_office.py::test_difference_agrees_with_r.
    """
    x = rows.x
    return clustered_contrast(
        x=x, y=rows.y, clusters=np.arange(len(x)), weights=np.eye(x.shape[1])[1], level=level
    )


def what_if_alike(rows: Offices, *, intraclass: float, level: float = 0.95) -> WhatIf:
    """How sure would the difference be if people of one office were this alike?

    Least squares with errors of equal variance and this correlation inside every office, taken as known. The
    variance is what gives the residuals' sum of squares its expected size under that correlation, and the
    interval is Student's with the persons' degrees of freedom: as a what-if it leaves out that nobody knows
    the correlation.

    Parameters
    ----------
    rows : Offices
    intraclass : float
        0 up to 1, 1 excluded.
    level : float
        Level of the interval.

    Notes
    -----
    With two offices of m people each the standard error is the person-level one times the root of
    1 + m ICC / (1 - ICC), since no spread between offices is left in the residuals. Agrees with R by matrix
    algebra; tests/analyses/test_one_treated_office.py::test_what_if_agrees_with_r.
    """
    if not 0 <= intraclass < 1:
        raise ValueError("The intraclass correlation must be 0 or more, and below 1.")
    x = rows.x
    refuse_collinear(x, tuple(f"column {i}" for i in range(x.shape[1])))
    member = np.unique(rows.offices, return_inverse=True)[1]
    bread = np.linalg.inv(x.T @ x)
    coef = bread @ (x.T @ rows.y)
    rest = rows.y - x @ coef
    together = np.array([x[member == g].sum(axis=0) for g in range(member.max() + 1)])
    alone, shared = bread[1, 1], float(((together @ bread[1]) ** 2).sum())
    df = len(x) - x.shape[1]
    unfitted = len(x) - float(np.einsum("gi,ij,gj->", together, bread, together))
    variance = float(rest @ rest) / ((1 - intraclass) * df + intraclass * unfitted)
    std_error = float(np.sqrt(variance * ((1 - intraclass) * alone + intraclass * shared)))
    return WhatIf(intraclass=intraclass, contrast=_student(float(coef[1]), std_error, df, level))


def placebo_test(rows: Offices) -> Placebo:
    """Does the treated office stand out from the others more than they stand out from each other?

    The null is that the programme changed nobody's outcome and the treated office is one like the others;
    each office is then taken for the treated one in turn (a permutation over offices; Abadie, Diamond &
    Hainmueller 2010, MacKinnon & Webb 2020 for its limits). Covariates are adjusted for by what they go
    with inside offices. An office's statistic is the distance of its mean from the weighted mean of all
    others, in standard errors made of the variance between offices and that between persons over its size,
    so that a small office is not taken for an unusual one.

    Raises
    ------
    NotEstimable
        "comparison_offices", from ``support.yaml``; "treated_offices" when more than one had the programme;
        "variation" when the outcome does not vary inside offices.

    Notes
    -----
    Exact when offices are exchangeable, which nobody can see in the data; the choice of the office was no
    lottery. Agrees with R, written out there;
    tests/analyses/test_one_treated_office.py::test_placebo_agrees_with_r.
    """
    ids, member = np.unique(rows.offices, return_inverse=True)
    chosen = np.unique(member[rows.treated])
    if len(chosen) > 1:
        raise NotEstimable("treated_offices")
    require_support("placebo_permutation", comparison_offices=len(ids) - 1)
    distances = _distances(rows, member)
    as_far = int((distances >= distances[chosen[0]] * (1 - TIE)).sum())
    return Placebo(p_value=as_far / len(ids), smallest_p=1 / len(ids), n_offices=len(ids))


def _distances(rows: Offices, member: NDArray[np.intp]) -> Floats:
    """Distance of each office from all others, in standard errors."""
    size = np.bincount(member).astype(np.float64)
    each = np.column_stack([rows.y, rows.covariates])
    means = np.array([each[member == g].mean(axis=0) for g in range(len(size))])
    inside = each - means[member]
    slope = np.linalg.lstsq(inside[:, 1:], inside[:, 0], rcond=None)[0]
    rest = inside[:, 0] - inside[:, 1:] @ slope
    mean = means[:, 0] - means[:, 1:] @ slope
    n, n_offices = len(member), len(size)
    within = float(rest @ rest) / (n - n_offices - len(slope))
    if within <= TIE * float(np.var(rows.y)):
        raise NotEstimable("variation")
    between = _variance_between(mean, size, within)
    weight = 1 / (between + within / size)
    others = (weight @ mean - weight * mean) / (weight.sum() - weight)
    distance: Floats = np.abs(mean - others) / np.sqrt(1 / weight + 1 / (weight.sum() - weight))
    return distance


def _variance_between(mean: Floats, size: Floats, within: float) -> float:
    """Variance between offices by the analysis of variance, not below zero."""
    n, n_offices = size.sum(), len(size)
    middle = size @ mean / n
    squares = float(size @ (mean - middle) ** 2) / (n_offices - 1)
    typical = (n - size @ size / n) / (n_offices - 1)
    return max(float((squares - within) / typical), 0.0)


def _student(value: float, std_error: float, df: int, level: float) -> Contrast:
    """Value, standard error and Student's interval."""
    reach = float(stdtrit(df, 0.5 + level / 2)) * std_error
    p_value = 2.0 * float(stdtr(df, -abs(value) / std_error)) if std_error > 0 else float(value == 0)
    return Contrast(value=value, std_error=std_error, low=value - reach, high=value + reach, p_value=p_value)
