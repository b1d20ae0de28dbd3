"""The truths: kept ones are those of the parameters, and people drawn from the population agree with them."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from backtorule_eval.errors import ParameterProblem
from backtorule_eval.synthetic import tables, truth
from backtorule_eval.synthetic.assignment import DESIGNS
from backtorule_eval.synthetic.calendar import add_months
from backtorule_eval.synthetic.parameters import HORIZONS, PARAMETERS, SUBSCALES
from backtorule_eval.synthetic.surveys import AMS_SUBSCALE, draw_answers
from backtorule_eval.synthetic.truth import derive_truths, truth_of
from tests.synthetic.sites import joined, many_lives


def kept(design: str) -> dict[str, dict]:
    return {t["id"]: t for t in truth_of(design)["truths"]}


def standard_error(share: float, n: int, mc_error: float) -> float:
    """Of a share of n people around a truth that is itself simulated, in percentage points."""
    return float(np.hypot(100 * np.sqrt(share * (1 - share) / n), mc_error))


@pytest.mark.parametrize("design", DESIGNS)
def test_the_kept_truths_belong_to_these_parameters(design):
    found = truth_of(design)
    assert found["parameters"] == PARAMETERS.fingerprint()
    assert len(kept(design)) == len(found["truths"])
    assert all(np.isfinite(t["value"]) for t in found["truths"])


def test_truths_of_changed_parameters_are_refused(monkeypatch):
    courses = replace(PARAMETERS.courses, leave_programme=0.0)
    monkeypatch.setattr(truth, "PARAMETERS", replace(PARAMETERS, courses=courses))
    with pytest.raises(ParameterProblem, match="were changed, but its truths were not derived again"):
        truth_of("none")


def test_truths_are_precise_enough_to_be_a_referee():
    """Effects to a quarter of a point; the precision of an estimate from 20,000 people is a full point."""
    for design in DESIGNS:
        for name, one in kept(design).items():
            if one["estimand"] in ("att", "ate", "ato") and one["population"] != "out":
                assert one["mc_error"] < 0.1, name


def test_without_a_comparison_no_effect_is_estimable():
    found = kept("none")
    assert not any(t["estimable"] for t in found.values() if t["estimand"] in ("att", "through_motivation"))
    assert not any(t["estimand"] in ("ate", "ato", "naive") for t in found.values())
    assert all(t["estimable"] for t in kept("offices").values() if t["estimand"] in ("att", "ate", "ato"))


def happened(design: str) -> pd.DataFrame:
    """Outcomes of 20,000 people, read from the tables as anybody would, ends of coverage aside."""
    rows = []
    for block in many_lives(design):
        people, courses = block.people, block.courses
        row = {"programme": block.programme, "enrolled": people.enrolled}
        for months in HORIZONS:
            end = add_months(people.start, months)
            row |= {f"left.{months}": courses.left < end, f"completed.{months}": courses.completed < end}
        rows.append(pd.DataFrame(row))
    return pd.concat(rows)


@pytest.mark.parametrize("design", DESIGNS)
def test_incidences_of_drawn_people_are_the_kept_ones(design):
    people, truths = happened(design), kept(design)
    for group in ("programme", "comparison") if design != "none" else ("programme",):
        own = people[(people["programme"] == (group == "programme")) & people["enrolled"]]
        for outcome in ("left", "completed"):
            for months in HORIZONS:
                found = own[f"{outcome}.{months}"].mean()
                true = truths[f"incidence.{group}.{outcome}.{months}.enrolled"]
                error = standard_error(found, len(own), true["mc_error"])
                assert 100 * found == pytest.approx(true["value"], abs=3.5 * error)


def test_a_random_waiting_list_recovers_the_effect():
    people, truths = happened("waitlist"), kept("waitlist")
    own = people[people["enrolled"]]
    for outcome in ("left", "completed"):
        by_group = own.groupby("programme")[f"{outcome}.24"].mean()
        found = 100 * (by_group[True] - by_group[False])
        true = truths[f"att.programme_minus_none.{outcome}.24.enrolled"]["value"]
        assert found == pytest.approx(true, abs=3.5 * 100 * np.sqrt(0.5 / len(own)))


def test_offices_differ_at_start_so_the_plain_difference_misleads():
    truths = kept("offices")
    effect, plain = (
        truths[f"{name}.left.24.enrolled"]["value"]
        for name in ("att.programme_minus_none", "naive.programme_minus_comparison")
    )
    assert effect < plain - 3 < 0


def test_the_story_is_the_planted_one():
    """Autonomous beats controlled, external does nothing, and intrinsic against extrinsic hides it."""
    truths = kept("none")

    def line(contrast: str) -> float:
        return truths[f"association.{contrast}.observed.adjusted.left.24.enrolled"]["value"]

    assert line("ams_autonomous_minus_ams_controlled.autonomy") < -3
    assert abs(line("ams_intrinsic_minus_ams_extrinsic.intrinsic_extrinsic")) < 1
    assert abs(line("per_sd.ams_external.subscales")) < 0.7
    assert line("per_sd.ams_identified.subscales") < -2.5
    assert line("per_sd.ams_amotivation.subscales") > 2.5


def test_the_contrast_is_recovered_from_what_a_site_would_send():
    """Unadjusted line on the items of those who answered at start, by ordinary least squares."""
    lives = many_lives()
    answers = [draw_answers(block) for block in lives]
    items = np.concatenate([np.where(a.values[0, :, :28] < 0, np.nan, a.values[0, :, :28]) for a in answers])
    answered = np.concatenate([a.answered[0] for a in answers])
    scores = {s: np.nanmean(items[:, i == AMS_SUBSCALE], axis=1) for i, s in enumerate(SUBSCALES)}
    autonomous = np.mean([scores[s] for s in ("know", "accomplish", "stimulation", "identified")], axis=0)
    controlled = np.mean([scores[s] for s in ("introjected", "external")], axis=0)
    left = np.concatenate([b.courses.left < add_months(b.people.start, 24) for b in lives])
    rows = answered & np.concatenate([b.people.enrolled for b in lives])
    x = np.stack([autonomous, controlled], axis=1)[rows]
    design = np.column_stack([np.ones(len(x)), (x - x.mean(axis=0)) / x.std(axis=0)])
    fitted = np.linalg.lstsq(design, left[rows].astype(float))[0]
    true = kept("none")[
        "association.ams_autonomous_minus_ams_controlled.autonomy.observed.unadjusted.left.24.enrolled"
    ]
    assert 100 * (fitted[1] - fitted[2]) == pytest.approx(true["value"], abs=3.5 * 0.65)


def test_outcomes_can_be_read_from_the_tables_alone():
    """A first spell of having left after start, in the table, is the outcome of the truths."""
    block = many_lives()[0]
    schooling = joined(tables.schooling, [block])
    persons = joined(tables.persons, [block]).set_index("person")
    later = schooling[schooling["from"] > schooling["person"].map(persons["start_date"])]
    first = later[later["status"] == "left"].groupby("person")["from"].min().reindex(persons.index)
    covered = np.minimum(block.coverage.of("schooling"), block.plan.calendar.cut_day)
    expected = np.where(block.courses.left <= covered, block.courses.left, -1)
    found = first.to_numpy().astype("datetime64[D]").astype(np.int64)
    assert np.where(first.isna(), -1, found).tolist() == expected.tolist()


@pytest.mark.slow
@pytest.mark.parametrize("design", DESIGNS)
def test_deriving_the_truths_anew_from_other_people_gives_the_kept_ones(design):
    truths = kept(design)
    fresh = derive_truths(design, people=40_000, seed=99)
    assert [t.id for t in fresh] == list(truths)
    far = [
        (t.id, t.value, truths[t.id]["value"])
        for t in fresh
        if abs(t.value - truths[t.id]["value"]) > 4.5 * np.hypot(t.mc_error, truths[t.id]["mc_error"]) + 0.05
    ]
    assert far == []


def test_truths_can_be_written_as_json():
    assert json.loads(json.dumps(truth_of("offices")))["design"] == "offices"
