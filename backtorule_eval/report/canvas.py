"""A drawing surface measured in points, and what is written from it: SVG for a page or a file, and PNG.

matplotlib draws; no global state of it is read or changed. Text stays text in SVG, so a page can give it its
own typeface and colours, and a reader can search and enlarge it.
"""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from html import escape
from io import BytesIO
from typing import Literal

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Circle, Rectangle
from matplotlib.textpath import TextToPath

Align = Literal["left", "center", "right"]

POINTS_PER_INCH = 72
PNG_DPI = 216
# As wide as the column of text on a page: letters come out as large as the text's, and nine pixels high on
# the narrowest phone.
WIDTH = 318.0
TEXT, SMALL_TEXT = 10.0, 8.5
DOT_RADIUS = 3.4

INK = "#1c2024"
PAPER = "#ffffff"
QUIET = "#545c64"
RULE = "#c9d0d5"
ACCENT = "#0a5c73"
# On a page the colours follow the page's own, dark mode and print included.
PAGE_COLOURS = {
    INK: "currentColor",
    PAPER: "var(--paper, #fff)",
    QUIET: "var(--soft, #545c64)",
    RULE: "var(--line, #c9d0d5)",
    ACCENT: "var(--accent, #0a5c73)",
}
# Bundled with matplotlib, so every machine measures and draws alike.
TYPEFACE = FontProperties(family="DejaVu Sans")
# As wide as the text, and never so wide that its letters outgrow the text's.
SIZE = "display:block;width:100%;max-width:32rem;height:auto"
FAMILY = r"font-family: [^;]*; "


@dataclass(frozen=True, slots=True)
class Canvas:
    """A figure of `WIDTH` by `height` points with the origin at the top left."""

    height: float
    figure: Figure = field(init=False)

    def __post_init__(self) -> None:
        figure = Figure(figsize=(WIDTH / POINTS_PER_INCH, self.height / POINTS_PER_INCH))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_xlim(0, WIDTH)
        axes.set_ylim(self.height, 0)
        axes.set_axis_off()
        object.__setattr__(self, "figure", figure)

    @property
    def axes(self) -> Axes:
        """The one pair of axes, in points."""
        return self.figure.axes[0]

    def text(self, x: float, y: float, words: str, *, align: Align = "left", small: bool = False) -> None:
        """Write one line with its baseline at y, beginning, centred or ending at x; small text is quieter."""
        self.axes.text(
            x,
            y,
            words,
            ha=align,
            va="baseline",
            size=SMALL_TEXT if small else TEXT,
            color=QUIET if small else INK,
            family=TYPEFACE.get_family(),
            parse_math=False,
        )

    def line(
        self, start: tuple[float, float], end: tuple[float, float], *, colour: str, width: float
    ) -> None:
        """Draw a straight line."""
        xs, ys = zip(start, end, strict=True)
        self.axes.plot(xs, ys, color=colour, linewidth=width, solid_capstyle="butt", clip_on=False)

    def dot(self, x: float, y: float, *, filled: bool = True) -> None:
        """Draw a point estimate; an open one is not the main one."""
        style = {"facecolor": ACCENT if filled else PAPER, "edgecolor": ACCENT, "linewidth": 1.6}
        self.axes.add_patch(Circle((x, y), DOT_RADIUS, clip_on=False, zorder=3, **style))

    def bar(self, start: float, y: float, *, end: float, height: float) -> None:
        """Draw a horizontal bar from start to end, its top at y."""
        self.axes.add_patch(
            Rectangle((start, y), end - start, height, facecolor=ACCENT, linewidth=0, clip_on=False)
        )


def width_of(words: str, *, small: bool = False) -> float:
    """Width of one line of text, in points."""
    width, _height, _descent = TextToPath().get_text_width_height_descent(words, TYPEFACE, ismath=False)
    return float(width) * (SMALL_TEXT if small else TEXT) / TYPEFACE.get_size_in_points()


def wrapped(words: str, *, first: float, others: float = WIDTH) -> list[str]:
    """Break words into lines that fit: the first in `first` points, the others in `others`."""
    lines: list[str] = []
    line = ""
    for word in words.split(" "):
        longer = f"{line} {word}" if line else word
        if line and width_of(longer) > (others if lines else first):
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line]


def _fixed_style(key: str = "") -> AbstractContextManager[None]:
    """Write with our settings, whatever the session has, and put its own back."""
    return matplotlib.rc_context({"svg.fonttype": "none", "path.simplify": False, "svg.hashsalt": key})


def to_png(figure: Figure) -> bytes:
    """Write a figure as PNG; the same figure gives the same bytes."""
    file = BytesIO()
    with _fixed_style():
        FigureCanvasAgg(figure)
        figure.savefig(file, format="png", dpi=PNG_DPI, metadata={"Software": None})
    return file.getvalue()


def to_svg(figure: Figure, *, key: str, title: str, alt: str) -> str:
    """Write a figure as an SVG file with title and description; same figure and key, same bytes."""
    file = BytesIO()
    with _fixed_style(key):
        FigureCanvasSVG(figure)
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    svg = file.getvalue().decode("utf-8")
    # Names of matplotlib's own parts, which nothing refers to and which would repeat on a page of figures.
    svg = re.sub(r' id="(figure|axes|patch|text|line2d)_\d+"', "", svg)
    svg = re.sub(r"\s*<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r' transform="rotate\(-0 [^"]*\)"', "", svg)
    described = f"<title>{escape(title)}</title><desc>{escape(alt)}</desc>"
    return re.sub(r"(<svg\b[^>]*>)", lambda m: m.group(1) + described, svg, count=1)


def to_inline_svg(svg: str, *, alt: str) -> str:
    """Return a file's SVG as a part of a page: its type and colours, and one name for those who listen."""
    body = svg[svg.index("<svg") :]
    height = re.search(r'viewBox="0 0 [\d.]+ ([\d.]+)"', svg)
    box = f"0 0 {WIDTH:g} {height.group(1) if height else 0}"
    start = (
        f'<svg role="img" aria-label="{escape(alt)}" viewBox="{box}" stroke-linejoin="round" style="{SIZE}">'
    )
    body = re.sub(r"<svg\b[^>]*>", lambda m: start, body, count=1)
    for pattern in (r"<defs>\s*<style.*?</defs>", r"<title>.*?</title>", r"<desc>.*?</desc>", FAMILY):
        body = re.sub(pattern, "", body, count=0, flags=re.DOTALL)
    body = re.sub(r"<g>\s*<path d=\"[^\"]*\" style=\"fill: #ffffff\"/>\s*</g>", "", body, count=1)
    for colour, variable in PAGE_COLOURS.items():
        body = body.replace(colour, variable)
    return re.sub(r"\s+", " ", re.sub(r">\s+<", "><", body)).strip()
