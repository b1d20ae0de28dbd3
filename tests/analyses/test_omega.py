from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from backtorule_eval.analyses.factors.fit import fit_factors
from backtorule_eval.analyses.factors.model import one_group
from backtorule_eval.analyses.factors.omega import omega_of_factor, omega_total
from backtorule_eval.errors import NotEstimable
from tests.analyses.references import R, reference

SEARCH = 1e-6  # lavaan's search stops there
FIRST = [f"i{i}.0" for i in range(1, 5)]


def test_agrees_with_r():
    from_r = reference("factors")["omega"]["single"]
    waves = pd.read_csv(R / "data" / "wave_items.csv").dropna()
    ours = omega_total(waves[FIRST])
    assert ours.value == pytest.approx(from_r["model"], abs=SEARCH)
    assert ours.std_error == pytest.approx(from_r["std_error"], abs=SEARCH)
    assert (ours.n, ours.n_incomplete, ours.n_items, ours.level) == (len(waves), 0, 4, 0.95)
    assert ours.low < ours.value < ours.high


@pytest.mark.parametrize("unit", ["variance", "marker"])
def test_each_factor_of_a_model_agrees_with_r(unit):
    from_r = reference("factors")["omega"]["model"]
    factors = {"visual": ("x1", "x2", "x3"), "textual": ("x4", "x5", "x6"), "speed": ("x7", "x8", "x9")}
    fit = fit_factors(one_group(factors, unit=unit), [pd.read_csv(R / "data" / "holzinger.csv")])
    by_variance = fit_factors(one_group(factors), [pd.read_csv(R / "data" / "holzinger.csv")])
    for name, value in from_r.items():
        ours = omega_of_factor(fit, name)
        assert ours[0] == pytest.approx(value, abs=SEARCH)
        assert ours == pytest.approx(omega_of_factor(by_variance, name), abs=1e-8)


def test_holds_the_truth_as_often_as_it_says():
    """Loadings .8, .7, .6, .4 and 200 persons: omega .727. 300 runs cannot tell 92 % from 95 %."""
    rng = np.random.default_rng(20240809)
    loadings = np.array([0.8, 0.7, 0.6, 0.4])
    truth = loadings.sum() ** 2 / (loadings.sum() ** 2 + (1 - loadings**2).sum())
    held = []
    for _ in range(300):
        answers = rng.normal(size=(200, 1)) * loadings + rng.normal(size=(200, 4)) * np.sqrt(1 - loadings**2)
        ours = omega_total(pd.DataFrame(answers))
        held.append(ours.low <= truth <= ours.high)
    assert 0.92 < np.mean(held) < 0.98


@pytest.mark.parametrize(("persons", "refused"), [(99, True), (100, False)])
def test_support(persons, refused):
    rng = np.random.default_rng(1)
    answers = pd.DataFrame(rng.normal(size=(persons, 1)) + rng.normal(size=(persons, 4)))
    if refused:
        with pytest.raises(NotEstimable, match="persons"):
            omega_total(answers)
    else:
        assert omega_total(answers).n == persons


def test_two_items_are_refused():
    with pytest.raises(NotEstimable, match="items") as caught:
        omega_total(pd.DataFrame(np.random.default_rng(2).normal(size=(200, 2))))
    assert (caught.value.needed, caught.value.found) == (3, 2)
