"""A drawing surface measured in points, and what is written from it: SVG for a page or a file, and PNG.

matplotlib draws; no global state of it is read or changed. Text stays text in SVG, so a page can give it its
own typeface and colours, and a reader can search and enlarge it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cache, lru_cache
from html import escape
from io import BytesIO
from typing import Any, Literal

import matplotlib
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Polygon, Rectangle
from matplotlib.text import Text
from matplotlib.textpath import TextToPath
from matplotlib.transforms import Affine2D

Point = tuple[float, float]
Align = Literal["left", "center", "right"]
LineStyle = Literal["solid", "dashed", "dotted", "dashdot"]

POINTS_PER_INCH = 72
PNG_DPI = 216
# Stretched over a page's column, or over a phone, letters come out about as large as the text around them.
WIDE, NARROW = 340.0, 224.0
TEXT, SMALL_TEXT = 10.0, 8.5
DOT_RADIUS = 3.4
DASHES = (3.0, 2.5)

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
# As wide as the text, and never so wide that its letters outgrow the text's.
SIZE = "width:100%;max-width:34rem;height:auto"
UNDRAWN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
FAMILY = r"font-family: [^;]*; "


@dataclass(frozen=True, slots=True)
class Canvas:
    """A figure of `width` by `height` points with the origin at the top left."""

    width: float
    height: float
    figure: Figure = field(init=False)

    def __post_init__(self) -> None:
        size = (self.width / POINTS_PER_INCH, self.height / POINTS_PER_INCH)
        object.__setattr__(self, "figure", Figure(figsize=size))

    def _put(self, artist: Artist) -> None:
        """Put something on the figure, in points from the top left."""
        in_inches = Affine2D().translate(0, -self.height).scale(1 / POINTS_PER_INCH, -1 / POINTS_PER_INCH)
        artist.set_transform(in_inches + self.figure.dpi_scale_trans)
        self.figure.add_artist(artist)

    def text(self, x: float, y: float, words: str, *, align: Align = "left", small: bool = False) -> None:
        """Write one line with its baseline at y, beginning, centred or ending at x; small text is quieter."""
        written = Text(
            x,
            y,
            drawable(words),
            horizontalalignment=align,
            verticalalignment="baseline",
            fontproperties=_typeface(small),
            color=QUIET if small else INK,
            parse_math=False,
        )
        self._put(written)

    def line(
        self, start: tuple[float, float], end: tuple[float, float], *, colour: str, width: float
    ) -> None:
        """Draw a straight line."""
        xs, ys = zip(start, end, strict=True)
        self._put(Line2D(xs, ys, color=colour, linewidth=width, solid_capstyle="butt"))

    def dot(self, x: float, y: float, *, filled: bool = True) -> None:
        """Draw a point estimate; an open one is not the main one."""
        face = ACCENT if filled else PAPER
        self._put(Circle((x, y), DOT_RADIUS, facecolor=face, edgecolor=ACCENT, linewidth=1.6, zorder=3))

    def bar(self, start: float, y: float, *, end: float, height: float) -> None:
        """Draw a horizontal bar from start to end, its top at y."""
        self._put(Rectangle((start, y), end - start, height, facecolor=ACCENT, linewidth=0))

    def path(self, points: Sequence[Point], *, colour: str, width: float, style: LineStyle = "solid") -> None:
        """Draw a line through points; its style tells it from another in grey."""
        xs, ys = zip(*points, strict=True)
        self._put(Line2D(xs, ys, color=colour, linewidth=width, linestyle=style, solid_capstyle="butt"))

    def part(self, corner: Point, size: Point, *, colour: str) -> None:
        """Draw one part of a stacked bar, with a thin edge that shows the lightest too."""
        self._put(Rectangle(corner, *size, facecolor=colour, edgecolor=QUIET, linewidth=0.6))

    def box(self, corner: Point, size: Point, *, colour: str, width: float, dashed: bool = False) -> None:
        """Draw a frame from its top left corner; a dashed one holds something that is withheld."""
        style: Any = (0, DASHES) if dashed else "solid"
        frame = Rectangle(corner, *size, facecolor="none", edgecolor=colour, linewidth=width, linestyle=style)
        self._put(frame)

    def shape(self, corners: Sequence[Point], *, colour: str) -> None:
        """Draw a filled shape: the head of an arrow."""
        self._put(Polygon(corners, closed=True, facecolor=colour, linewidth=0))


@cache
def _typeface(small: bool) -> FontProperties:
    """The one typeface: it is bundled with matplotlib, so every machine measures and draws alike."""
    return FontProperties(family="DejaVu Sans", size=SMALL_TEXT if small else TEXT)


def drawable(words: str) -> str:
    """Return the text without what no typeface draws: control signs, direction marks, halves of letters."""
    return "".join(" " if unicodedata.category(c) in UNDRAWN else c for c in words)


@lru_cache(maxsize=4096)
def width_of(words: str, *, small: bool = False) -> float:
    """Width of one line of text, in points."""
    width, _height, _descent = TextToPath().get_text_width_height_descent(
        drawable(words), _typeface(small), ismath=False
    )
    return float(width)


def wrapped(words: str, width: float) -> list[str]:
    """Break words into lines that fit in `width` points; a word that does not is a line of its own."""
    lines: list[str] = []
    line = ""
    for word in drawable(words).split(" "):
        longer = f"{line} {word}" if line else word
        if line and width_of(longer) > width:
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
    told = (escape(drawable(words)) for words in (title, alt))
    described = "<title>{}</title><desc>{}</desc>".format(*told)
    return re.sub(r"(<svg\b[^>]*>)", lambda m: m.group(1) + described, svg, count=1)


def to_inline_svg(svg: str, *, alt: str, for_phone: bool = False) -> str:
    """Return a file's SVG as a part of a page: its type and colours, and one name for those who listen.

    The drawing for a phone stays hidden until a page's styles know how wide the screen is.
    """
    body = svg[svg.index("<svg") :]
    box = re.search(r'viewBox="[^"]*"', svg)
    look = f'class="phone" style="display:none;{SIZE}"' if for_phone else f'class="desk" style="{SIZE}"'
    name = f'role="img" aria-label="{escape(drawable(alt))}" {box.group(0) if box else ""}'
    start = f'<svg {name} stroke-linejoin="round" {look}>'
    body = re.sub(r"<svg\b[^>]*>", lambda m: start, body, count=1)
    for pattern in (r"<defs>\s*<style.*?</defs>", r"<title>.*?</title>", r"<desc>.*?</desc>", FAMILY):
        body = re.sub(pattern, "", body, count=0, flags=re.DOTALL)
    body = re.sub(r"<g>\s*<path d=\"[^\"]*\" style=\"fill: #ffffff\"/>\s*</g>", "", body, count=1)
    for colour, variable in PAGE_COLOURS.items():
        body = body.replace(colour, variable)
    return re.sub(r"[ \n]+", " ", re.sub(r">[ \n]+<", "><", body)).strip()


def to_printed_svg(svg: str, *, families: str, larger: float) -> str:
    """Return a file's SVG for a printed page: its typefaces, with letters larger by a factor.

    The figure measured its text in a wide typeface; letters of a narrower one have room to grow.
    """

    def typeset(start: re.Match[str]) -> str:
        return f'<text style="font-size: {float(start.group(1)) * larger:g}px; font-family: {families}; '

    return re.sub(rf'<text style="font-size: ([\d.]+)px; {FAMILY}', typeset, svg)
