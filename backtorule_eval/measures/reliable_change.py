"""Did a person change by more than the scale's own error? Jacobson and Truax's reliable change."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import sqrt
from typing import Literal, get_args

import numpy as np
import pandas as pd
from scipy.special import ndtri

from backtorule_eval.cohort.dictionary import Text
from backtorule_eval.errors import ParameterProblem

HIGHER, UNCHANGED, LOWER, UNKNOWN = "higher", "unchanged", "lower", "missing"
ReliabilityKind = Literal["retest", "alpha", "omega"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRule:
    """From which change on a scale's own error no longer explains it.

    Attributes
    ----------
    reliability : float
        Between 0 and 1, both excluded.
    kind : str
        What sort of reliability: "retest", "alpha" or "omega". The last two leave out that people answer
        differently from day to day, and so call more changes reliable.
    sd : float
        Standard deviation of the scores, above 0.
    reliability_source, sd_source : Text
        Where both come from: whose numbers they are decides who counts as changed.
    level : float
        Of persons who did not change, this share is not called changed.
    """

    reliability: float
    kind: ReliabilityKind
    sd: float
    reliability_source: Text
    sd_source: Text
    level: float = 0.95

    def __post_init__(self) -> None:
        if self.kind not in get_args(ReliabilityKind):
            raise ParameterProblem(
                f"Reliable change: the kind of reliability is one of {', '.join(get_args(ReliabilityKind))}."
            )
        if not 0 < self.reliability < 1:
            raise ParameterProblem("Reliable change: the reliability must lie between 0 and 1.")
        if not self.sd > 0:
            raise ParameterProblem("Reliable change: the standard deviation must be above 0.")
        if not 0 < self.level < 1:
            raise ParameterProblem("Reliable change: the level must lie between 0 and 1.")

    @property
    def standard_error(self) -> float:
        """Standard error of the difference of two scores of a person who did not change."""
        return self.sd * sqrt(2 * (1 - self.reliability))

    @property
    def smallest(self) -> float:
        """Smallest change, up or down, that the scale's own error does not explain."""
        return float(ndtri((1 + self.level) / 2)) * self.standard_error


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliableChange:
    """Whose score changed reliably.

    Attributes
    ----------
    status : pd.Series of str
        By person: "higher", "unchanged", "lower", or "missing" where a score lacks.
    rule : ChangeRule
    n, n_missing : int
        Persons with both scores, and without.
    """

    status: pd.Series = field(repr=False)
    rule: ChangeRule
    n: int
    n_missing: int


def reliable_change(first: pd.Series, last: pd.Series, *, rule: ChangeRule) -> ReliableChange:
    """Whose score changed by more than two answers of an unchanged person may differ?

    Jacobson and Truax (1991): the change divided by sd sqrt(2 (1 - reliability)), against the normal
    distribution. "Unchanged" means that a change cannot be told from error, not that there was none. That
    someone changed reliably does not say why: everybody who starts low tends to rise.

    Parameters
    ----------
    first, last : pd.Series
        Scores by person, on the same index; NaN where there is none. Not modified.
    rule : ChangeRule

    Raises
    ------
    ValueError
        The persons are not the same.

    Notes
    -----
    Arithmetic; tests/measures/test_reliable_change.py.
    """
    if not first.index.equals(last.index):
        raise ValueError("Reliable change compares two scores of the same persons.")
    change = (last - first).to_numpy(dtype=float)
    known = ~np.isnan(change)
    status = np.select(
        [~known, change >= rule.smallest, change <= -rule.smallest],
        [UNKNOWN, HIGHER, LOWER],
        default=UNCHANGED,
    )
    return ReliableChange(
        status=pd.Series(status, index=first.index, dtype="str"),
        rule=rule,
        n=int(known.sum()),
        n_missing=int((~known).sum()),
    )
