"""Who was in a release, and what was known of each: to be compared later, not to be read."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from backtorule_eval.cohort.cohort import Cohort

# What happens to people over time. What may change for everybody from one extract to the next without
# anything having happened is left out: who they are, how far the data reach, when something ended, numbers of
# records. So too few people seem changed rather than too many.
EVENTS = (
    "surveys",
    "contacts",
    "goals",
    "subjects",
    "attendance",
    "schooling",
    "work",
    "benefits",
    "other_support",
    "living",
    "scores",
    "outcomes",
    "documents",
)
LEFT_OUT = frozenset({"to", "contact", "goal", "record", "document"})
BETWEEN = "\x1f"


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Fingerprints of a cohort's persons and of their records.

    Attributes
    ----------
    salt : str
        Goes into every fingerprint, so that nobody finds a pseudonym by trying.
    columns : mapping of table to tuple of str
        Which columns, of which type, the fingerprints of a table are made from.
    records : mapping of person to mapping of table to str
        The person by fingerprint; a table without records of the person is left out.
    """

    salt: str
    columns: Mapping[str, tuple[str, ...]]
    records: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What happened between two states of a cohort, in persons.

    Attributes
    ----------
    stayed, came_or_left, changed : int
        In both; in one of them only; in both, with other records.
    """

    stayed: int
    came_or_left: int
    changed: int


def people_of(cohort: Cohort, *, salt: str) -> People:
    """Who is in this cohort, and what is known of each?"""
    tables = {name: _used(cohort.table(name)) for name in EVENTS if name in cohort.tables}
    persons = [str(person) for person in cohort.table("persons")["person"]]
    records: dict[str, dict[str, str]] = {person: {} for person in persons}
    for name, table in tables.items():
        for person, text in _texts(table):
            if person in records:
                records[person][name] = _fingerprint(salt, text)
    return People(
        salt=salt,
        columns={name: _columns(table) for name, table in tables.items()},
        records={_fingerprint(salt, person): found for person, found in records.items()},
    )


def change_between(before: People, now: People) -> Change:
    """How many persons came or left, and how many of the others have other records?

    A table whose columns are not what they were tells nothing of who changed, and counts as the same; one
    without records has no columns.
    """
    comparable = [name for name in EVENTS if _are_comparable(before.columns.get(name), now.columns.get(name))]
    stayed = before.records.keys() & now.records.keys()
    changed = sum(
        any(before.records[one].get(name) != now.records[one].get(name) for name in comparable)
        for one in stayed
    )
    apart = before.records.keys() ^ now.records.keys()
    return Change(stayed=len(stayed), came_or_left=len(apart), changed=changed)


def _are_comparable(before: tuple[str, ...] | None, now: tuple[str, ...] | None) -> bool:
    """Tell whether fingerprints of two states of a table can be compared."""
    return not before or not now or before == now


def _used(table: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of a table that hold anything and can be compared over time."""
    kept = [name for name in table if name not in LEFT_OUT]
    return table[kept].dropna(axis="columns", how="all")


def _columns(table: pd.DataFrame) -> tuple[str, ...]:
    """Return names and types: what a fingerprint depends on beside the values."""
    return tuple(f"{name}: {dtype}" for name, dtype in table.dtypes.items())


def _texts(table: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Yield each person of a table with all rows in one spelling, whatever their order."""
    if table.empty:
        return
    rows = defaultdict(list)
    columns = [table[name].astype(object) for name in table if name != "person"]
    for person, *values in zip(table["person"], *columns, strict=True):
        # A missing value has a spelling of its own, whatever the column's type.
        rows[person].append(BETWEEN.join("" if pd.isna(value) else f"={value}" for value in values))
    for person, lines in rows.items():
        yield person, "\n".join(sorted(lines))


def _fingerprint(salt: str, text: str) -> str:
    """Return a salted hash."""
    return hashlib.sha256(f"{salt}\n{text}".encode()).hexdigest()
