"""What a cohort was, and what was released of it, when its outputs are made and when they are released."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from backtorule_eval.cohort.cohort import Cohort
from backtorule_eval.disclosure.kept import Earlier, read_earlier
from backtorule_eval.errors import DataProblem
from backtorule_eval.run.cohort_run import CohortRun
from backtorule_eval.study.importing import import_cohort
from backtorule_eval.study.workspace import Workspace

RELEASES = "releases"


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """The persons of a run, and what was released of them before.

    Attributes
    ----------
    counts : bool
        Whether releases are kept; public data have nobody to protect.
    """

    cohort: Cohort
    earlier: Earlier
    counts: bool


def read_past(run: CohortRun, workspace: Workspace) -> Past:
    """Read what was released of a run's cohort before, and who is in it now.

    Raises
    ------
    DataProblem
        The data changed while the notebooks ran.
    DisclosureRefused
        The cohort was released before, and its history is missing or not in order.
    """
    cohort = import_cohort(run.file, study=run.study, workspace=workspace).cohort
    if cohort.content_hash != run.imported.content_hash:
        raise DataProblem(f"{run.file.cohort}: the data changed while the study ran. Run it again.")
    counts = not run.file.disclosure.public
    folder, history = releases_folder(workspace, run.file.cohort), history_file(run.study, run.file.cohort)
    earlier = read_earlier(folder, history, cohort=run.file.cohort) if counts else Earlier()
    return Past(cohort=cohort, earlier=earlier, counts=counts)


def releases_folder(workspace: Workspace, cohort: str) -> Path:
    """Return where the private halves of a cohort's releases are kept."""
    return workspace.private(RELEASES, cohort)


def history_file(study: Path, cohort: str) -> Path:
    """Return the file of what was released of a cohort, beside its study file."""
    return study.parent / f"{cohort}.releases.jsonl"
