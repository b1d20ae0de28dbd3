"""A missing program is a skip that names it; where it is required, a failure."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import requirements
from tests.requirements import REQUIREMENTS, find_data, missing, required_markers

ROOT = Path(__file__).parents[2]
PROBE = """
import pytest

@pytest.mark.data
def test_probe(): pass
"""


def run_probe(folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """A one-test suite that needs the data files, with this project's hooks and settings."""
    (folder / "test_probe.py").write_text(PROBE, encoding="utf-8")
    hooks = (
        "from tests.conftest import pytest_collection_modifyitems, pytest_configure, pytest_runtest_setup\n"
    )
    (folder / "conftest.py").write_text(hooks, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-c", ROOT / "pyproject.toml", "--rootdir", folder]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BACKTORULE_")}
    return subprocess.run(
        [*command, "-p", "no:cacheprovider", "-rs", folder],
        env=kept | {"PYTHONPATH": str(ROOT)} | environ,
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_is_missing_is_skipped_by_name(tmp_path):
    done = run_probe(tmp_path)
    assert "1 skipped" in done.stdout
    assert "test_probe needs the data files (folder BACKTORULE_DATA)" in done.stdout
    assert done.returncode == 0


def test_what_is_required_and_missing_fails(tmp_path):
    done = run_probe(tmp_path, BACKTORULE_REQUIRE="data")
    assert "BACKTORULE_REQUIRE says that this machine has the data files" in done.stdout
    assert done.returncode == 1


def test_what_is_required_and_there_runs(tmp_path):
    done = run_probe(tmp_path, BACKTORULE_REQUIRE="data", BACKTORULE_DATA=str(tmp_path))
    assert "1 passed" in done.stdout


def test_an_unknown_requirement_stops_the_suite(tmp_path):
    done = run_probe(tmp_path, BACKTORULE_REQUIRE="data,postgre")
    assert "BACKTORULE_REQUIRE names ['postgre']" in done.stderr
    assert done.returncode == pytest.ExitCode.USAGE_ERROR


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ("", set()),
        (",", set()),
        ("postgres", {"postgres"}),
        (" postgres , chromium,", {"postgres", "chromium"}),
    ],
)
def test_required_markers_reads_a_comma_separated_list(listed, expected):
    assert required_markers({"BACKTORULE_REQUIRE": listed}) == expected


def test_required_markers_refuses_an_unknown_name():
    with pytest.raises(ValueError, match=r"names \['postgre'\]; a test can require \['axe', 'chromium'"):
        required_markers({"BACKTORULE_REQUIRE": "postgre"})


def test_every_requirement_is_a_declared_marker(pytestconfig):
    declared = {line.partition(":")[0] for line in pytestconfig.getini("markers")}
    assert declared >= REQUIREMENTS.keys()


def test_markers_that_require_nothing_are_passed_over():
    assert missing(["slow", "parametrize"]) == []


def test_a_data_folder_that_does_not_exist_is_missing(monkeypatch, tmp_path):
    monkeypatch.setenv("BACKTORULE_DATA", str(tmp_path / "nowhere"))
    assert find_data() is None


def test_a_program_is_found_on_path_before_elsewhere(monkeypatch, tmp_path):
    here, elsewhere = tmp_path / "here", tmp_path / "elsewhere"
    for folder in (here, elsewhere):
        folder.mkdir()
        (folder / "prog").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(here))
    assert requirements.find_program("prog", elsewhere=[elsewhere / "prog"]) == here / "prog"
    assert requirements.find_program("gone", elsewhere=[elsewhere / "prog"]) == elsewhere / "prog"
    assert requirements.find_program("gone", elsewhere=[elsewhere / "gone"]) is None


@pytest.mark.parametrize(("version", "number"), [("9", 9), ("17", 17), ("snapshot", 0)])
def test_postgresql_versions_sort_as_numbers(version, number):
    assert requirements.version_of(Path(f"/usr/lib/postgresql/{version}/bin/initdb")) == number
