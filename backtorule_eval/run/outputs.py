"""A cohort's outputs: one audit of all claims, one rendering of all pages, put in place as a whole."""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from backtorule_eval.disclosure.audit import apply
from backtorule_eval.disclosure.claim import Claim, digest
from backtorule_eval.disclosure.kept import keep_candidate
from backtorule_eval.disclosure.plan import Plan, ledger_to_json, plan_digest
from backtorule_eval.disclosure.released import Releasable
from backtorule_eval.disclosure.standing import Standing, audit_after, to_keep
from backtorule_eval.report.document.html import document_html
from backtorule_eval.report.document.model import Document
from backtorule_eval.report.document.typst_pdf import document_pdf
from backtorule_eval.report.document.word import document_docx
from backtorule_eval.report.findings import Question
from backtorule_eval.report.remarks import rules_sentence, stands_sentence
from backtorule_eval.report.views import Rendered, render
from backtorule_eval.run.cohort_run import CohortRun
from backtorule_eval.run.document import about_shared, notebook_document
from backtorule_eval.run.front import front_page, write_cohort_list
from backtorule_eval.run.job import EXECUTED, Job
from backtorule_eval.run.log import RunLog
from backtorule_eval.run.manifest import manifest, provenance
from backtorule_eval.run.past import Past, read_past, releases_folder
from backtorule_eval.run.render import Material, shared_notebook
from backtorule_eval.run.result_files import write_estimates, write_figures, write_tables
from backtorule_eval.run.swap import swap_in
from backtorule_eval.study.claims import ClaimStore
from backtorule_eval.study.findings import FINDINGS, questions_of
from backtorule_eval.study.study_file import StudyFile
from backtorule_eval.study.workspace import CLAIMS, Workspace

PDF, WORD = "pdf", "docx"


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """All claims of a cohort under one plan.

    Attributes
    ----------
    releasables, rendered, digests : mapping of claim key
        What may be seen, how it looks, and the claim of the notebook that it stands for.
    """

    standing: Standing
    releasables: Mapping[str, Releasable]
    rendered: Mapping[str, Rendered]
    digests: Mapping[str, str]

    @property
    def plan(self) -> Plan:
        """The one plan."""
        return self.standing.plan


def write_outputs(run: CohortRun, *, workspace: Workspace, log: RunLog) -> Path:
    """Audit, render and put in place everything a cohort shows; return its front page.

    Built beside the old outputs and swapped in whole: a reader sees the old state or the new one.

    Raises
    ------
    DisclosureRefused
        The audit refuses, or an output does not belong to an audited claim.
    """
    past = read_past(run, workspace)
    audited = audit_jobs(run.jobs, file=run.file, past=past)
    building = workspace.outputs / f".{run.file.cohort}.new"
    shutil.rmtree(building, ignore_errors=True)
    (building / "notebooks").mkdir(parents=True)
    about = about_shared(
        run.file,
        plan=plan_digest(audited.plan),
        facts=provenance(run, plan=audited.plan),
        notes=_notes(audited.standing, run.file.language),
    )
    material = Material(
        file=run.file,
        rendered=audited.rendered,
        digests=audited.digests,
        questions=_questions(run, workspace),
        about=about,
    )
    notebooks = {job.notebook: shared_notebook(_executed(job), material) for job in run.jobs}
    for name, notebook in notebooks.items():
        _write_notebook(notebook, building / "notebooks" / f"{name}.ipynb", formats=run.file.formats)
    write_tables(audited.rendered, building / "tables", formats=run.file.formats)
    write_figures(audited.rendered, building / "figures")
    write_estimates(audited.releasables, building / "estimates.csv")
    (building / "ledger.json").write_text(ledger_to_json(audited.plan), encoding="utf-8")
    front = front_page(notebooks.get(FINDINGS), material)
    _write_findings(front, building, formats=run.file.formats)
    log.event(run.file.cohort, "outputs", claims=len(audited.plan.claims), plan=plan_digest(audited.plan))
    _write_manifest(run, audited, building)
    log.write(run.file.cohort, building / "run.log.jsonl")
    if past.counts:
        kept = to_keep(audited.standing, cohort=past.cohort, earlier=past.earlier)
        keep_candidate(kept, releases_folder(workspace, run.file.cohort))
    swap_in(building, workspace.outputs / run.file.cohort)
    _forget_failures(workspace, run.file.cohort)
    write_cohort_list(workspace.outputs)
    return workspace.outputs / run.file.cohort / "index.html"


def _write_notebook(notebook: NotebookNode, path: Path, *, formats: Collection[str]) -> None:
    """Write a notebook, its page, and what else is asked for; the findings are the cohort's own page."""
    path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")
    if path.stem == FINDINGS:
        return
    document = notebook_document(notebook)
    path.with_suffix(".html").write_text(document_html(document), encoding="utf-8")
    if PDF in formats:
        path.with_suffix(".pdf").write_bytes(document_pdf(document))


def _write_findings(document: Document, folder: Path, *, formats: Collection[str]) -> None:
    """Write what is shared of a cohort: its front page, and the same in the other formats asked for."""
    (folder / "index.html").write_text(document_html(document), encoding="utf-8")
    if PDF in formats:
        (folder / "findings.pdf").write_bytes(document_pdf(document))
    if WORD in formats:
        (folder / "findings.docx").write_bytes(document_docx(document))


def _executed(job: Job) -> NotebookNode:
    """Return a job's notebook as papermill left it."""
    executed: NotebookNode = nbformat.read(Path(job.folder) / EXECUTED, as_version=4)
    return executed


def _questions(run: CohortRun, workspace: Workspace) -> tuple[Question, ...]:
    """Return what the notebooks of a run ask; the findings ask nothing of their own."""
    names = [job.notebook for job in run.jobs if job.notebook != FINDINGS]
    return questions_of(names, workspace=workspace, language=run.file.language)


def _notes(standing: Standing, language: str) -> tuple[str, ...]:
    """Say on every page which rules it passed, and whose figures it shows if they are not new."""
    rules = rules_sentence(standing.plan.rules, language)
    if standing.stands is None:
        return (rules,)
    return rules, stands_sentence(standing.stands.date, language)


def audit_jobs(jobs: Sequence[Job], *, file: StudyFile, past: Past) -> Audited:
    """Make one plan for everything that all notebooks of a cohort claim, and apply it."""
    claims: list[Claim] = []
    for job in jobs:
        claims += ClaimStore(folder=Path(job.folder) / CLAIMS).read()
    standing = audit_after(claims, file.disclosure, cohort=past.cohort, earlier=past.earlier)
    releasables = {claim.key: apply(claim, standing.plan) for claim in standing.claims}
    return Audited(
        standing=standing,
        releasables=releasables,
        rendered={key: render(r, file.language) for key, r in releasables.items()},
        digests={claim.key: digest(claim) for claim in claims},
    )


def _write_manifest(run: CohortRun, audited: Audited, folder: Path) -> None:
    """Write the one file that holds times."""
    content = manifest(run, plan=audited.plan, folder=folder)
    text = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")


def _forget_failures(workspace: Workspace, cohort: str) -> None:
    """Remove what told of an earlier failure: the cohort is through now."""
    shutil.rmtree(workspace.outputs / ".failed" / cohort, ignore_errors=True)
    (workspace.outputs / ".checks" / f"{cohort}.html").unlink(missing_ok=True)
