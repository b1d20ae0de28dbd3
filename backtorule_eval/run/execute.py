"""Execute one notebook with papermill; a broken one is saved before anyone is told."""

from __future__ import annotations

import os
import re
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
import papermill
from papermill.exceptions import PapermillExecutionError

from backtorule_eval import errors
from backtorule_eval.run.job import EXECUTED, FAILED, TRACEBACK, Job, mark_done, start_afresh
from backtorule_eval.run.kernel import fix_environment
from backtorule_eval.study.workspace import CONTENT, EARLIER, JOB_FOLDER

PACKAGE = Path(errors.__file__).resolve().parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Why and where a notebook stopped, without anything a participant gave.

    Attributes
    ----------
    cell : int or None
        Number of the failing cell among all cells, from 1; None when the kernel itself failed.
    kind : str
        Name of the exception's class.
    message : str
        The message of one of our own errors, which never holds a participant's value; "" for any other.
    exit_code : int
    """

    cell: int | None
    kind: str
    message: str
    exit_code: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a job."""

    job: Job
    seconds: float
    stop: Stop | None = None


def execute(job: Job) -> Outcome:
    """Execute one job in a kernel of its own and keep the result in the private store."""
    folder = start_afresh(job)
    earlier = os.pathsep.join(job.earlier)
    fix_environment({JOB_FOLDER: job.folder, CONTENT: job.content, EARLIER: earlier})
    os.chdir(job.root)
    began = time.monotonic()
    output = folder / EXECUTED
    try:
        papermill.execute_notebook(
            job.source,
            str(output),
            parameters=dict(job.parameters),
            engine_name="backtorule",
            progress_bar=False,
            log_output=False,
            cwd=job.root,
            start_timeout=120,
        )
    except PapermillExecutionError as problem:
        return _stopped(job, output, _stop_of(problem, output), began)
    except errors.EvaluationError as problem:
        stop = Stop(cell=None, kind=type(problem).__name__, message=str(problem), exit_code=problem.exit_code)
        return _stopped(job, output, stop, began)
    except Exception as problem:
        # A dead kernel, a full disk, a fault of ours: one notebook fails, and its message may hold anything.
        (folder / TRACEBACK).write_text(traceback.format_exc(), encoding="utf-8")
        return _stopped(
            job, output, Stop(cell=None, kind=type(problem).__name__, message="", exit_code=5), began
        )
    seconds = time.monotonic() - began
    mark_done(job, seconds=seconds)
    return Outcome(job=job, seconds=seconds)


def _stopped(job: Job, output: Path, stop: Stop, began: float) -> Outcome:
    """Keep the raw notebook, which can carry values, where only its owner reads it."""
    if output.exists():
        os.replace(output, output.with_name(FAILED))
    return Outcome(job=job, seconds=time.monotonic() - began, stop=stop)


def _stop_of(problem: PapermillExecutionError, output: Path) -> Stop:
    """Describe a failing cell; only messages that this package itself wrote are repeated."""
    ours = getattr(errors, problem.ename, None)
    is_ours = isinstance(ours, type) and issubclass(ours, errors.EvaluationError)
    is_ours = is_ours and _raised_here(problem.traceback)
    return Stop(
        cell=_failing_cell(output),
        kind=problem.ename,
        message=_plain(problem.evalue) if is_ours else "",
        exit_code=ours.exit_code if is_ours else errors.NotebookFailed.exit_code,  # type: ignore[union-attr]
    )


def _raised_here(told: Sequence[str]) -> bool:
    """Tell whether the innermost frame of a kernel's traceback lies in this package.

    A notebook can raise an error of our name with a participant's value in its message.
    """
    frames = re.findall(r"^(?:File (.+?):\d+|Cell In\[)", _plain("\n".join(told)), flags=re.MULTILINE)
    return bool(frames) and PACKAGE in Path(frames[-1]).parents


def _failing_cell(output: Path) -> int | None:
    """Return the number of the cell that holds the error, from 1, papermill's own cells not counted."""
    notebook = nbformat.read(output, as_version=4)
    cells = [c for c in notebook.cells if not is_papermills(c)]
    for number, cell in enumerate(cells, start=1):
        if any(o.output_type == "error" for o in cell.get("outputs", [])):
            return number
    return None


def is_papermills(cell: nbformat.NotebookNode) -> bool:
    """Tell whether papermill put this cell in: the values it injects, or its note on an error."""
    tags = set(cell.metadata.get("tags", []))
    return bool(tags & {"injected-parameters", "papermill-error-cell-tag"})


def _plain(text: str) -> str:
    """Take terminal colours out."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)
