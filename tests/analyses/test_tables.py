from __future__ import annotations

import pytest

from backtorule_eval.analyses.estimate import Estimand, Estimate, Measure, tabulate
from backtorule_eval.analyses.tables import CountTable, Dimension, Level
from tests.analyses.cohorts import words


def estimate(**changes):
    fields = {
        "question": "q",
        "population": "p",
        "outcome": "o",
        "contrast": "c",
        "estimand": Estimand.ASSOCIATION,
        "measure": Measure.RISK_DIFFERENCE,
        "unit": "points",
        "value": 0.1,
        "low": 0.0,
        "high": 0.2,
        "std_error": 0.05,
        "n": 10,
    }
    return Estimate(**fields | changes)


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"low": 0.11}, "must hold the value"),
        ({"high": 0.09}, "must hold the value"),
        ({"value": float("nan")}, "must hold the value"),
        ({"level": 1.0}, "out of range"),
        ({"level": 0.0}, "out of range"),
        ({"n": 0}, "out of range"),
        ({"std_error": -0.1}, "out of range"),
        ({"std_error": float("nan")}, "out of range"),
    ],
)
def test_an_estimate_checks_itself(changes, match):
    with pytest.raises(ValueError, match=f"q: .*{match}"):
        estimate(**changes)


def test_no_estimates_make_an_empty_frame():
    assert tabulate([]).empty


def dimension(*keys):
    return Dimension(name="d", label=words("d"), levels=tuple(Level(key=k, label=words(k)) for k in keys))


@pytest.mark.parametrize(
    ("counts", "match"),
    [((1,), "one count per cell"), ((1, 2, 3), "one count per cell"), ((1, -1), "negative")],
)
def test_a_count_table_checks_itself(counts, match):
    with pytest.raises(ValueError, match=match):
        CountTable(question="q", population="p", dimensions=(dimension("a", "b"),), counts=counts)


def test_a_count_without_dimensions_is_one_number():
    assert CountTable(question="q", population="p", dimensions=(), counts=(7,)).counts == (7,)
