from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backtorule_eval.errors import DataProblem, ParameterProblem
from backtorule_eval.measures.answers import person_scores, turn
from backtorule_eval.measures.evidence import Evidence
from backtorule_eval.measures.plan import ScaleChoice, plan_scoring
from backtorule_eval.measures.reliability import cronbach_alpha
from backtorule_eval.measures.scales import find_scale
from backtorule_eval.measures.scoring import ScoreCount, keyed_items, score_items, score_scale
from tests.measures.made import answered, table

RSES = ScaleChoice(key="reversed_3_5_8_9_10", coding="0-3")
MISSING = None


def values(surveys, scale, **choice):
    """Scores of p1, p2, ... on a scale without subscales."""
    return score_scale(surveys, scale, choice=ScaleChoice(**choice)).frame["value"].tolist()


# --- What a score is ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scale", "answers", "choice", "expected"),
    [
        ("hscl", [1] * 10, {}, 1.0),
        ("hscl", [4] * 10, {}, 4.0),
        ("hscl", [1, 2, 3, 4, 1, 2, 3, 4, 1, 2], {}, 2.3),
        ("hscl", [1, 2, 3, 4, 1, 2, 3, 4, 1, 2], {"method": "sum"}, 23.0),
        ("wemwbs", [3] * 14, {}, 42.0),
        ("ucla", [1, 2, 3], {}, 6.0),
        ("tils", [1, 5, 3], {}, 9.0),
        ("gse", [2] * 10, {}, 20.0),
        ("gse", [2] * 10, {"method": "mean"}, 2.0),
        ("uls", [1] * 8, {"key": "reversed_3_6"}, 14.0),
        ("uls", [1] * 8, {"key": "already_reversed"}, 8.0),
        ("rses", [3, 3, 0, 3, 0, 3, 3, 0, 0, 0], {"key": "reversed_3_5_8_9_10", "coding": "0-3"}, 30.0),
        ("rses", [3, 0, 3, 3, 0, 0, 3, 0, 0, 3], {"key": "reversed_2_5_6_8_9", "coding": "0-3"}, 30.0),
        ("rses", [4, 4, 1, 4, 1, 4, 4, 1, 1, 1], {"key": "reversed_3_5_8_9_10", "coding": "1-4"}, 40.0),
        ("cantril", [7], {}, 7.0),
        ("lifesat", [0], {}, 0.0),
    ],
)
def test_score(scale, answers, choice, expected):
    assert values(answered(scale, answers), scale, **choice) == [expected]


def test_ams_subscales():
    answers = [1 + number % 7 for number in range(28)]
    wide = score_scale(answered("ams", answers), "ams").wide()
    expected = {"external": 1, "know": 2, "identified": 3, "stimulation": 4, "amotivation": 5}
    expected |= {"accomplish": 6, "introjected": 7}
    assert {name: wide[f"ams_{name}"].item() for name in expected} == expected


def test_srqa_as_printed_is_turned():
    choice = {"scored": ScaleChoice(coding="scored"), "as_printed": ScaleChoice(coding="as_printed")}
    surveys = answered("srqa", [1] * 32)
    assert set(score_scale(surveys, "srqa", choice=choice["scored"]).frame["value"]) == {1.0}
    assert set(score_scale(surveys, "srqa", choice=choice["as_printed"]).frame["value"]) == {4.0}


CONVERSION = (
    "7.00, 9.51, 11.25, 12.40, 13.33, 14.08, 14.75, 15.32, 15.84, 16.36, 16.88, 17.43, 17.98, 18.59, 19.25, "
    "19.98, 20.73, 21.54, 22.35, 23.21, 24.11, 25.03, 26.02, 27.03, 28.13, 29.31, 30.70, 32.55, 35.00"
)


@pytest.mark.parametrize(("raw", "metric"), list(enumerate(map(float, CONVERSION.split(", ")), 7)))
def test_swemwbs_conversion(raw, metric):
    full, rest = divmod(raw - 7, 4)
    answers = ([5] * full + [1 + rest] + [1] * 7)[:7]
    surveys = answered("swemwbs", answers)
    assert values(surveys, "swemwbs", method="sum") == [raw]
    assert values(surveys, "swemwbs") == [metric]


# --- Who gets one ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scale", "n_answered", "scored"),
    [
        ("hscl", 10, True),
        ("hscl", 7, True),
        ("hscl", 6, False),
        ("hscl", 0, False),
        ("swemwbs", 7, True),
        ("swemwbs", 6, False),
        ("wemwbs", 11, True),
        ("wemwbs", 10, False),
        ("ucla", 3, True),
        ("ucla", 2, False),
        ("gse", 7, True),
        ("gse", 6, False),
    ],
)
def test_missing_rule(scale, n_answered, scored):
    count = find_scale(scale).items.count
    answers = [2.0] * n_answered + [MISSING] * (count - n_answered)
    (value,) = values(answered(scale, answers), scale)
    assert np.isfinite(value) == scored


@pytest.mark.parametrize(("missing", "scored"), [(0, True), (1, True), (2, False), (4, False)])
def test_missing_rule_of_a_subscale(missing, scored):
    answers = [2.0] * 28
    for number in (5, 12, 19, 26)[:missing]:
        answers[number - 1] = MISSING
    frame = score_scale(answered("ams", answers), "ams").frame.set_index("scale")
    assert np.isfinite(frame.loc["ams_amotivation", "value"]) == scored
    assert frame.loc["ams_amotivation", "n_answered"] == 4 - missing
    assert frame.loc["ams_know", "status"] == "scored"


def test_a_mean_is_over_the_answered_and_a_sum_stays_on_its_range():
    answers = [4, 4, 4, 4, 1, 1, 1, 1, MISSING, MISSING]
    assert values(answered("hscl", answers), "hscl") == [2.5]
    assert values(answered("hscl", answers), "hscl", method="sum") == [25.0]


def test_a_whole_sum_stays_whole_when_answers_are_missing():
    # 12 / 0.8 in floating point can miss 15; a score that equals a cut-off must not.
    answers = [2, 2, 2, 2, 1, 1, 1, 1, MISSING, MISSING]
    assert values(answered("gse", answers), "gse") == [15.0]


# --- Why not -----------------------------------------------------------------------------------


def surveys_of(reasons):
    """Surveys to UCLA-3; per person the three answers, or reasons for none."""
    rows = [
        {"person": person, "wave": wave, "item": f"ucla_{i:02d}", "value": a if isinstance(a, int) else None}
        | {"missing_reason": a if isinstance(a, str) else None}
        for (person, wave), answers in reasons.items()
        for i, a in enumerate(answers, 1)
    ]
    return table("surveys", rows)


def test_status_and_counts():
    surveys = surveys_of(
        {
            ("a", 0): (1, 2, 3),
            ("b", 0): (1, 2, "refused"),
            ("c", 0): ("refused", "do_not_know", "not_asked"),
            ("d", 0): ("not_asked", "does_not_apply", "not_asked"),
            ("e", 0): (1, 1, 1),
            ("a", 1): (1, 1, 1),
        }
    )
    scores = score_scale(surveys, "ucla")
    at_start = scores.frame[scores.frame["wave"] == 0].set_index("person")["status"].to_dict()
    assert at_start == {
        "a": "scored",
        "b": "too_few_answered",
        "c": "no_answers",
        "d": "not_asked",
        "e": "scored",
    }
    first = ScoreCount(score="ucla", wave=0, scored=2, too_few_answered=1, no_answers=1, not_asked=1)
    second = ScoreCount(score="ucla", wave=1, scored=1, too_few_answered=0, no_answers=0, not_asked=0)
    assert sorted(scores.counts, key=lambda count: count.wave) == [first, second]


def test_an_item_without_a_row_was_not_asked():
    surveys = surveys_of({("a", 0): (1, 2, 3), ("b", 0): (1, 2, 3)})
    without = surveys[~((surveys["person"] == "b") & (surveys["item"] == "ucla_03"))]
    frame = score_scale(without, "ucla").frame.set_index("person")
    assert frame.loc["b", "status"] == "too_few_answered"


def test_types_of_the_frame():
    frame = score_scale(answered("hscl", [1] * 10), "hscl").frame
    assert frame.dtypes.map(str).to_dict() == {
        "person": "str",
        "wave": "Int64",
        "scale": "str",
        "value": "float64",
        "n_answered": "int64",
        "status": "str",
    }


# --- Evidence and privacy ----------------------------------------------------------------------


def test_scores_carry_the_rules_behind_them():
    scores = score_scale(answered("ams", [4] * 28), "ams")
    assert scores.evidence is Evidence.UNVERIFIED
    assert {"items", "coding", "key", "method", "missing"} == {rule.rule for rule in scores.rules}
    assert score_scale(answered("hscl", [1] * 10), "hscl").evidence is Evidence.READ


def test_a_repr_shows_no_score():
    scores = score_scale(answered("hscl", [3] * 9 + [4]), "hscl")
    assert scores.frame["value"].item() == 3.1
    assert "3.1" not in repr(scores)


# --- Refusals ----------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [0, 8, -1, 99])
def test_an_answer_outside_the_range_is_refused_without_being_told(answer):
    with pytest.raises(DataProblem, match=r"'ams'.*from 1 to 7.*by item: ams_03 \(1\)") as caught:
        score_scale(answered("ams", [4, 4, answer] + [4] * 25), "ams")
    assert "99" not in str(caught.value)


def test_an_answer_between_whole_numbers_is_refused():
    with pytest.raises(DataProblem, match=r"whole answers from 1 to 4.*hscl_01 \(1\)"):
        score_scale(answered("hscl", [2.5] + [1] * 9), "hscl")


def test_a_four_in_an_rses_from_0_to_3_is_refused():
    with pytest.raises(DataProblem, match="name another coding"):
        score_scale(answered("rses", [4] + [1] * 9), "rses", choice=RSES)


def test_a_form_that_lacks_items_is_refused():
    surveys = answered("ams", [4] * 28)
    with pytest.raises(DataProblem, match=r"'ams' needs 28 items; the data lack 2: ams_27, ams_28"):
        score_scale(surveys[~surveys["item"].isin(["ams_27", "ams_28"])], "ams")


def test_no_answers_at_all_are_refused():
    with pytest.raises(DataProblem, match="the data lack 10"):
        score_scale(table("surveys"), "hscl")


def test_a_repeated_item_is_refused():
    surveys = answered("ucla", [1, 2, 3])
    with pytest.raises(DataProblem, match=r"'ucla': 1 row\(s\) repeat an item"):
        score_scale(pd.concat([surveys, surveys.head(1)]), "ucla")


def test_a_missing_choice_is_refused():
    with pytest.raises(ParameterProblem, match="say which key"):
        score_scale(answered("rses", [1] * 10), "rses")


# --- Side by side ------------------------------------------------------------------------------


def test_items_side_by_side_score_as_in_surveys():
    surveys = answered("ams", [1, 2, 3, 4, 5, 6, 7] * 4, [4.0] * 27 + [MISSING])
    items = surveys.pivot(index="person", columns="item", values="value")
    side = score_items(items, "ams")
    long = score_scale(surveys, "ams").frame.pivot(index="person", columns="scale", values="value")
    pd.testing.assert_frame_equal(side, long[side.columns], check_names=False)


def test_nullable_integers_side_by_side():
    items = pd.DataFrame({f"ucla_{i:02d}": pd.array([1, pd.NA], dtype="Int64") for i in (1, 2, 3)})
    assert score_items(items, "ucla")["ucla"].tolist()[:1] == [3.0]


def test_side_by_side_refuses_like_surveys():
    items = pd.DataFrame({"ucla_01": [1.0], "ucla_02": [4.0], "ucla_03": [1.0]})
    with pytest.raises(DataProblem, match="from 1 to 3"):
        score_items(items, "ucla")
    with pytest.raises(DataProblem, match="the data lack 1: ucla_03"):
        score_items(items[["ucla_01", "ucla_02"]], "ucla")


# --- Items, turned -----------------------------------------------------------------------------


def test_keyed_items_of_one_wave():
    first = answered("rses", [3] * 10, [0] * 9 + [MISSING])
    surveys = pd.concat([first, answered("rses", [1] * 10, wave=1)])
    items = keyed_items(surveys, "rses", wave=0, choice=RSES)
    assert items.index.tolist() == ["p1", "p2"]
    assert items.loc["p1"].tolist() == [3, 3, 0, 3, 0, 3, 3, 0, 0, 0]
    assert items.loc["p2"].tolist()[:9] == [0, 0, 3, 0, 3, 0, 0, 3, 3]
    assert np.isnan(items.loc["p2", "rses_10"])
    assert items.sum(axis=1).tolist()[0] == values(first, "rses", key=RSES.key, coding=RSES.coding)[0]


def test_keyed_items_refuse_like_scoring():
    with pytest.raises(DataProblem, match="the data lack 3"):
        keyed_items(answered("ucla", [1, 2, 3]), "ucla", wave=1)
    with pytest.raises(DataProblem, match="from 1 to 3"):
        keyed_items(answered("ucla", [1, 2, 4]), "ucla", wave=0)


def test_alpha_of_a_subscale():
    people = [[1 + (i + number // 7) % 7 for number in range(28)] for i in range(12)]
    items = keyed_items(answered("ams", *people), "ams", wave=0)
    score = plan_scoring("ams").scores[0]
    assert cronbach_alpha(items[list(score.items)]).n_items == 4


# --- Properties --------------------------------------------------------------------------------

ANSWERS = st.lists(
    st.lists(st.one_of(st.none(), st.integers(1, 4)), min_size=10, max_size=10), min_size=1, max_size=5
)


@given(people=ANSWERS, random=st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_the_order_of_rows_does_not_matter(people, random):
    surveys = answered("hscl", *people)
    order = list(range(len(surveys)))
    random.shuffle(order)
    shuffled = score_scale(surveys.iloc[order], "hscl")
    pd.testing.assert_frame_equal(shuffled.frame, score_scale(surveys, "hscl").frame)


@given(people=ANSWERS, method=st.sampled_from(["mean", "sum"]))
@settings(max_examples=25, deadline=None)
def test_a_score_stays_in_its_range(people, method):
    scores = score_scale(answered("hscl", *people), "hscl", choice=ScaleChoice(method=method))
    (plan,) = scores.plan.scores
    assert scores.frame["value"].dropna().between(plan.low, plan.high).all()


@given(people=ANSWERS, turned=st.lists(st.booleans(), min_size=10, max_size=10))
@settings(max_examples=25, deadline=None)
def test_turned_twice_is_as_before(people, turned):
    answers = np.array(people, dtype=float)
    once = turn(answers, turned, low=1, high=4)
    assert np.array_equal(turn(once, turned, low=1, high=4), answers, equal_nan=True)


@given(people=ANSWERS)
@settings(max_examples=25, deadline=None)
def test_all_turned_mirrors_the_score(people):
    answers = np.array(people, dtype=float)
    scores, n_answered = person_scores(answers, method="mean", min_answered=1)
    mirrored, _ = person_scores(turn(answers, [True] * 10, low=1, high=4), method="mean", min_answered=1)
    np.testing.assert_allclose(mirrored, 5 - scores)
    assert n_answered.tolist() == [sum(a is not None for a in person) for person in people]


def test_the_input_is_not_changed():
    surveys = answered("ams", [4] * 28)
    before = surveys.copy()
    score_scale(surveys, "ams")
    pd.testing.assert_frame_equal(surveys, before)
