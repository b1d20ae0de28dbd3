"""Hostile text in labels, codes and quotes stays text in all five formats: it is read back as it was."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser

import docx
import pytest

from backtorule_eval.analyses.estimate import Term
from backtorule_eval.analyses.joint_display import Agreement
from backtorule_eval.analyses.tables import Dimension, Level
from backtorule_eval.cohort.dictionary import Text
from backtorule_eval.disclosure.rules import PUBLIC
from backtorule_eval.report.document.html import document_html
from backtorule_eval.report.document.typst_pdf import document_pdf
from backtorule_eval.report.document.word import document_docx
from backtorule_eval.report.tables import write_csv
from backtorule_eval.report.views import Rendered, render
from backtorule_eval.report.vocabulary import upper_first
from tests.hostile import HOSTILE
from tests.report.examples import (
    WEIGHTED,
    balance,
    counts,
    curve,
    difference,
    estimate,
    flow,
    joint,
    joint_row,
    means,
    quote,
    released,
)
from tests.report.pages import document
from tests.report.pdf_text import squeezed, text_of
from tests.report.read_docx import faults_of_docx
from tests.report.read_pdf import faults_of_pdf

pytestmark = pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
PLAIN = "Helt vanlige ord"
# Turns the order of letters round.
OVERRIDE = "\u202e"
# Stands in a PDF where nothing can be printed.
UNPRINTABLE = "\ufffd"


@cache
def shown(text: str) -> tuple[Rendered, ...]:
    """Results of most kinds, with the text as every label, code and quote."""
    words = Text(nb=text, en=text)
    levels = tuple(Level(key=f"{text}{i}", label=words) for i in range(2))
    two = Dimension(name=text, label=words, levels=levels)
    said = joint_row(12, theme=words, quote=quote(text, said_by=words))
    beside = replace(said, number=difference(18, 9, 27), agreement=Agreement.CONFIRM)
    terms = tuple(Term(name=name, label=words) for name in ("interest", "outcome"))
    steps = tuple(replace(step, step=f"{text}{i}", label=words) for i, step in enumerate(flow().steps))
    rows = tuple(replace(row, label=words) for row in means().rows)
    alike = balance(*WEIGHTED[:2])
    things = {
        "joint": joint(beside),
        "counts": replace(counts(12, 9, 0), dimensions=(two,), counts=(12, 9)),
        "means": replace(means(), rows=rows, notes=(words,)),
        "flow": replace(flow(), steps=steps),
        "curve": replace(curve(), group=words),
        "balance": replace(
            alike, groups=(words, words), rows=tuple(replace(row, label=words) for row in alike.rows)
        ),
        "forest": estimate(contrast="interest", outcome="outcome", terms=terms),
    }
    return tuple(
        render(released(thing, view=view, rules=PUBLIC, key=f"01_a/{view}"), "nb")
        for view, thing in things.items()
    )


def page(text: str):
    return document("nb", "# Hva de unge sier", *(one.result for one in shown(text)))


@cache
def page_html(text: str) -> str:
    return document_html(page(text))


def seen(text: str) -> str:
    """A text without what nobody sees, with one kind of white space; capitals may stand within a sentence."""
    kept = re.sub(r"\s+", " ", text)
    return "".join(c for c in kept if unicodedata.category(c) not in ("Cc", "Cf")).strip().casefold()


def faults_other_than_words(faults):
    """What stands in for a picture says the label, whatever the label is."""
    return [fault for fault in faults if not fault.endswith((": TeX", ": names a file"))]


# --- HTML -----------------------------------------------------------------------------------------


class Read(HTMLParser):
    """The elements of a page with the names of their attributes, and its text."""

    def __init__(self, html: str):
        super().__init__()
        self.elements, self.words, self.drawing = set(), [], False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.drawing |= tag == "svg"
        links = [value for name, value in attrs if name in ("href", "src")]
        self.elements.add((tag, *sorted(name for name, _ in attrs), *links))

    def handle_endtag(self, tag):
        self.drawing &= tag != "svg"

    def handle_data(self, data):
        # Labels in a picture are broken into lines; the table under it holds them whole.
        if not self.drawing:
            self.words.append(data)


def test_in_html(text):
    hostile, plain = Read(page_html(text)), Read(page_html(PLAIN))
    assert hostile.elements == plain.elements
    assert OVERRIDE not in page_html(text) + "".join(one.html for one in shown(text))
    # As often as harmless words in its place.
    assert seen("".join(hostile.words)).count(seen(text)) == seen("".join(plain.words)).count(seen(PLAIN))


# --- CSV ------------------------------------------------------------------------------------------


def cells_with(text: str) -> list[str]:
    files = (write_csv(one.rows) for one in shown(text))
    cells = (cell for file in files for row in csv.reader(io.StringIO(file)) for cell in row)
    return [cell for cell in cells if seen(text) in seen(cell)]


def test_in_csv(text):
    mine = cells_with(text)
    assert len(mine) == len(cells_with(PLAIN))
    assert not [cell for cell in mine if re.match(r"\s*[=+@-]|[\t\r\n]", cell)]
    # As it was, behind the one sign that a spreadsheet program needs, or within a sentence of ours.
    whole = text.replace(OVERRIDE, "")
    assert {cell.removeprefix("'") for cell in mine if len(cell) <= len(whole) + 1} <= {
        whole,
        upper_first(whole),
    }


# --- LaTeX ----------------------------------------------------------------------------------------

# What a reader of a typeset page sees of our own commands; written down once more, by hand.
SIGNS = {
    r"\textbackslash{}": "\\",
    r"\{": "{",
    r"\}": "}",
    r"\$": "$",
    r"\&": "&",
    r"\#": "#",
    r"\%": "%",
    r"\_": "_",
    r"\textasciicircum{}": "^",
    r"\textasciitilde{}": "~",
    r"\textless{}": "<",
    r"\textgreater{}": ">",
    r"\textbar{}": "|",
    r"\symbol{34}": '"',
    r"\textasciigrave{}": "`",
    r"{[}": "[",
    r"{]}": "]",
    r"{*}": "*",
    r"{}": "",
}
SIGN = re.compile("|".join(map(re.escape, SIGNS)))
# Nothing of these is left once our own are taken out.
READ_BY_TEX = re.compile(r"[\\{}$&#%_^~\[\]]")
CELL = re.compile(r"(?<!\\)(?: & | \\\\)")


def labels_in_latex(text: str) -> list[str]:
    """The first cells of all rows, as they are written."""
    tables = [table.to_latex("01/x") for one in shown(text) for table in one.tables]
    bodies = [re.search(r"\\midrule\n(.*)\n\\bottomrule", table, re.DOTALL)[1] for table in tables]
    rows = [row for body in bodies for row in body.split("\n")]
    return [CELL.split(row.removeprefix(r"\raggedright "))[0] for row in rows]


def test_in_latex(text):
    labels = labels_in_latex(text)
    mine = [label for label in labels if seen(SIGN.sub(lambda m: SIGNS[m[0]], label)) == seen(text)]
    assert len(mine) == labels_in_latex(PLAIN).count(PLAIN)
    assert not [label for label in mine if READ_BY_TEX.search(SIGN.sub("", label))]


# --- Word and PDF ---------------------------------------------------------------------------------


def words_in_word(text: str) -> str:
    content = document_docx(page(text))
    assert not faults_other_than_words(faults_of_docx(content))
    file = docx.Document(io.BytesIO(content))
    cells = (cell.text for table in file.tables for row in table.rows for cell in row.cells)
    words = "\n".join([*cells, *(paragraph.text for paragraph in file.paragraphs)])
    assert OVERRIDE not in words
    return seen(words)


def test_in_word(text):
    assert words_in_word(text).count(seen(text)) == words_in_word(PLAIN).count(seen(PLAIN))


def words_in_pdf(text: str) -> str:
    content = document_pdf(page(text))
    assert not faults_other_than_words(faults_of_pdf(content))
    assert OVERRIDE not in text_of(content)
    return squeezed(seen(text_of(content)).replace(UNPRINTABLE, ""))


def test_in_pdf(text):
    # Labels in a picture are broken into lines, and a head stands once more on every page of its table.
    tables = "\n".join(table.to_text() for one in shown(PLAIN) for table in one.tables)
    assert words_in_pdf(text).count(squeezed(seen(text))) >= seen(tables).count(seen(PLAIN))
