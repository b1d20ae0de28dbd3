"""What is drawn in a figure: its texts, boxes, and where each line of text begins and ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from backtorule_eval.report.canvas import SMALL_TEXT, width_of

Line = tuple[float, float, float]


def texts(figure: Figure) -> list[str]:
    """Every line of text, in the order in which it was drawn."""
    return [part.get_text() for part in _written(figure)]


def boxes_of(figure: Figure) -> list[Rectangle]:
    """Every frame, from the top."""
    frames = [part for part in figure.artists if isinstance(part, Rectangle) and part.get_linewidth()]
    return sorted(frames, key=lambda frame: frame.get_y())


def ends_of_lines(figure: Figure, boxes: Sequence[Rectangle]) -> Iterator[tuple[Line, Rectangle | None]]:
    """Left end, right end and baseline of every line of text, with the box it stands in."""
    for part in _written(figure):
        left, right = ends(part)
        _x, baseline = part.get_position()
        inside = [box for box in boxes if box.get_y() < baseline < box.get_y() + box.get_height()]
        yield (left, right, baseline), inside[0] if inside else None


def ends(part: Text) -> tuple[float, float]:
    """Left and right end of a line of text, in points."""
    width = width_of(part.get_text(), small=part.get_fontsize() == SMALL_TEXT)
    start = {"left": 0.0, "center": -width / 2, "right": -width}[part.get_horizontalalignment()]
    left = part.get_position()[0] + start
    return left, left + width


def _written(figure: Figure) -> list[Text]:
    """Lines of text that are not empty."""
    return [part for part in figure.artists if isinstance(part, Text) and part.get_text()]
