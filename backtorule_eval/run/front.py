"""A cohort's front page from the claims that exist, and the list of all cohorts from what lies in outputs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from backtorule_eval.disclosure.released import Releasable, ShownEstimate, ShownFlow, ShownRefusal
from backtorule_eval.disclosure.rounding import Mark
from backtorule_eval.report.numbers import count, day
from backtorule_eval.report.page import (
    Answer,
    CohortState,
    Fact,
    Frame,
    Front,
    Link,
    cohorts_page,
    index_page,
)
from backtorule_eval.report.remarks import caution_sentence, refusal_sentence, rules_sentence
from backtorule_eval.report.wording import sentences
from backtorule_eval.run.notebook_page import BANNERS, title_of
from backtorule_eval.study.study_file import StudyFile

SENTENCE = "sentence"
WORDS = {
    "nb": {
        "people": "{n} personer.",
        "as_of": "Data til og med {day}.",
        "read": "Les hele svaret",
        "nothing": "Siden beskriver; den svarer ikke på spørsmålet med ett tall.",
        "state": "{n} notatbøker, ferdig {when}",
        "failed": "; stoppet siden: {names}",
        "problems": "; feil i dataene siden",
        "never": "ingen resultater ennå",
    },
    "en": {
        "people": "{n} persons.",
        "as_of": "Data up to {day}.",
        "read": "Read the whole answer",
        "nothing": "This page describes; it does not answer with one number.",
        "state": "{n} notebooks, finished {when}",
        "failed": "; stopped since: {names}",
        "problems": "; errors in the data since",
        "never": "no results yet",
    },
}


def write_front_page(
    file: StudyFile, releasables: Mapping[str, Releasable], folder: Path, *, facts: Sequence[Fact]
) -> None:
    """Write ``index.html`` of a cohort: each notebook's question with the sentences it published."""
    language, title = file.language, getattr(file.title, file.language)
    pages = {p.stem: nbformat.read(p, as_version=4) for p in sorted((folder / "notebooks").glob("*.ipynb"))}
    front = Front(
        title=title,
        lead=" ".join(_lead(file, releasables)),
        banner=BANNERS[file.data][language],
        answers=[_answer(name, page, releasables, language) for name, page in pages.items()],
        limits=list(_limits(releasables, language)),
    )
    frame = Frame(
        title=title,
        language=language,
        above=Link(href="../index.html", text={"nb": "Alle evalueringer", "en": "All evaluations"}[language]),
        notes=(rules_sentence(file.disclosure, language),),
        facts=facts,
    )
    (folder / "index.html").write_text(index_page(front, frame=frame), encoding="utf-8")


def write_cohort_list(outputs: Path) -> None:
    """Write ``outputs/index.html`` from the manifests, the failures and the lists of problems that lie there."""
    names = {p.parent.name for p in outputs.glob("*/manifest.json")}
    names |= {p.name for p in outputs.glob(".failed/*") if p.is_dir()}
    states = [_state(outputs, name) for name in sorted(names)]
    languages = {language for _, language in states}
    language = "en" if languages == {"en"} else "nb"
    beside = outputs / ".index.html.part"
    beside.write_text(cohorts_page([state for state, _ in states], language=language), encoding="utf-8")
    beside.replace(outputs / "index.html")


def _lead(file: StudyFile, releasables: Mapping[str, Releasable]) -> Iterator[str]:
    """Yield who the page is about: how many, as released, and until when."""
    words = WORDS[file.language]
    flows = [t for r in releasables.values() for t in r.things if isinstance(t, ShownFlow)]
    if flows and not isinstance(flows[0].steps[-1].n, Mark):
        yield words["people"].format(n=count(flows[0].steps[-1].n, file.language))
    if file.as_of:
        yield words["as_of"].format(day=day(file.as_of, file.language))


def _answer(name: str, page: NotebookNode, releasables: Mapping[str, Releasable], language: str) -> Answer:
    """Answer one notebook's question with what it published as sentences."""
    told = [
        s for r in _published(releasables, name) if r.view == SENTENCE for s in _sentences(r, language)
    ]
    return Answer(
        question=title_of(page),
        sentences=list(dict.fromkeys(told)) or [WORDS[language]["nothing"]],
        link=Link(href=f"notebooks/{name}.html", text=WORDS[language]["read"]),
    )


def _published(releasables: Mapping[str, Releasable], notebook: str) -> list[Releasable]:
    """Return what one notebook shows, in the order of its keys."""
    return [r for key, r in sorted(releasables.items()) if key.split("/")[0] == notebook]


def _sentences(releasable: Releasable, language: str) -> Iterator[str]:
    """Yield the sentences of a claim: of its estimates, or of its refusals."""
    yield from sentences(releasable, language)
    for thing in releasable.things:
        if isinstance(thing, ShownRefusal):
            yield refusal_sentence(thing, language)


def _limits(releasables: Mapping[str, Releasable], language: str) -> Iterator[str]:
    """Yield every caution that any estimate carries, once."""
    estimates = [t for r in releasables.values() for t in r.things if isinstance(t, ShownEstimate)]
    for caution in sorted({c for e in estimates for c in e.cautions}):
        yield caution_sentence(caution, language)


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
