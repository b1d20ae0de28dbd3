from __future__ import annotations

import pytest

from backtorule_eval.errors import ParameterProblem
from backtorule_eval.measures.cut_offs import meets_cut_off, usable_cut_offs
from backtorule_eval.measures.plan import ScaleChoice, plan_scoring
from backtorule_eval.measures.scoring import score_scale
from tests.measures.made import answered

RSES = ScaleChoice(key="reversed_3_5_8_9_10", coding="0-3")


def meets(scale, answers, name, choice=None):
    scores = score_scale(answered(scale, answers), scale, choice=choice or ScaleChoice())
    return meets_cut_off(scores, name)["meets"].tolist()


@pytest.mark.parametrize(("total", "high"), [(10, False), (18, False), (19, True), (40, True)])
def test_hscl_at_1_85(total, high):
    full, rest = divmod(total - 10, 3)
    answers = ([4] * full + [1 + rest] + [1] * 10)[:10]
    assert meets("hscl", answers, "high_distress") == [high]


@pytest.mark.parametrize(("total", "low"), [(0, True), (14, True), (15, False), (16, False), (30, False)])
def test_rses_below_15(total, low):
    full, rest = divmod(total, 3)
    turned = ([3] * full + [rest] + [0] * 10)[:10]
    answers = [3 - a if number in (3, 5, 8, 9, 10) else a for number, a in enumerate(turned, 1)]
    assert meets("rses", answers, "low", RSES) == [low]


@pytest.mark.parametrize(
    ("answer", "part"), [(0, "low"), (5, "low"), (6, "medium"), (8, "medium"), (9, "high"), (10, "high")]
)
def test_life_satisfaction_is_in_one_part(answer, part):
    found = [name for name in ("low", "medium", "high") if meets("lifesat", [answer], name) == [True]]
    assert found == [part]


def test_no_score_is_neither_above_nor_below():
    scores = score_scale(answered("hscl", [4] * 6 + [None] * 4), "hscl")
    assert meets_cut_off(scores, "high_distress")["meets"].isna().all()


@pytest.mark.parametrize(
    ("scale", "choice", "name", "message"),
    [
        ("hscl", ScaleChoice(), "low", r"has no cut-off 'low'\. It has: high_distress"),
        ("gse", ScaleChoice(), "low", r"has no cut-off 'low'\. It has: none"),
        ("swemwbs", ScaleChoice(), "low", r"not verified \(evidence U\)"),
        ("ucla", ScaleChoice(), "lonely_wide", r"not verified \(evidence R-\)"),
        ("cantril", ScaleChoice(), "thriving", "the score alone does not decide; it needs: and at least 8"),
        ("hscl", ScaleChoice(method="sum"), "high_distress", "holds for method='mean' only"),
        (
            "rses",
            ScaleChoice(key="reversed_3_5_8_9_10", coding="1-4"),
            "low",
            "holds for method='sum', coding='0-3' only",
        ),
    ],
)
def test_what_may_not_be_applied_is_refused(scale, choice, name, message):
    count = plan_scoring(scale, choice=choice).scale.items.count
    scores = score_scale(answered(scale, [1] * count), scale, choice=choice)
    with pytest.raises(ParameterProblem, match=message):
        meets_cut_off(scores, name)


def test_usable_cut_offs_fit_the_scoring():
    assert [c.name for c in usable_cut_offs(plan_scoring("rses", choice=RSES))] == ["low"]
    assert usable_cut_offs(plan_scoring("hscl", choice=ScaleChoice(method="sum"))) == ()
