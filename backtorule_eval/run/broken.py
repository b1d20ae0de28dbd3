"""The copy of a broken notebook that may be looked at: where it stopped and why, nothing a kernel printed."""

from __future__ import annotations

from pathlib import Path

import nbformat

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
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
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
