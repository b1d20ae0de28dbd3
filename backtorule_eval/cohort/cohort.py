"""The frozen cohort: validated tables, the flow of who is in it, and a hash of its content."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

import pandas as pd

from backtorule_eval.cohort.dictionary import Column, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowStep:
    """One step on the way from the records received to the people analysed.

    Attributes
    ----------
    step : str
        Identifier: "received", "consent_withdrawn", "over_25_at_start", ..., "analysed".
    label : Text
        The step in a reader's words.
    n : int
        Persons the step counts: removed by it, or, for "received" and "analysed", present.
    """

    step: str
    label: Text
    n: int


@dataclass(frozen=True, kw_only=True)
class Cohort:
    """A validated cohort; nothing in it changes after it is made.

    Attributes
    ----------
    slug : str
        The study file's name of the cohort.
    tables : mapping of str to pd.DataFrame
        The dictionary's tables (all of them; a table that no source feeds is empty with its columns typed).
        Every column the dictionary lists is present; a column no source feeds is all missing. Rows are sorted
        by key with a fresh index.
    extra_columns : mapping of str to Column
        Columns of `extras` that the mapping declared, with type, label and sensitivity.
    flow : tuple of FlowStep
        First "received", last "analysed"; removals between, in order.
    as_of : str
        ISO date at which the data were cut, "" if the source has no dates.
    """

    slug: str
    tables: Mapping[str, pd.DataFrame]
    extra_columns: Mapping[str, Column]
    flow: tuple[FlowStep, ...]
    as_of: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "tables", MappingProxyType(dict(self.tables)))
        object.__setattr__(self, "extra_columns", MappingProxyType(dict(self.extra_columns)))

    def table(self, name: str) -> pd.DataFrame:
        """Return a copy of one table, so that no caller can change the cohort."""
        return self.tables[name].copy()

    @property
    def n_persons(self) -> int:
        """Persons in the cohort."""
        return len(self.tables["persons"])

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 over every table's columns, types and values, independent of machine and cache."""
        digest = hashlib.sha256(f"{self.slug}|{self.as_of}".encode())
        for name in sorted(self.tables):
            _add_table(digest, name, self.tables[name])
        for step in self.flow:
            digest.update(f"{step.step}={step.n};".encode())
        return digest.hexdigest()

    def __repr__(self) -> str:
        return f"Cohort({self.slug!r}, {self.n_persons} persons, content {self.content_hash[:12]})"


def _add_table(digest: hashlib._Hash, name: str, frame: pd.DataFrame) -> None:
    """Add one table to the digest, column by column."""
    digest.update(f"\x1e{name}:{len(frame)}".encode())
    for column in frame.columns:
        values = frame[column]
        present = values.notna()
        text = values[present].map(repr) if values.dtype.kind == "f" else values[present].astype("str")
        digest.update(f"\x1d{column}:".encode())
        digest.update(present.to_numpy(dtype=bool).tobytes())
        digest.update("\x1f".join(text.tolist()).encode())
