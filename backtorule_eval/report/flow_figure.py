"""The figure of a flow: two wide boxes for those received and those analysed, and between them who left.

One column, so that it reads on a phone: a line runs down, and an arrow leads out to a narrower box for each
removal. A number that is withheld stands in a dashed box, so that it is seen without colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from matplotlib.figure import Figure

from backtorule_eval.report.canvas import ACCENT, QUIET, WIDE, Canvas, width_of, wrapped

LINE = 13.0  # from one line of text to the next
PADDING = 7.0  # between a box and its words
BETWEEN = 8.0  # from one removal to the next
AROUND = 12.0  # between the wide boxes and the removals
SPINE = 10.0  # of the line that runs down, from the left
INDENT = 30.0  # of the boxes of removals
HEAD = 3.2  # half the width of an arrow's head
STROKE = 0.8  # half the thickest frame, so that none is cut


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowBox:
    """One step: what it is, its number in words, whether people left here, and whether it is withheld."""

    label: str
    words: str
    removes: bool
    withheld: bool


@dataclass(frozen=True, slots=True)
class _Placed:
    """A box with its lines of text and where it stands."""

    box: FlowBox
    lines: tuple[str, ...]
    top: float
    left: float

    @property
    def height(self) -> float:
        """Height of the box."""
        return len(self.lines) * LINE + 2 * PADDING

    @property
    def bottom(self) -> float:
        """Where the box ends."""
        return self.top + self.height

    @property
    def middle(self) -> float:
        """Where an arrow meets the box."""
        return self.top + self.height / 2


def flow_chart(boxes: Sequence[FlowBox], *, width: float = WIDE) -> Figure:
    """Draw a flow from top to bottom.

    Parameters
    ----------
    boxes : sequence of FlowBox
        In order; people are present in the first and the last.
    """
    placed = _placed(boxes, width)
    canvas = Canvas(width, placed[-1].bottom + STROKE)
    for above, below in pairwise(placed):
        _connect(canvas, above, below)
    for one in placed:
        _draw(canvas, one)
    return canvas.figure


def _placed(boxes: Sequence[FlowBox], width: float) -> list[_Placed]:
    """Give every box its place."""
    placed: list[_Placed] = []
    for box in boxes:
        left = INDENT if box.removes else STROKE
        top = placed[-1].bottom + _gap(placed[-1].box, box) if placed else STROKE
        room = width - STROKE - left - 2 * PADDING
        placed.append(_Placed(box, _lines(box, room), top, left))
    return placed


def _gap(above: FlowBox, below: FlowBox) -> float:
    """Return the room between two boxes."""
    if above.removes and below.removes:
        return BETWEEN
    return AROUND if above.removes or below.removes else 2 * AROUND


def _lines(box: FlowBox, room: float) -> tuple[str, ...]:
    """Break a box's label so that its last line leaves room for its number, or is the number's alone."""
    lines = wrapped(box.label, room)
    fits = width_of(lines[-1]) <= room - width_of(box.words) - PADDING
    return tuple(lines) if fits else (*lines, "")


def _draw(canvas: Canvas, one: _Placed) -> None:
    """Draw one box with its words."""
    size = (canvas.width - STROKE - one.left, one.height)
    colour, thick = (QUIET, 0.8) if one.box.removes else (ACCENT, 1.6)
    canvas.box((one.left, one.top), size, colour=colour, width=thick, dashed=one.box.withheld)
    for i, line in enumerate(one.lines):
        canvas.text(one.left + PADDING, one.top + PADDING + (i + 0.78) * LINE, line)
    baseline = one.bottom - PADDING - 0.22 * LINE
    canvas.text(canvas.width - STROKE - PADDING, baseline, one.box.words, align="right")


def _connect(canvas: Canvas, above: _Placed, below: _Placed) -> None:
    """Draw the line from one box to the next: down to those who are left, out to those who leave."""
    start = above.middle if above.box.removes else above.bottom
    end = below.middle if below.box.removes else below.top
    canvas.line((SPINE, start), (SPINE, end), colour=QUIET, width=1.0)
    if below.box.removes:
        canvas.line((SPINE, end), (below.left - HEAD, end), colour=QUIET, width=1.0)
        tip, back = below.left, below.left - 2 * HEAD
        canvas.shape([(tip, end), (back, end - HEAD), (back, end + HEAD)], colour=QUIET)
    else:
        canvas.shape(
            [(SPINE, end), (SPINE - HEAD, end - 2 * HEAD), (SPINE + HEAD, end - 2 * HEAD)], colour=QUIET
        )
