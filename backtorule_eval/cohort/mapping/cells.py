"""One raw column as its distinct texts, so that each step of a mapping works once per distinct value."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from backtorule_eval.cohort.mapping.reading import Array, Reading, objects
from backtorule_eval.cohort.sources.canonical import canonical_texts

EMPTY = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """A column taken apart into distinct texts and where they stand.

    Attributes
    ----------
    texts : tuple of str or None
        Distinct trimmed texts; None is missing. After a step two of them may be equal.
    labels : tuple of str
        The label the source gives each distinct value; "" if none.
    reasons : tuple of str
        Why each distinct text is missing; "" if it is not, or if no reason is known.
    position : np.ndarray of int
        For every row the index of its text.
    decimal : str
        "." where the column already held numbers, else the declared sign or "".
    readings : tuple of Reading
        What the steps so far found; each kept for the rules that are broken.
    """

    texts: tuple[str | None, ...] = field(repr=False)
    labels: tuple[str, ...] = field(repr=False)
    reasons: tuple[str, ...] = field(repr=False)
    position: Array = field(repr=False)
    decimal: str = ""
    readings: tuple[Reading, ...] = ()

    def repaired(self, repairs: Mapping[str, str]) -> Cells:
        """The same cells with single texts replaced."""
        if not repairs:
            return self
        return replace(self, texts=tuple(None if t is None else repairs.get(t, t) for t in self.texts))

    def emptied(self, reasons: Mapping[str, str]) -> Cells:
        """The same cells; texts or labels that `reasons` lists are missing, for the reason it gives."""
        if not reasons:
            return self
        texts, whys = list(self.texts), list(self.reasons)
        for i, (text, label) in enumerate(zip(self.texts, self.labels, strict=True)):
            key = EMPTY if text is None else text if text in reasons else label
            if key in reasons:
                texts[i], whys[i] = None, reasons[key]
        return replace(self, texts=tuple(texts), reasons=tuple(whys))

    def after(self, step: Callable[[Cells], Reading]) -> Cells:
        """The same cells with the texts that a step makes of them."""
        reading = step(self)
        return replace(self, texts=tuple(reading.values), readings=(*self.readings, reading))

    def spread(self, values: Array) -> Array:
        """One value per row from one value per distinct text."""
        return values[self.position]


def cells_of(column: pd.Series[Any], *, decimal: str, labels: Mapping[str, str]) -> Cells:
    """Take a raw column apart; numbers and dates that already have their type are written canonically."""
    position, distinct = pd.factorize(column, use_na_sentinel=True)
    texts = (*canonical_texts(distinct), None)
    return Cells(
        texts=texts,
        labels=tuple(labels.get(t or "", "") for t in texts) if labels else ("",) * len(texts),
        reasons=("",) * len(texts),
        position=np.where(position < 0, len(distinct), position),
        decimal="." if column.dtype.kind in "iuf" else decimal,
    )


def constant_cells(text: str, *, n: int) -> Cells:
    """The same text in `n` rows."""
    return Cells(texts=(text or None,), labels=("",), reasons=("",), position=np.zeros(n, dtype=np.intp))


def joined_cells(parts: Sequence[Cells], *, between: str) -> Cells:
    """Texts of several columns put together; missing where one of them is."""
    columns = [c.spread(objects(c.texts)) for c in parts]
    rows = [None if None in row else between.join(row) for row in zip(*columns, strict=True)]
    return cells_of(pd.Series(rows, dtype="str"), decimal="", labels={})
