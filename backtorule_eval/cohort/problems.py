"""What does a problem say to a reader, and does it stop the import?

The words live in `rules.yaml` (checks), `rules_reading.yaml` (reading, mapping) and `rules_scales.yaml`
(rules handed in by measures) beside this file. A text may use, in braces, the words of the problem's `detail`
and these: `table_label` (the problem's table), `persons_label`, `coverage_label`, and, where the detail names
a `target` or `source` table, `target_label` or `source_label`. Names of files and columns are shown with
identity numbers blotted out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal, get_args

import yaml

from backtorule_eval.cohort.dictionary import Text, load_dictionary
from backtorule_eval.cohort.identity import redact
from backtorule_eval.errors import Problem

Severity = Literal["error", "warning"]
FILES = ("rules.yaml", "rules_reading.yaml", "rules_scales.yaml")
NAMED_TABLES = ("target", "source")
UNKNOWN = "?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: whether breaking it stops the import, and its words, with gaps to be filled."""

    severity: Severity
    problem: Text
    remedy: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedProblem:
    """One problem in a reader's words; everything in it can be shown.

    Attributes
    ----------
    file, column : str
        As the site spells them, without identity numbers.
    n_rows, first_rows : int, tuple of int
        As in `Problem`.
    problem, remedy : str
        What is wrong, and what to do.
    """

    severity: Severity
    file: str
    column: str
    n_rows: int
    first_rows: tuple[int, ...]
    problem: str
    remedy: str


@cache
def load_rules() -> Mapping[str, Rule]:
    """Read the words of all rules this version of the package carries."""
    folder = resources.files(__package__)
    found: dict[str, Rule] = {}
    for file in FILES:
        source = folder.joinpath(file)
        entries = yaml.safe_load(source.read_text(encoding="utf-8")) if source.is_file() else {}
        found |= {name: _read_rule(entry) for name, entry in entries.items()}
    return found


def severity(rule: str) -> Severity:
    """Does breaking this rule stop the import? A rule without words stops it."""
    return load_rules().get(rule, _UNWRITTEN).severity


def stops(problems: Iterable[Problem]) -> bool:
    """Is there an error among these problems?"""
    return any(severity(problem.rule) == "error" for problem in problems)


def describe(problem: Problem, language: str) -> DescribedProblem:
    """What is wrong, and what is to be done about it, in Norwegian ("nb") or English ("en")?"""
    rule = load_rules().get(problem.rule, _UNWRITTEN)
    words = _Words(_labels(problem, language))
    words.update({name: redact(word) for name, word in problem.detail.items()}, rule=problem.rule)
    return DescribedProblem(
        severity=rule.severity,
        file=redact(problem.file),
        column=redact(problem.column),
        n_rows=problem.n_rows,
        first_rows=problem.first_rows,
        problem=rule.problem.in_language(language).format_map(words),
        remedy=rule.remedy.in_language(language).format_map(words),
    )


class _Words(dict[str, str]):
    """Words for the gaps of a text; a gap nobody fills must not hide the problem itself."""

    def __missing__(self, name: str) -> str:
        return UNKNOWN


_UNWRITTEN = Rule(
    severity="error",
    problem=Text(nb="Regelen «{rule}» er brutt.", en="The rule “{rule}” is broken."),
    remedy=Text(nb="Se på kolonnen i kilden.", en="Look at the column at the source."),
)


def _read_rule(entry: Mapping[str, Any]) -> Rule:
    """Make one rule; it is an error unless it says that it is a warning."""
    level = entry.get("severity", "error")
    return Rule(
        severity=level if level in get_args(Severity) else "error",
        problem=Text(nb=entry["nb"]["problem"], en=entry["en"]["problem"]),
        remedy=Text(nb=entry["nb"]["remedy"], en=entry["en"]["remedy"]),
    )


def _labels(problem: Problem, language: str) -> dict[str, str]:
    """Return what the tables that a text may mention are called."""
    tables = {"persons": "persons", "coverage": "coverage", "table": problem.table}
    tables |= {name: problem.detail[name] for name in NAMED_TABLES if name in problem.detail}
    known = load_dictionary().tables
    return {f"{n}_label": known[t].label.in_language(language) for n, t in tables.items() if t in known}
