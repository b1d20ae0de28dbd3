from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from backtorule_eval.analyses.design_matrix import CONSTANT, Variable, build_design
from backtorule_eval.errors import DataProblem
from tests.analyses.cohorts import words

AGE = Variable(name="age", label=words("age"))
GRADE = Variable(name="grade", label=words("grade"), levels=("a", "b", "c", "d"))


def people(**columns):
    return pd.DataFrame({"age": [14.0, 15.0, 16.0, 14.0], "grade": ["b", "a", "d", "b"]} | columns)


def test_first_category_somebody_has_is_the_reference():
    design = build_design(people(), variables=[GRADE, AGE])
    assert design.names == (CONSTANT, "grade", "grade", "age")
    expected = [[1, 1, 0, 14], [1, 0, 0, 15], [1, 0, 1, 16], [1, 1, 0, 14]]
    assert design.x.tolist() == expected
    assert design.columns("grade") == (1, 2)
    assert design.n_missing == 0


def test_a_reference_nobody_has_gives_way_to_the_next():
    design = build_design(people(grade=["b", "c", "c", "b"]), variables=[GRADE])
    assert design.x.tolist() == [[1, 0], [1, 1], [1, 1], [1, 0]]


def test_one_category_alone_gets_no_column():
    design = build_design(people(grade=["b"] * 4), variables=[GRADE, AGE])
    assert design.names == (CONSTANT, "age")


def test_people_with_a_missing_value_are_left_out_and_counted():
    frame = people(age=[14.0, np.nan, 16.0, 14.0], grade=["b", "a", None, "b"])
    design = build_design(frame, variables=[AGE, GRADE])
    assert design.rows.tolist() == [0, 3]
    assert design.n_missing == 2
    assert design.x.shape == (2, 2)


def test_missing_in_a_column_not_asked_for_does_not_matter():
    assert build_design(people(grade=[None] * 4), variables=[AGE]).n_missing == 0


def test_nobody_left():
    design = build_design(people(age=[np.nan] * 4), variables=[AGE, GRADE])
    assert design.x.shape == (0, 2)
    assert design.n_missing == 4


def test_truth_values_and_whole_numbers_become_numbers():
    frame = pd.DataFrame(
        {"age": pd.array([14, None], dtype="Int64"), "grade": pd.array([True, False], dtype="boolean")}
    )
    yes = Variable(name="grade", label=words("grade"))
    assert build_design(frame, variables=[AGE, yes]).x.tolist() == [[1, 14, 1]]


def test_a_category_not_declared_is_refused_without_showing_it():
    with pytest.raises(DataProblem, match=r"not declared, in: grade \(2 rows\)") as caught:
        build_design(people(grade=["secret", "a", "secret", None]), variables=[GRADE])
    assert "secret" not in str(caught.value)


def test_the_frame_is_not_changed():
    frame = people(grade=["b", None, "d", "b"])
    before = frame.copy()
    build_design(frame, variables=[AGE, GRADE])
    pd.testing.assert_frame_equal(frame, before)
