from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from backtorule_eval.analyses import motivation_description
from backtorule_eval.analyses.motivation_description import average_scores, outcome_by_score, score_range
from backtorule_eval.analyses.motivation_plan import DEFAULT_PLAN, read_plan
from backtorule_eval.analyses.motivation_scores import motivation_scores
from backtorule_eval.errors import NotEstimable, ParameterProblem
from backtorule_eval.measures.scales import find_scale
from tests.analyses.cohorts import make_cohort, words
from tests.analyses.references import small_people
from tests.analyses.test_motivation import nav_cohort, small_cohort, small_plan

AMS = find_scale("ams")


def answered(values):
    """A cohort in which each person gives one answer to every item of the AMS."""
    people = [f"p{i}" for i in range(len(values))]
    return make_cohort(
        persons={"person": [*people, "silent"]},
        surveys={
            "person": np.repeat(people, AMS.items.count),
            "wave": 0,
            "item": list(AMS.item_names) * len(people),
            "value": np.repeat(np.array(values, dtype=float), AMS.items.count),
        },
    )


def test_readings_join_the_scores_when_their_subscales_are_there():
    frame = motivation_scores(answered([2, 5]))
    wide = frame.pivot(index="person", columns="scale", values="value")
    assert wide.loc["p0", ["ams_know", "ams_autonomous", "ams_controlled"]].tolist() == [2, 2, 2]
    assert wide.loc["p1", "ams_self_determination"] == 0
    assert not frame.duplicated(["person", "wave", "scale"]).any()


def test_scores_alone_when_they_are_not():
    assert set(motivation_scores(small_cohort())["scale"]) == set(small_plan().scales)


def test_means_at_the_start_in_the_order_of_the_readings():
    table = average_scores(answered([2, 5]))
    names = [row.name for row in table.rows]
    assert names[:7] == [AMS.score_name(part) for part in AMS.subscales]
    assert names[7:] == [
        "ams_autonomous",
        "ams_controlled",
        "ams_intrinsic",
        "ams_extrinsic",
        "ams_self_determination",
    ]
    assert {(row.n, row.n_missing) for row in table.rows} == {(2, 1)}
    assert [row.mean for row in table.rows] == [3.5] * 11 + [0]
    assert (table.rows[0].scale_low, table.rows[-1].scale_low) == (1, -18)


def test_what_a_reader_must_be_told_stands_with_the_table():
    notes = average_scores(answered([2, 5])).notes
    assert any(note.nb.startswith("Nøkkel: delskalaene går på omgang") for note in notes)
    assert [note.en.split(":")[0] for note in notes if "contested" in note.en] == ["Self-determination index"]
    assert len(set(notes)) == len(notes)
    alone = average_scores(answered([2, 5]), names=["ams_know"]).notes
    assert not any("contested" in note.en for note in alone)
    assert average_scores(small_cohort(), words=small_plan().words).notes == ()


def test_scores_made_at_the_source():
    table = average_scores(small_cohort(), words=small_plan().words)
    assert [row.name for row in table.rows] == sorted(small_plan().scales)
    assert table.rows[0].label == words("interest_math")
    assert table.rows[0].scale_low is None


@pytest.mark.parametrize("names", [["interest_math"], ["nowhere"]])
def test_a_score_without_words_or_values_is_refused(names):
    with pytest.raises(ParameterProblem, match=f"The score {names[0]} was not measured"):
        average_scores(small_cohort(), names=names)


def cells(table):
    """Counts by the keys of their categories."""
    keys = [[level.key for level in d.levels] for d in table.dimensions]
    counts = np.array(table.counts).reshape([len(k) for k in keys])
    return {
        tuple(k[i] for k, i in zip(keys, place, strict=True)): int(n)
        for place, n in np.ndenumerate(counts)
        if n
    }


def test_status_by_the_half_of_the_scale():
    cohort = nav_cohort(n=6, n_left=2)
    scores = cohort.table("scores")[["person", "wave", "scale", "value"]]
    scores["value"] = [3.9, 4.0, 4.1, 1, np.nan, 7, *[2.0] * 6]
    assert len(outcome_by_score(cohort, plan=DEFAULT_PLAN, scores=scores)) == 3
    scores = pd.concat([scores, scores.tail(6).assign(scale="ams_amotivation", value=5.0)])
    status, autonomous, controlled, amotivation = outcome_by_score(cohort, plan=DEFAULT_PLAN, scores=scores)
    assert cells(amotivation) == {("upper", "left"): 2, ("upper", "in_school"): 4}
    assert cells(status) == {("left",): 2, ("in_school",): 4}
    assert cells(autonomous) == {
        ("lower", "left"): 1,
        ("upper", "left"): 1,
        ("upper", "in_school"): 2,
        ("lower", "in_school"): 1,
        ("missing", "in_school"): 1,
    }
    assert cells(controlled) == {("lower", "left"): 2, ("lower", "in_school"): 4}
    assert {t.population for t in (status, autonomous)} == {"enrolled_at_start"}
    assert [t.question for t in (status, autonomous)] == ["outcome", "outcome_by_score"]


def test_a_recorded_outcome_is_yes_no_or_missing():
    (table,) = outcome_by_score(small_cohort(), plan=small_plan())
    left = small_people()["left"]
    counts = {("yes",): left.eq(1).sum(), ("no",): left.eq(0).sum(), ("missing",): left.isna().sum()}
    assert cells(table) == counts
    assert table.dimensions[0].label == words("gone")


def test_a_score_of_the_catalogue_divides_a_recorded_outcome():
    plan = small_plan(
        first={"name": "interest", "scales": ["ams_autonomous"]},
        second={"name": "utility", "scales": ["ams_controlled"]},
    )
    cohort = nav_cohort(n=4)
    scores = {name: cohort.table(name) for name in ("persons", "scores")}
    outcomes = {"person": cohort.table("persons")["person"], "outcome": "gone", "value": [1, 0, 0, None]}
    tables = outcome_by_score(make_cohort(outcomes=outcomes, **scores), plan=plan)
    assert [sum(table.counts) for table in tables] == [4, 4, 4]


def test_descriptions_refuse_what_they_cannot_say():
    no_words = read_plan(small_plan().model_dump() | {"words": {}})
    with pytest.raises(ParameterProblem, match="lacks words in nb and en for: gone"):
        outcome_by_score(small_cohort(), plan=no_words)
    with pytest.raises(ParameterProblem, match="The score nowhere was not measured"):
        outcome_by_score(small_cohort(), plan=small_plan(), names=["nowhere"])
    with pytest.raises(NotEstimable, match="nobody_enrolled_at_start"):
        outcome_by_score(make_cohort(persons={"person": ["a"]}), plan=DEFAULT_PLAN)


def test_a_person_in_no_cell_is_refused(monkeypatch):
    monkeypatch.setattr(motivation_description, "YES_NO", motivation_description.YES_NO[:1])
    with pytest.raises(ValueError, match="outcome: a person is in no cell"):
        outcome_by_score(small_cohort(), plan=small_plan())


@pytest.mark.parametrize(
    ("name", "limits"),
    [
        ("ams_know", (1, 7)),
        ("ams_autonomous", (1, 7)),
        ("ams_self_determination", (-18, 18)),
        ("srqa_intrinsic", None),  # two codings
        ("interest_math", None),
    ],
)
def test_range_of_a_score(name, limits):
    assert score_range(name) == limits
