"""Parameters are read as Python and nothing unknown passes."""

from __future__ import annotations

import json

import pytest

from backtorule_eval.errors import ParameterProblem
from backtorule_eval.study.parameters import check_given, parse_declared, read_declared, settle

CELL = (
    'study: str = "params/demo.yaml"  # which study; 1 = programme\n'
    "horizon_months: int = 24  # months after start\n"
    "level: float = 0.95  # of the intervals\n"
    'scales: list[str] = ["a", "b"]  # in this order\n'
    "wave: int | None = None  # None takes the last\n"
)


@pytest.fixture
def declared():
    return parse_declared(CELL, "05_x.ipynb")


def test_a_second_equals_sign_in_a_comment_hides_nothing(declared):
    assert [d.name for d in declared] == ["study", "horizon_months", "level", "scales", "wave"]
    assert declared[0].default == "params/demo.yaml"


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"horizon_month": 12}, r"no parameter horizon_month\. Did you mean horizon_months\?"),
        ({"zzz": 1}, r"no parameter zzz\. It has: horizon_months, level, scales, study, wave\."),
        ({"horizon_months": "12"}, r"horizon_months must be int, not str"),
        ({"horizon_months": 12.5}, r"horizon_months must be int, not float"),
        ({"horizon_months": True}, r"horizon_months must be int, not bool"),
        ({"scales": ["a", 1]}, r"scales must be list\[str\], not list"),
        ({"study": None}, r"study must be str, not NoneType"),
    ],
)
def test_unknown_name_or_wrong_type_is_told(declared, given, complaint):
    (line,) = check_given(declared, given, where="study.yaml, 05_x")
    assert line.startswith("study.yaml, 05_x")
    with pytest.raises(ParameterProblem, match=complaint):
        raise ParameterProblem(line)


def test_every_mistake_is_told_at_once(declared):
    assert len(check_given(declared, {"a": 1, "level": "x", "wave": "y"}, where="w")) == 3


@pytest.mark.parametrize("given", [{"level": 1}, {"wave": 3}, {"wave": None}, {"scales": []}, {}])
def test_what_fits_passes(declared, given):
    assert check_given(declared, given, where="w") == []


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("x = 1", "line 1 of the parameters cell must read"),
        ("import os", "line 1 of the parameters cell must read"),
        ("x: int", "line 1 of the parameters cell must read"),
        ('x: __import__("os").system("true") = 1', "line 1 of the parameters cell must read"),
        ("x: os = 1", "line 1 of the parameters cell must read"),
        ("x: int = open", "default of x must be a plain value"),
        ('x: int = "a"', "default of x is not int"),
    ],
)
def test_a_line_that_is_not_a_declaration_is_refused(source, complaint):
    with pytest.raises(ParameterProblem, match=complaint):
        parse_declared(source, "n.ipynb")


def test_passed_beats_study_beats_default(declared):
    values = settle(declared, {"level": 0.9}, {"level": 0.8, "horizon_months": 12})
    assert (values["level"], values["horizon_months"], values["wave"]) == (0.9, 12, None)


@pytest.mark.parametrize("n_cells", [0, 2])
def test_one_parameters_cell_exactly(tmp_path, n_cells):
    cell = {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": "x: int = 1"}
    path = tmp_path / "n.ipynb"
    path.write_text(json.dumps({"cells": [cell] * n_cells}), encoding="utf-8")
    with pytest.raises(ParameterProblem, match=f"exactly one cell must be tagged parameters, not {n_cells}"):
        read_declared(path)


def test_a_missing_notebook_is_named(tmp_path):
    with pytest.raises(ParameterProblem, match=r"There is no notebook 99_x\.ipynb"):
        read_declared(tmp_path / "99_x.ipynb")
