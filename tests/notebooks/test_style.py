"""Notebooks stay thin: one question each, no logic, more prose than code, in both languages."""

from __future__ import annotations

import ast
from pathlib import Path

import nbformat
import pytest

from backtorule_eval.study.parameters import read_declared

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
LOGIC = (
    ast.FunctionDef,
    ast.ClassDef,
    ast.For,
    ast.While,
    ast.If,
    ast.Try,
    ast.Lambda,
    ast.BinOp,
    ast.comprehension,
)
TAGS = {"parameters", "setup", "figure", "hide-input", "lang-nb", "lang-en"}
MOST_LINES = 6
WORDS_PER_LINE = 8


@pytest.fixture(params=NOTEBOOKS, ids=lambda p: p.stem)
def path(request):
    return request.param


@pytest.fixture
def cells(path):
    return nbformat.read(path, as_version=4).cells


def tags(cell):
    return set(cell.metadata.get("tags", []))


def code(cells, *, without=()):
    return [c for c in cells if c.cell_type == "code" and not tags(c) & set(without)]


def prose(cells, language):
    return [c for c in cells if c.cell_type == "markdown" and f"lang-{language}" in tags(c)]


def test_there_are_notebooks():
    assert {"01_cohort", "05_motivation_and_completion"} <= {p.stem for p in NOTEBOOKS}


def test_kept_without_outputs_and_counts(cells):
    assert not [c.id for c in code(cells) if c.outputs or c.execution_count]


def test_kernel_names_its_language(path):
    assert nbformat.read(path, as_version=4).metadata.kernelspec.language == "python"


def test_parameters_can_be_read_by_us_and_by_papermill(path, cells):
    declared = read_declared(path)
    assert declared[0].name == "study"
    (cell,) = [c for c in code(cells) if "parameters" in tags(c)]
    lines = [line for line in cell.source.splitlines() if line.strip()]
    assert len(lines) == len(declared)
    assert all(line.count("=") == 1 and "  # " in line for line in lines)


def test_the_notebook_opens_the_study_under_its_own_name_and_passes_every_parameter(path, cells):
    (setup,) = [c for c in code(cells) if "setup" in tags(c)]
    calls = [n for n in ast.walk(ast.parse(setup.source)) if isinstance(n, ast.Call)]
    (call,) = [c for c in calls if getattr(c.func, "id", "") == "open_study"]
    given = {k.arg: k.value for k in call.keywords}
    assert given.pop("notebook").value == path.stem
    assert set(given) == {d.name for d in read_declared(path)} - {"study"}


def test_imports_come_from_the_package_alone(cells):
    for cell in code(cells):
        for node in ast.walk(ast.parse(cell.source)):
            assert not isinstance(node, ast.Import), cell.id
            if isinstance(node, ast.ImportFrom):
                assert node.module == "backtorule_eval", cell.id


def test_no_logic_in_cells(cells):
    for cell in code(cells):
        found = [type(n).__name__ for n in ast.walk(ast.parse(cell.source)) if isinstance(n, LOGIC)]
        assert not found, f"cell {cell.id}: move {found} into the package"
        if not tags(cell) & {"parameters", "setup"}:
            assert len(cell.source.splitlines()) <= MOST_LINES, cell.id


@pytest.mark.parametrize("language", ["nb", "en"])
def test_more_words_than_code(cells, language):
    words = sum(len(c.source.split()) for c in prose(cells, language))
    lines = sum(len(c.source.splitlines()) for c in code(cells, without=("parameters", "setup")))
    assert words >= WORDS_PER_LINE * lines


def test_prose_comes_in_pairs(cells):
    markdown = [c for c in cells if c.cell_type == "markdown"]
    languages = [sorted(tags(c) & {"lang-nb", "lang-en"}) for c in markdown]
    assert all(len(found) == 1 for found in languages)
    assert [found[0] for found in languages] == ["lang-nb", "lang-en"] * (len(markdown) // 2)


def test_headings_pair_up(cells):
    levels = {
        language: [
            len(line) - len(line.lstrip("#"))
            for c in prose(cells, language)
            for line in c.source.splitlines()
            if line.startswith("#")
        ]
        for language in ("nb", "en")
    }
    assert levels["nb"] == levels["en"]
    assert levels["nb"][0] == 1
    assert levels["nb"].count(1) == 1


def test_title_is_a_question_and_limits_are_told(cells):
    for language, limits in (("nb", "Hva dette ikke viser"), ("en", "What this does not show")):
        texts = [c.source for c in prose(cells, language)]
        assert texts[0].splitlines()[0].endswith("?")
        assert any(limits in t for t in texts)


def test_only_known_tags(cells):
    assert {t for c in cells for t in tags(c)} <= TAGS
