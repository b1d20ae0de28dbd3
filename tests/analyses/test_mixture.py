from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from backtorule_eval.analyses.mixture import MAX_STEPS, _run, find_profiles, fit_mixture, maximise
from backtorule_eval.errors import NotEstimable
from tests.analyses.references import R, reference

SEARCH = 1e-6  # EM comes close slowly; mclust and ours stop at 1e-14 of the loglikelihood


@pytest.fixture(scope="module")
def answers():
    return pd.read_csv(R / "data" / "holzinger.csv")[["x1", "x4", "x7", "x9"]].to_numpy()


@pytest.fixture(scope="module")
def from_r():
    return reference("mixture")


def test_agrees_with_r_from_the_same_start(answers, from_r):
    place = answers[:, 0].argsort(kind="stable").argsort()
    start = np.eye(3)[np.digitize(place, [100, 200])]
    memberships, loglik = _run(answers, start, steps=MAX_STEPS)
    shares, means, variances = maximise(answers, memberships)
    theirs = from_r["me"]
    assert loglik == pytest.approx(theirs["loglik"].iloc[0], rel=1e-10)
    assert shares == pytest.approx(theirs["share"].to_numpy(), abs=SEARCH)
    assert means.ravel() == pytest.approx(theirs["mean"].to_numpy(), abs=SEARCH)
    assert variances == pytest.approx(theirs["variance"].to_numpy(), abs=SEARCH)
    assert memberships[0, 0] == pytest.approx(theirs["membership", "first"], abs=SEARCH)


@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_never_below_the_search_of_r(answers, from_r, k):
    ours = fit_mixture(answers, k=k, rng=np.random.default_rng(1))
    assert ours.loglik >= from_r["Mclust", "loglik", str(k)] - 1e-6
    assert ours.bic <= from_r["Mclust", "bic", str(k)] + 1e-6
    parameters = k - 1 + 4 * k + 4
    assert ours.bic == pytest.approx(-2 * ours.loglik + parameters * np.log(301))
    assert ours.k == k


def planted(rng, n):
    """Three kinds, a half, three tenths and a fifth of all, two deviations apart."""
    kind = rng.choice(3, p=[0.5, 0.3, 0.2], size=n)
    centres = np.array([[0, 0, 0], [2, 2, 0], [0, 2, 3]])
    return kind, centres[kind] + rng.normal(size=(n, 3)) * [1, 0.8, 1.2]


def test_finds_the_kinds_that_were_planted():
    kind, answers = planted(np.random.default_rng(2), 600)
    found = find_profiles(answers, most=4, rng=np.random.default_rng(3))
    assert found.shares == pytest.approx([0.5, 0.3, 0.2], abs=0.05)
    assert found.means == pytest.approx(np.array([[0, 0, 0], [2, 2, 0], [0, 2, 3]]), abs=0.3)
    assert found.variances == pytest.approx([1, 0.64, 1.44], abs=0.2)
    assert (found.assigned == kind).mean() > 0.85
    assert 0.6 < found.entropy < 1


def test_where_there_is_one_kind_one_is_found():
    """8 samples of one normal kind: none is divided."""
    rng = np.random.default_rng(4)
    found = [find_profiles(rng.normal(size=(200, 3)), most=2, rng=rng).k for _ in range(8)]
    assert found == [1] * 8
    assert find_profiles(rng.normal(size=(200, 3)), most=1, rng=rng).entropy == 1


def test_a_handful_of_outliers_is_no_kind():
    rng = np.random.default_rng(5)
    answers = rng.normal(size=(200, 2))
    answers[:6] += 12
    assert fit_mixture(answers, k=2, rng=rng).bic < fit_mixture(answers, k=1, rng=rng).bic
    assert find_profiles(answers, most=2, rng=rng).k == 1


def test_the_same_seed_finds_the_same(answers):
    one, other = (fit_mixture(answers, k=3, rng=np.random.default_rng(6)) for _ in range(2))
    assert (one.memberships == other.memberships).all()


@pytest.mark.parametrize(("persons", "refused"), [(149, True), (150, False)])
def test_support(persons, refused):
    answers = planted(np.random.default_rng(7), persons)[1]
    if refused:
        with pytest.raises(NotEstimable, match="persons") as caught:
            find_profiles(answers, most=1, rng=np.random.default_rng(8))
        assert (caught.value.needed, caught.value.found) == (150, 149)
    else:
        assert find_profiles(answers, most=1, rng=np.random.default_rng(8)).k == 1


def test_a_scale_that_does_not_vary_is_refused():
    answers = planted(np.random.default_rng(9), 150)[1]
    answers[:, 1] = 3
    with pytest.raises(NotEstimable, match="variation"):
        find_profiles(answers, most=2, rng=np.random.default_rng(10))
