"""Figures: intervals on a line, and bars of counts; every one with the sentence that stands in for it.

Each row writes its label and its figures in words above its mark, so a figure reads without colour, without a
legend and on a phone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from backtorule_eval.report.canvas import (
    ACCENT,
    QUIET,
    RULE,
    SMALL_TEXT,
    WIDE,
    Canvas,
    to_inline_svg,
    to_png,
    to_svg,
    width_of,
    wrapped,
)
from backtorule_eval.report.catalogue import translator
from backtorule_eval.report.numbers import number
from backtorule_eval.report.tables import Table

LINE = 13.0  # from one line of text to the next
STRIP = 18.0  # the strip of a row that holds its interval or bar
GAP = 9.0  # between rows
EDGE = 14.0  # from the figure's sides to the ends of an axis
BAR = 7.0
REACH = 6.0  # of the line at zero, to each side of an interval
AXIS = 26.0
SHORTEST_ALT = 30
MOST_TICKS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One row of a figure.

    Attributes
    ----------
    label, words : str
        What the row is, and its figures as words ("−0,08 (−0,14 til −0,02)", "hidden").
    value, low, high : float or None
        Where the mark stands, in the unit of the axis; None draws nothing.
    earlier : float or None
        Where it stood before, drawn open.
    main : bool
        The answer itself, drawn filled; others are drawn open.
    """

    label: str
    words: str
    value: float | None
    low: float | None = None
    high: float | None = None
    main: bool = True
    earlier: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A figure as it is drawn: SVG for a page or a file and for a phone, its sentence, its table."""

    key: str
    title: str
    alt: str
    svg: str
    phone_svg: str
    table: Table

    def to_html(self, language: str) -> str:
        """Write the figure as a part of a page, its numbers folded away under it."""
        _ = translator(language)
        drawn = to_inline_svg(self.svg, alt=self.alt)
        drawn += to_inline_svg(self.phone_svg, alt=self.alt, for_phone=True)
        figure = f"<figure><figcaption>{escape(self.title)}</figcaption>{drawn}</figure>"
        return figure + fold(_("Show the figures"), self.table.to_html())


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A figure, the sentence that stands in for it, and its data as a table under it.

    Attributes
    ----------
    key : str
        Stable name; it names the figure's files.
    title : str
        What is drawn; stands over the figure.
    figure, for_phone : Figure
        The same for a page or a file, and for a narrow screen.
    alt : str
        What one would say of the figure to someone who cannot see it, made from released figures.

    Raises
    ------
    ValueError
        The sentence is missing, too short to say anything, no sentence, or only the title again.
    """

    key: str
    title: str
    alt: str
    figure: Figure
    for_phone: Figure
    table: Table

    def __post_init__(self) -> None:
        if len(self.alt) < SHORTEST_ALT or not self.alt.endswith(".") or self.alt.rstrip(".") == self.title:
            raise ValueError(f"{self.key}: a figure needs a sentence that says what it shows.")

    def to_png(self) -> bytes:
        """Write the figure as a PNG file."""
        return to_png(self.figure)

    def picture(self) -> Picture:
        """Return the figure drawn, without matplotlib."""
        return Picture(
            key=self.key,
            title=self.title,
            alt=self.alt,
            svg=to_svg(self.figure, key=self.key, title=self.title, alt=self.alt),
            phone_svg=to_svg(self.for_phone, key=self.key, title=self.title, alt=self.alt),
            table=self.table,
        )


def fold(summary: str, content: str) -> str:
    """Fold a part of a page away under a line that opens it; `content` is HTML."""
    return f"<details><summary>{escape(summary)}</summary>{content}</details>"


def forest(  # noqa: PLR0913 - what is drawn, and how the axis is marked
    marks: Sequence[Mark],
    *,
    axis: str,
    decimals: int,
    language: str,
    width: float = WIDE,
    guides: Sequence[float] = (),
) -> Figure:
    """Draw values with their intervals on one common axis, with a line at zero.

    Parameters
    ----------
    marks : sequence of Mark
        One row each, from the top.
    axis : str
        What the axis measures, with its unit.
    decimals : int
        Of the axis' numbers at most.
    guides : sequence of float
        Where dashed lines stand.
    """
    drawn = (x for mark in marks for x in (mark.value, mark.low, mark.high, mark.earlier))
    ends = [x for x in (*drawn, *guides) if x is not None]
    ticks = MaxNLocator(MOST_TICKS, steps=[1, 2, 5, 10]).tick_values(min([0.0, *ends]), max([0.0, *ends]))
    scale = _Scale(low=float(ticks[0]), high=float(ticks[-1]), start=EDGE, end=width - EDGE)
    captions = wrapped(axis, width)
    heights = [_row_height(mark, width) for mark in marks]
    canvas = Canvas(width, sum(heights) + AXIS + len(captions) * LINE)
    top = 0.0
    for mark, height in zip(marks, heights, strict=True):
        middle = _write_label(canvas, mark, top) + STRIP / 2
        canvas.line((scale(0.0), middle - REACH), (scale(0.0), middle + REACH), colour=QUIET, width=0.8)
        for guide in guides:
            ends_of_guide = [(scale(guide), middle - STRIP / 2), (scale(guide), middle + STRIP / 2)]
            canvas.path(ends_of_guide, colour=QUIET, width=0.8, style="dashed")
        _draw_interval(canvas, mark, scale, middle)
        top += height
    finest = max(decimals, _decimals_of(ticks))
    _draw_axis(canvas, scale, ticks=[(float(t), number(t, finest, language)) for t in ticks], top=top)
    for i, caption in enumerate(captions):
        canvas.text(width / 2, top + AXIS + i * LINE + SMALL_TEXT, caption, align="center", small=True)
    return canvas.figure


def own_scales(
    marks: Sequence[Mark], ranges: Sequence[tuple[float, float]], *, language: str, width: float = WIDE
) -> Figure:
    """Draw values with their intervals, each on the whole range that its variable can take."""
    heights = [_row_height(mark, width) for mark in marks]
    canvas = Canvas(width, sum(heights))
    top = 0.0
    for mark, (low, high), height in zip(marks, ranges, heights, strict=True):
        middle = _write_label(canvas, mark, top) + STRIP / 2
        ends = [_plain(x, language) for x in (low, high)]
        start, end = width_of(ends[0], small=True) + 6, width - width_of(ends[1], small=True) - 6
        canvas.text(0, middle + 3, ends[0], small=True)
        canvas.text(width, middle + 3, ends[1], align="right", small=True)
        canvas.line((start, middle), (end, middle), colour=RULE, width=1.0)
        _draw_interval(canvas, mark, _Scale(low=low, high=high, start=start, end=end), middle)
        top += height
    return canvas.figure


def bars(marks: Sequence[Mark], *, width: float = WIDE) -> Figure:
    """Draw counts as bars from zero, each under its label and number; a hidden count has no bar."""
    largest = max([mark.value for mark in marks if mark.value], default=1.0)
    heights = [_row_height(mark, width) for mark in marks]
    canvas = Canvas(width, sum(heights))
    top = 0.0
    for mark, height in zip(marks, heights, strict=True):
        start = _write_label(canvas, mark, top) + 2
        canvas.line((0, start), (0, start + BAR), colour=QUIET, width=0.8)
        if mark.value:
            canvas.bar(0, start, end=width * mark.value / largest, height=BAR)
        top += height
    return canvas.figure


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scale:
    """From a value to a place between the start and the end of an axis."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return the place of a value; one outside the range stands at its end."""
        share = (value - self.low) / (self.high - self.low)
        return self.start + min(1.0, max(0.0, share)) * (self.end - self.start)


def _label_lines(mark: Mark, width: float) -> list[str]:
    """Break a row's label so that its last line leaves room for the figures, or is theirs alone."""
    room = width - width_of(mark.words) - 8
    lines = wrapped(mark.label, width)
    return lines if width_of(lines[-1]) <= room else [*lines, ""]


def _row_height(mark: Mark, width: float) -> float:
    """Height of a row: its label, its strip and the gap to the next."""
    return len(_label_lines(mark, width)) * LINE + STRIP + GAP


def _write_label(canvas: Canvas, mark: Mark, top: float) -> float:
    """Write a row's label and figures; return where they end."""
    lines = _label_lines(mark, canvas.width)
    for i, line in enumerate(lines):
        canvas.text(0, top + (i + 0.8) * LINE, line)
    canvas.text(canvas.width, top + (len(lines) - 0.2) * LINE, mark.words, align="right")
    return top + len(lines) * LINE


def _draw_interval(canvas: Canvas, mark: Mark, scale: _Scale, middle: float) -> None:
    """Draw an interval as a line with a dot at its value."""
    if mark.low is not None and mark.high is not None:
        canvas.line((scale(mark.low), middle), (scale(mark.high), middle), colour=ACCENT, width=2.0)
    if mark.earlier is not None:
        canvas.dot(scale(mark.earlier), middle, filled=False)
    if mark.value is not None:
        canvas.dot(scale(mark.value), middle, filled=mark.main)


def _draw_axis(canvas: Canvas, scale: _Scale, *, ticks: Sequence[tuple[float, str]], top: float) -> None:
    """Draw the common axis under the rows."""
    canvas.line((scale(scale.low), top), (scale(scale.high), top), colour=QUIET, width=0.8)
    for tick, words in ticks:
        canvas.line((scale(tick), top), (scale(tick), top + 4), colour=QUIET, width=0.8)
        canvas.text(scale(tick), top + 15, words, align="center", small=True)


def _decimals_of(ticks: Iterable[float]) -> int:
    """Decimals that write every tick exactly."""
    return max(len(f"{tick:.6f}".rstrip("0").partition(".")[2]) for tick in ticks)


def _plain(x: float, language: str) -> str:
    """Write the end of a scale, with a decimal only if it has one."""
    return number(x, 0 if x == int(x) else 1, language)
