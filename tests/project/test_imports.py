"""Importing costs nothing, and what a person types first answers at once."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

# Prints the top-level names loaded by a piece of code, beyond those of the bare interpreter.
LOADED = """
import sys
before = set(sys.modules)
try:
    {code}
except SystemExit as stop:
    code = stop.code or 0
else:
    code = 0
names = {{name.partition(".")[0] for name in set(sys.modules) - before}}
print("LOADED", *sorted(names - set(sys.stdlib_module_names) - {{"backtorule_eval", "__mp_main__"}}))
sys.exit(code)
"""
COMMAND_LINE = find_spec("backtorule_eval.run.cli") is not None


def loaded_by(code: str, *argv: str, folder: Path) -> list[str]:
    """Libraries a new interpreter has loaded after this code."""
    command = [sys.executable, "-c", LOADED.format(code=code), *argv]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return next(line for line in done.stdout.splitlines() if line.startswith("LOADED")).split()[1:]


def test_importing_the_package_loads_no_library(tmp_path):
    assert loaded_by("import backtorule_eval", folder=tmp_path) == []


def test_a_loaded_library_is_seen(tmp_path):
    assert "yaml" in loaded_by("import yaml", folder=tmp_path)


@pytest.mark.skipif(not COMMAND_LINE, reason="the command line is not written yet")
@pytest.mark.parametrize("argv", [["--help"], ["status"]], ids=" ".join)
def test_first_commands_load_the_standard_library_only(tmp_path, argv):
    code = "from backtorule_eval.run.cli import main; sys.exit(main())"
    assert loaded_by(code, *argv, folder=tmp_path) == []
