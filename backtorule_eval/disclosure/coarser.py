"""A table of counts, coarser than it was claimed: categories merged, a classification left out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from backtorule_eval.analyses.tables import CountTable, Dimension, Level
from backtorule_eval.cohort.dictionary import Text
from backtorule_eval.disclosure.claim import Publishable
from backtorule_eval.disclosure.decision import Reason
from backtorule_eval.disclosure.released import ShownCounts, ShownThing
from backtorule_eval.errors import DisclosureRefused

# Levels that hold those of whom nothing is known; to merge them with a category would say something of them.
NO_VALUE = frozenset({"missing", "unknown"})
OTHER = Text(nb="Andre", en="Other")
PAIR = 2

Group = tuple[int, ...]  # levels of a dimension, by position, that are shown as one


@dataclass(frozen=True, slots=True, kw_only=True)
class Coarsening:
    """One classification of one table that is shown coarser than it was claimed.

    Attributes
    ----------
    thing : int
        Number of the table in its claim.
    dimension : str
    merged : tuple of tuple of str
        Keys of the levels that became one, group by group; empty when the classification is left out.
    reason : Reason
    """

    thing: int
    dimension: str
    merged: tuple[tuple[str, ...], ...] = ()
    reason: Reason


def as_coarse(things: Sequence[Publishable], steps: Sequence[Coarsening]) -> tuple[Publishable, ...]:
    """Return the things of a claim, its tables of counts as coarse as the steps make them.

    Raises
    ------
    DisclosureRefused
        As `coarsened`.
    """
    return tuple(
        coarsened(thing, [step for step in steps if step.thing == i])
        if isinstance(thing, CountTable)
        else thing
        for i, thing in enumerate(things)
    )


def say_what_is_coarser(
    shown: Sequence[ShownThing], things: Sequence[Publishable], steps: Sequence[Coarsening]
) -> tuple[ShownThing, ...]:
    """Return what is shown with the labels of classifications that are coarser, or gone."""
    return tuple(
        replace(
            seen,
            merged=_labels(table, [step for step in steps if step.thing == i and step.merged]),
            left_out=_labels(table, [step for step in steps if step.thing == i and not step.merged]),
        )
        if isinstance(seen, ShownCounts) and isinstance(table, CountTable)
        else seen
        for i, (seen, table) in enumerate(zip(shown, things, strict=True))
    )


def _labels(table: CountTable, steps: Sequence[Coarsening]) -> tuple[Text, ...]:
    """Return the labels of the classifications that some steps are about."""
    names = {step.dimension for step in steps}
    return tuple(d.label for d in table.dimensions if d.name in names)


def coarsened(table: CountTable, steps: Sequence[Coarsening]) -> CountTable:
    """Return the table with every step taken.

    Raises
    ------
    DisclosureRefused
        A step is about a classification or a category that the table does not have.
    """
    kept = without(table, [step.dimension for step in steps if not step.merged])
    merged = {step.dimension: step.merged for step in steps}
    if merged.keys() - {d.name for d in table.dimensions}:
        raise DisclosureRefused(f"{table.question}: the plan is about classifications it does not have.")
    return regrouped(kept, [groups_of(d, merged.get(d.name, ())) for d in kept.dimensions])


def without(table: CountTable, names: Collection[str]) -> CountTable:
    """Return the table summed over some classifications."""
    gone = tuple(i for i, d in enumerate(table.dimensions) if d.name in names)
    counts = _as_array(table).sum(axis=gone)
    kept = tuple(d for d in table.dimensions if d.name not in names)
    return replace(table, dimensions=kept, counts=tuple(int(n) for n in counts.ravel()))


def regrouped(table: CountTable, groups: Sequence[Sequence[Group]]) -> CountTable:
    """Return the table with the levels of each group as one, dimension by dimension."""
    counts = _as_array(table)
    for axis, parts in enumerate(groups):
        counts = np.stack([counts.take(part, axis=axis).sum(axis=axis) for part in parts], axis=axis)
    dimensions = tuple(
        replace(d, levels=tuple(_levels(d, parts))) for d, parts in zip(table.dimensions, groups, strict=True)
    )
    return replace(table, dimensions=dimensions, counts=tuple(int(n) for n in counts.ravel()))


def groups_of(dimension: Dimension, merged: Sequence[Sequence[str]]) -> tuple[Group, ...]:
    """Return all groups of a dimension's levels in the order in which they are shown.

    Neighbours that were merged stand where they stood; other merged categories come after the single ones;
    those of whom nothing is known come last.

    Raises
    ------
    DisclosureRefused
        A category is not there.
    """
    at = {level.key: i for i, level in enumerate(dimension.levels)}
    if not at.keys() >= {key for keys in merged for key in keys}:
        raise DisclosureRefused(f"{dimension.name}: the plan is about categories it does not have.")
    several = [tuple(sorted(at[key] for key in keys)) for keys in merged]
    single = [(i,) for i in at.values() if not any(i in group for group in several)]
    if dimension.ordered:
        return tuple(sorted([*several, *single]))
    last = [group for group in single if dimension.levels[group[0]].key in NO_VALUE] if several else []
    return (*(group for group in single if group not in last), *several, *last)


def _levels(dimension: Dimension, groups: Sequence[Group]) -> Iterator[Level]:
    """Yield a level for each group."""
    for group in groups:
        levels = [dimension.levels[i] for i in group]
        if len(levels) == 1:
            yield levels[0]
        else:
            rest = [level for i, level in enumerate(dimension.levels) if i not in group]
            yield Level(key="+".join(level.key for level in levels), label=_label(dimension, levels, rest))


def _label(dimension: Dimension, levels: Sequence[Level], rest: Sequence[Level]) -> Text:
    """Say what a merged category is: "A or B", "A to C" where there is an order, else "Other".

    Where another category bears the name "Other" already, all that were merged are named.
    """
    *some, last = [level.label for level in levels]
    first = some[0]
    if len(levels) > PAIR and dimension.ordered:
        return Text(nb=f"{first.nb} til {last.nb}", en=f"{first.en} to {last.en}")
    if len(levels) > PAIR and not any(_is_other(level) for level in rest):
        return OTHER
    nb, en = ", ".join(label.nb for label in some), ", ".join(label.en for label in some)
    return Text(nb=f"{nb} eller {last.nb}", en=f"{en} or {last.en}")


def _is_other(level: Level) -> bool:
    """Tell whether a category is called "other" already."""
    return level.key == "other" or OTHER.nb in level.label.nb or OTHER.en in level.label.en


def _as_array(table: CountTable) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """Return the counts with one axis for each dimension."""
    return np.array(table.counts, dtype=np.int64).reshape([len(d.levels) for d in table.dimensions])
