"""From an executed notebook to one that may be shared: marked outputs re-rendered, everything else taken out.

Nothing is executed again: a marked output is replaced by the view of its claim under the audited plan. An
output without a mark (a printed frame, a warning, a traceback, a widget) never passed `publish` and leaves
one visible line.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import nbformat
from nbformat import NotebookNode

from backtorule_eval.errors import DisclosureRefused
from backtorule_eval.report.findings import Question
from backtorule_eval.report.rendered import MARK, Rendered, bundle
from backtorule_eval.run.execute import is_papermills
from backtorule_eval.study.findings import remade
from backtorule_eval.study.study_file import StudyFile

NOT_SHOWN = {
    "nb": "Ikke vist: resultatet gikk ikke gjennom publish.",
    "en": "Not shown: this output did not pass publish.",
}
# nbformat ships no types for its makers of cells and outputs.
V4: Any = nbformat.v4
OTHER_LANGUAGE = {"nb": "lang-en", "en": "lang-nb"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What the outputs of a cohort's notebooks are made from, once everything is audited.

    Attributes
    ----------
    rendered, digests : mapping of claim key
        The audited view of every claim, and the digest of the claim it was made from.
    questions : tuple of Question
        What the notebooks ask, for the table of answers.
    about : mapping
        What each notebook says of itself (`run.document.about_shared`).
    """

    file: StudyFile
    rendered: Mapping[str, Rendered]
    digests: Mapping[str, str]
    questions: tuple[Question, ...]
    about: Mapping[str, Any]


def shared_notebook(executed: NotebookNode, material: Material) -> NotebookNode:
    """Return the notebook that may leave: one language, audited outputs, ids and metadata made from content.

    Parameters
    ----------
    executed : NotebookNode
        As papermill left it.

    Raises
    ------
    DisclosureRefused
        An output's mark names no audited claim, or another state of it.
    """
    other = OTHER_LANGUAGE[material.file.language]
    cells = [c for c in executed.cells if other not in c.metadata.get("tags", [])]
    shared = [_cell(cell, number, material) for number, cell in enumerate(cells)]
    notebook: NotebookNode = V4.new_notebook(cells=shared)
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        MARK: dict(material.about),
    }
    return notebook


def _cell(cell: NotebookNode, number: int, material: Material) -> NotebookNode:
    """Return one cell with audited outputs only."""
    new: NotebookNode
    if cell.cell_type != "code":
        new = V4.new_markdown_cell(cell.source)
    else:
        outputs = [_output(output, material) for output in cell.outputs]
        new = V4.new_code_cell(cell.source, outputs=_without_repeats(outputs))
    tags = [t for t in cell.metadata.get("tags", []) if not t.startswith("lang-")]
    if is_papermills(cell):
        tags = ["injected-parameters"]
    new.metadata = {"tags": tags} if tags else {}
    new.id = f"{number:03d}-{hashlib.sha256(cell.source.encode()).hexdigest()[:8]}"
    return new


def _output(output: NotebookNode, material: Material) -> NotebookNode:
    """Return the audited view of a marked output, or the one line that stands for anything else."""
    mark = output.get("metadata", {}).get(MARK)
    language = material.file.language
    if output.output_type not in ("display_data", "execute_result") or not mark:
        return _display({"text/plain": NOT_SHOWN[language]}, {})
    if "show" in mark:
        shown = remade(mark, material.questions, material.rendered, material.file)
        return _display(bundle(shown.result, language), {MARK: dict(shown.mark)})
    key = mark.get("key")
    if key not in material.rendered or material.digests.get(key) != mark.get("digest"):
        raise DisclosureRefused(
            f"An output is marked as claim {key!r}, but no audited claim has that content. Run it again."
        )
    return _display(bundle(material.rendered[key].result, language), {MARK: dict(mark)})


def _display(data: dict[str, Any], metadata: dict[str, Any]) -> NotebookNode:
    """Make one output."""
    output: NotebookNode = V4.new_output("display_data", data=data, metadata=metadata)
    return output


def _without_repeats(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Say "not shown" once per cell, however much the cell printed."""
    kept: list[NotebookNode] = []
    for output in outputs:
        if output not in kept:
            kept.append(output)
    return kept
