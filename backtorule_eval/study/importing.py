"""From a study file to its cohort: where the source lies, and the rules that come from above."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from backtorule_eval.cohort.build import load_or_build
from backtorule_eval.cohort.imported import Imported, ImportReport
from backtorule_eval.cohort.source import SiteSource, code_version
from backtorule_eval.cohort.store import load_cohort
from backtorule_eval.errors import ParameterProblem
from backtorule_eval.measures.survey_rules import survey_rules
from backtorule_eval.study.study_file import Demo, StudyFile, expand
from backtorule_eval.study.workspace import CONTENT, Workspace
from backtorule_eval.synthetic import write_site


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedStudy:
    """What a run needs to know of an import; the cohort itself is opened again by each notebook."""

    content_hash: str
    report: ImportReport


def import_cohort(file: StudyFile, *, study: Path, workspace: Workspace) -> Imported:
    """Read, check and cache the cohort of a study, or take it from the cache.

    Raises
    ------
    DataProblem
        With every problem of every file.
    ParameterProblem
        The source's place or its mapping file is wrong.
    """
    content = os.environ.get(CONTENT)
    if file.source.database is not None and content:
        # All notebooks of a run see the state that the run imported, whatever the database holds by now.
        kept = load_cohort(store=workspace.store, key=content)
        if kept is not None:
            return kept
    return load_or_build(
        find_source(file, study=study, workspace=workspace),
        slug=file.cohort,
        as_of=file.as_of,
        store=workspace.store,
        rules=survey_rules(),
    )


def import_study(file: StudyFile, *, study: Path, workspace: Workspace) -> ImportedStudy:
    """Import a study's cohort before its notebooks run, so that bad data stop before a kernel starts."""
    imported = import_cohort(file, study=study, workspace=workspace)
    return ImportedStudy(content_hash=imported.cohort.content_hash, report=imported.report)


def find_source(file: StudyFile, *, study: Path, workspace: Workspace) -> SiteSource:
    """Return where a study's raw data lie; an embedded demo is generated on first use."""
    source, beside = file.source, study.parent
    mapping = beside / source.mapping if source.mapping else None
    if source.demo is not None:
        folder = demo_folder(source.demo, workspace=workspace)
        return SiteSource(folder=folder, mapping=folder / "mapping.yaml")
    if source.folder is not None:
        return SiteSource(folder=beside / expand(source.folder, study=study.name), mapping=mapping)
    if source.database is not None:
        return SiteSource(database=expand(source.database, study=study.name), mapping=mapping)
    if source.parquet is not None:
        return SiteSource(parquet=beside / expand(source.parquet, study=study.name))
    raise ParameterProblem(f"{study.name}: source names no place.")


def demo_folder(demo: Demo, *, workspace: Workspace) -> Path:
    """Return the folder of an embedded demo's raw files, written whole on first use."""
    wanted = json.dumps([demo.model_dump(), code_version()])
    shelf = workspace.private("demo")
    folder = shelf / hashlib.sha256(wanted.encode()).hexdigest()[:16]
    if folder.is_dir():
        return folder
    # Two kernels may want it at once: each writes its own and the first to finish gives it its name.
    with tempfile.TemporaryDirectory(dir=shelf) as beside:
        site = Path(beside) / "site"
        write_site(site, people=demo.people, seed=demo.seed, language=demo.language, design=demo.design)
        with suppress(OSError):
            site.rename(folder)
    return folder
