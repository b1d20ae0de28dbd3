"""The Makefile on machines that are not ready: one line says what to do, nothing half-made stays."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAKE = shutil.which("make")

pytestmark = pytest.mark.skipif(MAKE is None, reason="make is not installed")

# A Python that is real but for one flaw, which is planted before the code it is given runs.
FLAWED = """#!/bin/sh
[ "$1" = -c ] || exit 9
exec "{python}" -c 'import sys; {flaw}; exec(sys.argv[1])' "$2"
"""

# A Python that notes what it is asked to install and makes environments with copies of itself.
NOTING = """#!/bin/sh
case "$1 $2" in
  "-m venv") mkdir -p .venv/bin && echo venv >> log && cp "$0" .venv/bin/python ;;
  "-m pip")
    case "$*" in
      *requirements.lock) echo lock >> log ; [ ! -e offline ] ;;
      *"--no-deps --require-hashes -r axe.lock") echo axe >> log ;;
      *) echo project >> log ;;
    esac ;;
esac
"""

INSTALLED = ["venv", "lock", "axe", "project"]


@dataclass(frozen=True, slots=True)
class Checkout:
    """A folder with the Makefile, a lock and a Python of its own."""

    folder: Path

    def make(self, target: str = ".venv/.ready") -> subprocess.CompletedProcess[str]:
        command = [str(MAKE), target, f"PYTHON={self.folder / 'python'}"]
        environ = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
        return subprocess.run(
            command, cwd=self.folder, env=environ, capture_output=True, text=True, check=False
        )

    def python(self, source: str) -> None:
        (self.folder / "python").write_text(source, encoding="utf-8")
        (self.folder / "python").chmod(0o755)

    def log(self) -> list[str]:
        """What was installed since the last look."""
        path = self.folder / "log"
        lines = path.read_text(encoding="utf-8").split() if path.exists() else []
        path.unlink(missing_ok=True)
        return lines

    def age(self, *names: str) -> None:
        """Make these files older than anything written now."""
        for name in names:
            os.utime(self.folder / name, (1, 1))


@pytest.fixture
def checkout(tmp_path):
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in ("requirements.lock", "axe.lock", "pyproject.toml"):
        (tmp_path / name).write_text("as committed\n", encoding="utf-8")
    made = Checkout(tmp_path)
    made.age("requirements.lock", "axe.lock", "pyproject.toml")
    made.python(NOTING)
    return made


@pytest.mark.parametrize("target", ["run", "test", "lint", "bench", "lab", "docs", "study"])
def test_refuses_an_old_python_in_one_line(checkout, target):
    checkout.python(FLAWED.format(python=sys.executable, flaw="sys.version_info = (3, 10, 12)"))
    done = checkout.make(target)
    assert done.returncode
    assert "Python 3.11 or newer is needed" in done.stderr.splitlines()[0]
    assert "is older" in done.stderr.splitlines()[0]
    assert not (checkout.folder / ".venv").exists()


def test_the_oldest_python_allowed_is_let_in(checkout):
    checkout.python(FLAWED.format(python=sys.executable, flaw="sys.version_info = (3, 11, 0)"))
    assert checkout.make("check-python").returncode == 0


@pytest.mark.parametrize("module", ["ensurepip", "venv"])
def test_names_the_package_that_is_missing_in_one_line(checkout, module):
    checkout.python(FLAWED.format(python=sys.executable, flaw=f'sys.modules["{module}"] = None'))
    done = checkout.make("run")
    told = [line for line in done.stderr.splitlines() if not line.startswith("make")]
    assert done.returncode
    assert told == [f"Python's module '{module}' is missing. On Debian and Ubuntu: apt install python3-venv"]


def test_says_so_when_there_is_no_python(checkout):
    (checkout.folder / "python").unlink()
    done = checkout.make("run")
    assert done.returncode
    assert "is not on this machine. Name yours" in done.stderr.splitlines()[0]


def test_installs_once(checkout):
    assert checkout.make().returncode == 0
    assert checkout.log() == INSTALLED
    assert "up to date" in checkout.make().stdout
    assert checkout.log() == []


def test_a_half_made_environment_is_made_anew(checkout):
    (checkout.folder / "offline").touch()
    assert checkout.make().returncode
    assert checkout.log() == ["venv", "lock"]
    (checkout.folder / "offline").unlink()
    assert checkout.make().returncode == 0
    assert checkout.log() == INSTALLED


def test_a_stamp_cut_short_is_no_stamp(checkout):
    checkout.make()
    (checkout.folder / ".venv" / ".locked").write_text("as com", encoding="utf-8")
    checkout.age(".venv/.locked", ".venv/.ready")
    (checkout.folder / "requirements.lock").touch()
    checkout.log()
    checkout.make()
    assert checkout.log() == INSTALLED


def test_the_same_lock_checked_out_again_costs_no_install(checkout):
    checkout.make()
    checkout.age(".venv/.locked", ".venv/.ready")
    (checkout.folder / "requirements.lock").touch()
    checkout.log()
    assert checkout.make().returncode == 0
    assert checkout.log() == ["project"]


@pytest.mark.parametrize("lock", ["requirements.lock", "axe.lock"])
def test_another_lock_makes_another_environment(checkout, lock):
    checkout.make()
    checkout.age(".venv/.locked", ".venv/.ready")
    (checkout.folder / lock).write_text("newer\n", encoding="utf-8")
    checkout.log()
    checkout.make()
    assert checkout.log() == INSTALLED


def test_new_metadata_install_the_project_alone(checkout):
    checkout.make()
    checkout.age(".venv/.ready")
    (checkout.folder / "pyproject.toml").touch()
    checkout.log()
    checkout.make()
    assert checkout.log() == ["project"]


def test_run_says_where_the_page_is(checkout):
    checkout.make()
    checkout.log()
    (checkout.folder / "params").mkdir()
    (checkout.folder / "params" / "demo.yaml").write_text("cohort: demo-2024  # slug\n", encoding="utf-8")
    (checkout.folder / ".venv" / "bin" / "backtorule").symlink_to(shutil.which("true") or "/bin/true")
    assert checkout.make("run").stdout.splitlines()[-1] == "Ready: open outputs/demo-2024/index.html"


def test_nothing_in_it_needs_bash_or_a_newer_make():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    for newer in (".ONESHELL", "$(file", "!=", "[[", "pipefail", "SHELL"):
        assert newer not in text
