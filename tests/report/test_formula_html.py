"""Formulas on pages: the catalogue's with their words, a student's own when they are safe, TeX otherwise."""

from __future__ import annotations

import re
import time
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backtorule_eval.report.document.html_formula import formula_html
from backtorule_eval.report.document.html_prose import prose_html
from backtorule_eval.report.document.prose import levelled
from backtorule_eval.report.formula_mathml import COMMANDS, DEEPEST_BRACES, LONGEST_TEX, safe_mathml
from backtorule_eval.report.formulas import load_formulas
from backtorule_eval.report.mathml_allowed import (
    ATTRIBUTES,
    CHILDREN,
    DEEPEST,
    MOST_ELEMENTS,
    allowed_mathml,
)
from tests.report.formula_signs import signs_of_mathml
from tests.report.outline import Outline

ALPHA = load_formulas()["cronbach_alpha"]


def page(markdown: str, language: str = "nb") -> Outline:
    tokens, _level = levelled(markdown, prefix="s", after=0)
    return Outline(f"<main>{prose_html(tokens, language)}</main>")


def read(tex: str) -> str:
    """What is set for some TeX, sign by sign."""
    return signs_of_mathml(fromstring(f"<math>{safe_mathml(tex)}</math>"))


# --- The catalogue's --------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["nb", "en"])
def test_a_formula_of_the_catalogue_is_heard_in_the_readers_language(language):
    block, line = page(f"$${ALPHA.tex}$$\n\nSom ${ALPHA.tex}$ sier.", language).all("math")
    assert [block.attributes["display"], line.attributes["display"]] == ["block", "inline"]
    for math in (block, line):
        assert math.attributes["alttext"] == math.attributes["aria-label"] == ALPHA.spoken[language]


@pytest.mark.parametrize(("language", "label"), [("nb", "Formel"), ("en", "Formula")])
def test_a_line_of_its_own_can_be_scrolled_by_keyboard(language, label):
    (span,) = page(f"$${ALPHA.tex}$$", language).all("span")
    assert span.attributes == {
        "class": "scroll formula",
        "role": "group",
        "tabindex": "0",
        "aria-label": label,
    }


def test_a_long_formula_in_a_line_scrolls_and_a_short_one_does_not():
    long, short = load_formulas()["gas_t"].tex, load_formulas()["krippendorff_alpha"].tex
    assert [e.attributes["class"] for e in page(f"a ${long}$ b").all("span")] == ["scroll long"]
    assert not page(f"a ${short}$ b").all("span")


def test_a_formula_may_stand_anywhere():
    outline = page("- a $$x$$ b\n\n> $$y$$\n\n| a |\n|---|\n| $w$ |\n\n## Om $z$")
    around = [e.around[1:] for e in outline.all("math")]
    assert [tags[-1] for tags in around] == ["span", "span", "td", "h1"]
    assert around[0][:-1] == ("ul", "li")
    assert not outline.all("code")


# --- A student's own --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tex", "signs"),
    [
        ("x", "x"),
        (r"x_{ij}^2", "x_⟨ij⟩^⟨2⟩"),
        (r"\frac12", "frac⟨1⟩⟨2⟩"),
        ("0{,}05", "0,05"),
        ("f(1,2)", "f(1,2)"),
        (r"p \sim q", "p\N{TILDE OPERATOR}q"),
        (r"\lvert x \rvert = |x|", "|x|=|x|"),
        (r"{\binom{n}{k}}^2", "(frac⟨n⟩⟨k⟩)^⟨2⟩"),
        (r"\sum_{i=1}^n x_i", "∑_⟨i=1⟩^⟨n⟩x_⟨i⟩"),
        (r"\begin{aligned}a&=b\\c&=d\end{aligned}", "table⟨row⟨cell⟨a⟩⟩⟨cell⟨=b⟩⟩⟩⟨row⟨cell⟨c⟩⟩⟨cell⟨=d⟩⟩⟩"),
        (r"1\text{ hvis } x>0", "1hvisx>0"),
        (r"\boldsymbol{\beta}^\top\mathbf{X}", "β^⟨\N{DOWN TACK}⟩X"),
        (r"5\,\%", "5%"),
        (r"\text{<script>alert(1)</script>}", "<script>alert(1)</script>"),
        (r"\text{&#x3c;b&#x3e;}", "<b>"),
    ],
)
def test_a_students_formula_is_set(tex, signs):
    assert read(tex) == signs
    outline = Outline(formula_html(tex, "nb", block=False))
    assert {e.tag for e in outline.elements} <= {"math", *CHILDREN}
    assert "alttext" not in outline.one("math").attributes


@pytest.mark.parametrize(
    ("tex", "found"),
    [
        (r"\mathrm{SE}", '<mi mathvariant="normal">SE</mi>'),
        (r"\mathrm{E}", '<mi mathvariant="normal">E</mi>'),
        (r"\ln x", '<mo lspace="0em" rspace="0.1667em">ln</mo>'),
        (r"\exp(x)", '<mo lspace="0em" rspace="0em">exp</mo>'),
        (r"a\exp\left(x\right)", '<mo lspace="0.1667em" rspace="0em">exp</mo>'),
        (r"\max_i x", '<munder><mo lspace="0em" movablelimits="true" rspace="0.1667em">max</mo>'),
        (r"\hat x", '<mover accent="true"><mi>x</mi><mo>^</mo></mover>'),
        (r"\Delta", '<mi mathvariant="normal">Δ</mi>'),
        (r"\boldsymbol{ab}", '<mi mathvariant="bold-italic">ab</mi>'),
        ("1/m", '<mo lspace="0em" rspace="0em" stretchy="false">/</mo>'),
        ("a:b", "<mo>:</mo>"),
    ],
)
def test_it_is_set_as_tex_would(tex, found):
    assert found in safe_mathml(tex)


HOSTILE = {
    "link": r"\href{javascript:alert(1)}{x}",
    "style": r"\style{background:url(https://example.org)}{x}",
    "class": r"\class{banner}{x}",
    "colour": r"\color{white} x",
    "box": r"\colorbox{white}{x}",
    "id": r"\cssId{main}{x}",
    "unicode": r"\unicode{x202E}",
    "rule": r"\rule{9999em}{9999em}",
    "space": r"\hspace{9999em}",
    "macro": r"\def\a{xx}\def\b{\a\a}\def\c{\b\b}\c",
    "new command": r"\newcommand{\a}[1]{#1#1}\a{\a{\a{x}}}",
    "operator": r"\DeclareMathOperator{\a}{b}\a",
    "file": r"\input{/etc/passwd}",
    "verbatim": r"\verb|<script>|",
    "element": "<script>alert(1)</script>",
    "closing": "</math><img src=x onerror=alert(1)>",
    "attribute": '" onmouseover="alert(1)',
    "comment": "<!-- x -->",
    "in text": r"\text{</math><img src=x onerror=alert(1)>}",
    "reference": r"\text{&#x3c;/math&#x3e;&#x3c;script&#x3e;}",
    "reference in two": r"\text{&amp;lt;script&amp;gt;}",
    "turned": "\\text{a\u202eb}",
    "half a sign": r"\text{&#xD800;}",
    "no such sign": r"\text{&#xFFFFFF;}",
    "nothing": "\\text{\u0000}",
    "deep": "{" * 400 + "x" + "}" * 400,
    "deep roots": r"\sqrt" * 200 + "x",
    "deep brackets": r"\left(" * 100 + r"\right)" * 100,
    "long": "x+" * 500_000 + "x",
    "unclosed": r"\frac{a",
    "unopened": "a}",
    "alone": "\\",
    "wrong environment": r"\begin{foo}x\end{foo}",
    "no environment": r"\begin x",
    "ampersand": "a & b",
    "new line": r"a \\ b",
    "named wrongly": r"\operatorname*{arg\,max}_x",
    "misspelt": r"\aplha",
    "twice": "x^2^3",
    "empty": "   ",
}
# What is harmless words once it is escaped; all else stays TeX.
SET_ALL_THE_SAME = {
    "in text", "reference", "reference in two", "element", "closing", "attribute", "comment", "unopened",
    "no such sign",
}  # fmt: skip


@pytest.mark.parametrize("block", [False, True], ids=["line", "block"])
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_tex_stays_text(name, block):
    tex = HOSTILE[name]
    written = formula_html(tex, "nb", block=block)
    outline = Outline(f"<p>{written}</p>")
    assert {e.tag for e in outline.elements} <= {"p", "span", "code", "math", *CHILDREN}
    for element in outline.elements:
        assert not {"href", "style", "id", "src"} & set(element.attributes)
        assert not [key for key in element.attributes if key.startswith("on")]
    if name not in SET_ALL_THE_SAME:
        assert not outline.all("math")
        assert outline.one("code").text == " ".join(tex.split())


def test_a_megabyte_is_told_at_once():
    start = time.perf_counter()
    for name in ("long", "deep", "deep roots", "deep brackets"):
        formula_html(HOSTILE[name], "nb", block=True)
    assert time.perf_counter() - start < 1


def test_limits():
    assert safe_mathml("x" * LONGEST_TEX) is None  # too many elements
    assert safe_mathml("x" + " " * (LONGEST_TEX - 1))
    assert safe_mathml("x" + " " * LONGEST_TEX) is None
    assert safe_mathml("{" * DEEPEST_BRACES + "x" + "}" * DEEPEST_BRACES)
    assert safe_mathml("{" * (DEEPEST_BRACES + 1) + "x" + "}" * (DEEPEST_BRACES + 1)) is None


@pytest.mark.parametrize("command", sorted(COMMANDS - {"begin", "end", "left", "right", "operatorname"}))
def test_every_command_that_is_let_through_can_be_used_or_stays_tex(command):
    written = formula_html(rf"\{command}{{a}}{{b}}", "nb", block=False)
    assert "\\" not in "".join(e.text for e in Outline(written).all("math"))


# --- The list ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "inside",
    [
        "<script>x</script>",
        "<mi><script/></mi>",
        "<annotation-xml/>",
        "<semantics><mi>x</mi></semantics>",
        "<maction><mi>x</mi></maction>",
        "<mphantom><mi>x</mi></mphantom>",
        "<menclose><mi>x</mi></menclose>",
        "<mfrac><mi>x</mi></mfrac>",
        "<msup><mi>x</mi><mi>y</mi><mi>z</mi></msup>",
        "<mtd><mi>x</mi></mtd>",
        "<mtr><mtd/></mtr>",
        "<mtable><mi>x</mi></mtable>",
        "<mtable><mtr><mi>x</mi></mtr></mtable>",
        '<mspace linebreak="newline"/>',
        "<mrow>x</mrow>",
        "<mrow><mi>x</mi>y</mrow>",
        "<mi>\\x</mi>",
        "<mi>&amp;</mi>",
        "<mi>\u202e</mi>",
        f"<mtext>{'x' * 201}</mtext>",
        "<mrow>" * DEEPEST + "<mi>x</mi>" + "</mrow>" * DEEPEST,
        "<mi>x</mi>" * MOST_ELEMENTS,
        "",
    ],
)
def test_what_is_not_on_the_list_is_refused(inside):
    assert allowed_mathml(fromstring(f"<math>{inside}</math>")) is None


def test_the_list_is_for_formulas():
    assert allowed_mathml(fromstring("<svg><mi>x</mi></svg>")) is None


def test_attributes_that_are_not_on_the_list_are_left_out():
    math = fromstring(
        '<math><mi href="javascript:x" style="x" class="x" onclick="x" mathcolor="red" id="x" '
        'mathvariant="normal">x</mi><mspace width="99em"/><mspace width="0.167em"/></math>'
    )
    assert allowed_mathml(math) == (
        '<mi mathvariant="normal">x</mi><mspace></mspace><mspace width="0.167em"></mspace>'
    )


PIECES = st.sampled_from(
    [rf"\{name} " for name in sorted(COMMANDS - {"begin", "end", "left", "right", "operatorname"})]
    + [*"xyz019+-=(),|&<>\"'{}{}^_^_ å", r"\left(", r"\right)", r"\begin{split}", r"\end{split}", r"\\"]
    + [r"\operatorname{E}", "&#x3c;", r"\text{<b>}", "{,}", "\u202e"]
)


@given(st.lists(PIECES, max_size=8).map("".join))
def test_whatever_is_written_only_what_is_on_the_list_is_set(tex):
    outline = Outline(formula_html(tex, "nb", block=False))
    for element in outline.elements:
        if element.tag in ("code", "span"):
            continue
        assert element.tag in ("math", *CHILDREN)
        for name, value in element.attributes.items():
            assert (element.tag, name) == ("math", "display") or ATTRIBUTES[name].fullmatch(value)
    assert not re.search(r"\\", "".join(e.text for e in outline.all("mi", "mo", "mn")))
