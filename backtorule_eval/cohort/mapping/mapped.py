"""What a mapping makes of raw tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from backtorule_eval.cohort.dictionary import Column
from backtorule_eval.errors import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedTable:
    """One table of the dictionary, filled from raw tables; not yet checked.

    Attributes
    ----------
    name : str
        The dictionary's table.
    frame : pd.DataFrame
        All columns of the dictionary (and, in `extras`, the declared ones) in order and typed; fresh index.
    origin : pd.DataFrame
        Same index; ``file`` (str) and ``row`` (int64): where each row came from.
    source_columns : mapping of str to str
        Dictionary column -> raw column as the file spells it; several are joined with " + " (put together)
        or " / " (other files). A constant, and the value of items, has none.
    item_columns : mapping of str to str
        Item -> raw column, for tables made wide to long.
    """

    name: str
    frame: pd.DataFrame = field(repr=False)
    origin: pd.DataFrame = field(repr=False)
    source_columns: Mapping[str, str] = field(default_factory=dict)
    item_columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """All tables of the dictionary (empty if no source feeds them), declared extras, and all problems."""

    tables: Mapping[str, MappedTable]
    extra_columns: Mapping[str, Column]
    problems: tuple[Problem, ...]
