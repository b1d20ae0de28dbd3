"""Does the difference differ between groups: by separate models, with planted truth, and refused for few."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from backtorule_eval.analyses.contrast import risk_contrast
from backtorule_eval.analyses.estimate import Caution
from backtorule_eval.analyses.logit import fit_logit
from backtorule_eval.analyses.motivation_groups import motivation_by_group
from backtorule_eval.analyses.tables import Refusal
from backtorule_eval.errors import ParameterProblem
from tests.analyses.references import GRADES, SCALES, small_people, standardised
from tests.analyses.test_motivation import few_left, small_cohort, small_plan

BY_POINTS = small_plan(steps=[{"name": "adjusted", "add": ["points"], "primary": True}], groups="points")


def made(n: int, *, apart: float, seed: int = 1) -> pd.DataFrame:
    """Invented people whose contrast is larger among those with few points."""
    chance = np.random.default_rng(seed)
    people = pd.DataFrame(chance.normal(size=(n, 4)), columns=list(SCALES))
    points = chance.normal(size=n)
    slope = np.where(points < 0, apart, 0.0)
    log_odds = -0.4 + slope * (people[SCALES[0]] - people[SCALES[2]])
    left = (chance.random(n) < 1 / (1 + np.exp(-log_odds))).astype(float)
    return people.assign(
        person=[f"p{i}" for i in range(n)], points=points, age=16, grade=GRADES[0], office="a", left=left
    )


def test_without_other_covariates_each_group_is_a_model_of_its_own():
    people = made(1200, apart=0.5)
    people = people.assign(grade=np.random.default_rng(2).choice(GRADES, len(people)))
    plan = small_plan(steps=[{"name": "adjusted", "add": ["grade"], "primary": True}], groups="grade")
    found = motivation_by_group(small_cohort(people), plan=plan)
    assert len(found) == len(GRADES) + 1
    scaled = standardised(people)
    for grade, estimate in zip(GRADES, found, strict=False):
        own = scaled[scaled["grade"].eq(grade)]
        x = np.column_stack([np.ones(len(own)), own[list(SCALES)]])
        fit = fit_logit(x=x, y=own["left"])
        alone = risk_contrast(fit, x=x, up=(1, 2), against=(3, 4))
        assert (estimate.value, estimate.std_error) == pytest.approx((alone.value, alone.std_error), abs=1e-9)
        assert (estimate.n, estimate.n_events) == (len(own), own["left"].sum())
    first, last, apart = found[0], found[-2], found[-1]
    assert apart.value == pytest.approx(first.value - last.value)
    # The groups share nobody, so their uncertainties add up.
    assert apart.std_error == pytest.approx(np.hypot(first.std_error, last.std_error))


def test_a_planted_difference_between_quarters_is_found():
    found = motivation_by_group(small_cohort(made(1600, apart=0.9)), plan=BY_POINTS)
    assert [e.n for e in found] == [400, 400, 400, 400, 1600]
    assert found[0].low > 0
    assert found[3].low < 0 < found[3].high
    assert found[-1].low > 0
    assert all(Caution.EXPLORATORY in e.cautions and not e.prespecified for e in found)


def test_without_a_difference_the_interval_holds_zero():
    found = motivation_by_group(small_cohort(made(1600, apart=0.0)), plan=BY_POINTS)
    assert found[-1].low < 0 < found[-1].high


def test_every_group_has_its_words():
    found = motivation_by_group(small_cohort(made(400, apart=0.0)), plan=BY_POINTS)
    labels = {term.name: term.label.en for term in found[0].terms}
    assert [labels[e.population] for e in found] == [
        "Lowest quarter",
        "Second lowest quarter",
        "Second highest quarter",
        "Highest quarter",
        "First group minus last",
    ]


def test_groups_with_few_or_with_few_events_are_refused():
    refused = motivation_by_group(small_cohort(few_left(20)), plan=BY_POINTS)
    assert all(isinstance(one, Refusal) for one in refused)
    assert {one.reason for one in refused} == {"smallest_cell_events", "events"}
    few = motivation_by_group(small_cohort(made(60, apart=0.0)), plan=BY_POINTS)
    assert "smallest_cell" in {one.reason for one in few}


def test_a_variable_that_is_not_held_constant_is_an_error():
    plan = BY_POINTS.model_copy(update={"groups": "age"})
    with pytest.raises(ParameterProblem, match="age is not held constant at the step adjusted; that hol"):
        motivation_by_group(small_cohort(), plan=plan)


def test_a_plan_that_asks_for_no_groups_is_told_so():
    (refused,) = motivation_by_group(small_cohort(), plan=small_plan())
    assert (refused.reason, refused.model) == ("not_asked", "interaction")


def test_an_outcome_that_cannot_be_told_is_a_refusal():
    cohort = small_cohort(small_people().assign(left=None))
    (refused,) = motivation_by_group(cohort, plan=BY_POINTS)
    assert isinstance(refused, Refusal)
