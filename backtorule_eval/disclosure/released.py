"""What has passed the rules: the same things with every figure shown as decided, or HIDDEN.

`report` accepts nothing else, so a figure that nobody decided on cannot reach a page.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

from backtorule_eval.analyses.estimate import Caution, Estimand, Measure, Term
from backtorule_eval.analyses.joint_display import Agreement
from backtorule_eval.analyses.quality import Quantity
from backtorule_eval.analyses.tables import Dimension
from backtorule_eval.cohort.dictionary import Text
from backtorule_eval.disclosure.claim import Direction
from backtorule_eval.disclosure.rounding import HIDDEN, Band, Mark, Number
from backtorule_eval.disclosure.rules import DisclosureRules


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownEstimate:
    """An `Estimate` as released; fields as there, figures rounded or HIDDEN, None where there is none."""

    question: str
    population: str
    outcome: str
    contrast: str
    estimand: Estimand
    causal: bool
    measure: Measure
    unit: str
    level: float
    value: Number
    low: Number
    high: Number
    std_error: Number
    p_value: Number | Band | None
    p_holm: Number | Band | None
    n: Number
    n_events: Number | None
    n_missing: Number | None
    n_clusters: Number | None
    df: Number | None
    smallest_arm: Number | None
    n_imputations: int | None
    horizon_months: int | None
    design: str
    method: str
    adjustment: str
    adjusted_for: tuple[str, ...]
    prespecified: bool
    cautions: tuple[Caution, ...]
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCounts:
    """A `CountTable` as released; `counts` is row-major over the dimensions' levels.

    Attributes
    ----------
    merged, left_out : tuple of Text
        Labels of classifications that are coarser than they were claimed, and of those that are gone: a
        reader must be told of both.
    """

    question: str
    population: str
    dimensions: tuple[Dimension, ...]
    counts: tuple[Number, ...]
    merged: tuple[Text, ...] = ()
    left_out: tuple[Text, ...] = ()

    def cells(self, **levels: str) -> tuple[Number, ...]:
        """Return the counts of the cells with the given levels, by dimension name and level key."""
        keys = product(*([level.key for level in d.levels] for d in self.dimensions))
        names = [d.name for d in self.dimensions]
        return tuple(
            count
            for cell, count in zip(keys, self.counts, strict=True)
            if levels.items() <= dict(zip(names, cell, strict=True)).items()
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownMean:
    """A `MeanRow` as released."""

    name: str
    label: Text
    n: Number
    n_missing: Number
    mean: Number | None
    sd: Number | None
    low: Number | None
    high: Number | None
    scale_low: float | None
    scale_high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownMeans:
    """A `MeanTable` as released."""

    question: str
    population: str
    rows: tuple[ShownMean, ...]
    notes: tuple[Text, ...]
    label: Text | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownStep:
    """A `FlowCount` as released; `removes` tells whether the step's persons left."""

    step: str
    label: Text
    n: Number
    removes: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFlow:
    """A `Flow` as released."""

    question: str
    population: str
    steps: tuple[ShownStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRefusal:
    """A `Refusal` as released."""

    question: str
    population: str
    model: str
    reason: str
    needed: Number | None
    found: Number | None
    unit: str
    columns: tuple[str, ...]
    adjustment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCurveStep:
    """A `CurveStep` as released, without the persons behind it."""

    month: int
    value: Number
    low: Number
    high: Number

    @property
    def is_shown(self) -> bool:
        """Tell whether the share may be seen."""
        return not isinstance(self.value, Mark)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCurve:
    """A `Curve` as released: those steps that hold enough people, and how many there were at the start."""

    question: str
    population: str
    outcome: str
    group: Text | None
    level: float
    n: Number
    steps: tuple[ShownCurveStep, ...]
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownBin:
    """A `CalibrationBin` as released, without the persons in it."""

    predicted: Number
    observed: Number
    low: Number
    high: Number


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCalibration:
    """A `Calibration` as released."""

    question: str
    population: str
    outcome: str
    level: float
    bins: tuple[ShownBin, ...]
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownBalanceRow:
    """A `BalanceRow` as released, without how many are in a category."""

    name: str
    label: Text
    before: Number
    after: Number | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownBalance:
    """A `Balance` as released."""

    question: str
    population: str
    groups: tuple[Text, Text]
    rows: tuple[ShownBalanceRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownQualityRow:
    """A `QualityRow` as released, without how many are missing; figures in the order of the quantities."""

    label: Text
    beside: Text | None
    n: Number
    figures: tuple[Number | Band | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownQuality:
    """A `Quality` as released."""

    question: str
    population: str
    quantities: tuple[Quantity, ...]
    rows: tuple[ShownQualityRow, ...]
    notes: tuple[Text, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownQuote:
    """A `Quote` that may be read."""

    words: str
    said_by: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownJointRow:
    """A `JointRow` as released."""

    theme: Text
    said: Number
    number: ShownEstimate | None
    agreement: Agreement | None
    quote: ShownQuote | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownJointDisplay:
    """A `JointDisplay` as released."""

    question: str
    population: str
    n: Number
    rows: tuple[ShownJointRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownChoiceRow:
    """A `ChoiceRow` as released."""

    taken: tuple[int, ...]
    estimate: ShownEstimate


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownChoiceCurve:
    """A `ChoiceCurve` as released."""

    question: str
    population: str
    outcome: str
    contrast: str
    options: tuple[Text, ...]
    rows: tuple[ShownChoiceRow, ...]
    same_sign: Number
    significant: Number
    p_median: Number | Band
    p_same_sign: Number | Band
    p_significant: Number | Band
    n_permutations: int
    terms: tuple[Term, ...]


ShownThing = (
    ShownEstimate
    | ShownCounts
    | ShownMeans
    | ShownFlow
    | ShownRefusal
    | ShownCurve
    | ShownCalibration
    | ShownBalance
    | ShownJointDisplay
    | ShownChoiceCurve
    | ShownQuality
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Releasable:
    """One claim as it may be seen; `report` accepts nothing else.

    Attributes
    ----------
    key, cohort, view, worthwhile, direction
        As in the `Claim`.
    things : tuple of ShownThing
    rules : DisclosureRules
        The rules it passed, for the page to print.
    claim, plan : str
        Digests of the claim and of the audited plan; `plan` is "" when provisional.
    provisional : bool
        Checked alone, not against the rest of the report; not for sharing.
    """

    key: str
    cohort: str
    view: str
    things: tuple[ShownThing, ...]
    rules: DisclosureRules
    claim: str
    plan: str
    provisional: bool
    worthwhile: float | None = None
    direction: Direction | None = None


def total(counts: Iterable[Number]) -> Number:
    """Sum of released counts; HIDDEN when one of them is, so that no total gives a hidden count away.

    The sum is made from what is shown: a total from the data would tell the hidden count by subtraction.
    """
    summed: int | float = 0
    for count in counts:
        if isinstance(count, Mark):
            return HIDDEN
        summed += count
    return summed
