from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from backtorule_eval.analyses import firth_profile, penalised_likelihood
from backtorule_eval.analyses.contrast import risk_contrast
from backtorule_eval.analyses.design_matrix import build_design
from backtorule_eval.analyses.firth import correct_intercept, fit_firth
from backtorule_eval.analyses.firth_profile import profile_contrast
from backtorule_eval.analyses.logit import fit_logit, is_separated
from backtorule_eval.errors import NotEstimable
from tests.analyses.references import GRADES, reference, small_people
from tests.analyses.test_logit import VARIABLES

# R's optim stops where the penalised likelihood no longer moves in the last digits, not where it is flat.
R_TOLERANCE = 1e-6
# The first so many complete people: of 45 nobody with grade A left, of 80 some did.
ROWS = {"separated": 45, "overlapping": 80}
NAMES = ("(Intercept)", *(f"grade{level}" for level in GRADES[1:]), "age", "points")
CONTRASTS = {name: np.eye(len(NAMES))[i] for i, name in enumerate(NAMES)} | {
    "B less C": np.array([0, 1, -1, 0, 0, 0])
}


def people_of(step):
    people = small_people().dropna().head(ROWS[step])
    numbers = people[["age", "points"]]
    people = people.assign(**((numbers - numbers.mean()) / numbers.std()))
    design = build_design(people, variables=[VARIABLES[name] for name in ("grade", "age", "points")])
    return design.x, people["left"].to_numpy(float), people["person"]


def by_r(found):
    return pytest.approx(found, rel=R_TOLERANCE, abs=R_TOLERANCE)


@pytest.mark.parametrize("step", ROWS)
def test_agrees_with_brglm2(step):
    x, y, _ = people_of(step)
    fit, r = fit_firth(x=x, y=y), reference("firth").loc[step]
    assert is_separated(x=x, sign=2 * y - 1) == (step == "separated")
    assert fit.coef == by_r([r["coef", name] for name in NAMES])
    assert np.sqrt(np.diag(fit.cov)) == by_r([r["brglm2_std_error", name] for name in NAMES])
    assert fit.penalised_loglik == by_r(r["penalised_loglik", ""])
    assert (fit.n, fit.n_events) == (len(y), y.sum())


@pytest.mark.parametrize("step", ROWS)
@pytest.mark.parametrize("name", CONTRASTS)
def test_profile_agrees_with_r(step, name):
    x, y, _ = people_of(step)
    found = profile_contrast(fit_firth(x=x, y=y), x=x, y=y, weights=CONTRASTS[name])
    r = reference("firth").loc[step]
    for part in ("value", "std_error", "low", "high", "p_value"):
        assert getattr(found, part) == by_r(r[part, name])


@pytest.mark.parametrize("step", ROWS)
def test_flic_agrees_with_r(step):
    x, y, persons = people_of(step)
    fit = correct_intercept(fit_firth(x=x, y=y), x=x, y=y)
    r = reference("firth").loc[step]
    assert fit.coef == by_r([r["flic_intercept", ""], *(r["coef", name] for name in NAMES[1:])])
    assert np.sqrt(np.diag(fit.cov)) == by_r([r["flic_std_error", name] for name in NAMES])
    assert fit.loglik == by_r(r["flic_loglik", ""])
    assert risks(x, fit.coef) == by_r([r["flic_risk", person] for person in persons])


def risks(x, coef):
    return 1 / (1 + np.exp(-x @ coef))


@given(st.tuples(*[st.integers(0, 30)] * 4))
@settings(max_examples=50, deadline=None)
def test_two_by_two_adds_a_half_to_each_cell(cells):
    a, b, c, d = cells
    exposed = np.repeat([1.0, 1.0, 0.0, 0.0], cells)
    y = np.repeat([1.0, 0.0, 1.0, 0.0], cells)
    assume(min(a + b, c + d) > 0 and 0 < y.sum() < len(y))
    x = np.column_stack([np.ones(len(y)), exposed])
    fit = fit_firth(x=x, y=y)
    assert fit.coef[0] == pytest.approx(np.log((c + 0.5) / (d + 0.5)), abs=1e-8)
    assert fit.coef[1] == pytest.approx(np.log((a + 0.5) * (d + 0.5) / ((b + 0.5) * (c + 0.5))), abs=1e-8)
    corrected = correct_intercept(fit, x=x, y=y)
    assert corrected.coef[1] == fit.coef[1]
    assert risks(x, corrected.coef).sum() == pytest.approx(a + c, abs=1e-9)


def test_complete_separation_has_an_answer_that_is_open_on_one_side_only_far_out():
    x = np.column_stack([np.ones(20), np.arange(20) - 9.5])
    y = (x[:, 1] > 0).astype(float)
    with pytest.raises(NotEstimable, match="separation"):
        fit_logit(x=x, y=y)
    fit = fit_firth(x=x, y=y)
    found = profile_contrast(fit, x=x, y=y, weights=[0, 1])
    assert 0 < found.low < found.value < found.high < np.inf
    assert found.high - found.value > 2 * (found.value - found.low)
    assert found.p_value < 0.001
    assert fit.coef[0] == pytest.approx(0.0, abs=1e-9)


def test_interval_and_p_value_tell_the_same():
    x, y, _ = people_of("overlapping")
    fit = fit_firth(x=x, y=y)
    p_value = profile_contrast(fit, x=x, y=y, weights=CONTRASTS["age"]).p_value
    at_that_level = profile_contrast(fit, x=x, y=y, weights=CONTRASTS["age"], level=1 - p_value)
    assert at_that_level.low == pytest.approx(0.0, abs=1e-7)


def test_a_value_of_zero_has_p_one():
    x = np.column_stack([np.ones(8), np.tile([0.0, 1.0], 4)])
    y = np.repeat([0.0, 1.0], 4)
    found = profile_contrast(fit_firth(x=x, y=y), x=x, y=y, weights=[0, 1])
    assert found.p_value == pytest.approx(1.0, abs=1e-6)
    assert found.low == pytest.approx(-found.high, abs=1e-8)


def test_units_do_not_matter():
    x, y, _ = people_of("separated")
    scale, shift = np.array([1, 1, 1, 1, 1e5, 1e-4]), np.array([0, 0, 0, 0, 1e6, 300])
    wide = x * scale + shift
    one, other = fit_firth(x=x, y=y), fit_firth(x=wide, y=y)
    assert other.coef[1:] * scale[1:] == pytest.approx(one.coef[1:], abs=1e-8)
    narrow = profile_contrast(one, x=x, y=y, weights=CONTRASTS["age"])
    found = profile_contrast(other, x=wide, y=y, weights=CONTRASTS["age"])
    assert found.high * 1e5 == pytest.approx(narrow.high, abs=1e-7)


def draws(n_draws, n=60, seed=11):
    """Samples with about ten events among 60, and the truth behind them."""
    rng = np.random.default_rng(seed)
    truth = np.array([-1.9, 1.0, -0.5])
    for _ in range(n_draws):
        x = np.column_stack([np.ones(n), rng.random(n) < 0.5, rng.normal(size=n)])
        yield x, (rng.random(n) < risks(x, truth)).astype(float), truth


def test_planted_log_odds_are_found_without_bias_and_flic_averages_right():
    fits = [(fit_firth(x=x, y=y), x, y) for x, y, _ in draws(600)]
    errors = np.array([fit.coef for fit, _, _ in fits]) - [-1.9, 1.0, -0.5]
    chance = errors.std(axis=0) / np.sqrt(len(fits))
    assert (np.abs(errors[:, 1:].mean(axis=0)) < 3 * chance[1:]).all()
    seen = np.array([y.mean() for _, _, y in fits])
    plain = np.array([risks(x, fit.coef).mean() for fit, x, _ in fits])
    right = np.array([risks(x, correct_intercept(fit, x=x, y=y).coef).mean() for fit, x, y in fits])
    assert right == pytest.approx(seen, abs=1e-10)
    assert (plain > seen).mean() > 0.99


def test_planted_log_odds_lie_in_the_profile_interval_as_often_as_promised():
    inside = []
    for x, y, truth in draws(150):
        found = profile_contrast(fit_firth(x=x, y=y), x=x, y=y, weights=[0, 1, 0])
        inside.append(found.low <= truth[1] <= found.high)
    assert np.mean(inside) == pytest.approx(0.95, abs=0.05)


def test_flic_makes_a_risk_contrast():
    x, y, _ = people_of("separated")
    fit = correct_intercept(fit_firth(x=x, y=y), x=x, y=y)
    found = risk_contrast(fit, x=x, up=(5,))
    assert found.value == pytest.approx(risks(x + np.eye(1, 6, 5), fit.coef).mean() - y.mean(), abs=1e-10)
    assert found.low < found.value < found.high


def test_the_constant_may_stand_anywhere():
    x, y, _ = people_of("overlapping")
    one = correct_intercept(fit_firth(x=x, y=y), x=x, y=y)
    turned = x[:, ::-1]
    other = correct_intercept(fit_firth(x=turned, y=y), x=turned, y=y, constant=5)
    assert other.coef[::-1] == pytest.approx(one.coef, abs=1e-8)
    with pytest.raises(ValueError, match="Column 0 must be the constant"):
        correct_intercept(fit_firth(x=turned, y=y), x=turned, y=y)


def test_a_step_too_long_is_halved(monkeypatch):
    x, y, _ = people_of("separated")
    fit = fit_firth(x=x, y=y)
    score = penalised_likelihood._modified_score

    def too_flat(basis, sign, coef, free):
        slope, curvature = score(basis, sign, coef, free)
        # Far from the top only, where it matters: near it every length of step is as good.
        return slope, curvature / (50 if np.abs(slope).max() > 0.1 else 1)

    monkeypatch.setattr(penalised_likelihood, "_modified_score", too_flat)
    assert fit_firth(x=x, y=y).coef == pytest.approx(fit.coef, abs=1e-7)


def test_stopping_early_is_told(monkeypatch):
    monkeypatch.setattr(penalised_likelihood, "MAX_ITERATIONS", 1)
    x, y, _ = people_of("overlapping")
    with pytest.raises(NotEstimable, match="not_converged"):
        fit_firth(x=x, y=y)


def test_a_limit_that_is_not_found_is_told(monkeypatch):
    x, y, _ = people_of("overlapping")
    fit = fit_firth(x=x, y=y)
    monkeypatch.setattr(firth_profile, "DOUBLINGS", 1)
    with pytest.raises(NotEstimable, match="not_converged"):
        profile_contrast(fit, x=x, y=y, weights=CONTRASTS["age"])


def test_a_fit_that_is_not_the_highest_top_is_told():
    # Found by search: nine people and four coefficients, far below what support asks for.
    rng = np.random.default_rng(647)
    n, p = int(rng.integers(6, 120)), int(rng.integers(1, 5))
    wild = rng.normal(size=(n, p)) * np.exp(rng.normal(size=(n, p)) * rng.uniform(0, 1))
    slopes = rng.normal(size=p) * rng.uniform(0, 2)
    y = (rng.random(n) < risks(np.column_stack([wild, np.ones(n)]), [*slopes, -rng.uniform(-2, 2.5)])) * 1.0
    x = np.column_stack([np.ones(n), wild])
    with pytest.raises(NotEstimable, match="not_converged"):
        profile_contrast(fit_firth(x=x, y=y), x=x, y=y, weights=[0, 1, 0, 0])


def test_no_weights_are_refused():
    x, y, _ = people_of("overlapping")
    with pytest.raises(ValueError, match="weight must differ from zero"):
        profile_contrast(fit_firth(x=x, y=y), x=x, y=y, weights=np.zeros(6))


def test_columns_that_depend_on_each_other_are_named():
    x, y, _ = people_of("overlapping")
    with pytest.raises(NotEstimable, match=r"collinear: b, d$"):
        fit_firth(x=np.column_stack([x[:, :1], x[:, 4:], x[:, 4]]), y=y, names=("a", "b", "c", "d"))


def test_an_outcome_that_does_not_vary_is_refused():
    with pytest.raises(NotEstimable, match="outcome_does_not_vary"):
        fit_firth(x=np.ones((5, 1)), y=np.ones(5))


def test_missing_values_are_refused():
    with pytest.raises(ValueError, match="finite"):
        fit_firth(x=np.full((3, 1), np.nan), y=[0, 1, 0])
