"""Every folder of tests/bad_inputs is refused with a clear message, and earlier outputs stay as they were."""

from __future__ import annotations

import re
from collections import defaultdict
from html.parser import HTMLParser

import pytest

from backtorule_eval.cohort.problems import describe, severity
from backtorule_eval.errors import Problem
from backtorule_eval.run.problem_page import Checked, problem_page
from tests.bad_studies import COHORT, PAGE, BadInput, bad_inputs, earlier_outputs, see, without_detail

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
