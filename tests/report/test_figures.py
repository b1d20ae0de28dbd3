"""Figures: the same bytes every time, nothing to fetch, and a sentence that says what they show."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import matplotlib
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle

from backtorule_eval.report.canvas import NARROW, WIDE, Canvas, to_inline_svg, to_svg, width_of, wrapped
from backtorule_eval.report.figures import Described, Mark, bars, forest, own_scales
from backtorule_eval.report.tables import Cell, Table

MARKS = (
    Mark(label="Ujustert", words="−0,23 (−0,29 til −0,18)", value=-0.23, low=-0.29, high=-0.18, main=False),
    Mark(
        label="+ tidligere karakterer, prøver og mye annet", words="−0,08", value=-0.08, low=-0.14, high=-0.03
    ),
    Mark(label="Skjult <rad>", words="skjult", value=None),
)
TABLE = Table(caption="Tall", head=("a", "b"), rows=((Cell("x"), Cell("1", "1")),))
ALT = "Intervaller på en linje for tre rader med tall."


def described(**given):
    drawn = dict(figure=bars(MARKS[:1]), for_phone=bars(MARKS[:1], width=NARROW))
    return Described(**dict(key="a/b", title="Tittel", alt=ALT, table=TABLE) | drawn | given)


def draw(width=WIDE):
    return forest(MARKS, axis="Flere (+) eller færre (−) per 100", decimals=2, language="nb", width=width)


def texts(figure):
    root = ElementTree.fromstring(to_svg(figure, key="k", title="t", alt="a").split("?>", 1)[1])
    return ["".join(node.itertext()) for node in root.iter() if node.tag.endswith("}text")]


def test_a_figure_has_the_same_bytes_every_time():
    assert to_svg(draw(), key="k", title="t", alt="a") == to_svg(draw(), key="k", title="t", alt="a")
    one, other = (described(figure=draw()) for _ in range(2))
    assert one.to_png() == other.to_png()
    assert one.picture().to_html("nb") == other.picture().to_html("nb")


def test_a_session_s_own_settings_change_nothing_and_stay():
    plain = described(figure=draw())
    svg, png = plain.picture().svg, plain.to_png()
    with matplotlib.rc_context({"svg.fonttype": "path", "font.family": "serif", "figure.dpi": 50}):
        other = described(figure=draw())
        assert (other.picture().svg, other.to_png()) == (svg, png)
        assert matplotlib.rcParams["svg.fonttype"] == "path"


def test_labels_and_axis_are_text_with_decimal_comma_and_true_minus():
    found = texts(draw())
    assert "Ujustert" in found
    assert "Skjult <rad>" in found
    assert "−0,30" in found
    assert not [text for text in found if "-" in text or "." in text]


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_no_line_is_wider_than_the_figure(width):
    assert all(width_of(text) <= width for text in texts(draw(width)))


def test_figures_that_do_not_fit_beside_a_label_stand_on_a_line_of_their_own():
    wide, narrow = draw(WIDE), draw(NARROW)
    assert narrow.get_size_inches()[1] > wide.get_size_inches()[1]


def test_words_are_wrapped_and_a_long_word_is_left_whole():
    assert wrapped("a b", 1000) == ["a b"]
    assert wrapped("en to", width_of("en t")) == ["en", "to"]
    assert wrapped("uendelig", 1.0) == ["uendelig"]


def test_an_svg_file_names_itself_and_an_inline_one_is_one_image():
    one = described(figure=draw(), title="Tittel & mer")
    assert "<title>Tittel &amp; mer</title><desc>Intervaller" in one.picture().svg
    inline = to_inline_svg(one.picture().svg, alt='Sagt "høyt"')
    assert inline.startswith('<svg role="img" aria-label="Sagt &quot;høyt&quot;" viewBox="0 0 340 ')
    assert "<title>" not in inline
    assert ElementTree.fromstring(inline).tag == "svg"


def test_on_a_page_colours_and_type_are_the_page_s_own():
    inline = to_inline_svg(described(figure=draw()).picture().svg, alt="a")
    assert "var(--accent" in inline
    assert "currentColor" in inline
    assert "font-family" not in inline
    assert "#ffffff" not in inline


def test_nothing_is_fetched_and_no_name_repeats():
    html = described(figure=draw()).picture().to_html("nb")
    assert not re.search(r"https?:|href=|src=|url\(| id=", html)


def test_the_drawing_for_a_phone_is_hidden_until_styles_show_it():
    html = described(figure=draw(), for_phone=draw(NARROW)).picture().to_html("en")
    assert html.count("<svg") == 2
    assert '<svg role="img" aria-label="' in html
    assert 'class="phone" style="display:none;' in html
    assert "<summary>Show the figures</summary>" in html


@pytest.mark.parametrize("alt", ["", "Kort.", "En lang tekst uten punktum til slutt her", "x" * 40])
def test_a_figure_without_a_sentence_is_refused(alt):
    with pytest.raises(ValueError, match="a/b: a figure needs a sentence"):
        described(alt=alt)


def test_a_sentence_that_only_repeats_the_title_is_refused():
    title = "Hvor mange som fullførte og besto"
    with pytest.raises(ValueError, match="needs a sentence that says what it shows"):
        described(title=title, alt=f"{title}.")


def test_hidden_rows_have_no_mark():
    shown = bars([Mark(label="a", words="40", value=40.0), Mark(label="b", words="skjult", value=None)])
    assert len([part for part in shown.artists if isinstance(part, Rectangle)]) == 1
    assert isinstance(bars([Mark(label="b", words="skjult", value=None)]), Figure)


def test_a_value_outside_its_scale_stands_at_the_end():
    figure = own_scales(
        [Mark(label="a", words="9", value=9.0, low=8.0, high=10.0)], [(1.0, 7.5)], language="nb"
    )
    (dot,) = (part for part in figure.artists if isinstance(part, Circle))
    assert dot.center[0] < WIDE
    assert {"1", "7,5"} <= set(texts(figure))


def test_a_canvas_is_measured_in_points_from_the_top():
    canvas = Canvas(100.0, 50.0)
    canvas.text(0, 10, "$x$ stays text")
    assert texts(canvas.figure) == ["$x$ stays text"]
    assert 'x="0" y="10"' in to_svg(canvas.figure, key="k", title="t", alt="a")
