from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backtorule_eval.analyses import logit
from backtorule_eval.analyses.design_matrix import Variable, build_design
from backtorule_eval.analyses.logit import fit_logit, is_separated
from backtorule_eval.errors import NotEstimable
from tests.analyses.cohorts import words
from tests.analyses.references import GRADES, SCALES, reference, small_people, standardised

# R prints 17 digits and stops at epsilon = 1e-14, so what is left is the last step's rounding.
R_TOLERANCE = 1e-8
VARIABLES = {name: Variable(name=name, label=words(name)) for name in (*SCALES, "age", "points")} | {
    "grade": Variable(name="grade", label=words("grade"), levels=GRADES)
}
STEPS = {"unadjusted": SCALES, "adjusted": (*SCALES, "grade", "age", "points")}


@pytest.mark.parametrize("step", STEPS)
def test_agrees_with_r_glm(step):
    people = standardised(small_people())
    design = build_design(people, variables=[VARIABLES[name] for name in STEPS[step]])
    fit = fit_logit(x=design.x, y=people["left"])
    r = reference("motivation_small").loc[step]
    levels = [f"grade{level}" for level in GRADES[1:]]
    names = ["(Intercept)", *SCALES, *([*levels, "age", "points"] if step == "adjusted" else [])]
    assert fit.coef == pytest.approx([r["coef", n] for n in names], rel=R_TOLERANCE, abs=R_TOLERANCE)
    errors = np.sqrt(np.diag(fit.cov))
    assert errors == pytest.approx([r["std_error", n] for n in names], rel=R_TOLERANCE)
    assert fit.loglik == pytest.approx(r["loglik", ""], rel=1e-12)


@given(st.tuples(*[st.integers(1, 400)] * 4))
@settings(max_examples=50, deadline=None)
def test_two_by_two_is_the_log_odds_ratio(cells):
    a, b, c, d = cells
    exposed = np.repeat([1.0, 1.0, 0.0, 0.0], cells)
    y = np.repeat([1.0, 0.0, 1.0, 0.0], cells)
    fit = fit_logit(x=np.column_stack([np.ones(len(y)), exposed]), y=y)
    assert fit.coef[1] == pytest.approx(np.log(a * d / (b * c)), abs=1e-9)
    assert np.sqrt(fit.cov[1, 1]) == pytest.approx(np.sqrt(1 / a + 1 / b + 1 / c + 1 / d), rel=1e-9)
    assert (fit.n, fit.n_events) == (sum(cells), a + c)


def test_units_do_not_matter():
    rng = np.random.default_rng(1)
    x = np.column_stack([np.ones(500), rng.normal(size=(500, 3))])
    y = (rng.random(500) < 0.3).astype(float)
    wide = x * [1, 1e5, 1e-4, 1] + [0, 1e6, 0, 300]
    one, other = fit_logit(x=x, y=y), fit_logit(x=wide, y=y)
    assert other.coef[1:] * [1e5, 1e-4, 1] == pytest.approx(one.coef[1:], abs=1e-9)
    assert other.loglik == pytest.approx(one.loglik, abs=1e-9)


def people(n=60, seed=3):
    rng = np.random.default_rng(seed)
    return np.column_stack([np.ones(n), rng.normal(size=(n, 2))]), (rng.random(n) < 0.5).astype(float)


def test_complete_separation_is_refused():
    x, _ = people()
    with pytest.raises(NotEstimable, match="separation"):
        fit_logit(x=x, y=x[:, 1] > 0.2)


def test_quasi_separation_is_refused():
    x, y = people()
    only_with_event = (y == 1) & (x[:, 1] > 0.5)
    with pytest.raises(NotEstimable, match="separation"):
        fit_logit(x=np.column_stack([x, only_with_event]), y=y)


def test_overlap_in_one_row_is_no_separation():
    x, _ = people()
    y = (x[:, 1] > 0.2).astype(float)
    y[np.argmin(x[:, 1])] = 1.0
    assert not is_separated(x=x, sign=2 * y - 1)
    assert np.isfinite(fit_logit(x=x, y=y).coef).all()


def test_a_long_tail_is_no_separation():
    rng = np.random.default_rng(5)
    tail = np.exp(1.5 * rng.normal(size=4000))
    y = rng.random(4000) < 1 / (1 + np.exp(1 - 0.4 * tail))
    x = np.column_stack([np.ones(4000), tail])
    fit = fit_logit(x=x, y=y)
    assert np.abs(x @ fit.coef).max() > logit.SUSPICIOUS_LOG_ODDS
    assert fit.coef[1] == pytest.approx(0.4, abs=0.1)


def test_a_programme_that_cannot_be_solved_counts_as_separated(monkeypatch):
    class Unsolved:
        x = None

    x, y = people()
    monkeypatch.setattr(logit, "linprog", lambda *_, **__: Unsolved())
    assert is_separated(x=x, sign=2 * y - 1)


def test_columns_that_depend_on_each_other_are_named():
    x, y = people()
    twice = np.column_stack([x, 3 * x[:, 1] - 2])
    with pytest.raises(NotEstimable, match=r"collinear: constant, b, d$") as caught:
        fit_logit(x=twice, y=y, names=("constant", "b", "c", "d"))
    assert caught.value.columns == ("constant", "b", "d")
    assert (caught.value.needed, caught.value.found) == (4, 3)


def test_more_columns_than_people_are_collinear():
    rng = np.random.default_rng(2)
    with pytest.raises(NotEstimable, match="collinear"):
        fit_logit(x=rng.normal(size=(4, 6)), y=[0, 1, 0, 1])


@pytest.mark.parametrize("y", [np.zeros(60), np.ones(60)])
def test_an_outcome_that_does_not_vary_is_refused(y):
    with pytest.raises(NotEstimable, match="outcome_does_not_vary"):
        fit_logit(x=people()[0], y=y)


def test_no_people_is_refused():
    with pytest.raises(NotEstimable, match="outcome_does_not_vary"):
        fit_logit(x=np.empty((0, 2)), y=[])


def test_stopping_early_is_told(monkeypatch):
    monkeypatch.setattr(logit, "MAX_ITERATIONS", 1)
    x, y = people()
    with pytest.raises(NotEstimable, match="not_converged"):
        fit_logit(x=x, y=y)


def test_a_step_too_long_is_halved(monkeypatch):
    # Found by search: the one case among some hundred with wild tails in which a whole step of Newton goes
    # downhill.
    rng = np.random.default_rng(296)
    n, p = int(rng.integers(20, 300)), int(rng.integers(1, 4))
    wild = rng.normal(size=(n, p)) * np.exp(rng.normal(size=(n, p)) * rng.uniform(0, 3))
    slopes = rng.normal(size=p) * rng.uniform(0, 5)
    y = (rng.random(n) < 1 / (1 + np.exp(-(wild @ slopes) + rng.uniform(-4, 4)))).astype(float)
    x = np.column_stack([np.ones(n), wild])
    shares = []
    halved = logit._uphill

    def watched(basis, sign, coef, step):
        moved = halved(basis, sign, coef, step)
        shares.append(np.linalg.norm(moved - coef) / np.linalg.norm(step))
        return moved

    monkeypatch.setattr(logit, "_uphill", watched)
    fit = fit_logit(x=x, y=y)
    assert min(shares) < 0.6
    assert np.abs(x.T @ (y - 1 / (1 + np.exp(-x @ fit.coef)))).max() < 1e-8


@pytest.mark.parametrize(
    ("x", "y", "match"),
    [
        (np.ones(3), [0, 1, 0], "rows by columns"),
        (np.ones((3, 1)), [0, 1], "rows by columns"),
        (np.full((3, 1), np.nan), [0, 1, 0], "finite"),
        (np.ones((3, 1)), [0, 1, 2], "0 or 1"),
        (np.ones((3, 1)), [0, 1, np.nan], "0 or 1"),
    ],
)
def test_what_is_no_data_is_refused(x, y, match):
    with pytest.raises(ValueError, match=match):
        fit_logit(x=x, y=y)
