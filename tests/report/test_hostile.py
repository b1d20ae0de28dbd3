"""Hostile text in labels, codes and quotes stays text in all five formats."""

from __future__ import annotations

import csv
import io
import re
from html.parser import HTMLParser
from subprocess import run

import pytest

from backtorule_eval.analyses.joint_display import Agreement
from backtorule_eval.cohort.dictionary import Text
from backtorule_eval.disclosure.rules import PUBLIC
from backtorule_eval.report.document.html import document_html
from backtorule_eval.report.document.typst_pdf import document_pdf
from backtorule_eval.report.document.word import document_docx
from backtorule_eval.report.tables import write_csv
from backtorule_eval.report.views import render
from tests.hostile import HOSTILE
from tests.report.examples import difference, joint, joint_row, quote, released
from tests.report.pages import document
from tests.report.read_docx import faults_of_docx
from tests.report.read_pdf import faults_of_pdf

pytestmark = pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
TEX_COMMANDS = re.compile(r"\\[a-zA-Z]+")


def shown(text: str):
    """A joint display with the text as a theme, as who said it and as what was said."""
    words = Text(nb=text, en=text)
    said = quote(text, said_by=words)
    row = joint_row(12, theme=words, quote=said, number=difference(18, 9, 27), agreement=Agreement.CONFIRM)
    return render(released(joint(row), view="joint", rules=PUBLIC), "nb")


def page(text: str):
    return document("nb", "# Hva de unge sier", shown(text).result)


class Tags(HTMLParser):
    """The elements of a page with the names of their attributes."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, sorted(name for name, _ in attrs)))


def tags(text: str):
    parser = Tags()
    parser.feed(document_html(page(text)))
    # How many lines a label takes is the text's own.
    return sorted({repr(tag) for tag in parser.found})


def faults_other_than_words(faults):
    """What stands in for a picture says the label, whatever the label is."""
    return [fault for fault in faults if not fault.endswith((": TeX", ": names a file"))]


def test_in_html(text):
    assert tags(text) == tags("Helt vanlige ord")


def test_in_csv(text):
    cells = [cell for row in csv.reader(io.StringIO(write_csv(shown(text).rows))) for cell in row]
    assert not [cell for cell in cells if cell.lstrip(" ")[:1] in ("=", "+", "-", "@", "\t") and cell[1:]]


def test_in_latex(text):
    def commands(of):
        tables = shown(of).content.every_table()
        return {c for t in tables for c in TEX_COMMANDS.findall(t.to_latex("01/x"))}

    ours = {r"\textbackslash", r"\textasciicircum", r"\textless", r"\textgreater", r"\textbar", r"\symbol"}
    ours |= {r"\textasciigrave", r"\textasciitilde", r"\shortstack", r"\raggedright", r"\linewidth"}
    assert commands(text) - commands("Helt vanlige ord") <= ours


def test_in_word(text):
    content = document_docx(page(text))
    assert not faults_other_than_words(faults_of_docx(content))


def test_in_pdf(text, tmp_path):
    content = document_pdf(page(text))
    assert not faults_other_than_words(faults_of_pdf(content))
    (tmp_path / "x.pdf").write_bytes(content)
    read = run(["pdftotext", str(tmp_path / "x.pdf"), "-"], capture_output=True, text=True, check=True).stdout
    assert "root:" not in read
    first = re.sub(r"[\x00-\x1f\u202e]", "", text).split()[0]
    assert first[:8] in read.replace("\n", "")
