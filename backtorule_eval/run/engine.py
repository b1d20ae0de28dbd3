"""A papermill engine that is strict: `papermill --engine backtorule` refuses before a kernel starts."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from backtorule_eval.errors import ParameterProblem
from backtorule_eval.run.kernel import PrivateKernelManager
from backtorule_eval.study.parameters import check_given, parse_declared
from backtorule_eval.study.study_file import read_study_file
from backtorule_eval.study.workspace import find_study, find_workspace


class BacktoruleEngine:
    """papermill's own engine, with strict parameters and a kernel that nobody else can listen to."""

    @classmethod
    def execute_notebook(cls, nb: NotebookNode, kernel_name: str, **options: Any) -> Any:
        """Check names, types and the study file, then execute; nothing is written when they are wrong."""
        refuse_mistakes(nb)
        options.setdefault("kernel_manager_class", PrivateKernelManager)
        return _papermills().execute_notebook(nb, kernel_name, **options)

    @classmethod
    def nb_kernel_name(cls, nb: NotebookNode, name: str | None = None) -> Any:
        """Return the kernel that papermill's own engine would use."""
        return _papermills().nb_kernel_name(nb, name)

    @classmethod
    def nb_language(cls, nb: NotebookNode, language: str | None = None) -> Any:
        """Return the language that papermill's own engine would find."""
        return _papermills().nb_language(nb, language)


def _papermills() -> Any:
    """Return papermill's own engine; by name, because papermill loads this module while it loads itself."""
    return importlib.import_module("papermill.engines").papermill_engines.get_engine("nbclient")


def refuse_mistakes(notebook: NotebookNode) -> None:
    """Raise one `ParameterProblem` with every unknown name, wrong type and mistake of the study file."""
    given = dict(notebook.metadata.papermill.get("parameters", {}))
    name = Path(notebook.metadata.papermill.get("input_path") or "notebook").name
    sources = [c.source for c in notebook.cells if "parameters" in c.metadata.get("tags", [])]
    if len(sources) != 1:
        raise ParameterProblem(f"{name}: exactly one cell must be tagged parameters, not {len(sources)}.")
    declared = parse_declared(sources[0], name)
    lines = check_given(declared, given, where=name)
    if lines:
        raise ParameterProblem("\n".join(lines))
    study = str({d.name: d.default for d in declared}["study"] if "study" not in given else given["study"])
    read_study_file(find_study(study, find_workspace()))
