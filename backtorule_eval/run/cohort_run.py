"""One cohort whose notebooks are through, on its way from the private store to its outputs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from backtorule_eval.run.job import Job
from backtorule_eval.study.importing import ImportedStudy
from backtorule_eval.study.study_file import StudyFile


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortRun:
    """One cohort whose notebooks are through."""

    file: StudyFile
    study: Path
    imported: ImportedStudy
    jobs: tuple[Job, ...]
