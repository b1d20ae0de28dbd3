"""Whole-number solutions of what a reader can set up: fixed limits, the same answer every time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, eye_array, hstack, vstack

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


class Search:
    """Finds worlds that fit what a reader knows, and the fewest figures to hide so that one exists."""

    def __init__(self, model: ReaderModel) -> None:
        self.model = model
        self.sums = _matrix([q.terms for q in model.quantities], model.n_unknowns)
        self._ties = _matrix([tie.terms for tie in model.ties], model.n_unknowns)
        self._tie_low = np.array([tie.low for tie in model.ties], dtype=float)
        self._tie_high = np.array([tie.high for tie in model.ties], dtype=float)

    def world(self, limits: Limits, *, row: Sequence[int]) -> Whole | None:
        """Return one world within the limits in which somebody stands in the row; None if there is none.

        Raises
        ------
        GaveUp
        """
        matrix = vstack([self._ties, self.sums])
        constraint = LinearConstraint(
            matrix, np.concatenate([self._tie_low, limits.low]), np.concatenate([self._tie_high, limits.high])
        )
        return _solve(np.zeros(self.model.n_unknowns), [constraint], self._bounds(row))

    def cheapest(
        self, limits: Limits, *, row: Sequence[int], floor: Numbers, costs: Mapping[int, float]
    ) -> tuple[int, ...] | None:
        """Return which quantities to hide, at least cost, so that a world within the limits exists.

        Parameters
        ----------
        limits : Limits
        row : sequence of int
            Unknowns in which somebody stands.
        floor : numpy.ndarray
            What each quantity is at least when it is hidden.
        costs : mapping of int to float
            Quantities that may be hidden, and what that costs.

        Returns
        -------
        tuple of int or None
            None if hiding all of them does not help.

        Raises
        ------
        GaveUp
        """
        may = np.array(sorted(costs), dtype=np.intp)
        open_low, open_high = limits.low.copy(), limits.high.copy()
        open_low[may], open_high[may] = floor[may], np.inf
        n, wide = self.model.n_unknowns, len(may)
        big = eye_array(wide, format="csr") * float(self.model.most)
        known = hstack([vstack([self._ties, self.sums]), csr_array((len(self._tie_low) + len(floor), wide))])
        constraints = [
            LinearConstraint(
                known, np.concatenate([self._tie_low, open_low]), np.concatenate([self._tie_high, open_high])
            ),
            LinearConstraint(hstack([self.sums[may], -big]), -np.inf, limits.high[may]),
            LinearConstraint(hstack([self.sums[may], big]), limits.low[may], np.inf),
        ]
        bounds = self._bounds(row)
        both = Bounds(np.concatenate([bounds.lb, np.zeros(wide)]), np.concatenate([bounds.ub, np.ones(wide)]))
        cost = np.concatenate([np.zeros(n), [costs[int(i)] for i in may]])
        found = _solve(cost, constraints, both)
        return None if found is None else tuple(int(i) for i in may[found[n:] > 0])

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


def _solve(cost: Numbers, constraints: Sequence[LinearConstraint], bounds: Bounds) -> Whole | None:
    """Return a whole-number solution at least cost, None if there is none."""
    result = milp(
        cost,
        constraints=constraints,
        bounds=bounds,
        integrality=np.ones(len(cost)),
        options={"mip_rel_gap": 0.0, "node_limit": MAX_NODES, "time_limit": MAX_SECONDS},
    )
    if result.status == INFEASIBLE:
        return None
    if result.status != SOLVED:
        raise GaveUp("The search for what a reader could work out ended without an answer.")
    whole: Whole = np.rint(result.x).astype(np.int64)
    return whole
