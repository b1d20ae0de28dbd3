"""What analyses return when the answer is a curve over time, or how well foretold risks fit what happened."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from backtorule_eval.analyses.estimate import Term
from backtorule_eval.cohort.dictionary import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveStep:
    """One month of a curve.

    Attributes
    ----------
    month : int
        Months since the start.
    at_risk : int
        Persons still followed, without the outcome or a competing one, at the beginning of the month.
    events, gone : int
        Persons with the outcome in the month; persons who left the curve otherwise: no longer followed, or
        with a competing outcome.
    value, low, high : float
        Share with the outcome by the end of the month, and its interval; shares from 0 to 1.
    """

    month: int
    at_risk: int
    events: int
    gone: int
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """How large a share of a group has had an outcome, month by month.

    Attributes
    ----------
    question, population, outcome : str
        Identifiers; words live in the report's catalogue, or in `terms`.
    group : Text or None
        Which of several groups this is; None when there is one.
    steps : tuple of CurveStep
        In order of time, at least one.

    Raises
    ------
    ValueError
        The steps are none, out of order, or more people leave than were there.
    """

    question: str
    population: str
    outcome: str
    steps: tuple[CurveStep, ...]
    group: Text | None = None
    level: float = 0.95
    terms: tuple[Term, ...] = ()

    def __post_init__(self) -> None:
        if not self.steps or any(b.month <= a.month for a, b in pairwise(self.steps)):
            raise ValueError(f"{self.question}: a curve needs steps in order of time.")
        if any(a.at_risk - a.events - a.gone != b.at_risk for a, b in pairwise(self.steps)):
            raise ValueError(f"{self.question}: who is at risk must follow from who left before.")
        if not all(0 <= s.low <= s.value <= s.high <= 1 for s in self.steps):
            raise ValueError(f"{self.question}: an interval must hold its share, from 0 to 1.")


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationBin:
    """People with nearly the same foretold risk: how many, how large it was, and what happened.

    `predicted` is their mean foretold risk; `observed`, `low` and `high` the share with the outcome and its
    interval; all from 0 to 1.
    """

    n: int
    events: int
    predicted: float
    observed: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """How well foretold risks fit what happened, in groups of people; never a person's own risk."""

    question: str
    population: str
    outcome: str
    bins: tuple[CalibrationBin, ...]
    level: float = 0.95
    terms: tuple[Term, ...] = ()
