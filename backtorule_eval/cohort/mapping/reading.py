"""What one step made of a column's distinct texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Texts = Sequence[str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Distinct texts read as values, and which of them break which rule.

    Attributes
    ----------
    values : np.ndarray
        One value per distinct text; missing (nan, NaT, None) where the text is missing or cannot be read.
    broken : mapping of rule to bool array
        True for the texts that break the rule; rules that none breaks are left out.
    detail : mapping of str to str
        Words for the rules' texts.
    """

    values: Array = field(repr=False)
    broken: Mapping[str, Array] = field(default_factory=dict, repr=False)
    detail: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        broken = {rule: np.asarray(mask, dtype=bool) for rule, mask in self.broken.items()}
        object.__setattr__(self, "broken", {rule: mask for rule, mask in broken.items() if mask.any()})


def present(texts: Texts) -> Array:
    """Which texts are not missing."""
    return np.array([t is not None for t in texts], dtype=bool)


def objects(values: Sequence[Any]) -> Array:
    """The values as an array of objects, whatever they are."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array
