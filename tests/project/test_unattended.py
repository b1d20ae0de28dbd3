"""`.ci/run` on a machine where every program is a stand-in: what it installs, sets, runs, and how it ends."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.requirements import REQUIREMENTS

ROOT = Path(__file__).parents[2]
BASH = shutil.which("bash")
PLAIN = ["cat", "dirname", "ls", "mktemp", "rm", "sed", "tail", "tee"]
CLOSING = "======= 12 passed, 1 skipped in 3.21s (0:00:03) ======="
OFFICE = {"sw": "libreoffice-writer", "sc": "libreoffice-calc", "sm": "libreoffice-math"}
REQUIRED = "postgres,chromium,axe,poppler,libreoffice"

MAKE = """#!/bin/sh
echo "make $1 require=$BACKTORULE_REQUIRE data=$BACKTORULE_DATA" >> log
[ "$1" = test ] && echo "{closing}"
[ "$1" != "$(cat failing 2>/dev/null)" ]
"""

pytestmark = pytest.mark.skipif(BASH is None, reason="bash is not installed")


@dataclass(frozen=True, slots=True)
class Machine:
    """A checkout beside a folder of programs that is the whole PATH."""

    checkout: Path
    programs: Path

    def program(self, name: str, source: str = "#!/bin/sh\n") -> None:
        (self.programs / name).write_text(source, encoding="utf-8")
        (self.programs / name).chmod(0o755)

    def office(self, part: str) -> Path:
        """What tells that LibreOffice has its Writer (sw), Calc (sc) or Math (sm)."""
        return self.programs / "office" / "program" / f"lib{part}lo.so"

    def run(self, **environ: str) -> subprocess.CompletedProcess[str]:
        places = {"TMPDIR": str(self.checkout), "OFFICE": str(self.programs / "office")}
        environ = {"PATH": str(self.programs), "CI": "true"} | places | environ
        command = [str(BASH), str(self.checkout / ".ci" / "run")]
        return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)

    def log(self) -> list[str]:
        path = self.checkout / "log"
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


@pytest.fixture
def machine(tmp_path):
    made = Machine(tmp_path / "checkout", tmp_path / "programs")
    shutil.copytree(ROOT / ".ci", made.checkout / ".ci")
    made.programs.mkdir()
    for name in PLAIN:
        (made.programs / name).symlink_to(shutil.which(name))
    for name in ("python3", "initdb", "chromium", "pdftotext", "soffice"):
        made.program(name)
    made.office("sw").parent.mkdir(parents=True)
    for part in OFFICE:
        made.office(part).touch()
    made.program("make", MAKE.format(closing=CLOSING))
    made.program("id", "#!/bin/sh\necho 0\n")
    made.program("apt-get", '#!/bin/sh\necho "apt-get $*" >> log\n')
    return made


def test_lints_tests_and_runs_with_nothing_skipped_for_lack_of_a_program(machine):
    done = machine.run()
    require = f"require={REQUIRED} data="
    assert machine.log() == [f"make lint {require}", f"make test {require}", f"make run {require}"]
    assert done.returncode == 0


def test_ends_with_the_closing_line_of_the_tests(machine):
    assert machine.run().stdout.splitlines()[-1] == CLOSING


def test_requires_the_data_where_they_are(machine):
    data = machine.checkout.parent / "shared" / "data"
    data.mkdir(parents=True)
    machine.run()
    assert machine.log()[1] == f"make test require={REQUIRED},data data={data}"


def test_makes_the_data_folder_absolute(machine):
    (machine.checkout / "mine").mkdir()
    machine.run(BACKTORULE_DATA="mine")
    assert machine.log()[1].endswith(f",data data={machine.checkout / 'mine'}")


def test_installs_only_what_is_missing(machine):
    (machine.programs / "chromium").unlink()
    assert machine.run().returncode == 0
    installed = "apt-get install -y -qq --no-install-recommends chromium"
    assert machine.log()[:2] == ["apt-get update -qq", installed]


@pytest.mark.parametrize("part", ["sw", "sc", "sm"])
def test_installs_the_part_of_libreoffice_that_is_missing(machine, part):
    machine.office(part).unlink()
    assert machine.run().returncode == 0
    assert machine.log()[1] == f"apt-get install -y -qq --no-install-recommends {OFFICE[part]}"


def test_installs_all_parts_where_there_is_no_libreoffice(machine):
    (machine.programs / "soffice").unlink()
    machine.run()
    assert machine.log()[1].endswith(" ".join(OFFICE.values()))


def test_what_it_requires_can_be_required():
    assert set(REQUIRED.split(",")) <= REQUIREMENTS.keys()


def test_installs_venv_where_python_lacks_it(machine):
    machine.program("python3", "#!/bin/sh\nexit 1\n")
    machine.run()
    assert machine.log()[1].endswith("python3-venv")


def test_says_what_is_missing_where_it_cannot_install(machine):
    (machine.programs / "chromium").unlink()
    machine.program("id", "#!/bin/sh\necho 1000\n")
    done = machine.run()
    assert done.returncode == 1
    assert done.stderr.splitlines() == ["Missing here, and only root on Debian can install it: chromium"]
    assert machine.log() == []


@pytest.mark.parametrize("failing", ["lint", "test", "run"])
def test_a_failure_anywhere_is_a_failure(machine, failing):
    (machine.checkout / "failing").write_text(failing, encoding="utf-8")
    assert machine.run().returncode != 0
    assert machine.log()[-1].startswith(f"make {failing} ")


def test_is_a_program():
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


@pytest.mark.parametrize("name", [".ci/run", "README.md"])
def test_the_readme_and_the_unattended_run_test_alike(name):
    assert "make test" in (ROOT / name).read_text(encoding="utf-8")
