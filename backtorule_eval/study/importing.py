"""From a study file to its cohort: where the source lies, and the rules that come from above the cohort room."""

from __future__ import annotations

from pathlib import Path

from backtorule_eval.cohort.build import Imported, load_or_build
from backtorule_eval.study.study_file import StudyFile, expand
from backtorule_eval.study.workspace import Workspace
