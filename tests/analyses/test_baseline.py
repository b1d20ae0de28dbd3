from __future__ import annotations

import numpy as np
import pytest

from backtorule_eval.analyses.baseline import read_baseline, score_label
from backtorule_eval.errors import ParameterProblem
from tests.analyses.cohorts import column, make_cohort, words

PEOPLE = ["p1", "p2", "p3"]
EXTRAS = (
    column("ses", "number"),
    column("told", "boolean"),
    column("grade", "level", levels=("a", "b")),
    column("later_mark", "number", measured="later"),
    column("unsaid", "number", measured=""),
    column("class_code", "code"),
)


@pytest.fixture
def cohort():
    return make_cohort(
        extra_columns=EXTRAS,
        persons={"person": PEOPLE, "gender": ["woman", None, "man"], "grunnskolepoeng": [30.5, 41, None]},
        extras={"person": ["p1", "p3"], "ses": [0.5, -1], "told": [True, None], "grade": ["b", "a"]},
        scores={
            "person": ["p1", "p1", "p2", "p2", "p3"],
            "wave": [0, 1, 0, 1, 1],
            "scale": ["interest", "interest", "interest", "climate", "climate"],
            "value": [1.0, 5.0, 2.0, 3.0, 4.0],
        },
    )


def test_values_at_the_start_from_all_three_places(cohort):
    names = ["gender", "grunnskolepoeng", "ses", "told", "grade", "interest"]
    found = read_baseline(cohort, names=names, words={"interest": words("interest")})
    assert list(found.frame.columns) == names
    assert list(found.frame.index) == PEOPLE
    assert found.frame["interest"].tolist()[:2] == [1.0, 2.0]
    assert np.isnan(found.frame.loc["p3", "interest"])
    assert found.frame["ses"].dropna().to_dict() == {"p1": 0.5, "p3": -1.0}
    assert found.frame["told"].dropna().to_dict() == {"p1": 1.0}
    assert found.frame["gender"].dropna().to_dict() == {"p1": "woman", "p3": "man"}
    assert found.variables["grade"].levels == ("a", "b")
    assert found.variables["gender"].label.nb == "Kjønn"
    assert found.variables["interest"].label == words("interest")


@pytest.mark.parametrize(
    ("name", "match"),
    [
        ("later_mark", "later_mark may not be held constant: nothing says it was settled at the start"),
        ("unsaid", "unsaid may not be held constant"),
        ("withdrawal_date", "withdrawal_date may not be held constant"),
        ("start_date", "start_date is of type date"),
        ("class_code", "class_code is of type code"),
        ("climate", "climate may not be held constant: it was first measured in wave 1, after the start"),
        ("interst", "There is no variable interst. Did you mean interest"),
        ("zzz", r"There is no variable zzz\.$"),
        ("interest", "interest needs words"),
    ],
)
def test_what_may_not_be_held_constant(cohort, name, match):
    with pytest.raises(ParameterProblem, match=match):
        read_baseline(cohort, names=[name])


def test_all_problems_are_told_at_once(cohort):
    with pytest.raises(ParameterProblem, match="later_mark") as caught:
        read_baseline(cohort, names=["later_mark", "ses", "climate", "class_code"])
    assert len(str(caught.value).splitlines()) == 3


def test_a_name_with_two_meanings_is_refused():
    scores = {"person": PEOPLE, "wave": 0, "scale": "ses", "value": 1.0}
    cohort = make_cohort(extra_columns=EXTRAS, persons={"person": PEOPLE}, scores=scores)
    with pytest.raises(ParameterProblem, match="ses is both a column and a scale"):
        read_baseline(cohort, names=["ses"])


def test_an_extra_with_the_name_of_a_column_of_persons_is_refused():
    cohort = make_cohort(extra_columns=(column("gender", "number"),), persons={"person": PEOPLE})
    with pytest.raises(ParameterProblem, match="names of columns of persons: gender"):
        read_baseline(cohort, names=["gender"])


def test_score_labels_come_from_the_study_else_from_the_catalogue():
    assert score_label("ams_autonomous", {}).en == "Autonomous motivation"
    assert score_label("ams_know", {}).en == "Intrinsic motivation: to know"
    assert score_label("gse", {}) is not None
    assert score_label("interest", {"interest": words("interest")}) == words("interest")
    assert score_label("interest", {}) is None
