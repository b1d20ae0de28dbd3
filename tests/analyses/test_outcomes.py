from __future__ import annotations

import numpy as np
import pytest

from backtorule_eval.analyses.outcomes import read_outcome, status_at
from backtorule_eval.errors import NotEstimable, ParameterProblem
from tests.analyses.cohorts import make_cohort

START = "2024-01-15"
HORIZON = "2024-07-15"  # six months
COVERED = ("2023-08-01", "2025-06-30")
AT_START = ("enrolled", "2023-08-20", None)


def one_person(spells, *, covered=COVERED, as_of="", start=START):
    coverage = {}
    if covered:
        coverage = {"person": ["p"], "source": ["schooling"]}
        coverage |= {"complete_from": [covered[0]], "complete_to": [covered[1]]}
    statuses, first, last = zip(*spells, strict=True) if spells else ((), (), ())
    return make_cohort(
        persons={"person": ["p"], "start_date": [start]},
        schooling={"person": ["p"] * len(spells), "status": statuses, "from": first, "to": last},
        coverage=coverage,
        as_of=as_of,
    )


def ended(day):
    return ("enrolled", "2023-08-20", day)


@pytest.mark.parametrize(
    ("spells", "status"),
    [
        pytest.param([AT_START], "in_school", id="still there"),
        pytest.param([ended(HORIZON)], "in_school", id="last day is the horizon"),
        pytest.param([ended("2024-07-14")], "missing", id="nothing recorded at the horizon"),
        pytest.param([ended("2024-03-01"), ("left", "2024-03-02", None)], "left", id="left"),
        pytest.param([ended("2024-07-14"), ("left", HORIZON, None)], "left", id="left on the horizon"),
        pytest.param([ended(HORIZON), ("left", "2024-07-16", None)], "in_school", id="left the day after"),
        pytest.param([AT_START, ("left", "2024-01-16", None)], "left", id="left the day after the start"),
        pytest.param(
            [AT_START, ("left", START, None)], "in_school", id="left dated on the start is not after it"
        ),
        pytest.param(
            [ended("2024-02-01"), ("left", "2024-02-02", "2024-03-31"), ("enrolled", "2024-04-01", None)],
            "left",
            id="left and came back",
        ),
        pytest.param([ended("2024-06-20"), ("completed", "2024-06-21", None)], "completed", id="completed"),
        pytest.param(
            [ended("2024-06-20"), ("completed", "2024-06-21", None), ("left", "2024-06-21", None)],
            "completed",
            id="completing comes before leaving on one day",
        ),
        pytest.param(
            [ended("2024-02-01"), ("left", "2024-02-02", None), ("completed", "2024-06-21", None)],
            "left",
            id="left before completing",
        ),
        pytest.param(
            [ended("2024-02-01"), ("completed_not_passed", "2024-02-02", None)],
            "completed_not_passed",
            id="finished the years without passing",
        ),
        pytest.param(
            [
                ended("2024-02-01"),
                ("completed_not_passed", "2024-02-02", None),
                ("left", "2024-03-01", None),
                ("completed", "2024-06-21", None),
            ],
            "completed",
            id="passed later",
        ),
        pytest.param([("apprentice", "2023-10-01", None)], "in_school", id="apprentice"),
        pytest.param([("leave", "2023-12-01", None)], "in_school", id="on leave at the start"),
        pytest.param(
            [("enrolled", START, START), ("apprentice", "2024-01-16", None)], "in_school", id="one day"
        ),
    ],
)
def test_status_at_the_horizon(spells, status):
    assert status_at(one_person(spells), months=6).to_dict() == {"p": status}


LEFT = [ended("2024-03-01"), ("left", "2024-03-02", None)]


@pytest.mark.parametrize(
    ("covered", "as_of", "spells", "status"),
    [
        pytest.param(
            ("2023-08-01", "2024-07-14"), "", [AT_START], "missing", id="ends the day before the horizon"
        ),
        pytest.param(("2023-08-01", HORIZON), "", [AT_START], "in_school", id="ends on the horizon"),
        pytest.param(
            ("2024-01-16", "2025-06-30"), "", [AT_START], "missing", id="begins the day after the start"
        ),
        pytest.param((START, "2025-06-30"), "", [AT_START], "in_school", id="begins on the start"),
        pytest.param(("2023-08-01", "2024-03-02"), "", LEFT, "left", id="left on the last day covered"),
        pytest.param(("2023-08-01", "2024-03-01"), "", LEFT, "missing", id="left after the last day covered"),
        pytest.param(None, "", LEFT, "missing", id="coverage is not recorded"),
        pytest.param(COVERED, "2024-07-14", [AT_START], "missing", id="data cut before the horizon"),
        pytest.param(COVERED, HORIZON, [AT_START], "in_school", id="data cut on the horizon"),
    ],
)
def test_no_record_is_never_read_as_an_answer(covered, as_of, spells, status):
    assert status_at(one_person(spells, covered=covered, as_of=as_of), months=6)["p"] == status


@pytest.mark.parametrize(
    "spells",
    [
        pytest.param([], id="no spells"),
        pytest.param([("enrolled", "2024-01-16", None)], id="from the day after"),
        pytest.param([ended("2024-01-14")], id="until the day before"),
        pytest.param([("left", "2023-08-20", None)], id="had left"),
    ],
)
def test_nobody_enrolled_at_the_start(spells):
    with pytest.raises(NotEstimable, match="nobody_enrolled_at_start"):
        status_at(one_person(spells), months=6)


def test_without_a_start_date_nobody_is_enrolled_at_it():
    with pytest.raises(NotEstimable, match="nobody_enrolled_at_start"):
        read_outcome(one_person([AT_START], start=None), name="left", horizon_months=6)


def test_left_is_yes_no_or_not_known():
    cohort = make_cohort(
        persons={"person": ["a", "b", "c", "d"], "start_date": START},
        schooling={
            "person": ["a", "b", "b", "c"],
            "status": ["enrolled", "enrolled", "left", "enrolled"],
            "from": ["2023-08-20", "2023-08-20", "2024-03-02", "2023-08-20"],
            "to": [None, "2024-03-01", None, "2024-03-01"],
        },
        coverage={
            "person": list("abcd"),
            "source": "schooling",
            "complete_from": COVERED[0],
            "complete_to": COVERED[1],
        },
    )
    found = read_outcome(cohort, name="left", horizon_months=6)
    assert (found.name, found.population, found.horizon_months) == ("left", "enrolled_at_start", 6)
    assert found.values.dropna().to_dict() == {"a": 0.0, "b": 1.0}
    assert np.isnan(found.values["c"])
    assert "d" not in found.values


def recorded(value=(1.0, 0.0, None), horizon=(84, 84, 84)):
    people = ["a", "b", "c"]
    return make_cohort(
        persons={"person": people},
        outcomes={"person": people, "outcome": "ever_dropout", "value": value, "horizon_months": horizon},
    )


def test_a_recorded_outcome():
    found = read_outcome(recorded(), name="ever_dropout")
    assert (found.population, found.horizon_months) == ("everyone", 84)
    assert found.values.dropna().to_dict() == {"a": 1.0, "b": 0.0}
    assert np.isnan(found.values["c"])


def test_a_recorded_outcome_without_horizon():
    assert read_outcome(recorded(horizon=None), name="ever_dropout").horizon_months is None


@pytest.mark.parametrize(
    ("cohort", "name", "match"),
    [
        (recorded(), "left", "needs a horizon"),
        (
            recorded(),
            "passed",
            "No outcome passed is recorded. Recorded here: ever_dropout; read from spells: left",
        ),
        (recorded(horizon=(84, 60, 84)), "ever_dropout", "several horizons"),
        (recorded(value=(2.0, 0.0, None)), "ever_dropout", "not a yes or no"),
        (make_cohort(persons={"person": ["a"]}), "passed", "Recorded here: none"),
    ],
)
def test_outcomes_that_cannot_be_read(cohort, name, match):
    with pytest.raises(ParameterProblem, match=match):
        read_outcome(cohort, name=name)
