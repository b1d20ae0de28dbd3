"""A document as one self-contained HTML page: no script, no request."""

from __future__ import annotations

from html import escape

from markupsafe import Markup

from backtorule_eval.report.catalogue import translator
from backtorule_eval.report.document.html_prose import prose_html
from backtorule_eval.report.document.html_result import result_html
from backtorule_eval.report.document.model import Block, Code, Document, Prose
from backtorule_eval.report.page.shell import Frame, put_in_frame, template
from backtorule_eval.report.result import Result

SECTION = 2


def document_html(document: Document) -> str:
    """Write a document as a page; the same document gives the same bytes."""
    headings = document.headings
    blocks = [Markup(_block(block, document.language)) for block in document.blocks]  # every writer escapes
    main = template("document.html.j2").render(
        title="" if headings else document.title,
        banner=document.banner,
        opening=blocks[: document.n_opening],
        rest=blocks[document.n_opening :],
        contents=[h for h in headings if h.level == SECTION],
        pages=document.pages,
        _=translator(document.language),
    )
    frame = Frame(
        title=document.title,
        language=document.language,
        above=document.above,
        notes=document.notes,
        facts=document.facts,
    )
    return put_in_frame(Markup(main), frame)  # made by our own templates


def _block(block: Block, language: str) -> str:
    """Write one block."""
    if isinstance(block, Prose):
        return prose_html(block.tokens, language)
    if isinstance(block, Result):
        return f'<div class="result">\n{result_html(block, language)}\n</div>'
    if isinstance(block, Code):
        _ = translator(language)
        summary = escape(_("Show the code"))
        source = f'<pre tabindex="0"><code>{escape(block.source)}</code></pre>'
        return f'<details class="code"><summary>{summary}</summary>{source}</details>'
    return f'<p class="not-shown">{escape(block.words)}</p>'
