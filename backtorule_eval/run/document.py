"""A notebook file as a document: its prose, its code, and those outputs that carry a claim's mark."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from backtorule_eval.errors import ParameterProblem
from backtorule_eval.report.document.model import Block, Code, Document, NotShown, joined, title_of
from backtorule_eval.report.page import Fact, Link
from backtorule_eval.report.remarks import provisional_sentence
from backtorule_eval.report.rendered import MARK
from backtorule_eval.report.result import MIME, result_from_plain
from backtorule_eval.run.render import NOT_SHOWN, OTHER_LANGUAGE
from backtorule_eval.study.study_file import StudyFile, read_study_file
from backtorule_eval.study.workspace import find_study, find_workspace

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
PARAMETERS = frozenset({"parameters", "injected-parameters"})
UNTITLED = {"nb": "Notatbok", "en": "Notebook"}


def notebook_document(notebook: NotebookNode, *, folder: Path | None = None) -> Document:
    """Make a document of a notebook file.

    Parameters
    ----------
    notebook : NotebookNode
        One that a run shared, which says itself what it is; or one under way, which makes a provisional
        document.
    folder : Path, optional
        Where a student's notebook lies, to find the study it names.

    Raises
    ------
    DisclosureRefused
        An output is marked as a claim and holds none.
    """
    about = notebook.metadata.get(MARK) or _about_working_copy(notebook, folder)
    language = about["language"]
    blocks = joined(tuple(_blocks(notebook, language)))
    title = title_of(blocks) or UNTITLED[language]
    return Document(
        title=f"{title} – {about['cohort_title']}" if about["cohort_title"] else title,
        language=language,
        blocks=blocks,
        banner=about["banner"],
        above=Link(href="../index.html", text=about["cohort_title"]) if about.get("plan") else None,
        facts=tuple(Fact(name=name, value=value) for name, value in about.get("facts", ())),
        notes=tuple(about.get("notes", ())),
    )


def about_shared(
    file: StudyFile, *, plan: str, facts: tuple[Fact, ...], notes: tuple[str, ...]
) -> dict[str, Any]:
    """Return what a shared notebook says of itself, so that the file alone makes a document."""
    return {
        "language": file.language,
        "cohort_title": getattr(file.title, file.language),
        "banner": BANNERS[file.data][file.language],
        "plan": plan,
        "facts": [[fact.name, fact.value] for fact in facts],
        "notes": list(notes),
    }


def _about_working_copy(notebook: NotebookNode, folder: Path | None) -> dict[str, Any]:
    """Say of a notebook under way what its study file tells; without one, that it is provisional."""
    try:
        file = read_study_file(find_study(_study_named(notebook), find_workspace(folder)))
    except ParameterProblem:
        return {"language": "nb", "cohort_title": "", "banner": provisional_sentence("nb")}
    banner = f"{provisional_sentence(file.language)} {BANNERS[file.data][file.language]}".strip()
    return {
        "language": file.language,
        "cohort_title": getattr(file.title, file.language),
        "banner": banner,
    }


def _study_named(notebook: NotebookNode) -> str:
    """Return the study that a notebook's parameters name; a value that papermill put in counts last.

    Raises
    ------
    ParameterProblem
        No cell of parameters names one.
    """
    named = ""
    for cell in notebook.cells:
        if PARAMETERS & set(cell.metadata.get("tags", [])):
            named = _text_assigned(cell.source, "study") or named
    if not named:
        raise ParameterProblem("The notebook names no study.")
    return named


def _text_assigned(source: str, name: str) -> str:
    """Return the text that some lines of Python give to a name; "" if they do not."""
    try:
        lines = ast.parse(source).body
    except SyntaxError:
        return ""
    for line in lines:
        targets = line.targets if isinstance(line, ast.Assign) else [getattr(line, "target", None)]
        value = getattr(getattr(line, "value", None), "value", None)
        if isinstance(value, str) and any(isinstance(t, ast.Name) and t.id == name for t in targets):
            return value
    return ""


def _blocks(notebook: NotebookNode, language: str) -> Iterator[Block | str]:
    """Yield the pieces of the document in order, those of the other language left out."""
    for cell in notebook.cells:
        if OTHER_LANGUAGE[language] in cell.metadata.get("tags", []):
            continue
        if cell.cell_type == "markdown":
            yield cell.source
        elif cell.cell_type == "code":
            yield Code(source=cell.source)
            yield from (_output(output, language) for output in cell.outputs)


def _output(output: Mapping[str, Any], language: str) -> Block:
    """Return a marked output as a result; anything else did not pass `publish`."""
    if MARK not in output.get("metadata", {}):
        return NotShown(words=NOT_SHOWN[language])
    return result_from_plain(output.get("data", {}).get(MIME, {}))
