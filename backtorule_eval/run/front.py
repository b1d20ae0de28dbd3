"""A cohort's front page from the claims that exist, and the list of all cohorts from what lies in outputs."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from nbformat import NotebookNode

from backtorule_eval.report.document.model import Document, joined
from backtorule_eval.report.page import CohortState, Fact, Link, cohorts_page
from backtorule_eval.run.document import notebook_document
from backtorule_eval.run.render import Material
from backtorule_eval.study.findings import show_answers

WORDS = {
    "nb": {
        "all": "Alle evalueringer",
        "state": "{n} notatbøker, ferdig {when}",
        "failed": "; stoppet siden: {names}",
        "problems": "; feil i dataene siden",
        "never": "ingen resultater ennå",
    },
    "en": {
        "all": "All evaluations",
        "state": "{n} notebooks, finished {when}",
        "failed": "; stopped since: {names}",
        "problems": "; errors in the data since",
        "never": "no results yet",
    },
}


def front_page(findings: NotebookNode | None, material: Material) -> Document:
    """Return a cohort's front page: the notebook of findings, or the table of answers alone without it.

    Links lead from the cohort's folder: up to the list of all cohorts, and down to the notebooks' pages.
    """
    language, about = material.file.language, material.about
    pages = tuple(Link(href=f"notebooks/{q.notebook}.html", text=q.title) for q in material.questions)
    around = Link(href="../index.html", text=WORDS[language]["all"])
    if findings is not None:
        return replace(notebook_document(findings), above=around, pages=pages)
    shown = show_answers(material.questions, material.rendered, material.file)
    return Document(
        title=about["cohort_title"],
        language=language,
        blocks=joined((shown.result,)),
        banner=about["banner"],
        above=around,
        pages=pages,
        notes=tuple(about["notes"]),
        facts=tuple(Fact(name=name, value=value) for name, value in about["facts"]),
    )


def write_cohort_list(outputs: Path) -> None:
    """Write ``outputs/index.html`` from the manifests, failures and lists of problems that lie there."""
    names = {p.parent.name for p in outputs.glob("*/manifest.json")}
    names |= {p.name for p in outputs.glob(".failed/*") if p.is_dir()}
    states = [_state(outputs, name) for name in sorted(names)]
    languages = {language for _, language in states}
    language = "en" if languages == {"en"} else "nb"
    beside = outputs / ".index.html.part"
    beside.write_text(cohorts_page([state for state, _ in states], language=language), encoding="utf-8")
    beside.replace(outputs / "index.html")


def _state(outputs: Path, cohort: str) -> tuple[CohortState, str]:
    """Describe one cohort for the list, and tell its language."""
    path = outputs / cohort / "manifest.json"
    made = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    language = made.get("language", "nb")
    words = WORDS[language]
    failed = sorted(p.stem for p in (outputs / ".failed" / cohort).glob("*.ipynb"))
    when = made.get("finished", "")[:10]
    state = words["state"].format(n=len(made.get("notebooks", {})), when=when) if made else words["never"]
    state += words["failed"].format(names=", ".join(failed)) if failed else ""
    state += words["problems"] if (outputs / ".checks" / f"{cohort}.html").is_file() else ""
    title = made.get("title", {}).get(language, cohort)
    return CohortState(title=title, href=f"{cohort}/index.html" if made else "", state=state), language
