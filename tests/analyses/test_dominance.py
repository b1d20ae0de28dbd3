"""Dominance: all subsets by hand, gains that add up, a planted order, and refusal of few."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.discrete.discrete_model import Logit

from backtorule_eval.analyses.dominance import general_dominance, logliks
from backtorule_eval.analyses.logit import fit_logit
from backtorule_eval.errors import NotEstimable

GROUPS = {"a": (1,), "b": (2, 3), "c": (4,)}


def made(n: int = 220, *, seed: int = 1):
    """A constant, three groups of which the second explains most, and one column that is held constant."""
    chance = np.random.default_rng(seed)
    x = np.column_stack([np.ones(n), chance.normal(size=(n, 5))])
    log_odds = -0.3 + 0.3 * x[:, 1] + 0.9 * x[:, 2] + 0.4 * x[:, 5]
    return x, (chance.random(n) < 1 / (1 + np.exp(-log_odds))).astype(float)


def r2(x, y, *names):
    """McFadden's R2 of some groups beyond what is held constant, by another library."""
    columns = [0, 5, *(i for name in names for i in GROUPS[name])]
    nothing = Logit(y, x[:, [0, 5]]).fit(disp=0).llf
    return 1 - Logit(y, x[:, columns]).fit(disp=0).llf / nothing


def test_general_dominance_is_all_subsets_by_hand():
    x, y = made()
    found = general_dominance(x=x, y=y, groups=GROUPS, n_resamples=3, seed=1)
    a = [
        r2(x, y, "a"),
        (r2(x, y, "a", "b") - r2(x, y, "b") + r2(x, y, "a", "c") - r2(x, y, "c")) / 2,
        r2(x, y, "a", "b", "c") - r2(x, y, "b", "c"),
    ]
    assert found.value[0] == pytest.approx(np.mean(a), abs=1e-9)
    assert found.value.sum() == pytest.approx(r2(x, y, "a", "b", "c"), abs=1e-9)


def test_the_planted_order_is_found_and_its_interval_holds_it():
    x, y = made(600)
    found = general_dominance(x=x, y=y, groups=GROUPS, n_resamples=200, seed=1, workers=2)
    assert found.names[int(np.argmax(found.value))] == "b"
    assert (found.low <= found.value).all()
    assert (found.value <= found.high).all()
    value, low, high = found.difference("b", "a")
    assert 0 < low < value < high
    assert found.difference("a", "b") == pytest.approx((-value, -high, -low))


def test_a_resample_s_likelihood_is_that_of_its_rows():
    x, y = made(60)
    counts = np.random.default_rng(1).integers(0, 3, (2, 60))
    coef = fit_logit(x=x, y=y).coef
    rows = np.repeat(np.arange(60), counts[1])
    eta = x[rows] @ coef
    by_hand = (y[rows] * eta - np.log1p(np.exp(eta))).sum()
    assert logliks(x, y, np.stack([coef, coef]), counts)[1] == pytest.approx(by_hand)


def test_resamples_that_cannot_be_estimated_are_counted():
    x, y = made(120)
    rare = np.zeros(120)
    rare[np.flatnonzero(y == 1)[0]] = rare[np.flatnonzero(y == 0)[0]] = 1.0
    x[:, 1] = rare
    found = general_dominance(x=x, y=y, groups=GROUPS, n_resamples=60, seed=1)
    assert 0 < found.n_failed < 60
    assert len(found.resampled) == 60 - found.n_failed


def test_fewer_than_a_hundred_are_refused():
    x, y = made(99)
    with pytest.raises(NotEstimable, match="persons"):
        general_dominance(x=x, y=y, groups=GROUPS, n_resamples=3, seed=1)
