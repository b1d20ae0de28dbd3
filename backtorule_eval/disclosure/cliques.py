"""Small tables that together say as much as one table over everything: a junction tree of classifications.

Tables over overlapping classifications are linked into a graph, the graph is made chordal, and each of its
cliques becomes one table. Non-negative whole-number tables of the cliques that agree wherever neighbours in
the tree overlap always come from one joint table (Vorobev 1962; Lauritzen 1996, ch. 3), so nothing is lost by
never writing the joint table down.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import prod


@dataclass(frozen=True, slots=True)
class Link:
    """Two cliques, by position, that must agree on the axes they share."""

    left: int
    right: int


@dataclass(frozen=True, slots=True)
class JunctionTree:
    """Cliques of axes, by position, and which of them are neighbours; a forest when they fall apart."""

    cliques: tuple[tuple[int, ...], ...]
    links: tuple[Link, ...]


def junction_tree(groups: Iterable[Collection[int]], sizes: Sequence[int]) -> JunctionTree:
    """Which small tables say as much as the joint table does?

    Parameters
    ----------
    groups : iterable of collections of int
        Axes, by position in `sizes`, that stand in one table together.
    sizes : sequence of int
        Number of levels of each axis; axes are eliminated in the order that keeps tables small.
    """
    near: dict[int, set[int]] = {}
    for group in groups:
        for axis in group:
            near.setdefault(axis, set()).update(set(group) - {axis})
    cliques = tuple(sorted(_maximal(_eliminate(near, sizes))))
    return JunctionTree(cliques=cliques, links=_widest_links(cliques))


def _eliminate(near: Mapping[int, set[int]], sizes: Sequence[int]) -> list[frozenset[int]]:
    """Return each axis with its neighbours at the time it is taken out, smallest table first."""
    left = {axis: set(others) for axis, others in near.items()}
    found = []
    while left:
        axis = min(left, key=lambda a: (prod(sizes[b] for b in left[a] | {a}), a))
        around = left.pop(axis)
        found.append(frozenset(around | {axis}))
        for other in around:
            left[other] = (left[other] | around) - {axis, other}
    return found


def _maximal(cliques: Iterable[frozenset[int]]) -> list[tuple[int, ...]]:
    """Leave out what lies within another clique."""
    unique = set(cliques)
    return [tuple(sorted(c)) for c in unique if not any(c < other for other in unique)]


def _widest_links(cliques: Sequence[tuple[int, ...]]) -> tuple[Link, ...]:
    """Return the spanning forest with the widest overlaps, which makes a tree of cliques a junction tree."""
    pairs = sorted(
        (-len(set(cliques[i]) & set(cliques[j])), i, j) for i, j in combinations(range(len(cliques)), 2)
    )
    part = list(range(len(cliques)))
    links = []
    for overlap, i, j in pairs:
        if overlap and part[i] != part[j]:
            links.append(Link(i, j))
            old, new = part[j], part[i]
            part = [new if p == old else p for p in part]
    return tuple(links)
