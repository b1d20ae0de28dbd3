"""Who must be taken out of a cohort before anything is analysed, and why?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from backtorule_eval.cohort.checks.people import over_25_at_start
from backtorule_eval.cohort.dictionary import Text
from backtorule_eval.cohort.mapping.mapped import MappedTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """One step of the flow that takes persons out.

    Attributes
    ----------
    step : str
        The `FlowStep`'s identifier.
    label : Text
        The step in a reader's words.
    persons : frozenset of str
        Who is taken out by this step and by none before it.
    """

    step: str
    label: Text
    persons: frozenset[str]


def persons_to_remove(tables: Mapping[str, MappedTable]) -> tuple[Removal, ...]:
    """Who is taken out, step by step, in the order of the flow?

    First those who withdrew consent, whenever that was; then those over 25 at start, who are outside the
    programme's target group. A person counts once.
    """
    frame = tables["persons"].frame
    withdrawn = frozenset(frame.loc[frame["withdrawal_date"].notna(), "person"].dropna())
    over = frozenset(frame.loc[over_25_at_start(frame), "person"].dropna())
    return (
        Removal(
            step="consent_withdrawn",
            label=Text(nb="Trakk samtykket", en="Withdrew consent"),
            persons=withdrawn,
        ),
        Removal(
            step="over_25_at_start",
            label=Text(nb="Over 25 år ved start", en="Over 25 at start"),
            persons=over - withdrawn,
        ),
    )


def without_persons(table: MappedTable, persons: Iterable[str]) -> MappedTable:
    """Return a table without the rows of these persons."""
    if "person" not in table.frame.columns:
        return table
    kept = ~table.frame["person"].isin(list(persons))
    frame, origin = table.frame[kept], table.origin[kept]
    return replace(table, frame=frame.reset_index(drop=True), origin=origin.reset_index(drop=True))
