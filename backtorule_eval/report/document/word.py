"""A document, or some tables, as a Word file."""

from __future__ import annotations

import re
from collections.abc import Sequence

from docx.section import _Footer, _Header

from backtorule_eval.report.catalogue import translator
from backtorule_eval.report.document.model import Block, Code, Document, NotShown, Prose
from backtorule_eval.report.document.word_file import Word, new_word
from backtorule_eval.report.document.word_prose import add_prose
from backtorule_eval.report.document.word_result import add_result
from backtorule_eval.report.document.word_table import add_table
from backtorule_eval.report.document.word_text import (
    Piece,
    add_field,
    add_jump,
    clean,
    close_field,
    open_field,
)
from backtorule_eval.report.tables import Table

SECTION = 2
PAGES_ANCHOR, FACTS_ANCHOR = "pages", "facts"
# Headings of level 2 as links, without page numbers: those only Word itself can know.
CONTENTS = r'TOC \o "2-2" \n \h \z'
PAGE_FIELDS = {"{page}": "PAGE", "{pages}": "NUMPAGES"}


def document_docx(document: Document) -> bytes:
    """Write a document as a Word file; the same document gives the same bytes.

    Code is left out, and what a page folds away stands in small print: paper cannot be unfolded.
    """
    word = new_word(document.title, document.language)
    _add_frame(word, document)
    if document.banner:
        word.paragraph("Banner", document.banner)
    if not document.headings:
        word.heading(1, document.title, anchor="title")
    for i, block in enumerate(document.blocks, start=1):
        _add_block(word, block)
        if i == max(1, document.n_opening):
            _add_contents(word, document)
    _add_end(word, document)
    return word.to_bytes()


def tables_docx(tables: Sequence[Table], language: str) -> bytes:
    """Write tables as a Word file of their own, for whoever writes a thesis.

    Raises
    ------
    ValueError
        There are none.
    """
    if not tables:
        raise ValueError("A Word file of tables needs a table.")
    word = new_word(tables[0].caption, language)
    for table in tables:
        add_table(word, table)
    return word.to_bytes()


def _add_block(word: Word, block: Block) -> None:
    """Add one block."""
    if isinstance(block, Prose):
        add_prose(word, block.tokens)
    elif isinstance(block, NotShown):
        word.paragraph("Not Shown", block.words)
    elif not isinstance(block, Code):
        add_result(word, block)


def _sections(document: Document) -> tuple[tuple[str, str], ...]:
    """Return anchor and words of every section, those at the end among them."""
    _ = translator(document.language)
    own = [(h.anchor, h.text) for h in document.headings if h.level == SECTION]
    pages = [(PAGES_ANCHOR, _("The whole evaluation"))] if document.pages else []
    facts = [(FACTS_ANCHOR, _("How this document was made"))] if document.facts else []
    return (*own, *pages, *facts)


def _add_contents(word: Word, document: Document) -> None:
    """Add the list of sections, which Word can make again when the document has changed."""
    if sum(heading.level == SECTION for heading in document.headings) <= 1:
        return
    sections = _sections(document)
    _ = translator(word.language)
    word.paragraph("TOC Heading", _("Contents"))
    lines = [word.paragraph("toc 2") for _section in sections]
    open_field(lines[0], CONTENTS)
    for line, (anchor, words) in zip(lines, sections, strict=True):
        add_jump(line, anchor, words)
    close_field(lines[-1])


def _add_end(word: Word, document: Document) -> None:
    """Add what else there is, under which rules figures were rounded, and how the document was made."""
    _ = translator(document.language)
    if document.pages:
        word.heading(SECTION, _("The whole evaluation"), anchor=PAGES_ANCHOR)
    for page in document.pages:
        word.paragraph("List Bullet", page.text)
    if document.facts:
        word.heading(SECTION, _("How this document was made"), anchor=FACTS_ANCHOR)
    elif document.notes:
        word.paragraph("Rule")
    for note in document.notes:
        word.paragraph("Note", note)
    for fact in document.facts:
        word.paragraph("Fact", (Piece(text=fact.name, strong=True),)).add_run(f"\t{clean(fact.value)}")


def _add_frame(word: Word, document: Document) -> None:
    """Put the page number below every page, and title and banner above every page but the first."""
    section = word.file.sections[0]
    section.different_first_page_header_footer = True
    _add_header(section.header, document)
    section.first_page_header.paragraphs[0].style = "Header"
    for footer in (section.first_page_footer, section.footer):
        _add_footer(footer, document.language)


def _add_header(header: _Header, document: Document) -> None:
    """Write the title, and what must be read first: a page may be copied alone."""
    header.paragraphs[0].style = "Header"
    header.paragraphs[0].add_run(clean(document.title))
    if document.banner:
        header.add_paragraph(style="Header Banner").add_run(clean(document.banner))


def _add_footer(footer: _Footer, language: str) -> None:
    """Write "Page 2 of 5" with fields for both numbers."""
    _ = translator(language)
    paragraph = footer.paragraphs[0]
    paragraph.style = "Footer"
    for part in re.split(r"(\{\w+\})", _("Page {page} of {pages}")):
        if part in PAGE_FIELDS:
            add_field(paragraph, PAGE_FIELDS[part], "1")
        else:
            paragraph.add_run(part)
