from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backtorule_eval.errors import DataProblem, NotEstimable, ParameterProblem
from backtorule_eval.measures.plan import ScaleChoice
from backtorule_eval.measures.scores import Unscored, read_scores, standardise
from tests.measures.made import answered, cohort, table

RSES = ScaleChoice(key="reversed_3_5_8_9_10", coding="0-3")
SOURCE = table(
    "scores",
    [
        {"person": "p1", "wave": 0, "scale": "interest_math", "value": 0.5},
        {"person": "p2", "wave": 0, "scale": "interest_math", "missing_reason": "refused"},
        {"person": "p3", "wave": 0, "scale": "interest_math"},
    ],
)


def test_own_and_source_scores_stand_together():
    found = read_scores(cohort(surveys=answered("hscl", [1] * 10), scores=SOURCE))
    assert found.frame.dtypes.map(str).to_dict() == {
        "person": "str",
        "wave": "Int64",
        "scale": "str",
        "value": "float64",
        "status": "str",
        "made": "str",
    }
    rows = found.frame[["person", "scale", "status", "made"]].to_numpy().tolist()
    assert rows == [
        ["p1", "hscl", "scored", "here"],
        ["p1", "interest_math", "scored", "source"],
        ["p2", "interest_math", "refused", "source"],
        ["p3", "interest_math", "source_missing", "source"],
    ]
    assert set(found.scored) == {"hscl"}


@pytest.mark.parametrize(
    "tables", [{}, {"scores": SOURCE}, {"surveys": answered("gse", [2] * 10)}], ids=["none", "source", "own"]
)
def test_types_do_not_depend_on_what_is_there(tables):
    types = read_scores(cohort(**tables)).frame.dtypes.map(str).tolist()
    assert types == ["str", "Int64", "str", "float64", "str", "str"]


def test_a_scale_with_an_open_choice_is_left_out_and_told():
    surveys = pd.concat([answered("rses", [1] * 10), answered("srqa", [1] * 32), answered("sims", [1] * 16)])
    found = read_scores(cohort(surveys=surveys))
    assert {u.score for u in found.unscored} == {"rses", "srqa", "sims"}
    assert {u.reason for u in found.unscored} == {"choice_needed"}
    assert found.frame.empty


def test_a_choice_lets_it_be_scored():
    surveys = pd.concat([answered("rses", [1] * 10), answered("gse", [1] * 10)])
    found = read_scores(cohort(surveys=surveys), choices={"rses": RSES})
    assert found.unscored == ()
    assert set(found.frame["scale"]) == {"rses", "gse"}


def test_subscales_that_lack_items_are_left_out_and_told():
    surveys = answered("ams", [4] * 28)
    found = read_scores(cohort(surveys=surveys[surveys["item"] != "ams_28"]))
    assert found.unscored == (Unscored(score="ams_introjected", reason="items_missing"),)
    assert found.frame["scale"].nunique() == 6


def test_a_scale_that_lacks_items_is_left_out_and_told():
    surveys = answered("hscl", [1] * 10)
    found = read_scores(cohort(surveys=surveys[surveys["item"] != "hscl_10"]))
    assert found.unscored == (Unscored(score="hscl", reason="items_missing"),)
    assert found.scored == {}


def test_all_subscales_lacking_items_leave_nothing():
    surveys = answered("ams", [4] * 28)
    found = read_scores(cohort(surveys=surveys[surveys["item"] == "ams_01"]))
    assert len(found.unscored) == 7
    assert found.frame.empty


def test_a_choice_of_subscales_is_kept():
    choices = {"ams": ScaleChoice(subscales=("know",))}
    found = read_scores(cohort(surveys=answered("ams", [4] * 28)), choices=choices)
    assert set(found.frame["scale"]) == {"ams_know"}


def test_a_choice_for_an_unknown_scale_is_refused():
    with pytest.raises(ParameterProblem, match="no scale 'rsse'"):
        read_scores(cohort(), choices={"rsse": RSES})


def test_a_choice_that_does_not_fit_is_refused():
    with pytest.raises(ParameterProblem, match="has no key 'other'"):
        read_scores(cohort(surveys=answered("gse", [1] * 10)), choices={"gse": ScaleChoice(key="other")})


def test_answers_outside_the_range_are_refused():
    with pytest.raises(DataProblem, match=r"'gse'.*from 1 to 4"):
        read_scores(cohort(surveys=answered("gse", [5] * 10)))


def test_the_same_score_here_and_at_the_source_is_refused():
    source = table("scores", [{"person": "p1", "wave": 0, "scale": "gse", "value": 30}])
    with pytest.raises(DataProblem, match="at the source as well: gse"):
        read_scores(cohort(surveys=answered("gse", [2] * 10), scores=source))


# --- Standardising -----------------------------------------------------------------------------


def test_standardised_by_hand():
    found = standardise(pd.Series([1.0, 2.0, 3.0, np.nan]))
    assert found.values.tolist()[:3] == [-1.0, 0.0, 1.0]
    assert (found.mean, found.sd, found.n) == (2.0, 1.0, 3)
    assert np.isnan(found.values.iloc[3])


def test_standardised_over_a_population():
    values = pd.Series([1.0, 3.0, 100.0])
    found = standardise(values, population=pd.Series([True, True, False]))
    assert found.mean == 2.0
    assert found.values.iloc[2] == pytest.approx(98 / np.sqrt(2))


@pytest.mark.parametrize("values", [[], [1.0], [np.nan, 1.0]])
def test_fewer_than_two_values_are_refused(values):
    with pytest.raises(NotEstimable, match="persons") as caught:
        standardise(pd.Series(values, dtype=float))
    assert caught.value.needed == 2


def test_values_all_alike_are_refused():
    with pytest.raises(NotEstimable, match="variation"):
        standardise(pd.Series([3.0, 3.0, 3.0]))


def test_a_repr_shows_no_value():
    assert "values" not in repr(standardise(pd.Series([1.0, 2.0])))


@given(values=st.lists(st.integers(-50, 50), min_size=2, max_size=20).filter(lambda v: len(set(v)) > 1))
@settings(max_examples=25, deadline=None)
def test_mean_zero_and_one_standard_deviation(values):
    found = standardise(pd.Series(values, dtype=float)).values
    assert found.mean() == pytest.approx(0, abs=1e-9)
    assert found.std() == pytest.approx(1)
