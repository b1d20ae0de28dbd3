from __future__ import annotations

import pytest

from backtorule_eval.errors import ParameterProblem
from backtorule_eval.measures.evidence import Evidence
from backtorule_eval.measures.plan import ScaleChoice, plan_scoring

RSES = ScaleChoice(key="reversed_2_5_6_8_9", coding="0-3")


@pytest.mark.parametrize(
    ("scale", "choice", "low", "high"),
    [
        ("hscl", ScaleChoice(), 1, 4),
        ("hscl", ScaleChoice(method="sum"), 10, 40),
        ("swemwbs", ScaleChoice(), 7, 35),
        ("wemwbs", ScaleChoice(), 14, 70),
        ("ucla", ScaleChoice(), 3, 9),
        ("tils", ScaleChoice(), 3, 15),
        ("uls", ScaleChoice(key="reversed_3_6"), 8, 32),
        ("gse", ScaleChoice(), 10, 40),
        ("gse", ScaleChoice(method="mean"), 1, 4),
        ("rses", RSES, 0, 30),
        ("rses", ScaleChoice(key="reversed_2_5_6_8_9", coding="1-4"), 10, 40),
        ("cantril", ScaleChoice(), 0, 10),
    ],
)
def test_range_of_the_score(scale, choice, low, high):
    (score,) = plan_scoring(scale, choice=choice).scores
    assert (score.low, score.high) == (low, high)
    assert score.name == scale


def test_ams_plans_seven_scores_of_four_items():
    plan = plan_scoring("ams")
    assert [score.name for score in plan.scores][:2] == ["ams_know", "ams_accomplish"]
    assert {len(score.items) for score in plan.scores} == {4}
    assert {score.min_answered for score in plan.scores} == {3}
    assert plan.items == plan.scale.item_names


def test_some_subscales_need_their_items_alone():
    plan = plan_scoring("ams", choice=ScaleChoice(subscales=("amotivation",)))
    assert plan.items == ("ams_05", "ams_12", "ams_19", "ams_26")


def test_evidence_is_that_of_the_weakest_rule():
    assert plan_scoring("hscl").evidence is Evidence.READ
    assert plan_scoring("ams").evidence is Evidence.UNVERIFIED
    assert plan_scoring("rses", choice=RSES).evidence is Evidence.DECIDED


def test_rules_carry_mark_choice_and_note():
    (key,) = [rule for rule in plan_scoring("ams").rules if rule.rule == "key"]
    assert (key.choice, key.evidence) == ("cycle_of_seven", "U")
    assert "Sjekk mot skjemaet" in key.note.nb
    assert "conversion" in [rule.rule for rule in plan_scoring("swemwbs").rules]
    assert "conversion" not in [
        r.rule for r in plan_scoring("swemwbs", choice=ScaleChoice(method="sum")).rules
    ]


def test_an_own_missing_rule_is_marked_as_decided():
    missing = plan_scoring("hscl", choice=ScaleChoice(min_answered=9)).rules[-1]
    assert (missing.rule, missing.choice, missing.evidence) == ("missing", "at least 9 answered", "D")
    share = plan_scoring("hscl", choice=ScaleChoice(min_share=0.5)).rules[-1]
    assert (share.choice, share.evidence) == ("at least 0.5 of the items answered", "D")
    assert plan_scoring("hscl").rules[-1].choice == ""


@pytest.mark.parametrize(
    ("scale", "share", "needed"),
    [
        ("gse", 0.5, 5),
        ("gse", 0.51, 6),
        ("gse", 0.7, 7),
        ("gse", 1.0, 10),
        ("gse", 0.01, 1),
        ("ams", 0.5, 2),
        ("ams", 0.6, 3),
        ("wemwbs", 0.5, 7),
        ("tils", 2 / 3, 2),
    ],
)
def test_a_share_of_the_items(scale, share, needed):
    assert plan_scoring(scale, choice=ScaleChoice(min_share=share)).scores[0].min_answered == needed


@pytest.mark.parametrize("share", [0, -0.1, 1.01])
def test_a_share_out_of_range_is_refused(share):
    with pytest.raises(ParameterProblem, match="min_share must be above 0 and at most 1"):
        ScaleChoice(min_share=share)


def test_two_missing_rules_are_refused():
    with pytest.raises(ParameterProblem, match="min_answered or min_share, not both"):
        ScaleChoice(min_answered=3, min_share=0.5)


def test_reversed_and_flipped_cancel():
    scored = plan_scoring("srqa", choice=ScaleChoice(coding="scored")).scores[0]
    printed = plan_scoring("srqa", choice=ScaleChoice(coding="as_printed")).scores[0]
    assert not any(scored.turned)
    assert all(printed.turned)


@pytest.mark.parametrize(
    ("scale", "choice", "message"),
    [
        ("rses", ScaleChoice(coding="0-3"), r"'rses': say which key your form has.*reversed_2_5_6_8_9"),
        ("rses", ScaleChoice(key="reversed_2_5_6_8_9"), r"'rses': say which coding.*'0-3'.*'1-4'"),
        ("srqa", ScaleChoice(), r"'srqa': say which coding.*as it is printed first"),
        ("sims", ScaleChoice(), r"'sims': say which key.*cycle_of_four"),
        ("bpns", ScaleChoice(), r"'bpns': say which key"),
        ("uls", ScaleChoice(), r"'uls': say which key"),
        ("gse", ScaleChoice(key="other"), r"'gse' has no key 'other'\. It has: key='published'"),
        ("gse", ScaleChoice(method="median"), r"no method 'median'\. It has: method='sum' \(evidence R\)"),
        ("gse", ScaleChoice(min_answered=0), "min_answered must be from 1 to 10"),
        ("gse", ScaleChoice(min_answered=11), "min_answered must be from 1 to 10"),
        ("swemwbs", ScaleChoice(min_answered=6), "the conversion is for whole sums"),
        ("ams", ScaleChoice(subscales=("intrinsic",)), r"no subscale 'intrinsic'\. It has: know, accomplish"),
        ("gse", ScaleChoice(subscales=("x",)), r"no subscale 'x'\. It has: none"),
    ],
)
def test_a_choice_that_is_missing_or_does_not_fit_is_refused(scale, choice, message):
    with pytest.raises(ParameterProblem, match=message):
        plan_scoring(scale, choice=choice)


@pytest.mark.parametrize("n", [1, 10])
def test_min_answered_at_its_ends(n):
    assert plan_scoring("gse", choice=ScaleChoice(min_answered=n)).scores[0].min_answered == n


def test_a_key_used_by_name_works_when_named():
    assert plan_scoring("sims", choice=ScaleChoice(key="cycle_of_four")).evidence is Evidence.UNVERIFIED
