"""Text in a Word file: what is put into it is text and nothing else, whatever it looks like.

python-docx escapes; what XML cannot hold is taken out here. A field, a link or a bookmark is only what the
functions below make of constant instructions, so braces and backslashes in a text stay what they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.text.paragraph import Paragraph

from backtorule_eval.report.document.word_formula import add_formula
from backtorule_eval.report.turning import unturned

FORBIDDEN_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LINE_ENDS = re.compile("[\t\n\r\x0b\x0c\x85\u2028\u2029]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A piece of a line that looks alike throughout.

    Attributes
    ----------
    style : str
        A character style; "" for the paragraph's own.
    formula : bool
        The text is a formula in TeX.
    ends_line : bool
        What follows stands on the next line of the same paragraph.
    """

    text: str = ""
    strong: bool = False
    emphasis: bool = False
    style: str = ""
    formula: bool = False
    ends_line: bool = False


Line = tuple[Piece, ...]


def one_piece(text: str) -> Line:
    """Return a text as a line of one piece."""
    return (Piece(text=text),)


def clean(text: str) -> str:
    """Return a text on one line that an XML file can hold and that reads in the order it was written."""
    return unturned(FORBIDDEN_IN_XML.sub("", LINE_ENDS.sub(" ", text)))


def add_line(paragraph: Paragraph, line: Iterable[Piece]) -> None:
    """Write a line into a paragraph."""
    for piece in line:
        if piece.formula:
            add_formula(paragraph, clean(piece.text))
            continue
        run = paragraph.add_run(clean(piece.text), style=piece.style or None)
        run.bold = True if piece.strong else None
        run.italic = True if piece.emphasis else None
        if piece.ends_line:
            run.add_break()


def add_field(paragraph: Paragraph, instruction: str, shown: str) -> None:
    """Write a field that Word can work out again, with what it shows until then.

    Parameters
    ----------
    instruction : str
        A constant of this program, never anyone's text.
    """
    open_field(paragraph, instruction)
    paragraph.add_run(shown)
    close_field(paragraph)


def open_field(paragraph: Paragraph, instruction: str) -> None:
    """Begin a field: what is written until `close_field` is what it shows."""
    paragraph.add_run()._r.append(element("fldChar", fldCharType="begin"))
    told = element("instrText")
    told.set(qn("xml:space"), "preserve")
    told.text = f" {instruction} "
    paragraph.add_run()._r.append(told)
    paragraph.add_run()._r.append(element("fldChar", fldCharType="separate"))


def close_field(paragraph: Paragraph) -> None:
    """End a field."""
    paragraph.add_run()._r.append(element("fldChar", fldCharType="end"))


def bookmark(paragraph: Paragraph, anchor: str, *, number: int) -> None:
    """Put a bookmark around all that a paragraph holds."""
    start = element("bookmarkStart", id=number, name=bookmark_name(anchor))
    first = paragraph._p.find(qn("w:r"))
    if first is None:
        paragraph._p.append(start)
    else:
        first.addprevious(start)
    paragraph._p.append(element("bookmarkEnd", id=number))


def bookmark_name(anchor: str) -> str:
    """Return an anchor as Word allows it."""
    return anchor.replace("-", "_")


def add_jump(paragraph: Paragraph, anchor: str, words: str) -> None:
    """Write words that lead to a bookmark of the same document."""
    link = element("hyperlink", anchor=bookmark_name(anchor), history=1)
    run = paragraph.add_run(clean(words))
    link.append(run._r)
    paragraph._p.append(link)


def element(tag: str, **attributes: str | int) -> BaseOxmlElement:
    """Return an element of Word's own vocabulary."""
    made: BaseOxmlElement = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    return made
