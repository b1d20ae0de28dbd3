"""Reliability, structure, change and profiles of motivation, on cohorts of invented answers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from backtorule_eval.analyses.motivation_change import motivation_change, motivation_profiles
from backtorule_eval.analyses.motivation_items import motivation_items, question_numbers
from backtorule_eval.analyses.motivation_reliability import motivation_correlations, motivation_reliability
from backtorule_eval.analyses.motivation_structure import (
    motivation_invariance,
    motivation_over_waves,
    motivation_structure,
)
from backtorule_eval.analyses.quality import Quality, Quantity
from backtorule_eval.analyses.tables import CountTable, MeanTable, Refusal
from backtorule_eval.errors import NotEstimable, ParameterProblem
from backtorule_eval.measures.reliability import cronbach_alpha
from backtorule_eval.measures.scales import find_scale
from tests.analyses.cohorts import make_cohort
from tests.analyses.references import R, reference

AMS = find_scale("ams")
KEY = AMS.keys["cycle_of_seven"].items
ITEMS = {f"{name}_{i}": AMS.item(n) for name, numbers in KEY.items() for i, n in enumerate(numbers, start=1)}
ANSWERS = pd.read_csv(R / "data" / "motivation_items.csv").rename(columns=ITEMS)


def cohort(*waves, silent=0, gender=None):
    """A cohort whose people answered like the rows of each frame; NaN is no answer."""
    people = [f"p{i:03d}" for i in range(len(waves[0]) + silent)]
    surveys = [
        frame.set_axis(people[: len(frame)])
        .melt(ignore_index=False, var_name="item")
        .reset_index(names="person")
        .assign(wave=wave)
        for wave, frame in enumerate(waves)
    ]
    persons = {"person": people} | ({} if gender is None else {"gender": gender})
    return make_cohort(persons=persons, surveys=pd.concat(surveys) if surveys else {})


WHOLE = cohort(ANSWERS, silent=7)
SMALL = cohort(ANSWERS.head(40), ANSWERS.tail(40), silent=3)
NOTHING = make_cohort(persons={"person": ["a", "b"]})


def figure(row, table, quantity):
    return row.figures[table.quantities.index(quantity)]


def test_answers_by_wave_and_the_numbers_of_the_questions():
    items = motivation_items(SMALL)
    assert [plan.name for plan in items.subscales][:2] == ["ams_know", "ams_accomplish"]
    assert question_numbers(items.subscales[0]) == "2, 9, 16, 23"
    assert (list(items.answers), items.last, len(items.answers[0])) == ([0, 1], 1, 43)
    assert items.scores_at(1)["ams_know"].notna().sum() == 40


def test_a_form_that_was_not_put_at_the_start_is_no_answer():
    surveys = SMALL.table("surveys")
    later = make_cohort(persons=SMALL.table("persons"), surveys=surveys[surveys["wave"] == 1])
    with pytest.raises(NotEstimable, match="no_items"):
        motivation_items(later)


def test_reliability_of_many_has_omega_and_ordinal_alpha():
    table = motivation_reliability(WHOLE)
    assert isinstance(table, Quality)
    know = table.rows[0]
    alpha = cronbach_alpha(ANSWERS[[AMS.item(n) for n in KEY["know"]]])
    assert know.figures[:3] == (alpha.value, alpha.low, alpha.high)
    assert (know.n, know.n_missing, know.n_items, know.beside.nb) == (450, 7, 4, "2, 9, 16, 23")
    assert figure(know, table, Quantity.OMEGA) > alpha.value - 0.02
    assert figure(know, table, Quantity.ORDINAL_ALPHA) > alpha.value
    assert any("Check it against the form" in note.en for note in table.notes)


def test_reliability_of_few_is_alpha_alone():
    table = motivation_reliability(SMALL)
    assert table.quantities == (Quantity.ALPHA, Quantity.ALPHA_LOW, Quantity.ALPHA_HIGH)
    assert {row.n for row in table.rows} == {40}


def test_a_subscale_that_does_not_vary_has_no_row():
    flat = ANSWERS.head(40).assign(**{AMS.item(n): 4 for n in KEY["external"]})
    rows = motivation_reliability(cohort(flat)).rows
    assert "ams_external" not in {row.name for row in rows}
    assert len(rows) == 6
    no = motivation_correlations(cohort(flat))
    assert (no.reason, no.question) == ("variation", "correlations")


def test_ordinal_alpha_is_left_out_where_two_questions_are_one():
    first, second = (AMS.item(n) for n in KEY["know"][:2])
    table = motivation_reliability(cohort(ANSWERS.assign(**{second: ANSWERS[first]})))
    assert figure(table.rows[0], table, Quantity.ORDINAL_ALPHA) is None
    assert figure(table.rows[0], table, Quantity.ALPHA) > 0.8


@pytest.mark.parametrize("ask", [motivation_reliability, motivation_correlations])
def test_nine_people_are_too_few(ask):
    no = ask(cohort(ANSWERS.head(9)))
    assert isinstance(no, Refusal)
    assert (no.reason, no.needed, no.found) == ("persons", 10, 9)


def test_correlations_are_of_those_who_have_all_scores():
    table = motivation_correlations(SMALL)
    scores = motivation_items(SMALL).scores_at(0).dropna()
    first = table.rows[0]
    assert len(table.rows) == 21
    assert first.name == "ams_know~ams_accomplish"
    assert first.figures[0] == pytest.approx(np.corrcoef(scores["ams_know"], scores["ams_accomplish"])[0, 1])
    assert first.figures[1] < first.figures[0] < first.figures[2]
    assert {(row.n, row.n_missing) for row in table.rows} == {(40, 3)}


def test_an_exact_correlation_has_no_width():
    twin = ANSWERS.head(40).copy()
    for one, other in zip(KEY["know"], KEY["accomplish"], strict=True):
        twin[AMS.item(other)] = twin[AMS.item(one)]
    assert motivation_correlations(cohort(twin)).rows[0].figures == pytest.approx((1, 1, 1))


def test_structure_agrees_with_r():
    table, theirs = motivation_structure(WHOLE), reference("factors")
    assert [row.name for row in table.rows] == ["seven", "five", "three"]
    for row in table.rows:
        assert figure(row, table, Quantity.CHI2) == pytest.approx(
            theirs[row.name, "index", "chisq.scaled"], rel=1e-6
        )
        assert figure(row, table, Quantity.CFI) == pytest.approx(
            theirs[row.name, "index", "cfi.robust"], abs=1e-6
        )
    assert figure(table.rows[0], table, Quantity.WORSE_P) is None
    assert figure(table.rows[1], table, Quantity.WORSE_P) < 1e-30


def test_structure_of_few_is_refused_with_all_it_would_take():
    no = motivation_structure(SMALL)
    assert (no.model, no.reason, no.needed, no.found) == ("confirmatory_factors", "persons", 385, 40)


def test_invariance_over_groups():
    twice = pd.concat([ANSWERS, ANSWERS.sample(frac=1, random_state=1)], ignore_index=True)
    gender = ["woman"] * 450 + ["man"] * 450
    same = motivation_invariance(cohort(twice, gender=gender), by="gender")
    assert [row.name for row in same.rows] == ["configural", "metric", "scalar"]
    assert figure(same.rows[2], same, Quantity.WORSE_P) > 0.99
    with_few = pd.concat([twice, ANSWERS.head(9)], ignore_index=True)
    third = motivation_invariance(cohort(with_few, gender=[*gender, *["other"] * 9]), by="gender")
    assert third.rows[2].figures == pytest.approx(same.rows[2].figures, nan_ok=True)
    assert "Groups compared: Woman; Man." in third.notes[0].en
    moved = twice.copy()
    moved.loc[450:, AMS.item(KEY["know"][0])] = np.maximum(twice[AMS.item(KEY["know"][0])][450:] - 1, 1)
    other = motivation_invariance(cohort(moved, gender=gender), by="gender")
    assert figure(other.rows[2], other, Quantity.WORSE_P) < 0.001


def test_invariance_needs_groups_and_a_column_that_has_them():
    few = motivation_invariance(cohort(ANSWERS, gender=["woman"] * 380 + ["man"] * 70), by="gender")
    assert (few.reason, few.needed, few.found, few.question) == (
        "smallest_group",
        385,
        70,
        "invariance_gender",
    )
    assert motivation_invariance(cohort(ANSWERS, gender=["woman"] * 450), by="gender").reason == "one_group"
    assert motivation_invariance(WHOLE, by="gender").reason == "one_group"
    with pytest.raises(ParameterProblem, match="birth_year is no column"):
        motivation_invariance(WHOLE, by="birth_year")


def test_over_waves_subscale_by_subscale():
    rng = np.random.default_rng(1)
    moved = ANSWERS + rng.integers(-1, 2, size=ANSWERS.shape)
    later = moved.clip(1, 7)
    table = motivation_over_waves(cohort(ANSWERS, later))
    first = table.rows[0]
    assert first.beside.en == "The same questions in the same scale"
    fitted = {row.label.en for row in table.rows}
    assert first.label.en in fitted
    assert len(table.rows) == 3 * len(fitted)
    # Answers that hardly moved leave some subscales with residuals that cannot be; they are named.
    left_out = {label.en for label in motivation_items(SMALL).labels().values()} - fitted
    assert left_out
    assert all(any(name in note.en for note in table.notes) for name in left_out)


def test_over_waves_needs_two_and_people_enough():
    assert motivation_over_waves(WHOLE).reason == "one_wave"
    no = motivation_over_waves(SMALL)
    assert (no.reason, no.needed, no.found) == ("persons", 105, 40)


def test_change_by_the_cohorts_own_numbers():
    change = motivation_change(SMALL, rules={})
    assert [table.dimensions[0].name for table in change.counts] == [
        "change_ams_identified",
        "change_ams_amotivation",
    ]
    assert all(sum(table.counts) == 43 and table.counts[-1] == 3 for table in change.counts)
    own = cronbach_alpha(ANSWERS.head(40)[[AMS.item(n) for n in KEY["identified"]]]).value
    reliability, sd, smallest = change.rules.rows[0].figures
    assert reliability == pytest.approx(own)
    assert smallest == pytest.approx(1.959964 * sd * np.sqrt(2 * (1 - own)), rel=1e-6)
    assert "reliability by alpha from those who answered" in change.rules.notes[0].en


RULE = {
    "reliability": 0.79,
    "kind": "retest",
    "sd": 1.2,
    "reliability_source": {"nb": "en større undersøkelse", "en": "a larger study"},
    "sd_source": {"nb": "en større undersøkelse", "en": "a larger study"},
}


def test_change_by_a_rule_of_the_study():
    shift = ANSWERS.head(40).copy()
    first = ANSWERS.head(40).assign(**{AMS.item(n): 2 for n in KEY["know"]})
    last = shift.assign(**{AMS.item(n): 4 for n in KEY["know"]})
    change = motivation_change(cohort(first, last), rules={"ams_know": RULE})
    assert change.counts[0].counts == (40, 0, 0, 0)
    assert change.rules.rows[0].figures[:2] == (0.79, 1.2)
    assert "by a second measurement from a larger study" in change.rules.notes[0].en


@pytest.mark.parametrize(
    ("rules", "match"),
    [
        ({"hscl10": RULE}, "hscl10 is no subscale"),
        ({"ams_know": {k: v for k, v in RULE.items() if k != "sd"}}, "ams_know needs"),
        ({"ams_know": {k: v for k, v in RULE.items() if k != "sd_source"}}, "ams_know needs"),
        ({"ams_know": RULE | {"sd_source": {"nb": "bare norsk"}}}, "ams_know needs"),
        ({"ams_know": RULE | {"wave": 1}}, "ams_know needs"),
        ({"ams_know": RULE | {"reliability": 1.2}}, "reliability must lie"),
        ({"ams_know": RULE | {"kind": "guess"}}, "one of retest"),
    ],
)
def test_a_rule_that_is_not_whole_is_refused(rules, match):
    with pytest.raises(ParameterProblem, match=match):
        motivation_change(SMALL, rules=rules)


def test_change_needs_two_waves_and_answers_that_vary():
    one = motivation_change(WHOLE, rules={})
    assert (one.counts[0].reason, one.rules.reason) == ("one_wave", "one_wave")
    flat = ANSWERS.head(40).assign(**{AMS.item(n): 4 for n in KEY["identified"]})
    assert motivation_change(cohort(flat, flat), rules={}).rules.reason == "variation"
    noise = pd.DataFrame(np.random.default_rng(5).integers(1, 8, size=(40, 28)), columns=AMS.item_names)
    noise[AMS.item(KEY["identified"][0])] = 8 - noise[AMS.item(KEY["identified"][1])]
    noise[AMS.item(KEY["identified"][2])] = 8 - noise[AMS.item(KEY["identified"][3])]
    assert motivation_change(cohort(noise, noise), rules={}).rules.reason == "variation"


def test_profiles_of_few_are_by_the_fixed_rule():
    found = motivation_profiles(SMALL, seed=1)
    assert isinstance(found.counts, CountTable)
    assert sum(found.counts.counts) == 43
    assert found.counts.counts[-1] == 3
    assert (found.means[0].reason, found.means[0].needed, found.means[0].found) == ("persons", 150, 40)
    scores = motivation_items(SMALL).scores_at(0)
    autonomous = scores[["ams_know", "ams_accomplish", "ams_stimulation", "ams_identified"]].mean(axis=1)
    controlled = scores[["ams_introjected", "ams_external"]].mean(axis=1)
    assert found.counts.counts[0] == ((autonomous >= 4) & (controlled >= 4)).sum()


def test_profiles_of_many_are_by_a_mixture():
    low = ANSWERS.head(200).clip(upper=3)
    high = (ANSWERS.tail(200) + 2).clip(4, 7)
    found = motivation_profiles(cohort(pd.concat([low, high], ignore_index=True), silent=5), seed=1)
    assert sum(found.counts.counts) == 405
    assert found.counts.counts[-1] == 5
    assert all(isinstance(table, MeanTable) for table in found.means)
    assert [table.population for table in found.means] == [f"profile_{i}" for i in range(len(found.means))]
    assert [table.rows[0].n for table in found.means] == list(found.counts.counts[:-1])


@pytest.mark.parametrize(
    "ask",
    [
        motivation_reliability,
        motivation_correlations,
        motivation_structure,
        motivation_over_waves,
        lambda none: motivation_invariance(none, by="gender"),
        lambda none: motivation_change(none, rules={}).rules,
        lambda none: motivation_profiles(none, seed=1).counts,
    ],
)
def test_without_answers_there_is_one_reason(ask):
    no = ask(NOTHING)
    assert isinstance(no, Refusal)
    assert no.reason == "no_items"
