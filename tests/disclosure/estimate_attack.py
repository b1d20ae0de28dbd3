"""A reader who counts back from one published comparison of two groups: by trying every pair of counts.

Shares nothing with `disclosure/recount.py`: plain loops over the counts, the formulas written out, and what
is seen compared with what each pair of counts would show. The reader knows each group's size and how many had
the event as they are rounded, both groups together within one, and how the figures were rounded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from math import ceil, erfc, floor, log, log10, sqrt

import numpy as np

from backtorule_eval.analyses.estimate import Estimate, Measure
from backtorule_eval.disclosure.estimates import decide
from backtorule_eval.disclosure.rounding import Rounding
from backtorule_eval.disclosure.rules import DisclosureRules
from tests.disclosure.examples import estimate

RULES = DisclosureRules()
Z = 1.959963984540054
BANDS = (0.0, 0.001, 0.01, 0.05, 0.1, 1.0)


@dataclass(frozen=True)
class Pair:
    """Events and persons in two groups."""

    a: int
    n1: int
    b: int
    n0: int

    @property
    def cells(self) -> tuple[int, ...]:
        return self.a, self.n1 - self.a, self.b, self.n0 - self.b


def difference(pair: Pair) -> tuple[float, float, float]:
    """Difference of risks with its normal interval."""
    p1, p0 = pair.a / pair.n1, pair.b / pair.n0
    half = Z * sqrt(p1 * (1 - p1) / pair.n1 + p0 * (1 - p0) / pair.n0)
    return p1 - p0, p1 - p0 - half, p1 - p0 + half


def log_odds(pair: Pair) -> tuple[float, float, float]:
    """Log odds ratio with Woolf's interval."""
    a, c, b, d = pair.cells
    value, half = log(a * d / (c * b)), Z * sqrt(sum(1 / cell for cell in pair.cells))
    return value, value - half, value + half


MEASURES: dict[Measure, Callable[[Pair], tuple[float, float, float]]] = {
    Measure.RISK_DIFFERENCE: difference,
    Measure.LOG_ODDS: log_odds,
}


def p_of(value: float, low: float, high: float) -> float:
    """Two-sided p-value of a normal interval."""
    return erfc(abs(value) / ((high - low) / (2 * Z)) / sqrt(2))


def published(pair: Pair, measure: Measure) -> Estimate:
    """The comparison as an analysis would claim it."""
    value, low, high = MEASURES[measure](pair)
    return estimate(
        measure=measure,
        value=value,
        low=low,
        high=high,
        std_error=(high - low) / (2 * Z),
        p_value=p_of(value, low, high),
        n=pair.n1 + pair.n0,
        n_events=pair.a + pair.b,
        n_missing=0,
        smallest_arm=min(pair.n1, pair.n0),
    )


def shown_as(x: float, rounding: Rounding) -> float:
    """What a figure looks like once it is rounded."""
    if rounding.how == "significant":
        return 0.0 if x == 0 else round(x, int(rounding.step) - 1 - floor(log10(abs(x))))
    steps = round(x / rounding.step, 9)
    ways = {"nearest": floor(round(steps + 0.5, 9)), "down": floor(steps), "up": ceil(steps)}
    return round(ways[rounding.how] * rounding.step, 9)


def band_of(p: float) -> int:
    return next(i for i, edge in enumerate(BANDS[1:]) if p <= edge)


def to_five(n: int) -> int:
    return floor(n / 5 + 0.5) * 5


@dataclass(frozen=True)
class Reading:
    """What became of one comparison: how it was shown, and the counts that fit."""

    how: str
    possible: tuple[frozenset[int], ...] = ()

    @property
    def is_told(self) -> bool:
        """Whether some count has fewer than three values left."""
        return any(len(values) < 3 for values in self.possible)


def attack(pair: Pair, measure: Measure = Measure.RISK_DIFFERENCE) -> Reading:
    """Publish one comparison and count back from it."""
    decided = decide(published(pair, measure), RULES)
    if decided["value"].action == "hide":
        return Reading(how=f"hidden: {decided['value'].reason}")
    ways = [decided[name].rounding for name in ("value", "low", "high")]
    seen = look(pair, measure, ways)
    fitting = [other for other in others(pair) if look(other, measure, ways) == seen]
    assert pair in fitting
    possible = tuple(frozenset(other.cells[i] for other in fitting) for i in range(4))
    return Reading(how=f"{ways[0].how} {ways[0].step:g}", possible=possible)


def look(pair: Pair, measure: Measure, ways: list[Rounding]) -> tuple[object, ...]:
    """Everything that is seen of a comparison."""
    told = MEASURES[measure](pair)
    figures = (shown_as(x, way) for x, way in zip(told, ways, strict=True))
    return (*figures, band_of(p_of(*told)), to_five(pair.a + pair.b), to_five(pair.n1 + pair.n0))


def others(pair: Pair) -> Iterator[Pair]:
    """Every pair of counts a reader cannot rule out by the sizes of the groups."""
    for n1, n0 in product(alike(pair.n1), alike(pair.n0)):
        if abs(n1 + n0 - pair.n1 - pair.n0) <= 1:
            yield from (Pair(a, n1, b, n0) for a in range(5, n1 - 4) for b in range(5, n0 - 4))


def alike(n: int) -> list[int]:
    """Sizes of a group that are shown as this one is."""
    return [other for other in range(max(n - 5, 10), n + 6) if to_five(other) == to_five(n)]


def drawn(seed: int, *, smallest: int, largest: int) -> Pair:
    """Two groups of these sizes with risks between a tenth and nine tenths."""
    random = np.random.default_rng(seed)
    n1, n0 = (int(n) for n in random.integers(smallest, largest + 1, 2))
    a, b = (int(random.binomial(n, random.uniform(0.1, 0.9))) for n in (n1, n0))
    return Pair(min(max(a, 1), n1 - 1), n1, min(max(b, 1), n0 - 1), n0)


def tally(seeds: range, measure: Measure, *, smallest: int, largest: int) -> tuple[Counter[str], int]:
    """How many comparisons were shown in which way, and how many of them let a count be told."""
    readings = [attack(drawn(seed, smallest=smallest, largest=largest), measure) for seed in seeds]
    return Counter(reading.how for reading in readings), sum(reading.is_told for reading in readings)
