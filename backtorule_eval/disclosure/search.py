"""Whole-number solutions of what a reader can set up: fixed limits, the same answer every time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import block_diag, csr_array, eye_array, hstack, vstack

from backtorule_eval.disclosure.quiet import no_output
from backtorule_eval.disclosure.reader import ReaderModel, Terms
from backtorule_eval.errors import DisclosureRefused

# Nodes, not seconds, decide when to give up, so that every machine gives up at the same place; seconds are a
# last resort.
MAX_NODES = 20_000
MAX_SECONDS = 60.0
SOLVED, INFEASIBLE = 0, 2

Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]


class GaveUp(DisclosureRefused):
    """The search ended without an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What each quantity may be, lowest and highest, in the order of the model's quantities."""

    low: Numbers
    high: Numbers


@dataclass(frozen=True, slots=True)
class Need:
    """A world that must be possible: within the limits, with somebody in the row."""

    limits: Limits
    row: tuple[int, ...]


class Search:
    """Finds worlds that fit what a reader knows, and the fewest figures to hide so that one exists."""

    def __init__(self, model: ReaderModel) -> None:
        self.model = model
        self.sums = _matrix([q.terms for q in model.quantities], model.n_unknowns)
        self._ties = _matrix([tie.terms for tie in model.ties], model.n_unknowns)
        self._known = vstack([self._ties, self.sums], format="csr")
        self._tie_low = np.array([tie.low for tie in model.ties], dtype=float)
        self._tie_high = np.array([tie.high for tie in model.ties], dtype=float)

    def world(self, limits: Limits, *, row: Sequence[int]) -> Whole | None:
        """Return one world within the limits in which somebody stands in the row; None if there is none.

        Raises
        ------
        GaveUp
        """
        low = np.concatenate([self._tie_low, limits.low])
        high = np.concatenate([self._tie_high, limits.high])
        constraint = LinearConstraint(self._known, low, high)
        world = _solve(np.zeros(self.model.n_unknowns), [constraint], self._bounds(row))
        if world is None:
            return None
        # The solver works with tolerances; a world that proves a number safe must fit exactly.
        sums = self._known @ world
        if world.min() < 0 or (sums < low).any() or (sums > high).any():
            raise GaveUp("The search found a world that does not fit.")
        return world

    def cheapest(
        self, needs: Sequence[Need], *, floor: Numbers, costs: Mapping[int, float], nodes: int = MAX_NODES
    ) -> tuple[int, ...]:
        """Return which quantities to hide, at least cost, so that every need has a world.

        Parameters
        ----------
        needs : sequence of Need
        floor : numpy.ndarray
            What each quantity is at least when it is hidden.
        costs : mapping of int to float
            Quantities that may be hidden, and what that costs.
        nodes : int
            How much to search.

        Returns
        -------
        tuple of int
            Empty if hiding all of them does not help.

        Raises
        ------
        GaveUp
        """
        may = np.array(sorted(costs), dtype=np.intp)
        if not len(may):
            return ()
        n, wide = self.model.n_unknowns * len(needs), len(may)
        big = vstack([eye_array(wide, format="csr") * float(self.model.most)] * len(needs))
        known = block_diag([self._known] * len(needs), format="csr")
        free = block_diag([self.sums[may]] * len(needs), format="csr")
        low, high = self._with_hidden(needs, may, floor)
        constraints = [
            LinearConstraint(hstack([known, csr_array((known.shape[0], wide))], format="csr"), low, high),
            LinearConstraint(
                hstack([free, -big], format="csr"),
                -np.inf,
                np.concatenate([x.limits.high[may] for x in needs]),
            ),
            LinearConstraint(
                hstack([free, big], format="csr"), np.concatenate([x.limits.low[may] for x in needs]), np.inf
            ),
        ]
        each = [self._bounds(need.row) for need in needs]
        bounds = Bounds(
            np.concatenate([*(b.lb for b in each), np.zeros(wide)]),
            np.concatenate([*(b.ub for b in each), np.ones(wide)]),
        )
        cost = np.concatenate([np.zeros(n), [costs[int(i)] for i in may]])
        found = _solve(cost, constraints, bounds, nodes)
        return () if found is None else tuple(int(i) for i in may[found[n:] > 0])

    def _with_hidden(
        self, needs: Sequence[Need], may: NDArray[np.intp], floor: Numbers
    ) -> tuple[Numbers, Numbers]:
        """Return the limits of all rows, need after need, with everything hidden that may be."""
        lows, highs = [], []
        for need in needs:
            low, high = need.limits.low.copy(), need.limits.high.copy()
            low[may], high[may] = floor[may], np.inf
            lows += [self._tie_low, low]
            highs += [self._tie_high, high]
        return np.concatenate(lows), np.concatenate(highs)

    def _bounds(self, row: Sequence[int]) -> Bounds:
        """Return what each unknown may be when somebody stands in the row."""
        low = np.zeros(self.model.n_unknowns)
        low[list(row)] = 1.0
        return Bounds(low, np.full(self.model.n_unknowns, float(self.model.most)))


def _matrix(sums: Sequence[Terms], n_unknowns: int) -> csr_array:
    """Return sums of unknowns as rows of a sparse matrix."""
    rows = [i for i, terms in enumerate(sums) for _ in terms]
    columns = [unknown for terms in sums for unknown, _ in terms]
    times = [float(times) for terms in sums for _, times in terms]
    return csr_array((times, (rows, columns)), shape=(len(sums), n_unknowns))


def _solve(
    cost: Numbers, constraints: Sequence[LinearConstraint], bounds: Bounds, nodes: int = MAX_NODES
) -> Whole | None:
    """Return a whole-number solution at least cost, None if there is none."""
    with no_output():
        result = milp(
            cost,
            constraints=constraints,
            bounds=bounds,
            integrality=np.ones(len(cost)),
            options={"mip_rel_gap": 0.0, "node_limit": nodes, "time_limit": MAX_SECONDS},
        )
    if result.status == INFEASIBLE:
        return None
    if result.status != SOLVED:
        raise GaveUp("The search for what a reader could work out ended without an answer.")
    whole: Whole = np.rint(result.x).astype(np.int64)
    return whole
