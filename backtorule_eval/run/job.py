"""One job is one notebook for one cohort: its key, its private folder, and whether it is finished."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from backtorule_eval.cohort.source import code_version
from backtorule_eval.study.study_file import StudyFile

EXECUTED = "executed.ipynb"
FAILED = "failed.ipynb"
DONE = "done.json"
# What changes numbers or pages when its version changes.
VERSIONED = (
    "backtorule-eval",
    "numpy",
    "scipy",
    "pandas",
    "statsmodels",
    "matplotlib",
    "duckdb",
    "papermill",
    "nbconvert",
    "Babel",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One notebook to be executed for one cohort.

    Attributes
    ----------
    key : str
        Hash of everything the result depends on: data, study, notebook, parameters, code, versions.
    folder : str
        The job's folder in the private store; paths are text so that a job travels between processes.
    """

    cohort: str
    notebook: str
    source: str
    root: str
    folder: str
    key: str
    parameters: Mapping[str, Any]

    @property
    def finished(self) -> bool:
        """Tell whether this very job was finished before."""
        return (Path(self.folder) / DONE).is_file()


def make_job(  # noqa: PLR0913 - one argument per thing the key is made of
    *, file: StudyFile, study: str, notebook: Path, parameters: Mapping[str, Any], data_key: str, store: Path
) -> Job:
    """Make a job and its key."""
    source = notebook.read_bytes()
    parts = {
        "data": data_key,
        "study": file.model_dump(mode="json", exclude={"disclosure", "formats", "notebooks"}),
        "notebook": hashlib.sha256(source).hexdigest(),
        "parameters": dict(parameters),
        "code": code_version(),
        "versions": versions(),
    }
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, default=str)
    key = hashlib.sha256(text.encode()).hexdigest()
    return Job(
        cohort=file.cohort,
        notebook=notebook.stem,
        source=str(notebook),
        root=str(notebook.parent.parent),
        folder=str(store / key[:32]),
        key=key,
        parameters={"study": study, **parameters},
    )


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


@cache
def versions() -> dict[str, str]:
    """Return the versions of what the numbers depend on."""
    return {name: metadata.version(name) for name in VERSIONED}
