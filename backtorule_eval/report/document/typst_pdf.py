"""A document as a PDF for paper, archive and screen reader: tagged (PDF/UA-1, PDF/A-2a), A4, set by Typst.

The document goes to our own template as JSON, so that its texts are strings and never markup. Nothing but
the template can be read from disk, nothing is fetched, and the typefaces are those that Typst and matplotlib
bring.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, cast

import matplotlib
import typst

from backtorule_eval.errors import DisclosureRefused
from backtorule_eval.report.catalogue import translator
from backtorule_eval.report.document.model import Block, Code, Document, Prose
from backtorule_eval.report.document.typst_prose import Node, paragraph, prose_nodes, words
from backtorule_eval.report.document.typst_result import result_node
from backtorule_eval.report.document.typst_row_heads import with_row_heads
from backtorule_eval.report.result import Result

ROOT = Path(__file__).with_name("printed")
PAGE = ROOT / "page.typ"
STANDARDS: list[Any] = ["ua-1", "a-2a"]
# PDF/A asks for a date; this one is nobody's (1980-01-01, as in zip files), so that the same document gives
# the same bytes.
DATE = 315_532_800
SECTION = 2


def document_pdf(document: Document) -> bytes:
    """Write a document as a PDF; the same document gives the same bytes.

    Raises
    ------
    DisclosureRefused
        A figure cannot be drawn, or wants to fetch something: this package did not make it.
    """
    given = {"document": json.dumps(_data(document), ensure_ascii=False)}
    try:
        pdf = _compiler().compile(
            PAGE, format="pdf", sys_inputs=given, pdf_standards=STANDARDS, timestamp=DATE
        )
    except typst.TypstError as problem:
        if "SVG" not in problem.message:
            raise
        raise DisclosureRefused(
            "An output is marked as a result and holds a figure that cannot be drawn; run its notebook again."
        ) from None
    return with_row_heads(cast(bytes, pdf))  # PDF is one file


@cache
def _compiler() -> typst.Compiler:
    """Return the one compiler of this process, which has read the template and the typefaces."""
    typefaces = typst.Fonts(include_system_fonts=False, font_paths=[_typefaces_of_figures()])
    return typst.Compiler(PAGE, root=ROOT, font_paths=typefaces, ignore_system_fonts=True)


def _typefaces_of_figures() -> Path:
    """Return the folder of the typefaces that matplotlib draws with."""
    return Path(matplotlib.get_data_path()) / "fonts" / "ttf"


def _data(document: Document) -> dict[str, Any]:
    """Return a document as plain values for the template."""
    _ = translator(document.language)
    title = words(document.title)
    headings = document.headings
    opening, rest = _opening(document)
    sections = [h for h in headings if h.level == SECTION]
    return {
        "title": title,
        "language": document.language,
        "above": _above(title, words(headings[0].text) if headings else title),
        "opening": opening,
        "contents": _("Contents") if len(sections) > 1 else "",
        "rest": [*rest, *_pages(document)],
        "notes": [paragraph(note) for note in document.notes],
        "facts-title": _("How this page was made"),
        "facts": [[words(fact.name), words(fact.value)] for fact in document.facts],
    }


def _opening(document: Document) -> tuple[list[Node], list[Node]]:
    """Return what stands above the contents, the banner under the title, and the rest."""
    blocks = [_block(block, document.language) for block in document.blocks]
    first = [node for block in blocks[: document.n_opening] for node in block]
    rest = [node for block in blocks[document.n_opening :] for node in block]
    banner: list[Node] = [{"kind": "warning", "text": words(document.banner)}] if document.banner else []
    if not document.headings:
        title: Node = {"kind": "heading", "level": 1, "body": words(document.title)}
        first = [title, *first]
    under = int(bool(first) and isinstance(first[0], dict) and first[0]["kind"] == "heading")
    return [*first[:under], *banner, *first[under:]], rest


def _block(block: Block, language: str) -> list[Node]:
    """Write one block; code is for a screen."""
    if isinstance(block, Prose):
        return prose_nodes(block.tokens)
    if isinstance(block, Result):
        return [result_node(block, language)]
    return [] if isinstance(block, Code) else [{"kind": "not shown", "text": words(block.words)}]


def _pages(document: Document) -> list[Node]:
    """Name what belongs to the document and lies beside it."""
    if not document.pages:
        return []
    title = translator(document.language)("The whole evaluation")
    items = [[words(page.text)] for page in document.pages]
    return [
        {"kind": "heading", "level": SECTION, "body": words(title)},
        {"kind": "list", "ordered": False, "start": 1, "tight": True, "items": items},
    ]


def _above(title: str, heading: str) -> str:
    """Return what a title says beyond its first heading: whose evaluation it is."""
    return title.removeprefix(heading).strip(" –") if title.startswith(heading) else ""
