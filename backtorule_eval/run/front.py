"""A cohort's front page from the claims that exist, and the list of all cohorts from what lies in outputs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from backtorule_eval.report.document.html import document_html
from backtorule_eval.report.document.model import Document, joined, title_of
from backtorule_eval.report.page import CohortState, Fact, Link, cohorts_page
from backtorule_eval.report.rendered import Rendered
from backtorule_eval.report.result import Answer, Result
from backtorule_eval.run.document import notebook_document

ANSWER = "answer"
WORDS = {
    "nb": {
        "as_of": "Data til og med {day}.",
        "all": "Alle evalueringer",
        "read": "Les hele svaret",
        "nothing": "Siden beskriver; den svarer ikke på spørsmålet med ett tall.",
        "state": "{n} notatbøker, ferdig {when}",
        "failed": "; stoppet siden: {names}",
        "problems": "; feil i dataene siden",
        "never": "ingen resultater ennå",
    },
    "en": {
        "as_of": "Data up to {day}.",
        "all": "All evaluations",
        "read": "Read the whole answer",
        "nothing": "This page describes; it does not answer with one number.",
        "state": "{n} notebooks, finished {when}",
        "failed": "; stopped since: {names}",
        "problems": "; errors in the data since",
        "never": "no results yet",
    },
}


def write_front_page(
    notebooks: Mapping[str, NotebookNode],
    rendered: Mapping[str, Rendered],
    folder: Path,
    *,
    about: Mapping[str, Any],
) -> None:
    """Write ``index.html`` of a cohort: each notebook's question, with the answer it published."""
    language = about["language"]
    documents = {name: notebook_document(notebook) for name, notebook in notebooks.items()}
    answers = tuple(_answer(name, title_of(d.blocks), rendered, language) for name, d in documents.items())
    limits = tuple(dict.fromkeys(c for _, r in sorted(rendered.items()) for c in r.cautions))
    document = Document(
        title=about["cohort_title"],
        language=language,
        blocks=joined((Result(key="answers", answers=answers, cautions=limits),)),
        banner=about["banner"],
        above=Link(href="../index.html", text=WORDS[language]["all"]),
        notes=tuple(about["notes"]),
        facts=tuple(Fact(name=name, value=value) for name, value in about["facts"]),
    )
    (folder / "index.html").write_text(document_html(document), encoding="utf-8")


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


def _answer(notebook: str, question: str, rendered: Mapping[str, Rendered], language: str) -> Answer:
    """Answer one notebook's question with the sentences it published under the name ``answer``."""
    answer = rendered.get(f"{notebook}/{ANSWER}")
    return Answer(
        question=question,
        sentences=answer.sentences if answer else (WORDS[language]["nothing"],),
        page=f"notebooks/{notebook}.html",
    )


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
