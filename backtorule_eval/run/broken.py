"""The copy of a broken notebook that may be looked at: where it stopped and why, nothing a kernel printed."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat import NotebookNode

from backtorule_eval.run.execute import Outcome, Stop

TITLE = {"nb": "Notatboken stoppet her", "en": "The notebook stopped here"}
BODY = {
    "nb": "Feiltype: `{kind}`, celle {cell}. {message}",
    "en": "Kind of error: `{kind}`, cell {cell}. {message}",
}
PRIVATE = {
    "nb": "Hele feilmeldingen kan inneholde persondata og ligger bare i det private lageret: `{folder}`.",
    "en": "The full traceback can hold data about persons and is kept in the private store only: `{folder}`.",
}


def save_broken(outcome: Outcome, stop: Stop, *, folder: Path, language: str) -> Path:
    """Write the broken notebook without any output, marked at the failing cell, and return its path."""
    notebook = nbformat.read(outcome.job.source, as_version=4)
    _keep_source_alone(notebook)
    words = BODY[language].format(kind=stop.kind, cell=stop.cell or "–", message=stop.message)
    private = PRIVATE[language].format(folder=Path(outcome.job.folder).name)
    note = nbformat.v4.new_markdown_cell(f"# {TITLE[language]}\n\n{words}\n\n{private}", id="stopped-here")
    notebook.cells.insert((stop.cell or 1) - 1, note)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{outcome.job.notebook}.ipynb"
    beside = path.with_suffix(".part")
    beside.write_text(nbformat.writes(notebook), encoding="utf-8")
    beside.replace(path)
    return path


def _keep_source_alone(notebook: NotebookNode) -> None:
    """Take out what work in JupyterLab leaves in a notebook: outputs, states of widgets, pasted pictures."""
    kept = ("kernelspec", "language_info")
    notebook.metadata = {name: notebook.metadata[name] for name in kept if name in notebook.metadata}
    for cell in notebook.cells:
        cell.metadata = {"tags": cell.metadata["tags"]} if cell.metadata.get("tags") else {}
        cell.pop("attachments", None)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
