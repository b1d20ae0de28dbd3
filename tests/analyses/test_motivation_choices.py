"""The motivation answer under all choices, and what each side explains: on invented people and on HSLS:09."""

from __future__ import annotations

import pytest

from backtorule_eval.analyses.choices import ChoiceCurve
from backtorule_eval.analyses.estimate import Measure
from backtorule_eval.analyses.motivation import motivation_ladder
from backtorule_eval.analyses.motivation_choices import motivation_choices, motivation_dominance
from backtorule_eval.analyses.tables import Refusal
from tests.analyses.references import small_people
from tests.analyses.test_motivation import small_cohort, small_plan


def test_every_pair_of_scales_and_every_subset_of_the_steps_is_a_choice():
    (curve,) = motivation_choices(small_cohort(), plan=small_plan(), n_permutations=19)
    assert isinstance(curve, ChoiceCurve)
    assert len(curve.rows) == 3 * 2
    assert [option.en for option in curve.options] == [
        "The average of all scales",
        "adjusted",
        "interest_math against utility_math",
        "interest_science against utility_science",
    ]
    assert [row.estimate.value for row in curve.rows] == sorted(row.estimate.value for row in curve.rows)
    assert len({row.taken for row in curve.rows}) == 6


def test_the_choices_of_the_plan_itself_give_the_ladder_s_answer():
    cohort, plan = small_cohort(), small_plan()
    (curve,) = motivation_choices(cohort, plan=plan, n_permutations=3)
    ladder = motivation_ladder(cohort, plan=plan)
    (main,) = ladder.shown(contrast=plan.contrast, measure=Measure.RISK_DIFFERENCE, adjustment="adjusted")
    (same,) = [row.estimate for row in curve.rows if row.taken == (0, 1)]
    assert (same.value, same.low, same.n) == (main.value, main.low, main.n)


def test_one_scale_on_each_side_leaves_only_the_steps_to_choose():
    plan = small_plan(
        first={"name": "interest", "scales": ["interest_math"]},
        second={"name": "utility", "scales": ["utility_math"]},
    )
    (curve,) = motivation_choices(small_cohort(), plan=plan, n_permutations=3)
    assert [option.en for option in curve.options] == ["adjusted"]
    assert sorted(row.taken for row in curve.rows) == [(), (0,)]


def test_dominance_is_of_both_sides_and_of_what_is_held_constant():
    found = motivation_dominance(small_cohort(), plan=small_plan(), n_resamples=40)
    assert {e.contrast for e in found} == {"interest", "utility", "adjusted"}
    assert [e.value for e in found] == sorted((e.value for e in found), reverse=True)
    assert {(e.measure, e.method) for e in found} == {(Measure.EXPLAINED, "general_dominance")}
    assert all(e.low <= e.value <= e.high for e in found)


@pytest.mark.parametrize("analysis", [motivation_choices, motivation_dominance])
def test_few_people_few_events_and_clusters_are_all_told_at_once(analysis):
    few = small_people().head(60)
    refused = analysis(small_cohort(few), plan=small_plan(cluster="office", cautions=[]))
    assert all(isinstance(one, Refusal) for one in refused)
    assert {one.reason for one in refused} >= {"persons", "events", "clustered"}


@pytest.mark.parametrize("analysis", [motivation_choices, motivation_dominance])
def test_an_outcome_that_cannot_be_told_is_a_refusal(analysis):
    cohort = small_cohort(small_people().assign(left=None))
    (refused, *_) = analysis(cohort, plan=small_plan())
    assert isinstance(refused, Refusal)
