"""What all claims together tell of groups of persons and of the classifications that divide them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from backtorule_eval.analyses.joint_display import JointDisplay
from backtorule_eval.analyses.tables import CountTable, Flow, MeanRow, MeanTable
from backtorule_eval.disclosure.claim import Claim
from backtorule_eval.disclosure.coarser import Coarsening, Group, groups_of, regrouped, without


@dataclass(frozen=True, slots=True, order=True)
class Axis:
    """A classification of persons; two tables share it when name and levels are the same."""

    name: str
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class Population:
    """A group of persons; a name that stands for groups of several sizes stands for several groups."""

    name: str
    total: int


@dataclass(frozen=True, slots=True, order=True)
class Thing:
    """One thing of a claim: the claim's key and the thing's number."""

    key: str
    number: int


Coarser = Mapping[Thing, Sequence[Coarsening]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a table, as it is shown, lies among the classifications that a reader knows.

    Attributes
    ----------
    axes : tuple of Axis
        The classifications at their finest: levels that no table tells apart are one.
    shown, finest : CountTable
        The table as shown and at its finest; the same when nothing of it is coarser than elsewhere.
    cells : tuple
        For each cell that is shown the cells at the finest that it is made of.
    """

    axes: tuple[Axis, ...]
    shown: CountTable
    finest: CountTable
    cells: tuple[tuple[tuple[int, ...], ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What all claims together tell of groups and classifications.

    Attributes
    ----------
    ambiguous : frozenset
        Classifications of one group with one name and different numbers: they cannot be the same one.
    parts : mapping of Axis to groups of its levels
        The finest that any table tells apart.
    """

    populations: frozenset[Population]
    ambiguous: frozenset[tuple[Population, Axis]]
    parts: Mapping[Axis, tuple[Group, ...]]

    def axis(self, population: Population, axis: Axis, margin: tuple[int, ...]) -> Axis:
        """Return the axis, under a name of its own where one name stands for several."""
        if (population, axis) not in self.ambiguous:
            return axis
        return Axis(f"{axis.name} {margin}", axis.levels)

    def layout(self, table: CountTable, steps: Sequence[Coarsening]) -> Layout:
        """Return how a table lies among the classifications when some steps are taken."""
        population = Population(table.population, sum(table.counts))
        left_out = {step.dimension for step in steps if not step.merged}
        kept = without(table, left_out)
        groups = _groups(kept, steps)
        margins = [(axis, margin) for axis, margin in axes_of(table) if axis.name not in left_out]
        parts = [self.parts[axis] for axis, _ in margins]
        finest = regrouped(kept, parts)
        return Layout(
            axes=tuple(
                Axis(self.axis(population, axis, margin).name, tuple(level.key for level in d.levels))
                for (axis, margin), d in zip(margins, finest.dimensions, strict=True)
            ),
            shown=regrouped(kept, groups),
            finest=finest,
            cells=tuple(_made_of(cell, parts) for cell in product(*groups)),
        )


def known_together(claims: Sequence[Claim], tables: Mapping[Thing, CountTable], coarser: Coarser) -> Known:
    """What do the claims tell of groups and classifications, when some tables are shown coarser?

    Parameters
    ----------
    claims : sequence of Claim
    tables : mapping of Thing to CountTable
        The tables that are shown, as they were claimed.
    coarser : mapping of Thing to sequence of Coarsening
    """
    margins = {margin for claim in claims for thing in claim.things for margin in _margins_of(thing)}
    used: dict[Axis, list[tuple[Group, ...]]] = {}
    for at, table in tables.items():
        left_out = {step.dimension for step in coarser.get(at, ()) if not step.merged}
        for (axis, _), groups in zip(axes_of(table), _groups(table, coarser.get(at, ())), strict=True):
            if axis.name not in left_out:
                used.setdefault(axis, []).append(groups)
    return Known(
        populations=frozenset(_populations(claims)),
        ambiguous=frozenset(axis for axis, n in Counter(axis for axis, _ in margins).items() if n > 1),
        parts={axis: _finest(several) for axis, several in used.items()},
    )


def value_axis(row: MeanRow) -> Axis:
    """Return the axis that divides persons with a value from those without."""
    return Axis(f"value of {row.name}", ("value", "missing"))


def axes_of(table: CountTable) -> Iterator[tuple[Axis, tuple[int, ...]]]:
    """Yield the table's axes with the numbers at each level."""
    for dimension in table.dimensions:
        others = [d.name for d in table.dimensions if d is not dimension]
        axis = Axis(dimension.name, tuple(level.key for level in dimension.levels))
        yield axis, without(table, others).counts


def _margins_of(thing: object) -> Iterator[tuple[tuple[Population, Axis], tuple[int, ...]]]:
    """Yield every classification in one thing with its numbers."""
    if isinstance(thing, CountTable):
        whom = Population(thing.population, sum(thing.counts))
        yield from (((whom, axis), margin) for axis, margin in axes_of(thing))
    elif isinstance(thing, MeanTable):
        for row in thing.rows:
            whom = Population(thing.population, row.n + row.n_missing)
            yield (whom, value_axis(row)), (row.n, row.n_missing)


def _populations(claims: Sequence[Claim]) -> Iterator[Population]:
    """Yield every group of persons whose size follows from a table."""
    for claim in claims:
        for thing in claim.things:
            if isinstance(thing, CountTable):
                yield Population(thing.population, sum(thing.counts))
            elif isinstance(thing, MeanTable):
                yield from (Population(thing.population, row.n + row.n_missing) for row in thing.rows)
            elif isinstance(thing, JointDisplay):
                yield Population(thing.population, thing.n)
            elif isinstance(thing, Flow):
                yield Population(thing.population, thing.steps[-1].n)


def _groups(table: CountTable, steps: Sequence[Coarsening]) -> list[tuple[Group, ...]]:
    """Return the groups of levels that are shown, dimension by dimension."""
    merged = {step.dimension: step.merged for step in steps}
    return [groups_of(d, merged.get(d.name, ())) for d in table.dimensions]


def _finest(several: Sequence[tuple[Group, ...]]) -> tuple[Group, ...]:
    """Return the groups of levels that at least one of several groupings tells apart."""
    parts: dict[tuple[int, ...], list[int]] = {}
    for level in sorted(i for group in several[0] for i in group):
        told = tuple(next(n for n, group in enumerate(groups) if level in group) for groups in several)
        parts.setdefault(told, []).append(level)
    return tuple(tuple(levels) for levels in parts.values())


def _made_of(cell: Sequence[Group], parts: Sequence[tuple[Group, ...]]) -> tuple[tuple[int, ...], ...]:
    """Return the finest cells within one cell, as positions of parts along the axes."""
    inside = (
        [i for i, part in enumerate(of_axis) if set(part) <= set(group)]
        for group, of_axis in zip(cell, parts, strict=True)
    )
    return tuple(product(*inside))
