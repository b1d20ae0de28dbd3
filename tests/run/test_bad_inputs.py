"""Every folder of tests/bad_inputs is refused with a clear message, and earlier outputs stay as they were."""

from __future__ import annotations

import re
from collections import defaultdict
from html.parser import HTMLParser
from pathlib import Path

import pytest

from backtorule_eval.cohort.identity import contains_identity_number
from backtorule_eval.cohort.problems import describe, severity
from backtorule_eval.errors import Problem
from backtorule_eval.run.cli import main
from backtorule_eval.run.problem_page import Checked, problem_page
from tests.bad_studies import (
    COHORT,
    FOLDER,
    PAGE,
    BadInput,
    bad_inputs,
    earlier_outputs,
    identity_number,
    lay_out,
    see,
    without_detail,
)
from tests.canaries import search, shown_of, values_given

BAD = bad_inputs()
WITH_BAD_DATA = [bad for bad in BAD if bad.exit_code == 3]
LANGUAGES = ["nb", "en"]
EACH = pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
EACH_WITH_BAD_DATA = pytest.mark.parametrize("bad", WITH_BAD_DATA, ids=lambda bad: bad.name)


def message_of(bad: BadInput, language: str) -> str:
    """What a person reads, as one line: the page of problems, or the terminal where there is none."""
    if bad.exit_code == 2:
        told = see(bad, "run", language)
        return one_line(told.stdout + told.stderr)
    return one_line(" ".join(Cells(page_of(bad, language)).pieces))


def page_of(bad: BadInput, language: str) -> str:
    """The page that `backtorule run` wrote, and the same in English."""
    told = see(bad, "run", "nb")
    if language == "nb" or told.stopped_by is None:
        return told.page
    return problem_page(Checked(name=COHORT, problems=told.stopped_by.problems), language=language)


class Cells(HTMLParser):
    """The text of a page, piece by piece."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.silent = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.silent = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self.silent = False

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.pieces.append(data)


def one_line(text: str) -> str:
    return " ".join(text.split())


def errors_of(bad: BadInput) -> list[Problem]:
    """The problems that stopped the import."""
    stopped_by = see(bad, "run", "nb").stopped_by
    assert stopped_by is not None
    return [problem for problem in stopped_by.problems if severity(problem.rule) == "error"]


def test_there_are_enough_of_them():
    assert len(WITH_BAD_DATA) >= 40
    assert all(bad.about.endswith(".") for bad in BAD)


def test_are_text_without_identity_numbers():
    for path in FOLDER.rglob("*"):
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        assert "\0" not in text
        assert not contains_identity_number(text), path
        assert not contains_identity_number(path.name), path


@pytest.mark.parametrize(
    ("name", "file", "wrong", "right"),
    [
        ("date_impossible", "raw/personer.csv", "31.09.2024", "30.09.2024"),
        ("dates_ambiguous", "params/mapping.yaml", "personer.csv}", "personer.csv, dates: dd.mm.yyyy}"),
        ("identity_fodselsnummer", "raw/personer.csv", identity_number("fodselsnummer"), "elg-3381"),
        ("spells_overlap", "raw/skolelop.csv", "elev;19.08.2024;\nelg", "elev;19.08.2024;11.01.2025\nelg"),
        (
            "person_unknown",
            "raw/personer.csv",
            "elg-3381;",
            "mus-7719;2005;K;;\nand-8830;2006;M;;\nelg-3381;",
        ),
        ("mapping_unknown_column", "params/mapping.yaml", "birthyear", "birth_year"),
    ],
    # Not the values themselves: one of them is an identity number.
    ids=lambda value: value if value in {bad.name for bad in BAD} else "",
)
def test_is_accepted_once_what_is_wrong_is_put_right(name, file, wrong, right, tmp_path, monkeypatch):
    site = lay_out(next(bad for bad in BAD if bad.name == name), tmp_path)
    monkeypatch.setenv("BACKTORULE_DATA", str(site.raw))
    monkeypatch.chdir(site.root)
    path = site.raw / Path(file).name if file.startswith("raw") else site.root / file
    text = path.read_text(encoding="utf-8")
    assert main(["check", site.study]) > 0
    path.write_text(text.replace(wrong, right), encoding="utf-8")
    assert main(["check", site.study]) == 0


@EACH
def test_has_its_exit_code_and_no_traceback(bad):
    told = see(bad, "run", "nb")
    assert told.exit_code == bad.exit_code, told.stderr
    assert "Traceback" not in told.stdout + told.stderr + told.log


@EACH
@pytest.mark.parametrize("language", LANGUAGES)
def test_says_clearly_what_is_wrong_and_what_to_do(bad, language):
    message = message_of(bad, language)
    assert re.search(bad.says[language], message), message
    for problem in errors_of(bad) if bad.exit_code == 3 else ():
        words = describe(problem, language)
        assert words.problem.endswith(".")
        assert words.remedy.endswith(".")
        assert one_line(words.problem) in message
        assert one_line(words.remedy) in message


@EACH_WITH_BAD_DATA
def test_finds_exactly_the_expected_problems(bad):
    found = [without_detail(problem) for problem in errors_of(bad)]
    assert sorted(map(repr, found)) == sorted(map(repr, bad.problems))


@EACH_WITH_BAD_DATA
@pytest.mark.parametrize("language", LANGUAGES)
def test_names_file_column_and_rows(bad, language):
    pieces = Cells(page_of(bad, language)).pieces
    for problem in bad.problems:
        more = " …" if problem.n_rows > len(problem.first_rows) else ""
        rows = ", ".join(map(str, problem.first_rows)) + more
        places = [problem.file, problem.column, rows, str(problem.n_rows or "")]
        assert [place for place in places if place and place not in pieces] == []


@EACH
def test_leaves_everything_else_as_it_was(bad):
    told = see(bad, "run", "nb")
    assert {name: content for name, content in told.outputs.items() if name != PAGE} == earlier_outputs()
    assert (PAGE in told.outputs) == (bad.exit_code == 3)
    assert told.temporary == {}
    assert told.private == {}
    assert told.raw == told.raw_before
    assert set(told.stray) <= {"params", "notebooks", "outputs", ".backtorule"}


@EACH
def test_shows_no_value_of_its_data(bad):
    assert search(shown_of(see(bad, "run", "nb")), values_given(bad)) == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_give_the_same_message(language):
    said = defaultdict(list)
    for bad in BAD:
        if not bad.same_words_as:
            said[_words(bad, language)].append(bad.name)
    assert [names for names in said.values() if len(names) > 1] == []


@pytest.mark.parametrize("bad", [b for b in BAD if b.same_words_as], ids=lambda bad: bad.name)
def test_says_the_same_as_another_only_where_that_is_told(bad):
    other = next(b for b in BAD if b.name == bad.same_words_as)
    assert not other.same_words_as
    assert _words(bad, "nb") == _words(other, "nb")


def _words(bad: BadInput, language: str) -> frozenset[tuple[str, ...]]:
    """What is said, without where: rules and their words, or the sentences about a study file."""
    if bad.exit_code == 2:
        return frozenset({(message_of(bad, language),)})
    described = ((problem.rule, describe(problem, language)) for problem in errors_of(bad))
    return frozenset((rule, words.problem, words.remedy) for rule, words in described)
