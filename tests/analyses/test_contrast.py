from __future__ import annotations

import numpy as np
import pytest

from backtorule_eval.analyses.contrast import linear_contrast, risk_contrast
from backtorule_eval.analyses.design_matrix import build_design
from backtorule_eval.analyses.logit import LogitFit, fit_logit
from tests.analyses.references import SCALES, reference, small_people, standardised
from tests.analyses.test_logit import R_TOLERANCE, STEPS, VARIABLES

PARTS = ("value", "std_error", "low", "high", "p_value")
FIRST, SECOND = (1, 2), (3, 4)


@pytest.fixture(params=STEPS)
def fitted(request):
    people = standardised(small_people())
    design = build_design(people, variables=[VARIABLES[name] for name in STEPS[request.param]])
    assert design.names[1:5] == SCALES
    return design.x, fit_logit(x=design.x, y=people["left"]), reference("motivation_small").loc[request.param]


def test_agrees_with_r(fitted):
    x, fit, r = fitted
    weights = np.zeros(x.shape[1])
    weights[list(FIRST)], weights[list(SECOND)] = 0.5, -0.5
    found = {
        ("log_odds", "contrast"): linear_contrast(coef=fit.coef, cov=fit.cov, weights=weights),
        ("risk_difference", "contrast"): risk_contrast(fit, x=x, up=FIRST, against=SECOND),
        ("risk_difference", "first"): risk_contrast(fit, x=x, up=FIRST),
        ("risk_difference", "second"): risk_contrast(fit, x=x, up=SECOND),
    }
    for (quantity, name), contrast in found.items():
        expected = [r[f"{quantity}_{part}", name] for part in PARTS]
        assert [getattr(contrast, part) for part in PARTS] == pytest.approx(
            expected, rel=R_TOLERANCE, abs=R_TOLERANCE
        )


def test_own_differences_add_up_to_the_contrast(fitted):
    x, fit, _ = fitted
    first, second = risk_contrast(fit, x=x, up=FIRST), risk_contrast(fit, x=x, up=SECOND)
    both = risk_contrast(fit, x=x, up=FIRST, against=SECOND)
    assert both.value == pytest.approx(first.value - second.value, abs=1e-14)


def test_standard_error_is_that_of_a_small_change_in_the_coefficients(fitted):
    x, fit, _ = fitted

    def moved(k, by):
        coef = fit.coef + by * np.eye(1, len(fit.coef), k)[0]
        other = LogitFit(coef=coef, cov=fit.cov, loglik=0, n=1, n_events=0, n_iterations=0)
        return risk_contrast(other, x=x, up=FIRST, against=SECOND).value

    slope = np.array([(moved(k, 1e-5) - moved(k, -1e-5)) / 2e-5 for k in range(len(fit.coef))])
    found = risk_contrast(fit, x=x, up=FIRST, against=SECOND)
    assert found.std_error == pytest.approx(np.sqrt(slope @ fit.cov @ slope), rel=1e-6)


def test_a_number_that_is_certain():
    zero = linear_contrast(coef=np.zeros(1), cov=np.zeros((1, 1)), weights=[1])
    one = linear_contrast(coef=np.ones(1), cov=np.zeros((1, 1)), weights=[1])
    assert (zero.low, zero.high, zero.p_value) == (0, 0, 1)
    assert (one.low, one.high, one.p_value) == (1, 1, 0)


def test_level_widens_the_interval():
    narrow = linear_contrast(coef=np.ones(1), cov=np.ones((1, 1)), weights=[1], level=0.9)
    assert narrow.high == pytest.approx(1 + 1.6448536269514722)


@pytest.mark.study
@pytest.mark.parametrize(("n", "constant"), [(260, -1.6), (600, -1.6), (2000, -2.2)])
@pytest.mark.parametrize(
    "slopes", [(-0.5, -0.1, 0.4, 0.0), (-0.3, -0.3, -0.3, -0.3)], ids=["planted", "null"]
)
def test_interval_coverage(n, constant, slopes):
    """2,000 runs from the smallest supported size up: coverage of both scales, rejections of a true null."""
    rng, runs = np.random.default_rng(20240801), 2000
    weights = np.array([0, 0.5, 0.5, -0.5, -0.5, 0, 0])
    coef = np.array([constant, *slopes, 0.3, 0.4])
    held, in_risk, rejected, fitted = 0, 0, 0, 0
    for _ in range(runs):
        common = rng.normal(size=(n, 1))
        scales = (common + rng.normal(size=(n, 4))) / np.sqrt(2)
        x = np.column_stack([np.ones(n), scales, rng.normal(size=n), common])
        y = rng.random(n) < 1 / (1 + np.exp(-x @ coef))
        if y.sum() < 50:
            continue
        fit = fit_logit(x=x, y=y)
        odds = linear_contrast(coef=fit.coef, cov=fit.cov, weights=weights)
        risk = risk_contrast(fit, x=x, up=FIRST, against=SECOND)
        exact = LogitFit(coef=coef, cov=fit.cov, loglik=0, n=n, n_events=0, n_iterations=0)
        truth = risk_contrast(exact, x=x, up=FIRST, against=SECOND).value
        fitted += 1
        held += odds.low <= weights @ coef <= odds.high
        in_risk += risk.low <= truth <= risk.high
        rejected += odds.p_value < 0.05
    reach = 1.96 * np.sqrt(0.05 * 0.95 / fitted)
    assert fitted > runs / 4
    assert held / fitted + reach >= 0.93
    assert in_risk / fitted + reach >= 0.93
    if weights @ coef == 0:
        assert rejected / fitted - reach <= 0.05
