"""Whole pages to test and to look at: `python -m tests.report.pages FOLDER` writes them as files."""

from __future__ import annotations

import sys
from pathlib import Path

from backtorule_eval.disclosure.rules import PUBLIC
from backtorule_eval.report.document.html import document_html
from backtorule_eval.report.document.model import Code, Document, NotShown, joined
from backtorule_eval.report.formulas import load_formulas
from backtorule_eval.report.page import CohortState, Fact, Link, cohorts_page
from backtorule_eval.report.remarks import Certainty
from backtorule_eval.report.result import Answer, Result
from backtorule_eval.report.views import render
from tests.report.examples import (
    COMPARISON,
    FITTING,
    PROGRAMME,
    WEIGHTED,
    balance,
    by_group,
    calibration,
    choices,
    counts,
    curve,
    difference,
    flow,
    group_means,
    joint,
    joint_row,
    ladder,
    long_flow,
    looked_at,
    means,
    origin,
    quote,
    refusal,
    released,
    states,
    two_way,
    waves,
)

BANNER = "Oppdiktede data: ingen av personene i disse tallene finnes."
FACTS = (
    Fact(name="Datainnhold (SHA-256)", value="c44adc45ffc44124" * 4),
    Fact(name="Frø", value="20240801"),
)
PROSE = """# Ytre eller indre motivasjon: hva henger sammen med å slutte?

Elevene svarte da de gikk i niende klasse. Vi ser på hvem som sluttet på videregående de neste årene.

Dette er *observasjoner*: ingen fikk mer eller mindre interesse av oss. [Alle svar](../index.html)."""
TABLE = """## Hva henger sammen med å slutte?

| Trinn | Antall |
|---|---:|
| Ujustert | 4 |
"""
CODE = """study = open_study("params/demo.yaml")
ladder = motivation_ladder(study.cohort, plan=plan, scores=scores)"""


def notebook(language: str) -> Document:
    """A document with every view, few people and an output that is not shown."""

    def result(*things, **how):
        return render(released(*things, **how), language).result

    declared = dict(worthwhile=10.0, direction="up")
    blocks = (
        PROSE,
        Code(source=CODE),
        "## Hvem er med?",
        result(flow(), view="flow"),
        result(counts(31, 22, 0), counts(31, 19, 3), view="counts"),
        result(two_way(12, 18, 3, 9, 0, 0), view="counts"),
        TABLE,
        result(*ladder(), view="forest", rules=PUBLIC),
        NotShown(words="Ikke vist: resultatet gikk ikke gjennom publish."),
        "## Målinger",
        result(means(), view="means"),
        result(means(n=7), view="means"),
        "## Besto flere?",
        result(difference(18, 11, 25, causal=True), view="forest", **declared),
        result(difference(18, 11, 25, n=7, n_events=None, smallest_arm=None), view="forest"),
        result(difference(-4, -9, -1), view="estimate_table", **declared),
        "## Det vi ikke kan svare på",
        result(refusal(), refusal(reason="persons", needed=58.0, found=40.0), view="refusal"),
        render(looked_at(*ladder(), view="sentence"), language).result,
    )
    return document(
        language,
        *blocks,
        above=Link(href="../index.html", text="Back to Rule: et oppdiktet kull på 60"),
    )


def pictures(language: str) -> Document:
    """Every picture that the notebook above lacks: long words, few people, hidden figures."""

    def result(*things, **how):
        return render(released(*things, **how), language).result

    return document(
        language,
        "# Bilder",
        "## Fra data til analyse",
        result(long_flow(), view="flow"),
        result(long_flow(7, 3, 0), view="flow"),
        result(flow(), view="flow", rules=PUBLIC),
        "## Hvem er med?",
        result(by_group(12, 18, 16, 9, 3, 0), by_group(20, 7, 11, 20, of=origin()), view="baseline_counts"),
        result(by_group(12, 18, 16, 9, 3, 0), view="baseline_counts", rules=PUBLIC),
        result(*group_means(), view="baseline_means"),
        result(*group_means(7, 44), view="baseline_means", rules=PUBLIC),
    )


def document(language: str, *blocks, **given) -> Document:
    words = dict(title="Back to Rule – Nordstrand 2024", banner=BANNER, facts=FACTS)
    return Document(**words | given, language=language, blocks=joined(blocks))


def front(language: str) -> Document:
    """A cohort's front page: an answer, a description and a question that cannot be answered."""
    answer = render(released(*ladder(), view="forest", rules=PUBLIC), language)
    lacking = refusal(reason="smallest_cell", needed=20.0, model="interaction", found=3.0)
    answers = (
        Answer(
            question="Ytre eller indre motivasjon: hva henger sammen med å slutte?",
            sentences=answer.sentences,
            page="notebooks/05.html",
            certainty=Certainty.VERY_LOW,
        ),
        Answer(
            question="Hvem er med?",
            sentences=("Siden beskriver.",),
            page="notebooks/01.html",
            certainty=Certainty.DESCRIPTION,
        ),
        Answer(
            question="Betyr foreldrenes situasjon mindre?",
            sentences=render(released(lacking, view="refusal"), language).sentences,
        ),
    )
    return document(
        language,
        "# Back to Rule: hva vi vet etter to år\n\nNav Nordstrand, kull 2024. Fulgt til 30. juni 2026.",
        Result(key="answers", answers=answers, cautions=answer.cautions),
        above=Link(href="../index.html", text="Alle evalueringer"),
        pages=(Link(href="notebooks/05.html", text="Motivasjon"),),
    )


def formulas(language: str) -> Document:
    """Every formula of the catalogue, and a student's own: safe, too wide for a telephone, and refused."""
    shown = (f"## {f.name}\n\n$$\n{f.tex}\n$$\n\nI linjen: ${f.tex}$." for f in load_formulas().values())
    wide = "+".join("abcdefghijklmnopqrst")
    own = f"## Egne\n\n$0{{,}}05$, $\\frac12$ og $${wide}$$ og ${wide}$ og $\\href{{x}}{{y}}$."
    return document(language, "# Formler", *shown, own)


def empty(language: str) -> Document:
    """A document before anything has been run."""
    return document(language, banner="", facts=())


def cohorts(language: str) -> str:
    """The list of cohorts."""
    states = (
        CohortState(title="Nordstrand 2024", href="nordstrand-2024/index.html", state="2 notatbøker"),
        CohortState(title="HSLS:09", href="", state="ingen resultater ennå"),
    )
    return cohorts_page(states, language=language)


def no_cohorts(language: str) -> str:
    """The list before there is any cohort."""
    return cohorts_page((), language=language)


def over_time(language: str) -> Document:
    """Curves, states and calibration: of two groups, of one, of seven people, of few groups."""

    def result(*things, **how):
        return render(released(*things, **how), language).result

    return document(
        language,
        "# Når skjer det?",
        "## To grupper",
        result(curve(60, group=PROGRAMME), curve(75, 2, group=COMPARISON), view="curve"),
        "## Alle, i små tall",
        result(curve(24), view="curve"),
        "## Sju personer",
        result(curve(7), view="curve"),
        "## Hvor folk er",
        result(*states((40, 0, 12, 8, 0), (25, 7, 15, 8, 5), (11, 12, 14, 9, 14)), view="states"),
        result(*states((3, 1, 2, 1, 0)), view="states"),
        "## Over tid",
        result(*waves(55, 44, 38), view="waves"),
        result(*waves(24, 9), view="waves"),
        "## Hvor like er gruppene?",
        result(balance(*WEIGHTED, n_in={1: (14, 30), 4: (38, 50)}), view="balance"),
        result(balance((0.42, None), (-0.05, None)), view="balance"),
        result(balance((0.42, None), n=(7, 60)), view="balance"),
        "## Henger det på valgene våre?",
        result(choices(), view="choices"),
        result(choices(), view="choices", rules=PUBLIC),
        result(choices(1), view="choices"),
        "## Hva de unge sier",
        result(joint(), view="joint"),
        result(joint(joint_row(2, quote=quote(group=7)), n=7), view="joint"),
        "## Hvor godt kan det forutsies?",
        result(calibration(*FITTING), view="calibration"),
        result(calibration((7, 2, 0.2)), view="calibration"),
    )


DOCUMENTS = {
    "over_time": over_time,
    "notebook": notebook,
    "pictures": pictures,
    "front": front,
    "formulas": formulas,
    "empty": empty,
}
PAGES = {
    **{name: lambda language, make=make: document_html(make(language)) for name, make in DOCUMENTS.items()},
    "cohorts": cohorts,
    "no_cohorts": no_cohorts,
}


def write(folder: Path) -> None:
    """Write every page in both languages."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        for language in ("nb", "en"):
            (folder / f"{name}.{language}.html").write_text(page(language), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
