"""A fault of the program itself: its message can hold anything, so it is kept and not shown."""

from __future__ import annotations

import hashlib
import traceback
from pathlib import Path

from backtorule_eval.errors import ParameterProblem
from backtorule_eval.study.workspace import find_workspace

FOLDER = "faults"


def tell_fault(fault: Exception) -> str:
    """Say what kind of fault it was and where in the program, and keep the rest in the private store."""
    kept = _keep("".join(traceback.format_exception(fault)))
    last = traceback.extract_tb(fault.__traceback__)[-1]
    place = f"{Path(last.filename).name}, line {last.lineno}"
    where = f"is kept in {kept} alone" if kept else "is not shown"
    return (
        f"a fault of the program itself: {type(fault).__name__} in {place}. Its message can hold data about "
        f"persons and {where}. Please report the kind and the place."
    )


def _keep(text: str) -> Path | None:
    """Write a traceback where only its owner reads it; None outside a project."""
    try:
        folder = find_workspace().private(FOLDER)
    except (ParameterProblem, OSError):
        return None
    path = folder / f"{hashlib.sha256(text.encode()).hexdigest()[:12]}.txt"
    path.write_text(text, encoding="utf-8")
    return path
