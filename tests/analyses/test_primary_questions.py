from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from backtorule_eval.analyses.estimate import Estimand, Estimate, Measure
from backtorule_eval.analyses.primary_questions import adjust_holm, smallest_detectable
from tests.analyses.references import reference

P_VALUES = {"ties": (0.03, 0.01, 0.01, 0.04), "order": (0.2, 0.001, 0.012, 0.013, 0.9), "one": (0.03,)}


def estimate(p_value, *, prespecified=True):
    return Estimate(
        question="q",
        population="everyone",
        outcome="left",
        contrast="a_minus_b",
        estimand=Estimand.ASSOCIATION,
        measure=Measure.RISK_DIFFERENCE,
        unit="points",
        value=0.1,
        low=0.0,
        high=0.2,
        std_error=0.05,
        p_value=p_value,
        n=100,
        prespecified=prespecified,
    )


@pytest.mark.parametrize(("name", "n"), [("ties", 4), ("order", 5), ("order", 7), ("one", 1), ("one", 3)])
def test_agrees_with_r(name, n):
    found = adjust_holm([estimate(p) for p in P_VALUES[name]], n_declared=n)
    r = reference("primary_questions").loc[name, f"holm{n}"]
    expected = [r[str(i + 1)] for i in range(len(found))]
    assert [e.p_holm for e in found] == pytest.approx(expected, rel=1e-12)


def test_agrees_with_statsmodels():
    p_values = np.random.default_rng(2).random(12) ** 3
    found = adjust_holm([estimate(p) for p in p_values], n_declared=12)
    assert [e.p_holm for e in found] == pytest.approx(multipletests(p_values, method="holm")[1], rel=1e-12)


def test_what_was_not_planned_stays_as_it_is_and_does_not_count():
    given = [estimate(0.04), estimate(0.001, prespecified=False), estimate(0.01)]
    found = adjust_holm(given, n_declared=2)
    assert found[1] is given[1]
    assert [e.p_holm for e in found] == [pytest.approx(0.04), None, pytest.approx(0.02)]
    assert adjust_holm([], n_declared=3) == ()


@pytest.mark.parametrize("given", [[estimate(0.1), estimate(0.2)], [estimate(None)]])
def test_more_than_was_declared_or_without_p_is_refused(given):
    with pytest.raises(ValueError, match="needs a p-value and a question declared"):
        adjust_holm(given, n_declared=1)


@pytest.mark.parametrize(("df", "name"), [(4, "df4"), (11.5, "df11.5"), (None, "dfInf")])
def test_smallest_detectable_agrees_with_r(df, name):
    expected = 0.05 * reference("primary_questions").loc["detectable", name, ""]
    assert smallest_detectable(std_error=0.05, df=df) == pytest.approx(expected, rel=1e-9)


def test_that_difference_is_shown_four_times_in_five():
    rng = np.random.default_rng(20240801)
    found = rng.normal(smallest_detectable(std_error=1.0), 1.0, size=40_000)
    assert (found > 1.959964).mean() == pytest.approx(0.8, abs=0.01)


def test_false_positives_among_all_questions_stay_at_the_level():
    rng = np.random.default_rng(20240801)
    found = [adjust_holm([estimate(p) for p in rng.random(3)], n_declared=3) for _ in range(2000)]
    share = np.mean([min(e.p_holm for e in each) <= 0.05 for each in found])
    assert share == pytest.approx(0.05, abs=0.015)
