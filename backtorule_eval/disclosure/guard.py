"""Is every hidden number of persons safe from a reader, and if not, what else must be hidden?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from backtorule_eval.disclosure.decision import Range
from backtorule_eval.disclosure.reader import Contradiction, Quantity, ReaderModel
from backtorule_eval.disclosure.rules import SMALLEST_PROTECTION, DisclosureRules
from backtorule_eval.disclosure.search import GaveUp, Limits, Need, Numbers, Search, Whole
from backtorule_eval.disclosure.statements import Figure

Target = tuple[float, float]
# Between patterns that cost the same, the one whose figures come first; too small to outweigh a figure.
TIE_BREAK = 1e-5
# How many unknowns, over all quantities told, one search for what to hide may have; and how long it may take.
MAX_TOGETHER, FEW_NODES = 8000, 200


@dataclass(frozen=True, slots=True)
class Told:
    """A quantity, and the number of a row from which a reader could tell it."""

    quantity: int
    row: int


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
        self.floor: Numbers = np.array([float(q.truth > 0 and not q.inside) for q in model.quantities])
        self.beyond_help: set[int] = set()
        self.rows: tuple[tuple[int, ...], ...] = model.own_rows
        # World by world: what each quantity is, and in which rows somebody stands.
        self.values = np.empty((0, len(model.quantities)), dtype=np.int64)
        self.stands = np.empty((0, len(self.rows)), dtype=bool)
        self.true_rows = self._true_rows()

    def secure(self) -> None:
        """Hide until all is safe."""
        waiting = [i for i, q in enumerate(self.model.quantities) if self._is_guarded(i, q)]
        while told := [Told(i, row) for i in waiting if (row := self._telling_row(i)) is not None]:
            hidden = self._hide_for(told)
            waiting = [*(t.quantity for t in told), *hidden]

    def hidden(self) -> frozenset[Figure]:
        """Return all figures that are hidden."""
        return frozenset(
            f for q, r in zip(self.model.quantities, self.ranges, strict=True) if r is None for f in q.figures
        )

    def _is_guarded(self, i: int, quantity: Quantity) -> bool:
        """Tell whether a quantity is one that must not be told."""
        return quantity.guarded or (self.ranges[i] is None and bool(quantity.figures))

    def _true_rows(self) -> list[int]:
        """Return the rows that somebody may truly stand in, having found a world for each.

        Raises
        ------
        Contradiction
            The numbers cannot all be true of nested groups of persons.
        """
        truth = np.array([float(q.truth) for q in self.model.quantities])
        for r, row in enumerate(self.rows):
            if not self.stands[:, r].any():
                self._keep(self.search.world(Limits(low=truth, high=truth), row=row))
        rows = [int(r) for r in np.flatnonzero(self.stands.any(axis=0))]
        if not rows:
            raise Contradiction("The numbers of the report cannot all be true at once.")
        return rows

    def _keep(self, world: Whole | None) -> bool:
        """Remember a world; tell whether there was one."""
        if world is None:
            return False
        values = np.rint(self.search.sums @ world).astype(np.int64)
        stands = np.array([all(world[unknown] > 0 for unknown in row) for row in self.rows])
        self.values, self.stands = np.vstack([self.values, values]), np.vstack([self.stands, stands])
        return True

    def _telling_row(self, i: int) -> int | None:
        """Return a row from which one quantity can be told; None when it is safe from everyone."""
        if i in self.beyond_help:
            return None
        return next((row for row in self.true_rows if not self._is_safe(i, row)), None)

    def _is_safe(self, i: int, row: int) -> bool:
        """Look for worlds until one quantity has enough values for one reader."""
        while targets := self._targets(i, row):
            try:
                if not any(self._keep(self._world(i, row, target)) for target in targets):
                    return False
            except GaveUp:
                return False
        return True

    def _targets(self, i: int, row: int) -> list[Target]:
        """Return ranges of which one more value must be possible; none when enough are."""
        values = np.unique(self.values[self.stands[:, row], i]).tolist()
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

    def _world(self, i: int, row: int, target: Target) -> Whole | None:
        """Return a world with one quantity in the target, as the report stands."""
        return self.search.world(self._limits(i, target), row=self.rows[row])

    def _hide_for(self, told: Sequence[Told]) -> tuple[int, ...]:
        """Hide what makes several quantities safer at once, or else one of them; return what."""
        together = max(1, MAX_TOGETHER // self.model.n_unknowns)
        chosen = self._cheapest_for_all(told[:together]) or self._cheapest_for_one(told[0])
        for i in chosen:
            self.ranges[i] = None
        return chosen

    def _cheapest_for_all(self, told: Sequence[Told]) -> tuple[int, ...]:
        """Return the least that adds a value to each quantity; nothing if that is not found soon."""
        needs = [
            Need(self._limits(t.quantity, self._targets(t.quantity, t.row)[0]), self.rows[t.row])
            for t in told
        ]
        try:
            return self.search.cheapest(needs, floor=self.floor, costs=self._costs(), nodes=FEW_NODES)
        except GaveUp:
            return ()

    def _cheapest_for_one(self, told: Told) -> tuple[int, ...]:
        """Return the least that adds a value to one quantity; all beside it if nothing is known to."""
        i, row = told.quantity, told.row
        try:
            for target in self._targets(i, row):
                need = Need(self._limits(i, target), self.rows[row])
                if chosen := self.search.cheapest([need], floor=self.floor, costs=self._costs()):
                    return chosen
            self.beyond_help.add(i)
            return self._same_things(i)
        except GaveUp:
            chosen = self._same_things(i) or self._all_shown()
            self.beyond_help |= set() if chosen else {i}
            return chosen

    def _costs(self) -> dict[int, float]:
        """Return what may be hidden, and what that costs."""
        return {i: self._cost(i) for i in self._all_shown()}

    def _cost(self, i: int) -> float:
        """Return what hiding loses: one for each figure, up to twice that when it is about many."""
        quantity = self.model.quantities[i]
        return len(quantity.figures) * (1 + quantity.truth / self.model.most) + i * TIE_BREAK

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
