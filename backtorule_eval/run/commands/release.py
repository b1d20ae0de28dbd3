"""`backtorule release COHORT`: check a cohort's outputs and put them into one zip that may leave."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from backtorule_eval.cohort.cohort import Cohort
from backtorule_eval.disclosure.kept import append
from backtorule_eval.errors import ParameterProblem
from backtorule_eval.run.bundle import checked_bundle, read_manifest, write_bundle
from backtorule_eval.run.past import history_file, releases_folder
from backtorule_eval.study.importing import import_cohort
from backtorule_eval.study.study_file import StudyFile, read_study_file
from backtorule_eval.study.workspace import Workspace, find_workspace

FOLDER = "releases"
# Where pseudonyms of people stand: participants, and those who work with them.
PSEUDONYMS = (("persons", "person"), ("persons", "counsellor"), ("contacts", "staff"))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("cohort", metavar="COHORT", help="name of the cohort, as under outputs/")
    parser.add_argument(
        "--to", type=Path, metavar="FOLDER", help=f"where to write the zip (default: outputs/{FOLDER})"
    )
    parser.add_argument(
        "--canary",
        action="append",
        default=[],
        metavar="TOKEN",
        help="a token that was planted in the data and must not be found; repeatable",
    )


def run(arguments: argparse.Namespace) -> int:
    """Check and write; a refusal writes nothing and ends with 4."""
    workspace = find_workspace()
    folder = workspace.outputs / arguments.cohort
    manifest = read_manifest(folder)
    file, path = _study_of(manifest, workspace)
    secrets = {*arguments.canary, *_pseudonyms(_cohort_of(manifest, file, path, workspace), file)}
    bundle = checked_bundle(folder, secrets=secrets)
    # Before anything is written: what may leave must be known to every later audit.
    told = _keep(manifest, file, path, workspace)
    place = (arguments.to or workspace.outputs / FOLDER) / f"{file.cohort}.zip"
    write_bundle(bundle, place)
    sys.stdout.write(
        f"{place}: {len(bundle.files)} files, the front page first. All passed the audit.\n{told}"
    )
    return 0


def _study_of(manifest: Mapping[str, Any], workspace: Workspace) -> tuple[StudyFile, Path]:
    """Return the study that the outputs were made of."""
    path = workspace.root / "params" / str(manifest["study"]["file"])
    return read_study_file(path), path


def _cohort_of(manifest: Mapping[str, Any], file: StudyFile, path: Path, workspace: Workspace) -> Cohort:
    """Return the cohort that the outputs were made of.

    Raises
    ------
    ParameterProblem
        The data have changed since.
    """
    cohort = import_cohort(file, study=path, workspace=workspace).cohort
    if cohort.content_hash != manifest["content"]:
        raise ParameterProblem(
            f"{file.cohort}: the data have changed since the outputs were made. Run the study again first: "
            f"backtorule run {path.relative_to(workspace.root)}"
        )
    return cohort


def _keep(manifest: Mapping[str, Any], file: StudyFile, path: Path, workspace: Workspace) -> str:
    """Append what leaves to the cohort's history; public data have none."""
    if file.disclosure.public:
        return ""
    history = history_file(path, file.cohort)
    release = append(
        releases_folder(workspace, file.cohort),
        history,
        cohort=file.cohort,
        plan=manifest["plan"],
        on=date.today(),
    )
    return (
        f"Release {release.number} of {file.cohort} is told of in {history}. "
        "Keep that file, and the folder .backtorule with it.\n"
    )


def _pseudonyms(cohort: Cohort, file: StudyFile) -> Iterator[str]:
    """Yield the pseudonyms of a cohort; public data have none that need protection."""
    if file.data == "public":
        return
    for table, column in PSEUDONYMS:
        if table in cohort.tables and column in cohort.tables[table]:
            yield from cohort.tables[table][column].dropna().astype(str).unique()
