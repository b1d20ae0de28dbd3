"""A shared notebook as a page; only outputs that carry a claim's mark are taken for results."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from nbformat import NotebookNode

from backtorule_eval.report.page import Cell, Fact, Frame, Link, notebook_page
from backtorule_eval.report.rendered import MARK
from backtorule_eval.run.render import NOT_SHOWN
from backtorule_eval.study.study_file import StudyFile

BANNERS = {
    "synthetic": {
        "nb": "Oppdiktede data: ingen av personene i disse tallene finnes.",
        "en": "Invented data: nobody in these figures exists.",
    },
    "public": {
        "nb": "Offentlige data, frigitt i full presisjon.",
        "en": "Public data, released in full precision.",
    },
    "personal": {"nb": "", "en": ""},
}


def write_notebook_page(
    notebook: NotebookNode, path: Path, *, file: StudyFile, facts: Sequence[Fact]
) -> None:
    """Write one notebook's page."""
    language = file.language
    title = getattr(file.title, language)
    frame = Frame(
        title=f"{title_of(notebook)} – {title}",
        language=language,
        above=Link(href="../index.html", text=title),
        facts=facts,
    )
    page = notebook_page(tuple(_cells(notebook, language)), frame=frame, banner=BANNERS[file.data][language])
    path.write_text(page, encoding="utf-8")


def title_of(notebook: NotebookNode) -> str:
    """Return the words of a notebook's first heading."""
    for cell in notebook.cells:
        for line in cell.source.splitlines() if cell.cell_type == "markdown" else ():
            if line.startswith("# "):
                return str(line[2:].strip())
    return "Notebook"


def _cells(notebook: NotebookNode, language: str) -> Iterator[Cell]:
    """Yield the pieces of the page in order."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            yield Cell(kind="prose", text=cell.source)
        elif cell.cell_type == "code":
            yield Cell(kind="code", text=cell.source)
            for output in cell.outputs:
                marked = MARK in output.get("metadata", {})
                shown = output.data["text/html"] if marked else NOT_SHOWN[language]
                yield Cell(kind="result" if marked else "note", text=shown)
