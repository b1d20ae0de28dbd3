from __future__ import annotations

import pytest

from backtorule_eval.analyses.support import (
    find_shortfalls,
    load_support,
    persons_needed,
    refusal,
    require_support,
)
from backtorule_eval.analyses.tables import Refusal
from backtorule_eval.errors import NotEstimable

# The table of docs/methods, "support first": Monte Carlo studies may raise a number and never lower it.
METHODS = {
    ("logit", "events"): 10,
    ("logit", "events_per_parameter"): 5,
    ("logit_maximum_likelihood", "events"): 50,
    ("discrete_hazard", "events"): 10,
    ("discrete_hazard", "events_per_parameter"): 5,
    ("linear_probability_contrast", "clusters"): 6,
    ("linear_probability_contrast", "clusters_with_variation"): 6,
    ("linear_probability_contrast", "events"): 10,
    ("linear_probability_contrast", "events_per_parameter"): 5,
    ("clustered_inference", "satterthwaite_df"): 4,
    ("arm_contrast", "clusters"): 6,
    ("arm_contrast", "smallest_arm_clusters"): 3,
    ("placebo_permutation", "comparison_offices"): 10,
    ("cumulative_incidence", "at_risk"): 10,
    ("cox", "events"): 20,
    ("fine_gray", "events"): 20,
    ("mixed_model", "persons_with_two_waves"): 20,
    ("interaction", "smallest_cell"): 20,
    ("interaction", "smallest_cell_events"): 8,
    ("balancing", "smallest_arm"): 20,
    ("balancing", "effective_n"): 15,
    ("balancing", "treated_per_covariate"): 10,
    ("aipw", "smallest_arm"): 200,
    ("mediation", "persons"): 100,
    ("mediation", "events"): 30,
    ("dominance", "persons"): 100,
    ("specification_curve", "persons"): 100,
    ("confirmatory_factors", "persons"): 100,
    ("confirmatory_factors", "persons_per_free_parameter"): 5,
    # Of our own: what METHODS asks of one factor model holds for each of several groups.
    ("invariance", "smallest_group"): 100,
    ("invariance", "persons_per_free_parameter"): 5,
    ("ordinal_alpha", "persons"): 100,
    ("profiles", "persons"): 150,
    ("random_effects", "clusters"): 6,
    ("imputation", "persons_per_free_parameter"): 3,
    ("pooling", "cohorts"): 3,
    ("prediction_interval", "cohorts"): 5,
}


def test_no_minimum_is_below_methods():
    table = {(model, row.fact): row.at_least for model, rows in load_support().models.items() for row in rows}
    assert set(table) == set(METHODS)
    assert all(table[row] >= least for row, least in METHODS.items())


def test_every_fact_has_a_unit():
    used = {row.fact for rows in load_support().models.values() for row in rows}
    assert used == set(load_support().units)


@pytest.mark.parametrize("row", METHODS, ids=" ".join)
def test_boundaries(row):
    model, fact = row
    plenty = {r.fact: 1e6 for r in load_support().models[model]}
    least = METHODS[row]
    require_support(model, **plenty | {fact: least})
    require_support(model, **plenty | {fact: least + 1})
    for too_few in (least - 1, least - 1e-6, 0, float("nan")):
        with pytest.raises(NotEstimable, match=f"^{fact}$") as caught:
            require_support(model, **plenty | {fact: too_few})
        assert caught.value.needed == least


def test_everything_that_is_lacking_is_told_in_order():
    lacking = find_shortfalls(
        "linear_probability_contrast",
        clusters=1,
        clusters_with_variation=1,
        events=12,
        events_per_parameter=4,
    )
    found = [(r.reason, r.needed, r.found) for r in lacking]
    assert found == [("clusters", 6, 1), ("clusters_with_variation", 6, 1), ("events_per_parameter", 5, 4)]


def test_a_share_that_rounds_to_the_minimum_meets_it():
    require_support("logit", events=15, events_per_parameter=15 / 3.0000000000000004)


@pytest.mark.parametrize(
    ("model", "facts", "match"),
    [
        ("logitt", {"events": 20}, "no model 'logitt'"),
        ("logit", {"events": 20}, "asks for"),
        ("cox", {"events": 20, "persons": 3}, "asks for"),
    ],
)
def test_a_fact_that_is_not_known_is_not_left_out(model, facts, match):
    with pytest.raises(ValueError, match=match):
        require_support(model, **facts)


@pytest.mark.parametrize(
    ("models", "n_parameters", "share", "persons"),
    [
        (("logit",), 2, 0.5, 20),  # ten events
        (("logit",), 3, 0.25, 60),  # fifteen events
        (("logit",), 3, 0.75, 60),  # the rarer outcome counts
        (("logit", "logit_maximum_likelihood"), 3, 0.25, 200),
        (("linear_probability_contrast",), 4, 0.3, 67),
        (("logit",), 2, 1 / 49, 490),  # not 491 by rounding
    ],
)
def test_persons_needed(models, n_parameters, share, persons):
    assert persons_needed(*models, n_parameters=n_parameters, event_share=share) == persons


@pytest.mark.parametrize("share", [0, 1, -0.1])
def test_without_events_nobody_knows_how_many_are_needed(share):
    with pytest.raises(ValueError, match="between 0 and 1"):
        persons_needed("logit", n_parameters=2, event_share=share)


def test_refusal_carries_the_reason_and_its_unit():
    reason = NotEstimable("clusters", needed=6, found=1)
    made = refusal(reason, question="q", population="p", model="m", adjustment="unadjusted")
    assert made == Refusal(
        question="q",
        population="p",
        model="m",
        reason="clusters",
        needed=6,
        found=1,
        unit="clusters",
        adjustment="unadjusted",
    )


def test_a_reason_outside_the_table_counts_nobody():
    made = refusal(NotEstimable("collinear", columns=("a", "b")), question="q", population="p", model="m")
    assert (made.unit, made.columns) == ("", ("a", "b"))
