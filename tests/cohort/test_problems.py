"""Every rule that the code can break has words in both languages, whole words, and no rule is left over."""

from __future__ import annotations

import ast
import re
import string
from functools import cache
from pathlib import Path

import pytest
import yaml

from backtorule_eval.cohort import problems as module
from backtorule_eval.cohort.identity import REDACTED
from backtorule_eval.cohort.problems import FILES, describe, load_rules, severity, stops
from backtorule_eval.errors import Problem
from tests.cohort.checks.site_tables import check, mapped, site
from tests.cohort.checks.test_rules import BROKEN
from tests.cohort.identity_numbers import one_number

PACKAGE = Path(module.__file__).parents[1]
RULES = sorted(load_rules())
LANGUAGES = ["nb", "en"]
# What makes a problem.
MAKERS = {"Problem", "told", "check_ends", "replace"}
# Words every text may use, whatever the rule.
ALWAYS = {"table_label", "persons_label", "coverage_label", "target_label", "source_label", "rule"}


@cache
def nodes() -> list[ast.AST]:
    """Every piece of the code that reads, maps and checks data."""
    files = [path for room in ("cohort", "measures") for path in (PACKAGE / room).rglob("*.py")]
    return [node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))]


@cache
def literals() -> set[str]:
    """All texts and names of arguments that stand in the code."""
    texts = {n.value for n in nodes() if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    return texts | {n.arg for n in nodes() if isinstance(n, ast.keyword) and n.arg}


@cache
def named_rules() -> set[str]:
    """All texts handed over as ``rule=`` where a problem is made."""
    calls = [n for n in nodes() if isinstance(n, ast.Call) and ast.unparse(n.func) in MAKERS]
    values = [keyword.value for call in calls for keyword in call.keywords if keyword.arg == "rule"]
    return {value.value for value in values if isinstance(value, ast.Constant)}


def gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


# --- The registry -----------------------------------------------------------------------------------


def test_every_rule_that_is_named_in_the_code_has_words():
    assert len(named_rules()) > 50
    assert named_rules() - set(RULES) == set()


def test_no_rule_is_left_over():
    assert set(RULES) - literals() == set()


def test_no_rule_has_words_in_two_files():
    files = [yaml.safe_load((PACKAGE / "cohort" / file).read_text(encoding="utf-8")) for file in FILES]
    names = [name for entries in files for name in entries]
    assert len(names) == len(set(names)) == len(RULES)


@pytest.mark.parametrize("file", FILES)
def test_every_rule_is_written_out(file):
    entries = yaml.safe_load((PACKAGE / "cohort" / file).read_text(encoding="utf-8"))
    for name, entry in entries.items():
        assert set(entry) == {"severity", "nb", "en"}, name
        assert entry["severity"] in ("error", "warning"), name
        for language in LANGUAGES:
            assert set(entry[language]) == {"problem", "remedy"}, name


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_whole_sentences(rule, language):
    words = load_rules()[rule]
    for text in (words.problem.in_language(language), words.remedy.in_language(language)):
        assert re.search(r"^[A-ZÆØÅ«“\"].*[.?]$", text), text
        assert "  " not in text


@pytest.mark.parametrize("rule", RULES)
def test_both_languages_have_the_same_gaps_and_the_code_fills_them(rule):
    words = load_rules()[rule]
    assert gaps(words.problem.nb) == gaps(words.problem.en)
    assert gaps(words.problem.nb) - ALWAYS <= literals()
    assert gaps(words.remedy.nb) == gaps(words.remedy.en)
    assert gaps(words.remedy.nb) - ALWAYS <= literals()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_gap_stays_open_when_a_rule_is_broken(language, monkeypatch):
    monkeypatch.setattr(module, "UNKNOWN", "\N{WHITE SQUARE}")
    found = [problem for _, table, columns, _, _ in BROKEN for problem in check(**{table: columns})]
    found += check(coverage={"person": []}) + check(persons={"person": []})
    found += check(coverage={"person": ["p1"], "source": ["work"], "complete_from": ["2024-01-01"]})
    found += check(persons={"withdrawal_date": ["2024-01-01"] * 3})
    described = [describe(problem, language) for problem in found]
    assert len({problem.rule for problem in found}) > 50
    assert [d for d in described if "\N{WHITE SQUARE}" in d.problem + d.remedy] == []


# --- Describing ---------------------------------------------------------------------------------------


def test_described_in_both_languages():
    problem = Problem(
        rule="out_of_range",
        file="mål.xlsx",
        table="goals",
        column="Nivå",
        n_rows=7,
        first_rows=(2, 9),
        detail={"low": "-2", "high": "2"},
    )
    nb, en = describe(problem, "nb"), describe(problem, "en")
    assert nb.problem == "Kolonnen har tall utenfor det mulige. Laveste er -2, høyeste 2."
    assert en.problem == "The column has numbers outside what is possible. The lowest is -2, the highest 2."
    assert (nb.file, nb.column, nb.n_rows, nb.first_rows) == ("mål.xlsx", "Nivå", 7, (2, 9))
    assert nb.severity == "error"


def test_tables_are_called_by_their_labels():
    problem = Problem(
        rule="coverage_missing", file="personer.csv", table="persons", detail={"source": "work"}
    )
    assert "«Arbeid»" in describe(problem, "nb").problem
    assert "«Dekning»" in describe(problem, "nb").remedy
    assert "“Work”" in describe(problem, "en").problem


def test_a_gap_nobody_fills_does_not_hide_the_problem():
    assert "Laveste er ?" in describe(Problem(rule="out_of_range", file="a.csv"), "nb").problem


def test_a_rule_without_words_is_told_and_stops():
    problem = Problem(rule="not_written_yet", file="a.csv")
    assert describe(problem, "en").problem == "The rule “not_written_yet” is broken."
    assert severity("not_written_yet") == "error"
    assert stops([problem])


def test_identity_numbers_are_blotted_out_of_every_name():
    number = one_number()
    problem = Problem(
        rule="end_before_start",
        file=f"{number}.csv",
        column=f"slutt {number}",
        detail={"from_column": f"start {number}"},
    )
    described = describe(problem, "nb")
    assert described.file == f"{REDACTED}.csv"
    assert described.column == f"slutt {REDACTED}"
    assert f"«start {REDACTED}»" in described.problem
    assert number not in repr(described)


def test_braces_in_a_name_are_only_braces():
    problem = Problem(rule="end_before_start", file="a{b}.csv", detail={"from_column": "{low}"})
    assert "«{low}»" in describe(problem, "nb").problem


def test_warnings_do_not_stop():
    assert not stops([Problem(rule="may_be_25_at_start", file="a.csv")])
    assert not stops([])
    assert stops(
        [Problem(rule="may_be_25_at_start", file="a.csv"), Problem(rule="out_of_range", file="a.csv")]
    )


def test_a_rule_named_in_a_test_site_is_real():
    """The table of broken rules in the tests of the checks names rules that exist."""
    assert {broken[0] for broken in BROKEN} <= set(RULES)
    assert mapped("persons", {"person": ["p1"]}).name in site()
