"""Is every hidden number of persons safe from a reader, and if not, what else must be hidden?"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np

from backtorule_eval.disclosure.decision import Range
from backtorule_eval.disclosure.reader import Contradiction, Quantity, ReaderModel
from backtorule_eval.disclosure.rules import SMALLEST_PROTECTION, DisclosureRules
from backtorule_eval.disclosure.search import GaveUp, Limits, Numbers, Search, Whole
from backtorule_eval.disclosure.statements import Figure

Target = tuple[float, float]
# Between patterns that cost the same, the one whose figures come first; too small to outweigh a figure.
TIE_BREAK = 1e-5


class Guard:
    """Hides quantities until every hidden one keeps enough possible values, whoever reads.

    Worlds that were found once are kept: hiding more only ever lets more worlds through, so a number that was
    safe stays safe, and no number is looked at twice.
    """

    def __init__(
        self,
        model: ReaderModel,
        shown: Mapping[Figure, Range],
        kept: frozenset[Figure],
        rules: DisclosureRules,
    ) -> None:
        """Start from what each claim by itself shows; `kept` are figures that must stay hidden everywhere."""
        self.model, self.rules, self.search = model, rules, Search(model)
        self.ranges = [_range(q, shown, kept) for q in model.quantities]
        self.floor: Numbers = np.array([float(q.truth > 0) for q in model.quantities])
        self.beyond_help: set[int] = set()
        self.rows, self.worlds = self._true_worlds()

    def secure(self) -> None:
        """Hide until all is safe."""
        waiting = deque(i for i, q in enumerate(self.model.quantities) if self._is_guarded(i, q))
        while waiting:
            i = waiting.popleft()
            for row in self.rows:
                waiting.extend(self._secure(i, row))

    def hidden(self) -> frozenset[Figure]:
        """Return all figures that are hidden."""
        return frozenset(
            f for q, r in zip(self.model.quantities, self.ranges, strict=True) if r is None for f in q.figures
        )

    def _is_guarded(self, i: int, quantity: Quantity) -> bool:
        """Tell whether a quantity is one that must not be told."""
        return quantity.guarded or (self.ranges[i] is None and bool(quantity.figures))

    def _true_worlds(self) -> tuple[list[tuple[int, ...]], list[Whole]]:
        """Return the rows that somebody may truly stand in, each with a world that has the true numbers.

        Raises
        ------
        Contradiction
            The numbers cannot all be true of nested groups of persons.
        """
        truth = np.array([float(q.truth) for q in self.model.quantities])
        rows: list[tuple[int, ...]] = []
        worlds: list[Whole] = []
        for row in self.model.own_rows:
            known = next((w for w in worlds if _stands(w, row)), None)
            world = self.search.world(Limits(low=truth, high=truth), row=row) if known is None else known
            if world is not None:
                rows.append(row)
                worlds += [] if known is not None else [world]
        if not rows:
            raise Contradiction("The numbers of the report cannot all be true at once.")
        return rows, worlds

    def _secure(self, i: int, row: Sequence[int]) -> Iterator[int]:
        """Hide until one quantity is safe from one reader; yield what was hidden."""
        while i not in self.beyond_help and (targets := self._targets(i, row)):
            try:
                world = self._world(i, row, targets)
                if world is None:
                    yield from self._hide(self._cheapest(i, row, targets), i)
                else:
                    self.worlds.append(world)
            except GaveUp:
                yield from self._hide(self._same_things(i) or self._all_shown(), i)

    def _targets(self, i: int, row: Sequence[int]) -> list[Target]:
        """Return ranges of which one more value must be possible; none when enough are."""
        terms = self.model.quantities[i].terms
        values = sorted({_value(w, terms) for w in self.worlds if _stands(w, row)})
        if values[-1] < self.rules.threshold:
            return [(self.rules.threshold, np.inf)]
        if len(values) >= SMALLEST_PROTECTION:
            return []
        gaps = [(a + 1, b - 1) for a, b in pairwise(values) if b - a > 1]
        below = [(self.floor[i], values[0] - 1)] if values[0] > self.floor[i] else []
        return [*gaps, *below, (values[-1] + 1, np.inf)]

    def _limits(self, i: int, target: Target) -> Limits:
        """Return what is known of every quantity, with one quantity in the target."""
        low = np.array(
            [f if r is None else max(f, r.low) for f, r in zip(self.floor, self.ranges, strict=True)]
        )
        high = np.array([np.inf if r is None else r.high for r in self.ranges])
        low[i], high[i] = max(low[i], target[0]), min(high[i], target[1])
        return Limits(low=low, high=high)

    def _world(self, i: int, row: Sequence[int], targets: Sequence[Target]) -> Whole | None:
        """Return a world that adds a value for one quantity, as the report stands."""
        for target in targets:
            world = self.search.world(self._limits(i, target), row=row)
            if world is not None:
                return world
        return None

    def _cheapest(self, i: int, row: Sequence[int], targets: Sequence[Target]) -> tuple[int, ...]:
        """Return the least that must be hidden to add a value for one quantity; nothing if nothing helps."""
        costs = {j: self._cost(j) for j in self._all_shown()}
        if not costs:
            return ()
        for target in targets:
            limits = self._limits(i, target)
            chosen = self.search.cheapest(limits, row=row, floor=self.floor, costs=costs)
            if chosen:
                return chosen
        return ()

    def _cost(self, i: int) -> float:
        """Return what hiding loses: one for each figure, up to twice that when it is about many."""
        quantity = self.model.quantities[i]
        return len(quantity.figures) * (1 + quantity.truth / self.model.most) + i * TIE_BREAK

    def _hide(self, chosen: Sequence[int], because_of: int) -> Iterator[int]:
        """Hide quantities and yield them; if nothing helps, all in the tables of the one that is told."""
        if not chosen:
            chosen = self._same_things(because_of)
            self.beyond_help.add(because_of)
        for i in chosen:
            self.ranges[i] = None
            yield i

    def _all_shown(self) -> tuple[int, ...]:
        """Return all quantities that are shown."""
        return tuple(i for i, r in enumerate(self.ranges) if r is not None)

    def _same_things(self, i: int) -> tuple[int, ...]:
        """Return what is shown in the tables and models in which a quantity stands."""
        things = {f.thing for f in self.model.quantities[i].figures}
        return tuple(
            j for j in self._all_shown() if any(f.thing in things for f in self.model.quantities[j].figures)
        )


def _range(quantity: Quantity, shown: Mapping[Figure, Range], kept: frozenset[Figure]) -> Range | None:
    """Return what is shown of a quantity; None when nothing is, or it must be hidden wherever it stands."""
    ranges = [shown[f] for f in quantity.figures if f in shown]
    if not ranges or quantity.guarded or not kept.isdisjoint(quantity.figures):
        return None
    return Range(max(r.low for r in ranges), min(r.high for r in ranges))


def _value(world: Whole, terms: Sequence[tuple[int, int]]) -> int:
    """Return a quantity's value in a world."""
    return sum(int(world[unknown]) * times for unknown, times in terms)


def _stands(world: Whole, row: Sequence[int]) -> bool:
    """Tell whether somebody stands in a row in a world."""
    return all(world[unknown] > 0 for unknown in row)
