"""What a job's key is made of: everything its result depends on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from backtorule_eval.cohort.source import code_version
from backtorule_eval.run.job import Job
from backtorule_eval.study.study_file import StudyFile
from backtorule_eval.study.workspace import CLAIMS

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


def make_job(  # noqa: PLR0913 - one argument per thing the key is made of
    *,
    file: StudyFile,
    study: str,
    notebook: Path,
    parameters: Mapping[str, Any],
    data_key: str,
    store: Path,
    earlier: Sequence[Job] = (),
) -> Job:
    """Make a job and its key; one that shows the claims of earlier jobs again depends on them."""
    source = notebook.read_bytes()
    parts = {
        "data": data_key,
        "study": file.model_dump(mode="json", exclude={"disclosure", "formats", "notebooks"}),
        "notebook": hashlib.sha256(source).hexdigest(),
        "parameters": dict(parameters),
        "code": code_version(),
        "versions": versions(),
        "earlier": [job.key for job in earlier],
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
        content=data_key,
        parameters={"study": study, **parameters},
        earlier=tuple(str(Path(job.folder) / CLAIMS) for job in earlier),
    )


@cache
def versions() -> dict[str, str]:
    """Return the versions of what the numbers depend on."""
    return {name: metadata.version(name) for name in VERSIONED}
