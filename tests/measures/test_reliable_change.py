from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from backtorule_eval.cohort.dictionary import Text
from backtorule_eval.errors import ParameterProblem
from backtorule_eval.measures.reliable_change import ChangeRule, reliable_change

SOURCE = Text(nb="oppdiktet", en="invented")
RULE = ChangeRule(reliability=0.80, kind="retest", sd=7.5, reliability_source=SOURCE, sd_source=SOURCE)


def test_worked_example():
    """SD 7.5 and reliability .80: standard error 3.35 of a score, 4.74 of a difference; 9.30 is needed."""
    assert round(RULE.standard_error, 2) == 4.74
    assert round(RULE.smallest, 2) == 9.30
    assert round((32.5 - 47.5) / RULE.standard_error, 2) == -3.16


@pytest.mark.parametrize(
    ("change", "status"),
    [(0, "unchanged"), (9.29, "unchanged"), (9.30, "higher"), (-9.29, "unchanged"), (-9.30, "lower")],
)
def test_boundaries(change, status):
    first = pd.Series([40.0], index=["p1"])
    assert reliable_change(first, first + change, rule=RULE).status["p1"] == status


def test_without_a_score_there_is_no_change():
    first = pd.Series([40.0, np.nan, 40.0], index=list("abc"))
    last = pd.Series([60.0, 60.0, np.nan], index=list("abc"))
    found = reliable_change(first, last, rule=RULE)
    assert found.status.to_dict() == {"a": "higher", "b": "missing", "c": "missing"}
    assert (found.n, found.n_missing, found.rule) == (1, 2, RULE)


def test_of_those_who_did_not_change_five_in_a_hundred_are_called_changed():
    rng = np.random.default_rng(1)
    true, error = rng.normal(0, 7.5 * np.sqrt(0.8), size=20_000), 7.5 * np.sqrt(0.2)
    first, last = (pd.Series(true + rng.normal(0, error, size=20_000)) for _ in range(2))
    status = reliable_change(first, last, rule=RULE).status
    assert (status != "unchanged").mean() == pytest.approx(0.05, abs=0.005)
    assert (status == "higher").mean() == pytest.approx(0.025, abs=0.004)


@pytest.mark.parametrize("reliability", [0, 1, -0.2, float("nan")])
def test_reliability_out_of_range_is_refused(reliability):
    with pytest.raises(ParameterProblem, match="reliability must lie"):
        replace(RULE, reliability=reliability)


def test_a_kind_of_reliability_that_is_none_is_refused():
    with pytest.raises(ParameterProblem, match="one of retest, alpha, omega"):
        replace(RULE, kind="guess")


@pytest.mark.parametrize("sd", [0, -1, float("nan")])
def test_spread_out_of_range_is_refused(sd):
    with pytest.raises(ParameterProblem, match="standard deviation"):
        replace(RULE, sd=sd)


@pytest.mark.parametrize("level", [0, 1])
def test_level_out_of_range_is_refused(level):
    with pytest.raises(ParameterProblem, match="level"):
        replace(RULE, level=level)


def test_other_persons_are_refused():
    with pytest.raises(ValueError, match="same persons"):
        reliable_change(pd.Series([1.0], index=["a"]), pd.Series([1.0], index=["b"]), rule=RULE)
