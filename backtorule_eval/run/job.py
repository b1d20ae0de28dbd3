"""One job is one notebook for one cohort: its key, its private folder, and whether it is finished."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

EXECUTED = "executed.ipynb"
FAILED = "failed.ipynb"
TRACEBACK = "traceback.txt"
DONE = "done.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One notebook to be executed for one cohort.

    Attributes
    ----------
    key : str
        Hash of everything the result depends on: data, study, notebook, parameters, code, versions.
    content : str
        Content hash of the cohort the job is about.
    folder : str
        The job's folder in the private store; paths are text so that a job travels between processes.
    earlier : tuple of str
        Claim folders of the jobs that must be finished before; the findings show their claims again.
    """

    cohort: str
    notebook: str
    source: str
    root: str
    folder: str
    key: str
    content: str
    parameters: Mapping[str, Any]
    earlier: tuple[str, ...] = ()

    @property
    def finished(self) -> bool:
        """Tell whether this very job was finished before."""
        return (Path(self.folder) / DONE).is_file()


def start_afresh(job: Job) -> Path:
    """Empty a job's folder, so that nothing of an interrupted execution is taken for a result."""
    folder = Path(job.folder)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    return folder


def mark_done(job: Job, *, seconds: float) -> None:
    """Write the mark that makes a job finished; it is written last."""
    entry = {**asdict(job), "seconds": round(seconds, 3)}
    (Path(job.folder) / DONE).write_text(json.dumps(entry, ensure_ascii=False), encoding="utf-8")
