"""All mapped tables of a site side by side, and how a check tells what it found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtorule_eval.cohort.mapping.mapped import MappedTable
from backtorule_eval.errors import SHOWN_ROWS, Problem

Broken = pd.Series | NDArray[np.bool_]
# In tables that were made wide to long, these columns come from one raw column per item.
LONG_COLUMNS = frozenset({"value", "missing_reason"})
ITEM_COLUMNS = ("item", "scale")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The tables of one site and the day its data were cut (None if the study file gives none)."""

    tables: Mapping[str, MappedTable]
    as_of: pd.Timestamp | None = None
    _persons: pd.DataFrame = field(init=False, repr=False)

    def __post_init__(self) -> None:
        persons = self.tables["persons"].frame if "persons" in self.tables else pd.DataFrame({"person": []})
        known = persons[persons["person"].notna()].drop_duplicates("person").set_index("person")
        object.__setattr__(self, "_persons", known)

    def __contains__(self, name: str) -> bool:
        """Tell whether a table has rows."""
        return name in self.tables and len(self.tables[name].frame) > 0

    def of_person(self, name: str, column: str) -> pd.Series[Any]:
        """Return a column of persons beside each row of another table; missing for an unknown person."""
        persons = self.tables[name].frame["person"]
        return self._persons[column].reindex(persons).set_axis(persons.index)


def told(
    table: MappedTable,
    broken: Broken,
    *,
    rule: str,
    column: str = "",
    detail: Mapping[str, str] | None = None,
) -> list[Problem]:
    """Make one problem per file (and raw column) from the rows of a table that break a rule.

    Rows are counted as the file has them: a row that was made into many counts once.
    """
    rows = np.flatnonzero(np.asarray(broken, dtype=bool))
    if not len(rows):
        return []
    origin = table.origin.iloc[rows].assign(column=_spelling(table, rows, column))
    problems = []
    for (file, spelling), group in origin.groupby(["file", "column"], sort=False):
        numbers = np.unique(group["row"].to_numpy())
        problem = Problem(
            rule=rule,
            file=str(file),
            table=table.name,
            column=str(spelling),
            n_rows=len(numbers),
            first_rows=tuple(int(number) for number in numbers[:SHOWN_ROWS]),
            detail=dict(detail or {}),
        )
        problems.append(problem)
    return problems


def spelled(table: MappedTable, column: str) -> str:
    """Return a column's name as the file spells it."""
    return table.source_columns.get(column, column)


def held(contacts: pd.DataFrame) -> pd.Series[Any]:
    """Tell which contacts took place; the others were planned only."""
    return contacts["held"].fillna(False).astype(bool)


def _spelling(table: MappedTable, rows: NDArray[np.intp], column: str) -> Any:
    """Return the raw column of each row: one for the table, or one per item."""
    own = spelled(table, column)
    item = next((name for name in ITEM_COLUMNS if name in table.frame.columns), "")
    if column not in LONG_COLUMNS or not table.item_columns or not item:
        return own
    return table.frame[item].iloc[rows].map(table.item_columns).fillna(own).to_numpy()
