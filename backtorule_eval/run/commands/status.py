"""`backtorule status`: which outputs exist, from when, and what failed since. Standard library only."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from backtorule_eval.errors import ParameterProblem


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--json", action="store_true", help="one JSON object per cohort, for a scheduler")


def run(arguments: argparse.Namespace) -> int:
    """Tell the state of every cohort that has outputs, a failed notebook or a list of problems."""
    outputs = _outputs(Path.cwd())
    states = [_state(outputs, name) for name in sorted(set(_names(outputs)))]
    for state in states:
        line = json.dumps(state, ensure_ascii=False) if arguments.json else _line(state)
        sys.stdout.write(f"{line}\n")
    if not states and not arguments.json:
        sys.stdout.write("No outputs yet. Make some with: backtorule run params/demo.yaml\n")
    return 0


def _outputs(start: Path) -> Path:
    """Return the outputs folder beside the params folder, looking upward."""
    for folder in (start, *start.parents):
        if (folder / "params").is_dir():
            return folder / "outputs"
    raise ParameterProblem("No folder named params was found here or above. Start from the project's folder.")


def _names(outputs: Path) -> Iterator[str]:
    """Yield the names of all cohorts that left something."""
    yield from (p.parent.name for p in outputs.glob("*/manifest.json"))
    yield from (p.name for p in outputs.glob(".failed/*") if p.is_dir())
    yield from (p.stem for p in outputs.glob(".checks/*.html"))


def _state(outputs: Path, cohort: str) -> dict[str, object]:
    """Describe one cohort."""
    manifest = outputs / cohort / "manifest.json"
    made = json.loads(manifest.read_text(encoding="utf-8")) if manifest.is_file() else {}
    failed = sorted(p.stem for p in (outputs / ".failed" / cohort).glob("*.ipynb"))
    problems = outputs / ".checks" / f"{cohort}.html"
    return {
        "cohort": cohort,
        "finished": made.get("finished"),
        "notebooks": sorted(made.get("notebooks", {})),
        "failed": failed,
        "data_problems": str(problems) if problems.is_file() else None,
    }


def _line(state: dict[str, object]) -> str:
    """Describe one cohort in a line."""
    parts = [f"{state['cohort']}:"]
    notebooks = state["notebooks"]
    if state["finished"] and isinstance(notebooks, list):
        parts.append(f"{len(notebooks)} notebooks, finished {state['finished']}")
    else:
        parts.append("no outputs")
    if state["failed"] and isinstance(state["failed"], list):
        parts.append(f"| failed since: {', '.join(state['failed'])}")
    if state["data_problems"]:
        parts.append(f"| data problems: {state['data_problems']}")
    return " ".join(parts)
