"""How finely may an estimate be shown, so that nobody can count back to the persons behind it?

A reader with a computer lists all worlds (sets of counts) that fit what is shown. Here the same list is made
first. The reader knows how figures are rounded; each group's size and the number of events as they are
rounded, and of two groups the size of both together within one; and the formula of the interval. Each number
of persons, with and without the event, must keep three values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from backtorule_eval.disclosure.decision import Range, possible
from backtorule_eval.disclosure.formulas import Cells, Formula, Numbers
from backtorule_eval.disclosure.rounding import CLEAN_STEPS, P_BANDS, How, Rounding
from backtorule_eval.disclosure.rules import SMALLEST_PROTECTION, DisclosureRules

Mask = NDArray[np.bool_]
Counts = NDArray[np.int64]
# Worlds as near as this to the truth are looked at first; if they are enough, nothing else is listed.
NEAR = 10
# More worlds than this are not listed: nothing is shown then. So many persons have enough of them near by.
MOST_WORLDS = 2_000_000
ONE_GROUP = 2


@dataclass(frozen=True, slots=True)
class Level:
    """How value and interval are rounded, and how many persons the smallest group must have for it."""

    value: Rounding
    low: Rounding
    high: Rounding
    needed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Recount:
    """One estimate as a reader tries to count back from it.

    Attributes
    ----------
    cells : tuple of int
        Persons with and without the event, in one group or in each of two.
    formula : Formula
        How value, interval and p-value follow from counts.
    level : float
        Of the interval.
    p_times : tuple of float
        One for each p-value that is shown: what it is times the formula's.
    events_shown : bool
        Whether the number of events is shown too, rounded.
    """

    cells: tuple[int, ...]
    formula: Formula
    level: float
    p_times: tuple[float, ...]
    events_shown: bool

    def seen(self, cells: Cells, level: Level) -> list[Numbers]:
        """Return what would be shown in each world, as labels that are equal where that is."""
        told = self.formula(cells, self.level)
        bands = [
            np.searchsorted(P_BANDS, np.minimum(times * told.p, 1)).astype(np.float64)
            for times in self.p_times
            if told.p is not None
        ]
        shown = (labels(told.value, level.value), labels(told.low, level.low), labels(told.high, level.high))
        return [*shown, *bands]


def finest(recount: Recount, levels: Sequence[Level], rules: DisclosureRules) -> Level | None:
    """Return the first of several levels, from fine to coarse, at which no count can be told, if any."""
    if found := _first_safe(recount, _axes(recount, rules, within=NEAR), levels[:1], rules):
        return found
    axes = _axes(recount, rules, within=max(recount.cells) + rules.base)
    return None if prod(map(len, axes)) > MOST_WORLDS else _first_safe(recount, axes, levels, rules)


def labels(values: Numbers, rounding: Rounding) -> Numbers:
    """Return numbers that are equal exactly where `round_for_release` shows the same."""
    if rounding.how is How.SIGNIFICANT:
        digits = np.floor(np.log10(np.abs(np.where(values == 0, 1, values)))) + 1 - rounding.step
        return np.asarray(np.round(np.round(values / 10.0**digits) * 10.0**digits, CLEAN_STEPS))
    steps = np.round(values / rounding.step, CLEAN_STEPS)
    if rounding.how is How.NEAREST:
        return np.asarray(np.floor(np.round(values / rounding.step + 0.5, CLEAN_STEPS)))
    return np.asarray(np.floor(steps) if rounding.how is How.DOWN else np.ceil(steps))


def _first_safe(
    recount: Recount, axes: Sequence[Counts], levels: Sequence[Level], rules: DisclosureRules
) -> Level | None:
    """Return the first level at which the true counts are among enough others that look alike."""
    worlds = _worlds(axes, recount, rules)
    smallest = worlds.reshape(-1, 2, worlds.shape[1]).sum(axis=1).min(axis=0)
    truth = np.flatnonzero((worlds == np.reshape(recount.cells, (-1, 1))).all(axis=0))
    for level in levels:
        large_enough = bool((smallest[truth] >= level.needed).all())
        if large_enough and _are_safe(worlds, recount.seen(worlds, level))[truth].any():
            return level
    return None


def _axes(recount: Recount, rules: DisclosureRules, *, within: int) -> list[Counts]:
    """List the possible sizes of each group, then events of each but the last, then events in all.

    Where the number of events is not shown, the last are the last group's.
    """
    groups = np.reshape(recount.cells, (-1, 2))
    sizes = [_between(possible(int(n), rules)) for n in groups.sum(axis=1)]
    events = [np.arange(max(0, n - within), n + within + 1) for n in groups[:, 0]]
    if recount.events_shown:
        events[-1] = _between(possible(int(groups[:, 0].sum()), rules))
    return [*sizes, *events]


def _worlds(axes: Sequence[Counts], recount: Recount, rules: DisclosureRules) -> Cells:
    """List the counts a reader cannot rule out before seeing the estimate.

    Only worlds in which the estimate would be shown at all: no group and no cell of them is small.
    """
    grid = np.stack([axis.ravel() for axis in np.meshgrid(*axes, indexing="ij")])
    n, events = np.split(grid, 2)
    if recount.events_shown:
        events[-1] -= events[:-1].sum(axis=0)
    cells: Cells = np.stack([events, n - events], axis=1).reshape(len(recount.cells), -1)
    whole = possible(sum(recount.cells), rules)
    total = cells.sum(axis=0)
    fits = (total >= whole.low) & (total <= whole.high)
    fits &= (cells.min(axis=0) >= rules.threshold) & (n.min(axis=0) >= rules.smallest_group)
    return cells[:, fits]


def _are_safe(worlds: Cells, seen: Sequence[Numbers]) -> Mask:
    """Tell in which worlds each count keeps enough values for a reader who sees this."""
    alike = np.zeros(worlds.shape[1], dtype=np.int64)
    for label in seen:
        numbered = np.unique(label, return_inverse=True)[1]
        alike = np.unique(alike * (len(label) + 1) + numbered, return_inverse=True)[1]
    # Of one group only the rounded size is known here; the audit of the whole report takes in the rest.
    total = worlds.sum(axis=0) if len(worlds) > ONE_GROUP else np.zeros(worlds.shape[1], dtype=np.int64)
    enough = [_n_values(count, alike, total) >= SMALLEST_PROTECTION for count in worlds]
    return np.asarray(np.all(enough, axis=0))


def _n_values(count: Counts, alike: Counts, total: Counts) -> Counts:
    """How many values one count has among worlds that look alike and have as many persons within one."""
    n_totals, n_counts = int(total.max(initial=0)) + 3, int(count.max(initial=0)) + 1
    place = alike * n_totals + total + 1
    known = np.concatenate([(place + off) * n_counts + count for off in (-1, 0, 1)])
    places, n_values = np.unique(np.unique(known) // n_counts, return_counts=True)
    found: Counts = n_values[np.searchsorted(places, place)]
    return found


def _between(numbers: Range) -> Counts:
    """Return the whole numbers of a range."""
    return np.arange(numbers.low, numbers.high + 1)
