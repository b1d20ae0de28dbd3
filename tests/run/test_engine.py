"""Plain papermill works as well, and with our engine it is strict."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import nbformat
import papermill
import pytest

from backtorule_eval.errors import ParameterProblem

pytestmark = pytest.mark.notebooks
FLOW = 'study.publish(describe_flow(study.cohort), view="flow")'
PARAMETERS = 'study: str = "params/tiny.yaml"  # the study file\nmonths: int = 24  # after the start'
SETUP = (
    "from backtorule_eval import describe_flow, open_study\n"
    'study = open_study(study, notebook="{name}", months=months)'
)


@pytest.fixture
def path(notebook) -> Path:
    return notebook("01_a", FLOW, "study.parameters['months']", parameters=PARAMETERS, setup=SETUP)


def execute(path: Path, **options):
    options = {"progress_bar": False, **options}
    return papermill.execute_notebook(str(path), str(path.parent.parent / "out.ipynb"), **options)


def test_plain_papermill_gives_a_provisional_page(path):
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "papermill",
            str(path),
            "out.ipynb",
            "-p",
            "study",
            "params/tiny.yaml",
            "-p",
            "months",
            "18",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    cells = nbformat.read("out.ipynb", as_version=4).cells
    shown, months = (c.outputs[0] for c in cells[-2:])
    assert shown.metadata["backtorule"]["key"] == "01_a/flow_flow"
    assert "Provisional" in shown.data["text/plain"]
    assert months.data["text/plain"] == "18"


@pytest.mark.parametrize(
    ("parameters", "complaint"),
    [
        ({"monts": 12}, "01_a.ipynb has no parameter monts. Did you mean months?"),
        ({"months": "12"}, "months must be int, not str"),
        ({"study": "params/tniy.yaml"}, "There is no study file .*Did you mean .*tiny.yaml"),
    ],
)
def test_our_engine_refuses_before_a_kernel_starts(path, monkeypatch, parameters, complaint):
    monkeypatch.setattr("nbclient.NotebookClient.execute", lambda *_: pytest.fail("a kernel started"))
    with pytest.raises(ParameterProblem, match=complaint):
        execute(path, engine_name="backtorule", parameters=parameters)


def test_our_engine_executes_what_fits(path):
    done = execute(path, engine_name="backtorule", parameters={"months": 12})
    assert done.cells[-1].outputs[0].data["text/plain"] == "12"


def test_under_plain_papermill_the_study_checks_types(path):
    with pytest.raises(papermill.PapermillExecutionError, match="months must be int, not str"):
        execute(path, parameters={"months": "12"})
