"""One notebook's page: its prose, its audited results, and its code folded away but there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup, escape

from backtorule_eval.report.catalogue import translator
from backtorule_eval.report.page.prose import Heading, prose_html
from backtorule_eval.report.page.shell import Frame, put_in_frame, template


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One piece of a notebook's page.

    Attributes
    ----------
    kind : "prose", "code", "result" or "note"
        "result" holds HTML made by a view from an audited claim; all others hold text, which is escaped.
    text : str
    """

    kind: Literal["prose", "code", "result", "note"]
    text: str


def notebook_page(cells: Sequence[Cell], *, frame: Frame, banner: str = "") -> str:
    """Return one notebook as one self-contained page.

    Parameters
    ----------
    cells : sequence of Cell
        In the order of the notebook.
    frame : Frame
        Title, language, links and provenance.
    banner : str
        What must be read first, e.g. that the page is provisional or that the people are invented.
    """
    blocks: list[Markup] = []
    headings: list[Heading] = []
    for number, cell in enumerate(_with_code_together(cells)):
        level = headings[-1].level if headings else 0
        block, found = _block(cell, f"s{number}", after=level, language=frame.language)
        blocks.append(block)
        headings += found
    # The contents stand below the title and its paragraph, which are the first cell.
    opening = 1 if cells and cells[0].kind == "prose" else 0
    main = template("notebook.html.j2").render(
        title="" if headings else frame.title,
        banner=banner,
        opening=blocks[:opening],
        rest=blocks[opening:],
        contents=[h for h in headings if h.level == 2],  # noqa: PLR2004 - h2, the sections
        _=translator(frame.language),
    )
    return put_in_frame(Markup(main), frame)  # made by our own templates


def _with_code_together(cells: Sequence[Cell]) -> list[Cell]:
    """Return the cells with neighbouring code in one piece, so that it folds away under one line."""
    joined: list[Cell] = []
    for cell in cells:
        if joined and cell.kind == joined[-1].kind == "code":
            joined[-1] = Cell(kind="code", text=f"{joined[-1].text}\n\n{cell.text}")
        else:
            joined.append(cell)
    return joined


def _block(cell: Cell, prefix: str, *, after: int, language: str) -> tuple[Markup, Sequence[Heading]]:
    """Return one cell as HTML, and the headings in it."""
    if cell.kind == "prose":
        return prose_html(cell.text, prefix=prefix, after=after)
    if cell.kind == "result":
        return Markup(f'<div class="result">\n{cell.text}\n</div>'), ()  # made by a view
    if cell.kind == "note":
        return Markup('<p class="not-shown">{}</p>').format(cell.text), ()
    _ = translator(language)
    fold = Markup(
        '<details class="code"><summary>{}</summary><pre tabindex="0"><code>{}</code></pre></details>'
    )
    return fold.format(_("Show the code"), escape(cell.text)), ()
