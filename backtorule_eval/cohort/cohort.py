"""The frozen cohort: validated tables, the flow of who is in it, and a hash of its content."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from types import MappingProxyType

import pandas as pd

from backtorule_eval.cohort.dictionary import Column, Text
from backtorule_eval.cohort.fingerprint import fingerprint


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


class FrozenTables(Mapping[str, pd.DataFrame]):
    """Tables by name; each look-up gives a frame of its own, so that what is done to it stays there.

    The frames share their values until one of them is written to (pandas' copy-on-write), so a look-up is
    free of cost.
    """

    __slots__ = ("_frames",)

    def __init__(self, frames: Mapping[str, pd.DataFrame]) -> None:
        self._frames = {name: frame.copy(deep=False) for name, frame in frames.items()}

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self._frames[name].copy(deep=False)

    def __iter__(self) -> Iterator[str]:
        return iter(self._frames)

    def __len__(self) -> int:
        return len(self._frames)

    def __repr__(self) -> str:
        return f"FrozenTables({', '.join(f'{name}: {len(f)} rows' for name, f in self._frames.items())})"


@dataclass(frozen=True, kw_only=True, eq=False)
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
        object.__setattr__(self, "tables", FrozenTables(self.tables))
        object.__setattr__(self, "extra_columns", MappingProxyType(dict(self.extra_columns)))

    def table(self, name: str) -> pd.DataFrame:
        """Return one table; changing it does not change the cohort."""
        return self.tables[name]

    @property
    def n_persons(self) -> int:
        """Persons in the cohort."""
        return len(self.tables["persons"])

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 over every table's columns, types and values, the flow and the declared columns.

        Independent of machine, of cache and of the order in which the source listed its rows.
        """
        beside = {
            "slug": self.slug,
            "as_of": self.as_of,
            "flow": [asdict(step) for step in self.flow],
            "extra_columns": {name: asdict(column) for name, column in self.extra_columns.items()},
        }
        return fingerprint(self.tables, beside=beside)

    def __eq__(self, other: object) -> bool:
        """Two cohorts are equal when their content is."""
        return isinstance(other, Cohort) and self.content_hash == other.content_hash

    def __hash__(self) -> int:
        return hash(self.content_hash)

    def __repr__(self) -> str:
        return f"Cohort({self.slug!r}, {self.n_persons} persons, content {self.content_hash[:12]})"
