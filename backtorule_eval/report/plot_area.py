"""A field with two axes: shares upwards or along, and what they go with; drawn by `Canvas`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backtorule_eval.report.canvas import QUIET, RULE, SMALL_TEXT, Canvas, Point

TICK = 4.0
GRID = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """From a value to a place between the start and the end of an axis."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return the place of a value; one outside the range stands at its end."""
        share = (value - self.low) / (self.high - self.low) if self.high > self.low else 0.0
        return self.start + min(1.0, max(0.0, share)) * (self.end - self.start)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlotArea:
    """A field between two scales; `x` runs to the right, `y` upwards."""

    canvas: Canvas
    x: Scale
    y: Scale

    def at(self, x: float, y: float) -> Point:
        """Return the place of a point."""
        return self.x(x), self.y(y)

    def draw_x(self, ticks: Sequence[tuple[float, str]], *, caption: str) -> None:
        """Draw the lower axis with its numbers, and what it measures under it."""
        left, right, bottom = self.x.start, self.x.end, self.y.start
        self.canvas.line((left, bottom), (right, bottom), colour=QUIET, width=0.8)
        for value, words in ticks:
            self.canvas.line((self.x(value), bottom), (self.x(value), bottom + TICK), colour=QUIET, width=0.8)
            self.canvas.text(self.x(value), bottom + 15, words, align="center", small=True)
        self.canvas.text((left + right) / 2, bottom + 20 + SMALL_TEXT, caption, align="center", small=True)

    def draw_y(self, ticks: Sequence[tuple[float, str]]) -> None:
        """Draw a faint line across the field for each number of the left axis."""
        for value, words in ticks:
            self.canvas.line(
                (self.x.start, self.y(value)), (self.x.end, self.y(value)), colour=RULE, width=GRID
            )
            self.canvas.text(self.x.start - 5, self.y(value) + 3, words, align="right", small=True)
