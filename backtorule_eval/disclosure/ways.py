"""Ways to show a table coarser, from merging two categories to leaving a classification out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise, product

from backtorule_eval.analyses.tables import CountTable, Dimension
from backtorule_eval.disclosure.coarser import NO_VALUE, PAIR, Coarsening, Group, without
from backtorule_eval.disclosure.decision import Reason

Merged = tuple[tuple[str, ...], ...]
LEFT_OUT: Merged | None = None


def ways_to_coarsen(table: CountTable, *, thing: int) -> Iterator[tuple[Coarsening, ...]]:
    """How can a table be shown coarser?

    Categories are merged from the smallest on: where they have an order the smallest with its smaller
    neighbour, again and again; else the smallest two, three, four ... into one. Two categories with somebody
    in them stay. Those of whom nothing is known are never merged. Any classification can be left out, but one
    must stay.
    """
    choices = [_choices(table, i) for i in range(len(table.dimensions))]
    for chosen in product(*choices):
        steps = tuple(
            Coarsening(thing=thing, dimension=d.name, merged=merged or (), reason=Reason.MOSTLY_HIDDEN)
            for d, merged in zip(table.dimensions, chosen, strict=True)
            if merged != ()
        )
        if steps and any(merged is not LEFT_OUT for merged in chosen):
            yield steps


def _choices(table: CountTable, axis: int) -> list[Merged | None]:
    """Return what can be done with one classification: nothing, more and more merged, left out."""
    dimension = table.dimensions[axis]
    others = [d.name for d in table.dimensions if d is not dimension]
    margin = without(table, others).counts
    values = [i for i, level in enumerate(dimension.levels) if level.key not in NO_VALUE]
    chain = _neighbours(values, margin) if dimension.ordered else _smallest(dimension, values, margin)
    named = [tuple(tuple(dimension.levels[i].key for i in group) for group in groups) for groups in chain]
    return [(), *named, LEFT_OUT]


def _smallest(dimension: Dimension, values: Sequence[int], margin: Sequence[int]) -> Iterator[list[Group]]:
    """Yield the smallest two categories as one, then the smallest three, and so on.

    An empty category is shown as it is, unless that nobody is in it must not be told.
    """
    sizes = sorted((i for i in values if margin[i] or dimension.sensitive), key=lambda i: (margin[i], i))
    for n in range(PAIR, len(sizes)):
        if margin[sizes[n - 1]]:
            yield [tuple(sorted(sizes[:n]))]


def _neighbours(values: Sequence[int], margin: Sequence[int]) -> Iterator[list[Group]]:
    """Yield neighbours merged, the smallest with its smaller neighbour first; empty ones last."""
    groups: list[Group] = [(i,) for i in values]

    def size(group: Group) -> int:
        return sum(margin[i] for i in group)

    while sum(size(group) > 0 for group in groups) > PAIR:
        smallest = min((group for group in groups if size(group)), key=lambda group: (size(group), group))
        beside = [pair for pair in pairwise(groups) if smallest in pair]
        first, second = min(
            beside, key=lambda pair: (0 in map(size, pair), size(pair[0]) + size(pair[1]), pair)
        )
        at = groups.index(first)
        groups[at : at + PAIR] = [(*first, *second)]
        yield [group for group in groups if len(group) > 1]
