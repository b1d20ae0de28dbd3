"""What a reader knows: numbers of persons as sums of unknown whole numbers, and what ties those together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import prod

import numpy as np
from numpy.typing import NDArray

from backtorule_eval.disclosure.classifications import Axis, Population
from backtorule_eval.disclosure.cliques import JunctionTree, junction_tree
from backtorule_eval.disclosure.statements import Figure, Statement
from backtorule_eval.errors import DisclosureRefused

WHOLE_COHORT = "everyone"
MAX_UNKNOWNS = 3000
MAX_OWN_ROWS = 300

Cells = NDArray[np.intp]
Terms = tuple[tuple[int, int], ...]  # (unknown, how often it is counted), in order


class TooLarge(DisclosureRefused):
    """More is linked than can be looked through; something must be dropped."""


class Contradiction(DisclosureRefused):
    """Two numbers that count the same persons differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number of persons.

    Attributes
    ----------
    terms : tuple of (int, int)
        The unknowns it is the sum of.
    truth : int
    figures : tuple of Figure
        Everywhere it stands; none for a number that only follows from others.
    guarded : bool
        It must not be told although it stands nowhere.
    inside : bool
        Part of another number only: who does not stand in it does not know that somebody does.
    """

    terms: Terms
    truth: int
    figures: tuple[Figure, ...]
    guarded: bool
    inside: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """A sum of unknowns that a reader knows to lie from `low` to `high`, whatever is shown."""

    terms: Terms
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderModel:
    """All a reader can set up from a report.

    Attributes
    ----------
    n_unknowns, most : int
        How many unknowns, and what none of them can exceed.
    own_rows : tuple of tuple of int
        Where a participant who reads may stand, in those tables whose cells are no figures: one unknown of
        each. A single empty row when there are no such tables.
    """

    n_unknowns: int
    most: int
    ties: tuple[Tie, ...]
    quantities: tuple[Quantity, ...]
    own_rows: tuple[tuple[int, ...], ...]


@dataclass(slots=True)
class _Space:
    """Tables that divide the same persons, as they are laid out among the unknowns."""

    total: int
    axes: tuple[Axis, ...]
    tree: JunctionTree
    tables: list[Cells] = field(default_factory=list)

    def cells(self, axes: Sequence[Axis], cell: Sequence[int]) -> list[int]:
        """Return the unknowns that make up one cell over some axes of one table."""
        at = dict(zip((self.axes.index(axis) for axis in axes), cell, strict=True))
        fitting = (i for i, clique in enumerate(self.tree.cliques) if at.keys() <= set(clique))
        i = min(fitting, key=lambda i: self.tables[i].size)
        return _pick(self.tables[i], self.tree.cliques[i], at)


def _pick(table: Cells, clique: Sequence[int], at: Mapping[int, int]) -> list[int]:
    """Return the unknowns of a table at the given levels."""
    index = tuple(at.get(axis, slice(None)) for axis in clique)
    return [int(i) for i in np.atleast_1d(table[index]).ravel()]


def reader_model(statements: Sequence[Statement], *, threshold: int, nested: bool = True) -> ReaderModel:
    """What can a reader of these statements set up, apart from what is shown?

    Parameters
    ----------
    statements : sequence of Statement
    threshold : int
        Below it a group that is left when another is taken away must not be told.
    nested : bool
        Every smaller group is part of the largest; if not, groups have nothing to do with each other.

    Raises
    ------
    TooLarge
        The tables together need more unknowns, or more rows of a reader's own, than can be looked through.
    """
    return _Builder(statements, threshold=threshold, nested=nested).build()


class _Builder:
    """Lays statements out among unknowns, one group of persons after the other."""

    def __init__(self, statements: Sequence[Statement], *, threshold: int, nested: bool) -> None:
        self.statements = statements
        self.threshold = threshold
        populations = sorted({s.population for s in statements if s.population})
        self.whole = max(populations, key=lambda p: (p.name == WHOLE_COHORT, p.total, p.name), default=None)
        self.parts = {
            p
            for p in populations
            if nested and self.whole and p != self.whole and p.total <= self.whole.total
        }
        self.most = max([s.truth for s in statements] + [p.total for p in populations]) + 1
        self.n_unknowns = 0
        self.ties: list[Tie] = []
        self.extras: dict[str, int] = {}
        self.within = self._parts_with_shared_axes()
        self.spaces = {p: self._space(p) for p in populations if p not in self.within}

    def build(self) -> ReaderModel:
        """Return everything laid out."""
        quantities = self._quantities()
        self._tie_those_that_are_the_same()
        return ReaderModel(
            n_unknowns=self.n_unknowns,
            most=self.most,
            ties=tuple(self.ties),
            quantities=quantities,
            own_rows=self._own_rows(quantities),
        )

    def _parts_with_shared_axes(self) -> set[Population]:
        """Return the parts of the whole that are divided by an axis that divides another group too."""
        users: dict[Axis, set[Population]] = {}
        for s in self.statements:
            for axis in s.axes:
                users.setdefault(axis, set()).update({s.population} if s.population else ())
        shared = {axis for axis, populations in users.items() if len(populations) > 1}
        return {p for s in self.statements if (p := s.population) in self.parts and shared & set(s.axes)}

    def _placed(self, population: Population, axes: tuple[Axis, ...]) -> tuple[Population, tuple[Axis, ...]]:
        """Return the group whose space a table stands in, and its axes there."""
        if population not in self.within or self.whole is None:
            return population, axes
        return self.whole, (_membership(population), *axes)

    def _space(self, population: Population) -> _Space:
        """Lay out all tables of one group, and of those of its parts that share its axes."""
        groups = []
        for s in self.statements:
            if s.population:
                home, axes = self._placed(s.population, s.axes)
                groups += [axes] if home == population and axes else []
        every = tuple(sorted({axis for axes in groups for axis in axes}))
        sizes = [len(axis.levels) for axis in every]
        tree = junction_tree([[every.index(axis) for axis in axes] for axes in groups], sizes)
        n_cells = sum(prod(sizes[axis] for axis in clique) for clique in tree.cliques)
        if n_cells + self.n_unknowns > MAX_UNKNOWNS:
            raise TooLarge("Too many linked cells.")
        space = _Space(total=self._unknown(), axes=every, tree=tree)
        for clique in tree.cliques:
            shape = tuple(sizes[axis] for axis in clique)
            space.tables.append(np.arange(self.n_unknowns, self.n_unknowns + prod(shape)).reshape(shape))
            self.n_unknowns += prod(shape)
        self._tie_size(population, space)
        self._tie_tables(space)
        return space

    def _unknown(self) -> int:
        """Return a new unknown."""
        self.n_unknowns += 1
        return self.n_unknowns - 1

    def _tie_size(self, population: Population, space: _Space) -> None:
        """The reader knows the size of the whole within one; a part is no larger than the whole."""
        if population in self.parts:
            return
        low, high = population.total - 1, population.total + 1
        self.ties.append(Tie(terms=((space.total, 1),), low=low, high=high))

    def _tie_tables(self, space: _Space) -> None:
        """Neighbours agree on the axes they share; one table of every tree sums to the group's size."""
        linked = {link.right for link in space.tree.links}
        for i, table in enumerate(space.tables):
            if i not in linked:
                self._equal([int(u) for u in table.ravel()], [space.total])
        for link in space.tree.links:
            left, right = space.tree.cliques[link.left], space.tree.cliques[link.right]
            both = sorted(set(left) & set(right))
            for cell in product(*(range(len(space.axes[axis].levels)) for axis in both)):
                at = dict(zip(both, cell, strict=True))
                self._equal(
                    _pick(space.tables[link.left], left, at), _pick(space.tables[link.right], right, at)
                )

    def _equal(self, left: Iterable[int], right: Iterable[int]) -> None:
        """Tie two sums of unknowns together."""
        self.ties.append(Tie(terms=difference(_sum(left), _sum(right)), low=0, high=0))

    def _terms(self, s: Statement) -> Terms:
        """Return the unknowns a statement counts."""
        counted: Counter[int] = Counter()
        for name in s.extras:
            if name not in self.extras:
                self.extras[name] = self._unknown()
            counted[self.extras[name]] += 1
        if s.population:
            home, axes = self._placed(s.population, s.axes)
            space, inside = self.spaces[home], ((0,) if s.population in self.within else ())
            for cell in s.cells:
                counted.update(space.cells(axes, (*inside, *cell)) if axes else [space.total])
        return tuple(sorted(counted.items()))

    def _quantities(self) -> tuple[Quantity, ...]:
        """Return every number of persons once, with all places where it stands."""
        found: dict[Terms, list[Statement]] = {}
        for s in (*self.statements, *self._left_over()):
            terms = self._terms(s)
            found.setdefault(terms, []).append(s)
        for terms, truth in self._complements():
            found.setdefault(terms, []).append(Statement(truth=truth, guarded=0 < truth < self.threshold))
        for said in found.values():
            if len({s.truth for s in said}) > 1:
                raise Contradiction("Two outputs count the same persons and differ.")
        return tuple(
            Quantity(
                terms=terms,
                truth=said[0].truth,
                figures=tuple(sorted({s.figure for s in said if s.figure})),
                guarded=any(s.guarded for s in said),
                inside=all(s.inside for s in said),
            )
            for terms, said in found.items()
        )

    def _left_over(self) -> Iterator[Statement]:
        """Yield the sizes of all groups, as numbers that stand nowhere."""
        for population in sorted({s.population for s in self.statements if s.population}):
            yield Statement(truth=population.total, population=population)

    def _complements(self) -> Iterator[tuple[Terms, int]]:
        """Yield what is left of each cell of the whole when the same cell of a part is taken away."""
        whole = {(s.axes, s.cells): s for s in self._stated() if s.population == self.whole}
        for s in self._stated():
            outer = whole.get((s.axes, s.cells))
            if s.population in self.parts and outer:
                terms = difference(self._terms(outer), self._terms(s))
                self.ties.append(Tie(terms=terms, low=0, high=np.inf))
                yield terms, outer.truth - s.truth

    def _stated(self) -> Iterator[Statement]:
        """Yield all statements about cells, and the sizes of groups."""
        yield from (s for s in self.statements if s.population and s.axes)
        yield from self._left_over()

    def _tie_those_that_are_the_same(self) -> None:
        """Tie together counts of the same persons that stand in different tables."""
        first: dict[str, Terms] = {}
        for s in self.statements:
            if s.same:
                terms = self._terms(s)
                apart = difference(first.setdefault(s.same, terms), terms)
                self.ties += [Tie(terms=apart, low=0, high=0)] if apart else []

    def _own_rows(self, quantities: Sequence[Quantity]) -> tuple[tuple[int, ...], ...]:
        """Return where a reader may stand in tables whose cells are no figures."""
        single = {q.terms[0][0] for q in quantities if len(q.terms) == 1 and not q.inside}
        empty = {unknown for q in quantities if q.truth == 0 for unknown, times in q.terms if times > 0}
        rows: list[tuple[int, ...]] = [()]
        for space in self.spaces.values():
            rows = [(*a, *b) for a in rows for b in _own_rows_of(space, single, empty)]
            if len(rows) > MAX_OWN_ROWS:
                raise TooLarge("Too many rows that may be a reader's own.")
        return tuple(rows)


def _own_rows_of(space: _Space, single: set[int], empty: set[int]) -> list[tuple[int, ...]]:
    """Return the rows of one space: one unknown of each table that has cells which are no figures."""
    open_tables = [i for i, table in enumerate(space.tables) if not single.issuperset(table.ravel().tolist())]
    axes = sorted({axis for i in open_tables for axis in space.tree.cliques[i]})
    sizes = [len(space.axes[axis].levels) for axis in axes]
    if prod(sizes) > MAX_UNKNOWNS:
        raise TooLarge("Too many rows that may be a reader's own.")
    rows = []
    for cell in product(*(range(size) for size in sizes)):
        at = dict(zip(axes, cell, strict=True))
        row = tuple(_pick(space.tables[i], space.tree.cliques[i], at)[0] for i in open_tables)
        if empty.isdisjoint(row):
            rows.append(row)
    return rows


def _membership(population: Population) -> Axis:
    """Return the axis that divides the whole into a part and the rest."""
    return Axis(f"in {population.name} {population.total}", ("in", "out"))


def _sum(unknowns: Iterable[int]) -> Terms:
    """Return the sum of some unknowns."""
    return tuple(sorted(Counter(unknowns).items()))


def scaled(terms: Terms, times: int) -> Terms:
    """Return a multiple of a sum."""
    return tuple((unknown, times * n) for unknown, n in terms)


def difference(left: Terms, right: Terms) -> Terms:
    """Return one sum less another."""
    counted = Counter(dict(left))
    counted.subtract(dict(right))
    return tuple(sorted((unknown, times) for unknown, times in counted.items() if times))
