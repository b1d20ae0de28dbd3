"""The bokmål catalogue: whole, fresh, with every placeholder, and without words for causes."""

from __future__ import annotations

import re
from functools import cache
from gettext import GNUTranslations
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import backtorule_eval
from backtorule_eval.errors import ParameterProblem
from backtorule_eval.report.catalogue import N_, translator
from tests.report.words import CAUSAL

PACKAGE = Path(backtorule_eval.__file__).parent
WORDS = PACKAGE / "report" / "locale" / "nb" / "LC_MESSAGES"
METHODS = [("report/**.py", "python"), ("report/**.j2", "jinja2")]


@cache
def said() -> frozenset[str]:
    """Every message that the package's code and templates hold."""
    found = extract_from_dir(PACKAGE, method_map=METHODS, keywords={"_": None, "N_": None})
    return frozenset(message for _file, _line, message, _comments, _context in found)


@cache
def catalogue() -> Catalog:
    with (WORDS / "backtorule.po").open("rb") as file:
        return read_po(file, locale="nb")


MESSAGES = sorted((m.id, m.string) for m in catalogue() if m.id)


def placeholders(message: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in Formatter().parse(message) if name}


def test_every_message_is_in_the_catalogue_and_nothing_else_is():
    assert {message for message, _nb in MESSAGES} == said()


def test_the_words_the_code_says_are_found():
    assert {"Show the figures", "Skip to the content", "Very uncertain"} <= said()


@pytest.mark.parametrize(("message", "nb"), MESSAGES)
def test_every_message_is_translated_with_its_placeholders(message, nb):
    assert nb
    assert placeholders(nb) == placeholders(message)
    assert nb[:1].isupper() == message[:1].isupper()
    assert nb[-1:] == message[-1:] or message[-1:].isalpha() or message[-1:] == "”"


@pytest.mark.parametrize(("message", "nb"), MESSAGES)
def test_no_sentence_of_ours_names_a_cause(message, nb):
    assert not CAUSAL.search(message)
    assert not CAUSAL.search(nb)


@pytest.mark.parametrize(
    "words", ["effekten", "Virkninger", "førte til", "takket være", "had an impact", "led to"]
)
def test_words_for_causes_are_seen(words):
    assert CAUSAL.search(words)


def test_the_compiled_catalogue_is_fresh():
    with (WORDS / "backtorule.mo").open("rb") as file:
        compiled = GNUTranslations(file)
    assert {message: compiled.gettext(message) for message, _nb in MESSAGES} == dict(MESSAGES)


def test_nothing_is_marked_as_a_guess():
    assert not [m.id for m in catalogue() if m.id and m.fuzzy]
    assert not catalogue().obsolete


def test_english_is_what_the_code_says():
    assert translator("en")("Share") == "Share"
    assert translator("nb")("Share") == "Andel"
    assert N_("Share") == "Share"


@pytest.mark.parametrize("language", ["", "no", "nn", "de"])
def test_an_unknown_language_is_refused(language):
    with pytest.raises(ParameterProblem, match=re.escape("there are: nb, en")):
        translator(language)
