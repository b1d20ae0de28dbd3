from __future__ import annotations

import math

import pandas as pd
import pytest

from backtorule_eval.analyses.describe import (
    AGE,
    answered_by_wave,
    average,
    average_numbers,
    count_levels,
    count_persons,
    coverage_by_source,
    describe_flow,
)
from backtorule_eval.analyses.tables import Dimension, Level
from backtorule_eval.cohort.cohort import FlowStep
from backtorule_eval.errors import ParameterProblem
from tests.analyses.cohorts import column, make_cohort, words

PEOPLE = ["a", "b", "c", "d"]
EXTRAS = (column("told", "boolean"), column("ses", "number"), column("unused", "level", levels=("x",)))


@pytest.fixture
def cohort():
    return make_cohort(
        extra_columns=EXTRAS,
        persons={
            "person": PEOPLE,
            "birth_year": [2005, 2006, None, 2007],
            "gender": ["woman", "man", "woman", None],
            "immigrant_category": ["immigrant", None, None, None],
            "grunnskolepoeng": [30.0, 34.0, None, None],
            "office": ["o2", "o1", "o1", None],
            "start_date": ["2024-01-15", "2024-08-01", "2024-01-15", None],
        },
        extras={"person": ["a", "b"], "told": [True, False], "ses": [1.0, None]},
        surveys={
            "person": ["a", "a", "b", "b", "c", "a"],
            "wave": [0, 0, 0, 0, 0, 1],
            "item": ["x_01", "x_02", "x_01", "x_02", "x_01", "x_01"],
            "value": [1.0, 2.0, 3.0, None, None, 4.0],
            "missing_reason": [None, None, None, "not_asked", "refused", None],
        },
        coverage={
            "person": ["a", "b", "a"],
            "source": ["schooling", "schooling", "work"],
            "complete_from": "2023-08-01",
            "complete_to": "2026-06-30",
            "end_reason": ["data_cut", "moved", "data_cut"],
        },
        flow=(
            FlowStep(step="received", label=words("received"), n=6),
            FlowStep(step="consent_withdrawn", label=words("withdrawn"), n=2),
            FlowStep(step="analysed", label=words("analysed"), n=4),
        ),
    )


def counted(table):
    (dimension,) = table.dimensions
    return dict(zip([level.key for level in dimension.levels], table.counts, strict=True))


def test_levels_that_somebody_has_are_counted_with_those_missing(cohort):
    tables = {t.dimensions[0].name: t for t in count_levels(cohort)}
    assert set(tables) == {"gender", "immigrant_category", "told"}
    assert counted(tables["gender"]) == {"woman": 2, "man": 1, "other": 0, "missing": 1}
    assert counted(tables["told"]) == {"True": 1, "False": 1, "missing": 2}
    assert tables["immigrant_category"].dimensions[0].sensitive
    assert not tables["gender"].dimensions[0].sensitive
    assert {t.question for t in tables.values()} == {"persons_by_level"}


def test_codes_are_counted_only_when_named(cohort):
    (offices,) = count_levels(cohort, columns=["office"])
    assert counted(offices) == {"o1": 2, "o2": 1, "missing": 1}
    (empty,) = count_levels(cohort, columns=["unused"])
    assert counted(empty) == {"x": 0, "missing": 4}


@pytest.mark.parametrize("name", ["grunnskolepoeng", "person", "nowhere"])
def test_what_has_no_categories_is_refused(cohort, name):
    with pytest.raises(ParameterProblem, match=f"Not columns of type level, boolean, code: {name}"):
        count_levels(cohort, columns=[name])


def test_means_of_numbers(cohort):
    rows = {row.name: row for row in average_numbers(cohort).rows}
    assert set(rows) == {"grunnskolepoeng", "age_at_start", "ses"}
    points = rows["grunnskolepoeng"]
    assert (points.n, points.n_missing, points.mean) == (2, 2, 32.0)
    assert points.sd == pytest.approx(math.sqrt(8))
    # Student's t on one degree of freedom, 12.706 by any table.
    assert points.high - points.mean == pytest.approx(12.706204736174698 * 2)
    assert points.low == pytest.approx(64 - points.high)
    assert (points.scale_low, points.scale_high) == (10, 60)
    age = rows["age_at_start"]
    assert (age.n, age.mean, age.label) == (2, 18.5, AGE.label)
    assert (rows["ses"].n, rows["ses"].sd, rows["ses"].low, rows["ses"].high) == (1, None, None, None)


def test_a_number_named_is_shown_even_when_nobody_has_one(cohort):
    (row,) = average_numbers(cohort, columns=["residence_years"]).rows
    assert (row.n, row.n_missing, row.mean, row.low) == (0, 4, None, None)


def test_what_is_no_number_is_refused(cohort):
    with pytest.raises(ParameterProblem, match="Not columns of type integer, number: gender"):
        average_numbers(cohort, columns=["gender"])


def test_who_answered_in_which_wave(cohort):
    first, second = answered_by_wave(cohort)
    # b was not asked the second item, so b answered everything; c refused; d has no form.
    assert counted(first) == {"all": 2, "some": 0, "none": 2}
    assert counted(second) == {"all": 1, "some": 0, "none": 3}
    assert (first.dimensions[0].name, second.dimensions[0].label.nb) == ("wave_0", "Runde 1")


def test_some_items_answered():
    surveys = {"person": ["a", "a"], "wave": 0, "item": ["x_01", "x_02"], "value": [1.0, None]}
    cohort = make_cohort(persons={"person": PEOPLE}, surveys=surveys | {"missing_reason": [None, "refused"]})
    assert counted(answered_by_wave(cohort)[0]) == {"all": 0, "some": 1, "none": 3}


def test_scores_stand_in_where_a_source_comes_scored():
    scores = {"person": ["a", "b"], "wave": 0, "scale": "interest", "value": [1.0, None]}
    tables = answered_by_wave(make_cohort(persons={"person": PEOPLE}, scores=scores))
    assert [counted(t) for t in tables] == [{"all": 1, "some": 0, "none": 3}]


def test_an_empty_source_gets_a_refusal_for_each_description():
    nothing = make_cohort(persons={"person": PEOPLE})
    answers = (answered_by_wave(nothing), coverage_by_source(nothing), count_levels(nothing))
    assert [refusal.reason for (refusal,) in answers] == ["no_waves", "no_coverage", "no_categories"]
    assert average_numbers(nothing).reason == "no_numbers"


def test_coverage_by_source(cohort):
    tables = {t.dimensions[0].name: counted(t) for t in coverage_by_source(cohort)}
    assert set(tables) == {"schooling", "work"}
    assert tables["schooling"] | {"moved": 1, "data_cut": 1, "missing": 2} == tables["schooling"]
    assert tables["work"]["missing"] == 3


def test_flow(cohort):
    flow = describe_flow(cohort)
    assert [(s.step, s.n) for s in flow.steps] == [("received", 6), ("consent_withdrawn", 2), ("analysed", 4)]
    assert flow.steps[0].label == words("received")


def test_a_value_in_no_category_is_refused():
    dimension = Dimension(name="x", label=words("x"), levels=(Level(key="a", label=words("a")),))
    with pytest.raises(ValueError, match="x: a value is in no category"):
        count_persons(pd.Series(["a", "b"]), dimension=dimension)


def test_the_range_of_a_variable_goes_with_its_mean():
    row = average(pd.Series([1.0, 2.0, 3.0]), column=column("x", "number"), level=0.9)
    assert (row.scale_low, row.scale_high) == (None, None)
    assert row.high - row.mean == pytest.approx(2.919985580353726 / math.sqrt(3))
