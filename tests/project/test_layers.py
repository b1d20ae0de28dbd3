"""Layers: a folder imports only from folders to its right, and nothing slips past that rule."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "backtorule_eval"
FOLDERS = ["run", "study", "report", "disclosure", "analyses", "measures", "cohort", "synthetic"]


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """import-linter with this project's contracts, on the package in `folder`."""
    program = shutil.which("lint-imports", path=str(Path(sys.executable).parent))
    assert program, "import-linter is in the test extra"
    command = [program, "--no-cache", "--config", str(ROOT / "pyproject.toml")]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def write_package(folder: Path, **modules: str) -> Path:
    """A package with the project's folders, all empty, and these modules (`study__page` is study/page.py)."""
    package = folder / "backtorule_eval"
    for name in FOLDERS:
        (package / name).mkdir(parents=True)
        (package / name / "__init__.py").touch()
    (package / "__init__.py").touch()
    (package / "errors.py").touch()
    for name, source in modules.items():
        path = package / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(exist_ok=True)
        (path.parent / "__init__.py").touch()
        path.write_text(source, encoding="utf-8")
    return folder


def imports_of_root(source: str) -> list[str]:
    """Names a module takes from the package's own front door, which would go around the layers."""
    taken = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)]
    names = [name.name for node in taken if node.module == "backtorule_eval" for name in node.names]
    return [name for name in names if name not in {*FOLDERS, "errors", "__version__"}]


def test_layers_hold():
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout


def test_an_empty_package_keeps_the_contracts(tmp_path):
    done = lint_imports(write_package(tmp_path))
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "modules",
    [
        pytest.param({"cohort__read": "import backtorule_eval.measures"}, id="upwards"),
        pytest.param({"errors": "import backtorule_eval.cohort"}, id="errors imports"),
        pytest.param({"report__words": "import backtorule_eval.cohort"}, id="report knows the cohort"),
        pytest.param({"report__words": "import backtorule_eval.measures"}, id="report knows measures"),
        pytest.param(
            {"synthetic__site": "import backtorule_eval.measures"}, id="synthetic leans on measures"
        ),
        pytest.param({"analyses__fit": "import backtorule_eval.synthetic"}, id="a result rests on synthetic"),
        pytest.param({"plots__forest": ""}, id="a folder without a place"),
        pytest.param({"analyses__fit": "import matplotlib"}, id="matplotlib outside report"),
        pytest.param({"study__open": "import papermill"}, id="papermill outside run"),
        pytest.param(
            {"study__open": "import backtorule_eval.report.page", "report__page": "import latex2mathml"},
            id="a study loads the converter of formulas",
        ),
    ],
)
def test_a_breach_is_seen(tmp_path, modules):
    done = lint_imports(write_package(tmp_path, **modules))
    assert done.returncode == 1, done.stdout
    assert "BROKEN" in done.stdout


def test_report_may_reach_the_cohort_through_its_neighbours(tmp_path):
    modules = {"report__words": "import backtorule_eval.analyses.estimate"}
    modules |= {"analyses__estimate": "import backtorule_eval.cohort"}
    done = lint_imports(write_package(tmp_path, **modules))
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_goes_around_the_layers_through_the_front_door(path):
    assert imports_of_root(path.read_text(encoding="utf-8")) == []


def test_the_front_door_is_watched():
    assert imports_of_root("from backtorule_eval import open_study, errors") == ["open_study"]
