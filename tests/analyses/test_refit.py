"""Refits in blocks: the numbers of R's boot and of one fit at a time, whatever the workers and the draws."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from backtorule_eval.analyses.design_matrix import build_design
from backtorule_eval.analyses.logit import fit_logit
from backtorule_eval.analyses.refit import bootstrap_counts, refit_logit
from backtorule_eval.errors import NotEstimable
from tests.analyses.references import R, small_people, standardised
from tests.analyses.test_logit import STEPS, VARIABLES


def made(n: int, *, seed: int = 1, columns: int = 3, constant: float = -0.5):
    """Invented people, their outcome, and the fit of everybody."""
    chance = np.random.default_rng(seed)
    x = np.column_stack([np.ones(n), chance.normal(size=(n, columns))])
    log_odds = constant + 0.5 * x[:, 1]
    y = (chance.random(n) < 1 / (1 + np.exp(-log_odds))).astype(float)
    return x, y, fit_logit(x=x, y=y).coef


def one_by_one(x, y, counts):
    """The same, each resample's rows written out."""
    for one in counts:
        rows = np.repeat(np.arange(len(y)), one)
        try:
            yield fit_logit(x=x[rows], y=y[rows]).coef
        except NotEstimable:
            yield np.full(x.shape[1], np.nan)


def test_agrees_with_r_boot_of_glm_fit_on_the_same_draws():
    people = standardised(small_people())
    design = build_design(people, variables=[VARIABLES[name] for name in STEPS["adjusted"]])
    y = people["left"].to_numpy(dtype=float)
    draws = pd.read_csv(R / "data" / "refit_draws.csv").to_numpy() - 1
    counts = np.stack([np.bincount(draw, minlength=len(y)) for draw in draws])
    found = refit_logit(x=design.x, y=y, start=fit_logit(x=design.x, y=y).coef, counts=counts)
    r = pd.read_csv(R / "refit.csv", skiprows=1)
    theirs = r.pivot(index="name", columns="quantity", values="value")[r["quantity"].unique()]
    assert found.n_failed == 0
    assert found.coef == pytest.approx(theirs.to_numpy(), abs=1e-6)


def test_agrees_with_one_fit_at_a_time():
    x, y, start = made(150)
    counts = bootstrap_counts(n=150, n_resamples=70, seed=4)
    found = refit_logit(x=x, y=y, start=start, counts=counts)
    assert found.coef == pytest.approx(np.array(list(one_by_one(x, y, counts))), abs=1e-8)


def test_resamples_without_an_estimate_are_counted_and_the_others_are_right():
    x, y, start = made(14, seed=3, columns=2)
    counts = bootstrap_counts(n=14, n_resamples=200, seed=5)
    found = refit_logit(x=x, y=y, start=start, counts=counts)
    alone = np.array(list(one_by_one(x, y, counts)))
    assert 0 < found.n_failed < 200
    assert (np.isnan(found.coef) == np.isnan(alone)).all()
    # Near separation the last step is long in log odds and short in standard errors.
    assert found.coef == pytest.approx(alone, rel=1e-5, abs=1e-6, nan_ok=True)


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_the_same_bits_for_any_number_of_workers(workers):
    x, y, start = made(200)
    counts = bootstrap_counts(n=200, n_resamples=150, seed=6)
    first = refit_logit(x=x, y=y, start=start, counts=counts).coef
    again = refit_logit(x=x, y=y, start=start, counts=counts, workers=workers).coef
    assert first.tobytes() == again.tobytes()


def test_everybody_once_is_the_fit_of_everybody():
    x, y, start = made(80)
    found = refit_logit(x=x, y=y, start=start, counts=np.ones((1, 80), dtype=np.int64))
    assert found.coef[0] == pytest.approx(start, abs=1e-9)


def test_no_resamples_are_no_coefficients():
    x, y, start = made(80)
    none = bootstrap_counts(n=80, n_resamples=0, seed=1)
    assert refit_logit(x=x, y=y, start=start, counts=none).coef.shape == (0, 4)


def test_columns_that_depend_on_each_other_in_a_resample_are_a_failure():
    x = np.column_stack([np.ones(6), [1.0, 0, 0, 0, 0, 0]])
    y = np.array([0.0, 1, 0, 1, 0, 1])
    counts = np.array([[0, 2, 1, 1, 1, 1]])
    assert refit_logit(x=x, y=y, start=np.zeros(2), counts=counts).n_failed == 1


# --- Draws ------------------------------------------------------------------------------------------


def test_every_resample_has_as_many_persons_and_depends_on_its_number_alone():
    many, few = (bootstrap_counts(n=30, n_resamples=b, seed=2) for b in (40, 7))
    assert (many.sum(axis=1) == 30).all()
    assert (many[:7] == few).all()
    assert (many != bootstrap_counts(n=30, n_resamples=40, seed=3)).any()


def test_clusters_are_drawn_whole():
    clusters = np.array(["a"] * 3 + ["b"] * 5 + ["c"] * 2, dtype=object)
    counts = bootstrap_counts(n=10, n_resamples=50, seed=2, clusters=clusters)
    for rows in (slice(0, 3), slice(3, 8), slice(8, 10)):
        assert (counts[:, rows] == counts[:, rows][:, :1]).all()
    assert (counts[:, [0, 3, 8]].sum(axis=1) == 3).all()
