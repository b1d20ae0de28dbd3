"""What analyses return when the answer is not one estimate: counts, means, and refusals."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from backtorule_eval.cohort.dictionary import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One category of a dimension; `key` is stable, `label` is for readers."""

    key: str
    label: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """One classification: a variable and its categories in order.

    The category with key "missing", if there is one, holds those without a value. Where categories must be
    merged for disclosure control, those that are `ordered` are merged with their neighbours.
    """

    name: str
    label: Text
    levels: tuple[Level, ...]
    sensitive: bool = False
    ordered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CountTable:
    """Exact counts of persons over zero or more dimensions, without margins.

    Attributes
    ----------
    question, population : str
        Identifiers; their words live in the report's catalogue.
    dimensions : tuple of Dimension
        Every person of the population is in exactly one cell.
    counts : tuple of int
        Row-major over the dimensions' levels, length the product of their numbers of levels.
    """

    question: str
    population: str
    dimensions: tuple[Dimension, ...]
    counts: tuple[int, ...]

    def __post_init__(self) -> None:
        if len(self.counts) != prod(len(d.levels) for d in self.dimensions):
            raise ValueError(f"{self.question}: one count per cell is needed.")
        if min(self.counts, default=0) < 0:
            raise ValueError(f"{self.question}: a count is negative.")


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanRow:
    """Mean and spread of one variable among those with a value.

    Attributes
    ----------
    n, n_missing : int
        Persons with and without a value.
    mean, sd : float or None
        None when nobody (mean) or fewer than two (sd) have a value.
    low, high : float or None
        Interval of the mean (Student's t), None when n < 2.
    scale_low, scale_high : float or None
        The range the variable can take, for the reader.
    """

    name: str
    label: Text
    n: int
    n_missing: int
    mean: float | None
    sd: float | None
    low: float | None = None
    high: float | None = None
    scale_low: float | None = None
    scale_high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanTable:
    """Means of several variables in one population.

    Attributes
    ----------
    notes : tuple of Text
        What a reader must be told about the variables wherever the table is shown: warnings of contested
        indices, keys that were not verified.
    label : Text or None
        What tells this table from others of the same claim: a group, or a wave.
    """

    question: str
    population: str
    rows: tuple[MeanRow, ...]
    notes: tuple[Text, ...] = ()
    label: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowCount:
    """One step of the flow: persons present ("received", "analysed") or removed."""

    step: str
    label: Text
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """From the records received to the persons analysed."""

    question: str
    population: str
    steps: tuple[FlowCount, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A model that was asked for and that the data cannot carry: what is missing and what would do.

    Attributes
    ----------
    question : str
        What was asked.
    model : str
        Name of the row of the support table.
    reason : str
        Identifier of the failed requirement, e.g. "events", "events_per_parameter", "clusters", "persons".
    needed, found : float or None
        Required and present, in the reason's unit.
    unit : str
        What `needed` and `found` count, as in ``support.yaml``. "persons" and "persons_per" (persons
        divided by a known number) are protected like any count of persons; "" is not a count of anyone.
    columns : tuple of str
        Variables the reason is about ("collinear"), by name.
    adjustment : str
        Which of several answers to one question is refused, as in `Estimate`.
    """

    question: str
    population: str
    model: str
    reason: str
    needed: float | None = None
    found: float | None = None
    unit: str = "persons"
    columns: tuple[str, ...] = ()
    adjustment: str = ""
