"""`backtorule new FOLDER`: a student's own working copy of the notebooks, in one language."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from pathlib import Path
from typing import Any

from backtorule_eval.errors import ParameterProblem
from backtorule_eval.study.workspace import find_workspace

IGNORED = "outputs/\n.backtorule/\n.ipynb_checkpoints/\n"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("folder", metavar="FOLDER", help="a folder that does not exist yet, or is empty")
    parser.add_argument(
        "--language", choices=("nb", "en"), default="nb", help="language of the notebooks' prose"
    )


def run(arguments: argparse.Namespace) -> int:
    """Copy notebooks and study files; nothing is asked."""
    source, folder = find_workspace(), Path(arguments.folder)
    if folder.exists() and any(folder.iterdir()):
        raise ParameterProblem(
            f"{folder} is not empty. Name a new folder, so that nothing of yours is overwritten."
        )
    (folder / "notebooks").mkdir(parents=True, exist_ok=True)
    for notebook in sorted(source.notebooks.glob("[0-9][0-9]_*.ipynb")):
        text = json.dumps(in_one_language(_read(notebook), arguments.language), ensure_ascii=False, indent=1)
        (folder / "notebooks" / notebook.name).write_text(text + "\n", encoding="utf-8")
    shutil.copytree(source.root / "params", folder / "params")
    (folder / ".gitignore").write_text(IGNORED, encoding="utf-8")
    sys.stdout.write(f"{folder} is ready. Next: cd {folder} and backtorule run params/demo.yaml\n")
    return 0


def in_one_language(notebook: dict[str, Any], language: str) -> dict[str, Any]:
    """Return the notebook without the prose of the other language."""
    other = {"nb": "lang-en", "en": "lang-nb"}[language]
    kept = [c for c in notebook["cells"] if other not in c["metadata"].get("tags", [])]
    return {**notebook, "cells": kept}


def _read(notebook: Path) -> dict[str, Any]:
    """Read a notebook as it stands."""
    content: dict[str, Any] = json.loads(notebook.read_text(encoding="utf-8"))
    return content
