"""Rounding for release: the one place where a figure loses digits, so that nobody can count back from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum
from itertools import pairwise
from math import ceil, floor, isfinite, log10
from typing import Final

from backtorule_eval.disclosure.rules import round_count
from backtorule_eval.errors import DisclosureRefused

P_BANDS = (0.0, 0.001, 0.01, 0.05, 0.1, 1.0)
# Enough to remove the noise of binary fractions (3 * 0.05), far below any digit that is shown.
CLEAN = 12
CLEAN_STEPS = 9


class Mark(Enum):
    """What stands where a figure is withheld; primary and secondary hiding look the same."""

    HIDDEN = "hidden"

    def __repr__(self) -> str:
        return "HIDDEN"


HIDDEN: Final = Mark.HIDDEN


@dataclass(frozen=True, slots=True)
class Band:
    """A p-value's band: above `low`, at most `high`; from 0 it is "below `high`"."""

    low: float
    high: float


Number = int | float | Mark
Shown = int | float | Band | Mark


class How(StrEnum):
    """How a shown figure is rounded."""

    EXACT = "exact"
    NEAREST = "nearest"
    DOWN = "down"
    UP = "up"
    SIGNIFICANT = "significant"
    UP_1_2_5 = "up_1_2_5"
    BAND = "band"


@dataclass(frozen=True, slots=True)
class Rounding:
    """A way to round and its step: a multiple (nearest, down, up) or a number of digits (significant)."""

    how: How
    step: float = 0.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "step", float(self.step))


EXACT = Rounding(How.EXACT)
BAND = Rounding(How.BAND)
TWO_FIGURES = Rounding(How.SIGNIFICANT, 2)
# Shares: whole percentage points, and fives.
WHOLE_POINT = Rounding(How.NEAREST, 0.01)
FIVE_POINTS = Rounding(How.NEAREST, 0.05)


def round_for_release(value: float, rounding: Rounding) -> int | float | Band:
    """Round one figure as decided.

    Whole numbers stay whole. Every way is monotone, so that an interval still holds its value.

    Raises
    ------
    DisclosureRefused
        The figure is not a finite number, or the way to round is unknown.
    """
    if not isfinite(value):
        raise DisclosureRefused("A figure that is not a finite number reached the disclosure rules.")
    match rounding.how:
        case How.EXACT:
            return value
        case How.NEAREST:
            return _to_multiple(value, rounding.step)
        case How.DOWN | How.UP:
            return _to_one_side(value, rounding)
        case How.SIGNIFICANT:
            return _to_figures(value, int(rounding.step))
        case How.UP_1_2_5:
            return _up_1_2_5(value)
        case How.BAND:
            return p_band(value)
    raise DisclosureRefused(f"Unknown way to round: {rounding.how!r}.")


def _to_multiple(value: float, step: float) -> int | float:
    """Nearest multiple of `step`, halves upwards."""
    if isinstance(value, int):
        return round_count(value, int(step))
    # First without the noise, or a difference of exactly half a step would go either way.
    return round(floor(round(value / step + 0.5, CLEAN_STEPS)) * step, CLEAN) + 0.0


def _to_one_side(value: float, rounding: Rounding) -> int | float:
    """Multiple of the step that is not above the value, or not below it."""
    steps = round(value / rounding.step, CLEAN_STEPS)
    whole = floor(steps) if rounding.how is How.DOWN else ceil(steps)
    if rounding.step.is_integer():
        return whole * int(rounding.step)
    return round(whole * rounding.step, CLEAN) + 0.0


def _to_figures(value: float, figures: int) -> float:
    """Round to a number of significant figures."""
    if value == 0:
        return 0.0
    return round(float(value), figures - 1 - floor(log10(abs(value))))


def _up_1_2_5(value: float) -> int:
    """Smallest of 1, 2, 5, 10, 20, 50 ... that is not below the value."""
    power = 1
    while power * 5 < value:
        power *= 10
    return next(step * power for step in (1, 2, 5) if step * power >= value)


def p_band(value: float) -> Band:
    """Band of a p-value; edges belong to the band below, except 0.

    Raises
    ------
    DisclosureRefused
        The value is not a probability.
    """
    for low, high in pairwise(P_BANDS):
        if (low < value or low == value == 0) and value <= high:
            return Band(low, high)
    raise DisclosureRefused("A p-value outside 0 to 1 reached the disclosure rules.")
