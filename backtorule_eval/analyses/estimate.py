"""The one result type: a number that answers a question, with its uncertainty and its denominator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

import pandas as pd

from backtorule_eval.cohort.dictionary import Text


class Estimand(StrEnum):
    """What the number is a number of; it stands in every sentence made from it."""

    ASSOCIATION = "association"
    CHANGE = "change"
    INCIDENCE = "incidence"
    MEAN = "mean"
    ATT = "att"
    ATO = "ato"
    ATE = "ate"


class Measure(StrEnum):
    """The scale the value is on; rounding and wording follow from it."""

    LOG_ODDS = "log_odds"
    RISK_DIFFERENCE = "risk_difference"
    RISK = "risk"
    MEAN = "mean"
    MEAN_DIFFERENCE = "mean_difference"
    # Share of the deviance, from 0 to 1: how much better the outcome is foretold.
    EXPLAINED = "explained"


class Caution(StrEnum):
    """What a reader must be told beside the number."""

    ONE_TREATED_CLUSTER = "one_treated_cluster"
    FEW_CLUSTERS = "few_clusters"
    NO_CLUSTERS_IN_SOURCE = "no_clusters_in_source"
    NO_WEIGHTS_IN_SOURCE = "no_weights_in_source"
    SINGLE_IMPUTATION = "single_imputation"
    LOW_OVERLAP = "low_overlap"
    BEFORE_AFTER_ONLY = "before_after_only"
    INVARIANCE_UNTESTED = "invariance_untested"
    SEPARATION = "separation"
    RELIABILITY_UNCORRECTED = "reliability_uncorrected"
    EXPLORATORY = "exploratory"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A name that came with the study or its data, with its words: a variable, an outcome, a step."""

    name: str
    label: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A number that answers a question.

    Attributes
    ----------
    question : str
        Identifier of the question, e.g. "interest_minus_utility"; words live in the report's catalogue.
    population, outcome, contrast : str
        Identifiers of who, what and compared with what.
    estimand : Estimand
    causal : bool
        False unless a declared comparison can carry it; then every sentence says "goes with".
    measure : Measure
    unit : str
        "points" (percentage points are stored as shares, -1 to 1), "sd", "log odds per sd", ...
    value, low, high, std_error : float
        Unrounded. Risks and risk differences are shares (0.05 is five per hundred).
    level : float
        Level of the interval.
    p_value, p_holm : float or None
        Two-sided; `p_holm` only among pre-specified questions.
    n, n_events, n_missing : int or None
        Persons in the model; persons with the event; persons left out for missing values.
    df : float or None
        Degrees of freedom behind the interval; None for the normal distribution.
    smallest_arm : int or None
        Persons in the smallest group compared; rounding for release depends on it.
    adjustment : str
        Which of several answers to one question this is: the step of a ladder, e.g. "unadjusted"; "" if there
        is one answer only.
    adjusted_for : tuple of str
        Names of the variables held constant, in the order they were added.
    terms : tuple of Term
        Words for those of the names above (outcome, contrast, adjustment, adjusted_for) that came with the
        study or its data, so that the report's catalogue cannot know them.
    """

    question: str
    population: str
    outcome: str
    contrast: str
    estimand: Estimand
    causal: bool = False
    measure: Measure
    unit: str
    value: float
    low: float
    high: float
    std_error: float
    level: float = 0.95
    p_value: float | None = None
    p_holm: float | None = None
    n: int
    n_events: int | None = None
    n_missing: int | None = None
    n_imputations: int | None = None
    n_clusters: int | None = None
    df: float | None = None
    smallest_arm: int | None = None
    horizon_months: int | None = None
    design: str = "observational"
    method: str = ""
    adjustment: str = ""
    adjusted_for: tuple[str, ...] = ()
    prespecified: bool = False
    cautions: tuple[Caution, ...] = ()
    terms: tuple[Term, ...] = ()

    def __post_init__(self) -> None:
        if not (self.low <= self.value <= self.high):
            raise ValueError(f"{self.question}: the interval must hold the value.")
        if not (0 < self.level < 1 and self.n > 0 and self.std_error >= 0):
            raise ValueError(f"{self.question}: level, n or standard error out of range.")


def tabulate(estimates: Sequence[Estimate]) -> pd.DataFrame:
    """One row per estimate, one column per field but the words, unrounded: formatting belongs to `report`."""
    return pd.DataFrame([asdict(e) for e in estimates]).drop(columns="terms", errors="ignore")
