"""`backtorule doctor`: what is missing on this machine, and what to do about it. Standard library only."""

from __future__ import annotations

import argparse
import importlib.util
import os
import platform
import sys
from pathlib import Path

NEEDED = (
    "pandas",
    "duckdb",
    "papermill",
    "nbconvert",
    "ipykernel",
    "matplotlib",
    "pydantic",
    "babel",
    "mistune",
    "typst",
    "pikepdf",
)
OPTIONAL = {"psycopg": "PostgreSQL as a source: pip install 'backtorule-eval[sql]'"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare no options."""


def run(arguments: argparse.Namespace) -> int:
    """Tell what was found; exit code 1 when something needed is missing."""
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    lines = [f"Python {platform.python_version()} on {platform.system()}: ok"]
    lines += [f"{name}: MISSING. Install again: make clean, then make run" for name in missing]
    lines += [
        f"{n}: not installed ({why})" for n, why in OPTIONAL.items() if importlib.util.find_spec(n) is None
    ]
    lines.append(_data())
    lines.append(_writable(Path.cwd()))
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if missing else 0


def _data() -> str:
    """Tell whether the folder of the public data sets is set."""
    folder = os.environ.get("BACKTORULE_DATA")
    if not folder:
        return "BACKTORULE_DATA: not set (only studies of the public data sets need it; see docs/data.md)"
    return f"BACKTORULE_DATA: {'ok' if Path(folder).is_dir() else 'set, but there is no such folder'}"


def _writable(folder: Path) -> str:
    """Tell whether outputs can be written here."""
    return f"Working folder: {'writable' if os.access(folder, os.W_OK) else 'NOT writable, so no outputs'}"
