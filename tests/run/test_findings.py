"""The notebook of findings: after the others, from their audited claims, honest about what is not there."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import nbformat
import pytest

from backtorule_eval.disclosure.rules import PUBLIC, DisclosureRules
from backtorule_eval.report.findings import Lead, Question, again, answers
from backtorule_eval.report.remarks import Certainty
from backtorule_eval.report.views import render
from backtorule_eval.run import cli
from tests.report.examples import counts, difference, flow, ladder, looked_at, refusal, released

COUNTS = 'study.publish(*count_levels(study.cohort), view="counts", name="answer")'
FLOW = 'study.publish(describe_flow(study.cohort), view="flow", name="answer")'
TABLE = "study.answers()"
AGAIN = 'study.show("01_a/answer")'
MISSING = 'study.show("05_x/answer")'
FORGED = """\
from IPython.display import display
display({"text/html": f"<p>{4700 + 11}</p>"}, raw=True, metadata={"backtorule": {"show": "answers"}})"""


def run(*options: str) -> int:
    return cli.main(["run", "params/tiny.yaml", "--jobs", "2", *options])


def front(workspace: Path) -> str:
    return (workspace / "outputs" / "tiny" / "index.html").read_text(encoding="utf-8")


@pytest.mark.notebooks
def test_findings_come_last_and_show_what_was_audited(workspace, notebook, capsys):
    notebook("01_a", FLOW)
    notebook("02_b", COUNTS)
    notebook("11_findings", TABLE, AGAIN, MISSING, FORGED)
    assert run() == 0
    told = capsys.readouterr().err
    assert told.index("01_a: done") < told.index("11_findings: done")
    assert told.index("02_b: done") < told.index("11_findings: done")
    page = front(workspace)
    assert page.count("What is 01_a?") >= 2  # in the table, and among the pages
    assert "Provisional" not in page
    assert "Records of people received: 24." in page
    assert "Not part of this study yet: notebook 05_x has not been run." in page
    assert "4711" not in page
    assert 'href="notebooks/02_b.html"' in page
    folder = workspace / "outputs" / "tiny" / "notebooks"
    assert not (folder / "11_findings.html").exists()
    shared = nbformat.read(folder / "11_findings.ipynb", as_version=4)
    assert "4711" not in nbformat.writes(shared)

    # An earlier notebook that shows something else makes the findings stale; nothing changed, nothing runs.
    assert run() == 0
    assert "11_findings: unchanged" in capsys.readouterr().err
    notebook("02_b", COUNTS, FLOW.replace("answer", "again"))
    assert run() == 0
    told = capsys.readouterr().err
    assert "01_a: unchanged" in told
    assert "11_findings: done" in told


@pytest.mark.notebooks
def test_a_mark_that_asks_for_something_else_is_refused(workspace, notebook, capsys):
    notebook("01_a", FORGED.replace("answers", "everything"))
    assert run() == 4
    assert "asks for something that cannot be shown" in capsys.readouterr().err


@pytest.mark.notebooks
def test_a_stopped_notebook_keeps_the_findings_from_starting(workspace, notebook, capsys):
    notebook("01_a", "1 / 0")
    notebook("11_findings", TABLE)
    assert run() == 5
    assert "11_findings" not in capsys.readouterr().err
    assert not (workspace / "outputs" / "tiny").exists()


@pytest.mark.notebooks
def test_a_study_without_findings_gets_the_table_alone(workspace, notebook):
    notebook("01_a", FLOW)
    assert run() == 0
    page = front(workspace)
    assert "<h1>A small cohort</h1>" in page
    assert "What is 01_a?" in page
    assert "A small cohort." in page


# --- The parts ------------------------------------------------------------------------------------

LEAD = Lead(title="Kull 2024", as_of=date(2026, 6, 30), rules=DisclosureRules())


def rendered(*things, key: str, language: str = "nb", **how):
    result = render(released(*things, **how), language)
    return {key: result}


def test_an_answer_is_the_main_sentence_and_how_sure_we_are():
    shown = {
        **rendered(*ladder(), key="05_m/answer", view="forest", rules=PUBLIC),
        **rendered(flow(), key="01_c/answer", view="flow"),
        **rendered(refusal(), refusal(reason="persons", needed=58.0), key="06_p/answer", view="refusal"),
        **rendered(counts(31, 22, 0), key="02_d/other", view="counts"),
    }
    questions = [Question(notebook=name, title=name) for name in ("01_c", "02_d", "05_m", "06_p")]
    result = answers(questions, shown, lead=LEAD, language="nb")
    assert result.lead.startswith(
        "Kull 2024. Data til og med 30.\N{NO-BREAK SPACE}juni\N{NO-BREAK SPACE}2026. "
    )
    assert [a.certainty for a in result.answers] == [
        Certainty.DESCRIPTION,
        Certainty.DESCRIPTION,
        Certainty.VERY_LOW,
        None,
    ]
    assert all(len(a.sentences) == 1 for a in result.answers)
    assert result.answers[1].sentences == ("Siden beskriver; den svarer ikke på spørsmålet med ett tall.",)
    assert result.answers[3].sentences[0].startswith("Kan ikke besvares")


def test_a_declared_comparison_gets_no_certainty_that_nobody_computed():
    (result,) = rendered(difference(18, 11, 25, causal=True), key="06_p/answer", view="forest").values()
    assert result.certainty is None


def test_another_result_lends_its_picture_and_nothing_else():
    words = render(released(*ladder(), view="sentence", rules=PUBLIC), "nb")
    picture = render(released(*ladder(), view="forest", rules=PUBLIC), "nb")
    shown = again("a/words", {"a/words": words, "a/picture": picture}, picture="a/picture", language="nb")
    assert shown.pictures == picture.result.pictures
    assert (shown.sentences, shown.cautions) == (words.sentences, words.cautions)


def test_what_is_provisional_says_so_in_the_table_too():
    shown = {"01_c/answer": render(looked_at(flow(), view="flow"), "nb")}
    result = answers([Question(notebook="01_c", title="Hvem?")], shown, lead=LEAD, language="nb")
    assert result.warning == "Foreløpig: ikke kontrollert mot resten, ikke for deling."


def test_what_is_missing_is_said_in_both_languages():
    for language, words in (("nb", "Ikke med i denne studien ennå"), ("en", "Not part of this study yet")):
        assert again("05_m/answer", {}, language=language).sentences[0].startswith(words)
