"""Figures as points: their letters are drawn, in the typeface they were measured in; nothing is fetched."""

from __future__ import annotations

import io

import matplotlib.image
import numpy as np
import pytest

from backtorule_eval.errors import DisclosureRefused
from backtorule_eval.report.canvas import POINTS_PER_INCH, Canvas, to_svg, width_of
from backtorule_eval.report.document.raster import PNG_DPI, svg_to_png

WORDS = "Blåbærsyltetøy: −0,23 (−0,29 til −0,18)"


def svg_of(words: str) -> str:
    canvas = Canvas(340, 20)
    canvas.text(0, 14, words)
    return to_svg(canvas.figure, key="x", title="Tittel", alt="Setning.")


def ink(png: bytes) -> np.ndarray:
    """Columns of points that are darker than the paper."""
    image = matplotlib.image.imread(io.BytesIO(png))
    assert image.shape[:2] == (20 * PNG_DPI // POINTS_PER_INCH, 340 * PNG_DPI // POINTS_PER_INCH)
    return np.flatnonzero((image[..., :3].min(axis=2) < 0.5).any(axis=0))


def test_letters_are_drawn_as_wide_as_they_were_measured():
    columns = ink(svg_to_png(svg_of(WORDS)))
    drawn = (columns.max() - columns.min()) * POINTS_PER_INCH / PNG_DPI
    assert drawn == pytest.approx(width_of(WORDS), rel=0.02)


def test_without_words_nothing_is_drawn():
    assert not ink(svg_to_png(svg_of(""))).size


def test_the_same_svg_gives_the_same_bytes():
    assert svg_to_png(svg_of(WORDS)) == svg_to_png(svg_of(WORDS))


@pytest.mark.parametrize(
    "svg",
    [
        "<svg",
        '#read("/etc/passwd")',
        svg_of("").replace("</svg>", '<image href="/etc/passwd" width="9" height="9"/></svg>'),
        svg_of("").replace("</svg>", '<image href="DejaVuSans.ttf" width="9" height="9"/></svg>'),
    ],
)
def test_what_is_no_figure_or_refers_elsewhere_is_refused(svg):
    with pytest.raises(DisclosureRefused, match="A figure cannot be drawn"):
        svg_to_png(svg)
