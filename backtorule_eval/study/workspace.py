"""Where things are: the folder that holds params/, and the private store beside it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from backtorule_eval.errors import ParameterProblem

PRIVATE = 0o700
# In a job's folder: the exact figures it wants to show.
CLAIMS = "claims"
# Set for the kernels of a run: the private folder of the job they execute.
JOB_FOLDER = "BACKTORULE_JOB_FOLDER"
# Set likewise for the notebook of findings: the claim folders of the notebooks before it, written like PATH.
EARLIER = "BACKTORULE_EARLIER_CLAIMS"
# Set likewise: the content hash of the cohort that the run imported, for sources that can change under way.
CONTENT = "BACKTORULE_CONTENT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """The project folder a study belongs to.

    Attributes
    ----------
    root : Path
        The folder that holds ``params/``; outputs and the private store lie in it.
    """

    root: Path

    @property
    def notebooks(self) -> Path:
        """The notebooks that are run."""
        return self.root / "notebooks"

    @property
    def outputs(self) -> Path:
        """What is shared; everything in it has passed an audit, or is a list of problems without values."""
        return self.root / "outputs"

    @property
    def store(self) -> Path:
        """The private store; made on first use, readable by its owner alone."""
        return private_folder(self.root / ".backtorule")

    def private(self, *parts: str) -> Path:
        """Return a folder of the private store, made if needed."""
        folder = self.store
        for part in parts:
            folder = private_folder(folder / part)
        return folder


def find_workspace(start: Path | None = None) -> Workspace:
    """Look upward from `start` (the working folder) for the folder that holds ``params/``."""
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / "params").is_dir():
            return Workspace(root=folder)
    raise ParameterProblem(
        f"No folder named params was found in {here} or above it. "
        "Start from the project's folder, or make one with: backtorule new FOLDER"
    )


def find_study(study: str, workspace: Workspace) -> Path:
    """Return the study file's path, given from the working folder or from the workspace's root."""
    for folder in (Path.cwd(), workspace.root):
        if (folder / study).is_file():
            return (folder / study).resolve()
    return (workspace.root / study).resolve()


def private_folder(folder: Path) -> Path:
    """Make a folder that only its owner can read; it holds exact figures and tracebacks."""
    folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    if os.name == "posix" and folder.stat().st_mode & 0o077:
        folder.chmod(PRIVATE)
    return folder
