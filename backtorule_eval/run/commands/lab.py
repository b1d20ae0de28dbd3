"""`backtorule lab`: open JupyterLab on the notebooks of this workspace."""

from __future__ import annotations

import argparse
import subprocess
import sys

from backtorule_eval.run.kernel import fix_environment
from backtorule_eval.study.workspace import find_workspace


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--no-browser", action="store_true", help="start the server, open no browser")


def run(arguments: argparse.Namespace) -> int:
    """Start JupyterLab in the workspace's root and return its exit code."""
    fix_environment({})
    command = [sys.executable, "-m", "jupyterlab", str(find_workspace().notebooks)]
    if arguments.no_browser:
        command.append("--no-browser")
    return subprocess.call(command)
