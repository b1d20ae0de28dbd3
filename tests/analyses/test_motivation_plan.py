from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from backtorule_eval.analyses.motivation_plan import DEFAULT_PLAN, MotivationPlan, Side, Step, read_plan
from backtorule_eval.errors import ParameterProblem

PARAMS = Path(__file__).parents[2] / "params"


def given(**changes):
    plan = {
        "outcome": "ever_dropout",
        "first": {"name": "interest", "scales": ["interest_math"]},
        "second": {"name": "utility", "scales": ["utility_math"]},
        "steps": [{"name": "unadjusted"}, {"name": "more", "add": ["sex"]}, {"name": "most", "add": ["age"]}],
        "cautions": ["no_clusters_in_source"],
    }
    return plan | changes


def test_variables_add_up_from_step_to_step():
    plan = read_plan(given())
    assert [plan.up_to(step) for step in plan.steps] == [(), ("sex",), ("sex", "age")]
    assert plan.covariates == ("sex", "age")
    assert plan.contrast == "interest_minus_utility"


def test_an_empty_plan_is_the_default():
    assert read_plan({}) is DEFAULT_PLAN
    assert {term.name for term in DEFAULT_PLAN.terms()} >= {"left", "ams_autonomous", "ams_controlled"}


def test_the_plan_of_hsls_is_whole():
    study = yaml.safe_load((PARAMS / "hsls09.yaml").read_text(encoding="utf-8"))
    plan = read_plan(study["notebooks"]["05_motivation_and_completion"]["plan"])
    assert [step.name for step in plan.steps if step.primary] == ["prior_attainment"]
    labels = {term.name: term.label for term in plan.terms()}
    assert labels["interest_minus_utility"].nb == "interesse minus nytte"


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"outcom": "x"}, "outcom: Extra inputs"),
        ({"first": {"name": "a", "scales": []}}, "first.scales: "),
        ({"first": {"name": "A b", "scales": ["x"]}}, "first.name: "),
        ({"steps": []}, "steps: "),
        ({"steps": [{"name": "a"}, {"name": "a"}]}, "named twice"),
        ({"steps": [{"name": "a", "add": ["sex", "sex"]}]}, "named twice"),
        ({"second": {"name": "b", "scales": ["interest_math"]}}, "named twice"),
        ({"steps": [{"name": "a", "add": ["utility_math"]}]}, "cannot be held constant too"),
        ({"steps": [{"name": "a", "primary": True}, {"name": "b", "primary": True}]}, "only one step"),
        ({"cautions": []}, "name the cluster column"),
        ({"cluster": "office"}, "not both"),
        ({"cautions": ["no_such_caution"]}, r"cautions\.0"),
        ({"words": {"interest": {"nb": "interesse"}}}, "words.interest.en"),
        ({"horizon_months": 0}, "horizon_months"),
    ],
)
def test_a_plan_that_is_wrong(changes, match):
    with pytest.raises(ParameterProblem, match=match):
        read_plan(given(**changes))


def test_all_mistakes_are_told_at_once():
    with pytest.raises(ParameterProblem) as caught:
        read_plan({"outcome": "x", "firs": 1})
    assert len(str(caught.value).splitlines()) == 5


def test_words_that_are_lacking_are_told_by_name():
    with pytest.raises(ParameterProblem, match="for: ever_dropout, interest, utility, more, most"):
        read_plan(given()).terms()


def test_the_plan_is_frozen():
    side = Side(name="a", scales=("a",))
    plan = MotivationPlan(
        outcome="left",
        first=side,
        second=Side(name="b", scales=("b",)),
        steps=(Step(name="s"),),
        cluster="office",
    )
    with pytest.raises(ValueError, match="frozen"):
        plan.outcome = "x"
