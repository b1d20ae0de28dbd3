"""Published scales as frozen data, read from `scales.yaml`: items, ranges, keys, missing rules, cut-offs."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, Literal

import yaml
from pydantic import model_validator

from backtorule_eval.cohort.dictionary import Text
from backtorule_eval.errors import ParameterProblem
from backtorule_eval.measures.evidence import Entry, Evidence, Rule

MethodName = Literal["mean", "sum", "converted"]


class ItemCount(Rule):
    """How many items the scale has."""

    count: int


class Coding(Rule):
    """Which numbers a file holds for the answers; `flipped` if the highest number means least."""

    label: Text
    low: int
    high: int
    flipped: bool = False


class Key(Rule):
    """Which items make up which subscale (empty: all make up the scale) and which are reversed.

    `by_name`: used only when the user names it, because it is not verified or another order is about.
    """

    label: Text
    items: Mapping[str, tuple[int, ...]] = {}
    reversed: frozenset[int] = frozenset()
    by_name: bool = False


class Missing(Rule):
    """How many items of a scale or subscale must be answered: `min_answered`, or all of them (`complete`)."""

    min_answered: int | None = None
    complete: bool = False

    @model_validator(mode="after")
    def _one_of_both(self) -> Missing:
        if self.complete == (self.min_answered is not None):
            raise ValueError("a missing rule is either min_answered or complete")
        return self

    def needed(self, n_items: int) -> int:
        """Items that must be answered out of `n_items`."""
        return n_items if self.min_answered is None else self.min_answered


class Conversion(Rule):
    """What each whole raw sum becomes, from the sum `first` upwards."""

    first: int
    values: tuple[float, ...]


class CutOff(Rule):
    """A named part of a score's range: from `at_least`, below `below`, up to `at_most` (both ends included).

    Holds for one `method` and, if `coding` is given, for that coding. With `also`, the score alone does not
    decide, and the cut-off cannot be applied to it.
    """

    name: str
    label: Text
    method: MethodName
    coding: str = ""
    at_least: float | None = None
    below: float | None = None
    at_most: float | None = None
    also: Text | None = None

    @property
    def usable(self) -> bool:
        """Whether a report may apply it: it was read, and the score alone decides."""
        return self.mark is Evidence.READ and self.also is None


class PublishedAlpha(Rule):
    """Cronbach's alpha as reported for `sample`, from `low` to `high` (equal if one number was reported)."""

    low: float
    high: float
    sample: Text


class Citation(Entry):
    """Who published the scale or tested it, and whether that was read."""

    cite: str
    mark: Evidence


class Note(Entry):
    """What a reader must be told about a scale."""

    mark: Evidence
    nb: str
    en: str


class Scale(Entry):
    """One published scale; its items are named ``<name>_<two-digit number>`` in the cohort's surveys."""

    name: str
    title: str
    label: Text
    higher: Text
    items: ItemCount
    codings: Mapping[str, Coding]
    keys: Mapping[str, Key]
    methods: Mapping[MethodName, Rule]
    missing: Missing
    subscales: Mapping[str, Text] = {}
    conversion: Conversion | None = None
    cut_offs: tuple[CutOff, ...] = ()
    alphas: tuple[PublishedAlpha, ...] = ()
    sources: tuple[Citation, ...]
    notes: tuple[Note, ...] = ()

    @model_validator(mode="after")
    def _fits_together(self) -> Scale:
        for name, key in self.keys.items():
            self._check_key(name, key)
        if all(key.reversed for key in self.keys.values()):
            raise ValueError("a key that reverses nothing must stand beside those that do")
        for cut_off in self.cut_offs:
            if cut_off.method not in self.methods or cut_off.coding not in {"", *self.codings}:
                raise ValueError(f"cut-off {cut_off.name!r} needs a method and a coding of the scale")
        if ("converted" in self.methods) != (self.conversion is not None):
            raise ValueError("the method converted and a conversion belong together")
        return self

    def _check_key(self, name: str, key: Key) -> None:
        """Refuse a key that does not fit the scale's items and subscales."""
        if set(key.items) != set(self.subscales):
            raise ValueError(f"key {name!r} must have the scale's subscales")
        numbers = [number for items in key.items.values() for number in items]
        if numbers and sorted(numbers) != list(range(1, self.items.count + 1)):
            raise ValueError(f"key {name!r} must use each item once")
        if not key.reversed <= set(range(1, self.items.count + 1)):
            raise ValueError(f"key {name!r} reverses items the scale does not have")

    def item(self, number: int) -> str:
        """Name of item `number`, counted from 1."""
        return f"{self.name}_{number:02d}"

    @property
    def item_names(self) -> tuple[str, ...]:
        """Names of all items in the order of the form."""
        return tuple(self.item(number) for number in range(1, self.items.count + 1))

    def score_name(self, subscale: str) -> str:
        """Name of the score of one subscale, or of the scale itself if `subscale` is ""."""
        return f"{self.name}_{subscale}" if subscale else self.name


class Term(Entry):
    """`weight` times the mean of the scores named."""

    weight: float
    mean_of: tuple[str, ...]


class Composite(Rule):
    """A score made from other scores: the sum of its terms; `warning` goes with it wherever it is shown."""

    name: str
    label: Text
    terms: tuple[Term, ...]
    range: tuple[float, float]
    warning: Text | None = None

    @property
    def parts(self) -> tuple[str, ...]:
        """Names of the scores it is made from."""
        return tuple(score for term in self.terms for score in term.mean_of)


class Reading(Entry):
    """One way to read the motivation scores: which scores, and why this way."""

    name: str
    label: Text
    scores: tuple[str, ...]
    why: Text


class GoalAttainment(Rule):
    """The constants of the T score of goal attainment scaling."""

    title: str
    label: Text
    low: int
    high: int
    rho: float
    centre: float
    spread: float
    notes: tuple[Note, ...]


class Catalogue(Entry):
    """Everything in `scales.yaml`."""

    version: int
    scales: Mapping[str, Scale]
    composites: Mapping[str, Composite]
    readings: Mapping[str, Reading]
    goal_attainment: GoalAttainment


def read_catalogue(raw: Mapping[str, Any]) -> Catalogue:
    """Make a `Catalogue` of what a YAML file holds; each entry learns its own name."""
    named = ("scales", "composites", "readings")
    parts = {part: {name: {**e, "name": name} for name, e in raw[part].items()} for part in named}
    return Catalogue.model_validate({**raw, **parts})


@cache
def load_catalogue() -> Catalogue:
    """Read the scales that this version of the package carries."""
    text = resources.files(__package__).joinpath("scales.yaml").read_text(encoding="utf-8")
    return read_catalogue(yaml.safe_load(text))


def find_scale(name: str) -> Scale:
    """Return the scale called `name`.

    Raises
    ------
    ParameterProblem
        There is no such scale; the nearest name is given.
    """
    scales = load_catalogue().scales
    if name not in scales:
        near = difflib.get_close_matches(name, scales, n=1)
        hint = f"Did you mean {near[0]!r}?" if near else f"Known scales: {', '.join(scales)}."
        raise ParameterProblem(f"There is no scale {name!r}. {hint}")
    return scales[name]
