"""The list of problems: a page for a reader, a table for the terminal, and the command that makes both."""

from __future__ import annotations

import argparse
import re
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pytest

from backtorule_eval.cohort.identity import REDACTED
from backtorule_eval.cohort.imported import FileRead, ImportReport
from backtorule_eval.errors import DataProblem, ParameterProblem, Problem
from backtorule_eval.run import problem_page as module
from backtorule_eval.run.commands import check
from backtorule_eval.run.problem_page import (
    Checked,
    problem_page,
    problem_table,
    summary,
    write_page,
    write_problem_page,
)
from tests.cohort.identity_numbers import one_number

ERROR = Problem(
    rule="out_of_range",
    file="oppfølging 2025.xlsx/Delmål",
    table="goals",
    column="Nivå & vekt <b>",
    n_rows=1234,
    first_rows=(2, 3, 5, 8, 13),
    detail={"low": "-2", "high": "2"},
)
WARNING = Problem(
    rule="may_be_25_at_start", file="personer.csv", column="Fødselsår", n_rows=2, first_rows=(4, 7)
)
WHOLE_FILE = Problem(rule="persons_missing", file="personer.csv", table="persons")
FOUND = Checked(name="nordstrand-2024", problems=(ERROR, WARNING, WHOLE_FILE), n_files=3, n_rows=4567)
NOTHING = Checked(name="nordstrand-2024", n_files=3, n_rows=4567)
STUDY = """
cohort: nordstrand-2024
title: {nb: Nordstrand 2024, en: Nordstrand 2024}
language: nb
source: {folder: data, mapping: site.mapping.yaml}
"""


class Page(HTMLParser):
    """Elements of a page with their attributes, and the text of its cells."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.cells: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag in ("th", "td"):
            self.cells.append("")

    def handle_data(self, data: str) -> None:
        if self.cells:
            self.cells[-1] += data

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


# --- The page ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_page_stands_alone(language):
    text = problem_page(FOUND, language=language)
    page = Page(text)
    assert page.of("html") == [{"lang": language}]
    assert {tag for tag, _ in page.elements}.isdisjoint({"script", "link", "img", "iframe", "a", "form"})
    assert re.search(r"url\(|@import|https?:|src=|href=|\bon\w+=", text) is None
    assert "prefers-color-scheme: dark" in text
    assert "@media print" in text
    assert 'name="viewport"' in text


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_tables_can_be_read_aloud(language):
    page = Page(problem_page(FOUND, language=language))
    assert len(page.of("table")) == len(page.of("caption")) == 2
    scopes = [attributes.get("scope") for attributes in page.of("th")]
    assert scopes.count("col") == 12
    assert scopes.count("row") == 3
    assert None not in scopes
    assert all(attributes["data-label"] for attributes in page.of("td"))


def test_what_the_page_says():
    cells = [cell.strip() for cell in Page(problem_page(FOUND, language="nb")).cells]
    row = cells[6:12]
    assert row[:4] == [
        "oppfølging 2025.xlsx/Delmål",
        "Nivå & vekt <b>",
        "1\N{NO-BREAK SPACE}234",
        "2, 3, 5, 8, 13 …",
    ]
    assert row[4].startswith("Kolonnen har tall utenfor det mulige.")
    assert row[5].startswith("Rett tallene i kilden.")
    whole_file = cells[12:18]
    assert whole_file[:4] == ["personer.csv", "", "", ""]


def test_errors_come_before_warnings_and_under_their_own_headings():
    text = problem_page(FOUND, language="nb")
    places = [
        text.index(part) for part in ("Må rettes", "utenfor det mulige", "Verdt å se på</h2>", "fylte 25")
    ]
    assert places == sorted(places)


def test_names_are_escaped():
    text = problem_page(FOUND, language="nb")
    assert "vekt <b>" not in text
    assert "vekt &lt;b&gt;" in text


def test_an_identity_number_in_a_name_is_blotted_out():
    number = one_number()
    problem = Problem(rule="duplicate_key", file=f"{number}.csv", column=number, detail={"key": number})
    for text in (
        problem_page(Checked(name=number, problems=(problem,)), language="nb"),
        problem_table([problem], language="nb", width=80),
    ):
        assert number not in text
        assert REDACTED in text


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("nb", "Ingen problemer funnet: 3 filer, 4\N{NO-BREAK SPACE}567 rader lest."),
        ("en", "No problems found: 3 files, 4,567 rows read."),
    ],
)
def test_nothing_found(language, sentence):
    text = problem_page(NOTHING, language=language)
    assert sentence in text
    assert "<table" not in text
    assert summary(NOTHING, language=language) == sentence
    assert problem_table((), language=language, width=80) == ""


@pytest.mark.parametrize(
    ("problems", "nb", "en"),
    [
        (
            (ERROR, WARNING, WARNING),
            "Dataene kan ikke brukes ennå. Må rettes: 1. Verdt å se på: 2.",
            "The data cannot be used yet. To correct: 1. Worth a look: 2.",
        ),
        (
            (WARNING,),
            "Dataene kan brukes: 3 filer, 10 rader lest. Verdt å se på: 1.",
            "The data can be used: 3 files, 10 rows read. Worth a look: 1.",
        ),
    ],
)
def test_the_sentence_that_sums_up(problems, nb, en):
    checked = Checked(name="a", problems=problems, n_files=3, n_rows=10)
    assert summary(checked, language="nb") == nb
    assert summary(checked, language="en") == en


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("nb", "Ingen problemer funnet: 1 fil, 1 rad lest."), ("en", "No problems found: 1 file, 1 row read.")],
)
def test_one_is_one(language, sentence):
    assert summary(Checked(name="a", n_files=1, n_rows=1), language=language) == sentence


def test_same_findings_same_bytes(tmp_path):
    first, second = tmp_path / "1.html", tmp_path / "2.html"
    for path in (first, second):
        write_page(problem_page(FOUND, language="nb"), path)
    assert first.read_bytes() == second.read_bytes()
    assert b"\r" not in first.read_bytes()
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["1.html", "2.html"]


def test_a_page_that_cannot_be_put_in_place_leaves_the_old_one(tmp_path, monkeypatch):
    path = tmp_path / "page.html"
    write_page("old", path)

    def refuse(source: str, target: Path) -> None:
        raise OSError("no")

    monkeypatch.setattr(module.os, "replace", refuse)
    with pytest.raises(OSError, match="no"):
        write_page("new", path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_the_page_of_a_failed_import_lies_beside_the_outputs(tmp_path):
    problem = DataProblem("The data cannot be used.", [ERROR])
    path = write_problem_page(problem, tmp_path, cohort="nordstrand-2024", language="en")
    assert path == tmp_path / ".checks" / "nordstrand-2024.html"
    assert "outside what is possible" in path.read_text(encoding="utf-8")


# --- The terminal ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("width", [60, 80, 100, 160])
def test_no_line_is_wider_than_the_terminal(width, language):
    lines = problem_table(FOUND.problems, language=language, width=width).splitlines()
    assert max(map(len, lines)) <= width
    assert all(line == line.rstrip() for line in lines)


@pytest.mark.parametrize(("asked", "got"), [(20, 60), (59, 60), (160, 160), (161, 160), (999, 160)])
def test_narrow_and_wide_terminals(asked, got):
    table = problem_table(FOUND.problems, language="nb", width=asked)
    assert table == problem_table(FOUND.problems, language="nb", width=got)


def test_the_table_is_aligned():
    lines = problem_table([WARNING], language="nb", width=80).splitlines()
    assert lines[0] == "Verdt å se på"
    head, rule, first = lines[2], lines[3], lines[4]
    starts = [m.start() for m in re.finditer(r"-+", rule)]
    assert [head.index(word) for word in ("Fil", "Kolonne", "Rader", "Første rader", "Hva")] == starts
    assert first[starts[1] :].startswith("Fødselsår")
    assert first[starts[3] :].startswith("4, 7")
    assert any(line.strip().startswith("> Se i kilden") for line in lines)


def test_everything_said_on_the_page_is_said_on_the_terminal():
    words = " ".join(problem_table(FOUND.problems, language="nb", width=160).split())
    assert "Laveste er -2, høyeste 2." in words
    assert "1\N{NO-BREAK SPACE}234" in problem_table(FOUND.problems, language="nb", width=160)
    assert "2, 3, 5, 8, 13 …" in words


def test_colour_only_where_it_is_asked_for():
    assert "\x1b" not in problem_table(FOUND.problems, language="nb", width=80)
    assert "\x1b" in problem_table(FOUND.problems, language="nb", width=80, colour=True)


# --- The command ----------------------------------------------------------------------------------------


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    (tmp_path / "params").mkdir()
    (tmp_path / "params" / "nordstrand.yaml").write_text(STUDY, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def command(monkeypatch, outcome, *options):
    """Run the command with an import that ends so."""

    def importing(*_: object, **__: object) -> object:
        if isinstance(outcome, Exception):
            raise outcome
        return SimpleNamespace(report=outcome)

    monkeypatch.setattr(check, "import_cohort", importing)
    parser = argparse.ArgumentParser()
    check.add_arguments(parser)
    return check.run(parser.parse_args(["params/nordstrand.yaml", *options]))


FILES = (FileRead(file="a.csv", rows=10, columns=2), FileRead(file="b.csv", rows=5, columns=2))


def test_errors_end_with_three(workspace, monkeypatch, capsys):
    assert command(monkeypatch, DataProblem("No.", [ERROR, WARNING])) == 3
    page = workspace / "outputs" / ".checks" / "nordstrand-2024.html"
    told = capsys.readouterr().out
    assert "Må rettes" in told
    assert "Dataene kan ikke brukes ennå." in told
    assert told.endswith(f"{page}\n")
    assert "\x1b" not in told
    assert "Må rettes" in page.read_text(encoding="utf-8")
    assert [p.name for p in (workspace / "outputs").iterdir()] == [".checks"]


def test_warnings_end_with_zero(workspace, monkeypatch, capsys):
    assert command(monkeypatch, ImportReport(files=FILES, warnings=(WARNING,))) == 0
    assert "Dataene kan brukes: 2 filer, 15 rader lest." in capsys.readouterr().out


def test_nothing_wrong_ends_with_zero(workspace, monkeypatch, capsys):
    assert command(monkeypatch, ImportReport(files=FILES), "--language", "en") == 0
    assert capsys.readouterr().out.startswith("No problems found: 2 files, 15 rows read.\n")


def test_the_page_can_lie_elsewhere(workspace, monkeypatch):
    assert command(monkeypatch, DataProblem("No.", [ERROR]), "--page", "sub/side.html") == 3
    assert (workspace / "sub" / "side.html").is_file()
    assert not (workspace / "outputs").exists()


def test_a_page_that_cannot_be_written(workspace, monkeypatch):
    (workspace / "file").write_text("")
    with pytest.raises(ParameterProblem, match=r"side\.html cannot be written"):
        command(monkeypatch, ImportReport(), "--page", "file/side.html")


def test_data_that_cannot_be_listed_stop_with_their_own_message(workspace, monkeypatch):
    with pytest.raises(DataProblem, match="Nothing can be read"):
        command(monkeypatch, DataProblem("Nothing can be read."))
