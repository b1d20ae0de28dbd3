"""The dictionary holds what DESIGN section 4 lists, in both languages, and refuses malformed columns."""

from __future__ import annotations

import re
from typing import Any

import pytest

from backtorule_eval.cohort.dictionary import (
    COLUMN_TYPES,
    PANDAS_TYPES,
    Column,
    Table,
    Text,
    load_dictionary,
    read_column,
)
from backtorule_eval.errors import ParameterProblem

DICTIONARY = load_dictionary()
TABLES = list(DICTIONARY.tables.values())
COLUMNS = [pytest.param(t, c, id=f"{t.name}.{c.name}") for t in TABLES for c in t.columns.values()]

# DESIGN section 4, in its order.
DESIGN_TABLES = [
    *("persons", "coverage", "surveys", "contacts", "goals", "subjects", "attendance", "schooling", "work"),
    *(
        "benefits",
        "other_support",
        "living",
        "context",
        "scores",
        "outcomes",
        "extras",
        "documents",
        "codings",
    ),
]
# Health, ethnic origin and what comes close: NAV's case, the home, the language spoken, what people told.
SENSITIVE = {
    "persons": {"immigrant_category", "country_group", "parents_benefit"},
    "surveys": {"value", "language"},
    "goals": {"domain"},
    "benefits": {"kind"},
    "other_support": {"kind"},
    "living": {"housing", "income_source", "money_worries"},
    "scores": {"value"},
    "outcomes": {"value"},
    "codings": {"code"},
}
# Words that are the same in both languages.
SAME_WORDS = {"Pseudonym", "Status", *"123456"}
LABEL = {"nb": "Alder", "en": "Age"}


def _texts(column: Column) -> list[Text]:
    return [column.label, *column.levels.values()]


def test_every_table_of_the_design_is_there() -> None:
    assert list(DICTIONARY.tables) == DESIGN_TABLES


def test_only_extras_takes_columns_that_a_mapping_declares() -> None:
    assert [t.name for t in TABLES if t.open] == ["extras"]


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_a_table_has_a_key_whose_parts_are_required_and_come_from_its_columns(table: Table) -> None:
    assert table.key
    assert all(table.columns[name].required for name in table.key)


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
@pytest.mark.parametrize("language", ["nb", "en"])
def test_labels_of_a_table_tell_its_columns_apart(table: Table, language: str) -> None:
    labels = [c.label.in_language(language).casefold() for c in table.columns.values()]
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_labels_are_written_in_both_languages_and_translated(table: Table, column: Column) -> None:
    for text in _texts(column):
        assert text.nb == text.nb.strip()
        assert text.en == text.en.strip()
        assert text.nb != text.en or text.nb in SAME_WORDS


@pytest.mark.parametrize(("table", "column"), COLUMNS)
@pytest.mark.parametrize("language", ["nb", "en"])
def test_levels_are_told_apart_by_their_labels(table: Table, column: Column, language: str) -> None:
    labels = [text.in_language(language).casefold() for text in column.levels.values()]
    assert len(set(labels)) == len(labels)
    assert len({level.casefold() for level in column.levels}) == len(column.levels)


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_an_example_matches_its_pattern(table: Table, column: Column) -> None:
    assert bool(column.pattern) == bool(column.example)
    assert re.fullmatch(column.pattern, column.example)


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_references_lead_to_a_table_whose_key_has_that_name(table: Table, column: Column) -> None:
    if column.references:
        assert DICTIONARY.tables[column.references].key == (column.name,)
    elif column.type == "person":
        assert table.name == "persons"


def test_sensitive_columns_are_the_ones_agreed() -> None:
    found = {t.name: {c.name for c in t.columns.values() if c.sensitive} for t in TABLES}
    assert {name: columns for name, columns in found.items() if columns} == SENSITIVE


def test_grades_are_those_of_nvb() -> None:
    subjects = DICTIONARY.tables["subjects"].columns
    grades = {*"123456", "D", "F", "GK", "IB", "B", "BM", "BMG", "R", "IV", "IM", "none"}
    assert set(subjects["standpunkt"].levels) == set(subjects["exam"].levels) == grades


@pytest.mark.parametrize(
    ("pattern_of", "good", "bad"),
    [
        (("persons", "programme_area"), ["STUSP1----", "STUSP1RS--", "STUSP1--T-"], ["STUSP1", "stusp1----"]),
        (("subjects", "subject"), ["NOR1260", "MAT1019", "HSF1006"], ["MAT101", "MAT1019 ", "mat1019"]),
        (("subjects", "term"), ["2025V", "2024H"], ["2025", "V2025", "2025S"]),
    ],
)
def test_patterns_know_the_codes_in_use(pattern_of: tuple[str, str], good: list[str], bad: list[str]) -> None:
    table, column = pattern_of
    pattern = re.compile(DICTIONARY.tables[table].columns[column].pattern)
    assert all(pattern.fullmatch(code) for code in good)
    assert not any(pattern.fullmatch(code) for code in bad)


def test_every_type_has_its_pandas_type() -> None:
    assert tuple(PANDAS_TYPES) == COLUMN_TYPES
    assert {c.type for t in TABLES for c in t.columns.values()} == set(COLUMN_TYPES)


def test_a_column_is_read_with_all_its_properties() -> None:
    column = read_column("age", {"type": "integer", "label": LABEL, "range": [0, 30], "sensitive": True})
    assert column == Column(
        name="age", type="integer", label=Text(nb="Alder", en="Age"), range=(0.0, 30.0), sensitive=True
    )


def test_levels_written_as_whole_numbers_become_text() -> None:
    column = read_column("grade", {"type": "level", "label": LABEL, "levels": {1: LABEL, "IV": LABEL}})
    assert list(column.levels) == ["1", "IV"]


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("integer", "'age' needs properties, at least type and label"),
        ({"type": "integer", "label": LABEL, "lable": 1}, "'age' has unknown properties: lable"),
        ({"label": LABEL}, "'age' needs a type out of: person, code, level"),
        ({"type": "float", "label": LABEL}, "'age' needs a type out of"),
        ({"type": ["integer"], "label": LABEL}, "'age' needs a type out of"),
        ({"type": "integer"}, "'age': label needs words in both nb and en"),
        ({"type": "integer", "label": "Age"}, "'age': label needs words in both nb and en"),
        ({"type": "integer", "label": {"nb": "Alder"}}, "'age': label needs words in both nb and en"),
        (
            {"type": "integer", "label": {"nb": "Alder", "en": " "}},
            "'age': label needs words in both nb and en",
        ),
        ({"type": "integer", "label": LABEL, "levels": {"a": LABEL}}, "levels belong to type level"),
        ({"type": "level", "label": LABEL}, "levels belong to type level"),
        ({"type": "level", "label": LABEL, "levels": ["a", "b"]}, "levels must be given as level"),
        ({"type": "level", "label": LABEL, "levels": {True: LABEL}}, "put levels such as yes, no"),
        ({"type": "level", "label": LABEL, "levels": {1.0: LABEL}}, "put levels such as yes, no"),
        ({"type": "level", "label": LABEL, "levels": {1: LABEL, "1": LABEL}}, "a level is given twice"),
        ({"type": "level", "label": LABEL, "levels": {"a": "A"}}, "level 'a': needs words in both nb and en"),
        ({"type": "integer", "label": LABEL, "range": 5}, "range needs two numbers, the lower first"),
        ({"type": "integer", "label": LABEL, "range": [0]}, "range needs two numbers, the lower first"),
        ({"type": "integer", "label": LABEL, "range": [5, 0]}, "range needs two numbers, the lower first"),
        ({"type": "integer", "label": LABEL, "range": [False, True]}, "range needs two numbers"),
        ({"type": "date", "label": LABEL, "range": [0, 1]}, "only columns of type integer or number"),
        ({"type": "integer", "label": LABEL, "required": "yes"}, "required is true or false"),
        ({"type": "integer", "label": LABEL, "unit": 1}, "unit is text"),
        ({"type": "integer", "label": LABEL, "measured": "now"}, "measured is baseline or later"),
        ({"type": "code", "label": LABEL, "pattern": "["}, "pattern is not a regular expression"),
    ],
)
def test_a_malformed_column_is_refused_by_name(entry: Any, message: str) -> None:
    with pytest.raises(ParameterProblem, match=re.escape(message)):
        read_column("age", entry)
