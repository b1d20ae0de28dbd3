from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import multivariate_normal

from backtorule_eval.errors import NotEstimable
from backtorule_eval.measures.polychoric import bivariate_normal, polychoric
from backtorule_eval.measures.reliability import cronbach_alpha, ordinal_alpha

R_FOLDER = Path(__file__).parents[1] / "r"
SEARCH = 1e-6  # lavaan's search and ours, both with their tolerances drawn tight
DEFAULT_SEARCH = 1e-4  # polycor and psych search with R's default tolerance


@pytest.fixture(scope="module")
def items():
    return pd.read_csv(R_FOLDER / "data" / "ordinal_items.csv")


@pytest.fixture(scope="module")
def from_r():
    frame = pd.read_csv(
        R_FOLDER / "polychoric.csv", skiprows=1, keep_default_na=False, dtype={"value": float}
    )
    return frame.set_index(["step", "quantity", "name"])["value"].sort_index()


@pytest.mark.parametrize(
    ("package", "tolerance"), [("lavaan", SEARCH), ("polycor", DEFAULT_SEARCH), ("psych", DEFAULT_SEARCH)]
)
def test_agrees_with_r(items, from_r, package, tolerance):
    ours = polychoric(items)
    assert (ours.n, ours.n_incomplete) == (from_r["psych", "alpha", "n"], len(items) - ours.n)
    found = pd.DataFrame(ours.correlations, index=items.columns, columns=items.columns)
    theirs = from_r[package]["correlation"]
    assert len(theirs) == 10
    for pair, value in theirs.items():
        assert found.loc[*pair.split("~")] == pytest.approx(value, abs=tolerance)


def test_thresholds_agree_with_r(items, from_r):
    ours = np.concatenate(polychoric(items).thresholds)
    assert ours == pytest.approx(from_r["lavaan"]["threshold"].to_numpy(), abs=1e-12)


def test_ordinal_alpha_agrees_with_r(items, from_r):
    ours = ordinal_alpha(items)
    assert ours.value == pytest.approx(from_r["psych", "ordinal_alpha", ""], abs=SEARCH)
    assert (ours.n, ours.n_incomplete, ours.n_items) == (239, 21, 5)
    assert cronbach_alpha(items).value == pytest.approx(from_r["psych", "alpha", "value"], abs=1e-12)


@pytest.mark.parametrize("correlation", [-0.95, -0.3, 0.0, 0.6, 0.99])
def test_bivariate_normal(correlation):
    """Against SciPy's, and Sheppard's formula at the origin."""
    ours = bivariate_normal(np.array([0.0, 0.7]), np.array([0.0, -1.1]), correlation)
    assert ours[0] == pytest.approx(0.25 + np.arcsin(correlation) / (2 * np.pi), abs=1e-12)
    theirs = multivariate_normal.cdf([0.7, -1.1], cov=[[1, correlation], [correlation, 1]])
    assert ours[1] == pytest.approx(theirs, abs=1e-6)


def test_recovers_what_was_planted():
    """Two answers in three steps from normals that correlate .6: 20,000 persons give it to two digits."""
    rng = np.random.default_rng(1)
    behind = rng.multivariate_normal([0, 0], [[1, 0.6], [0.6, 1]], size=20_000)
    answers = pd.DataFrame(
        {"a": np.digitize(behind[:, 0], [-0.5, 1]), "b": np.digitize(behind[:, 1], [0, 0.4])}
    )
    assert polychoric(answers).correlations[0, 1] == pytest.approx(0.6, abs=0.02)
    assert np.corrcoef(answers.T)[0, 1] < 0.55  # what the steps take away


def test_an_unused_answer_between_others_changes_nothing():
    rng = np.random.default_rng(2)
    answers = pd.DataFrame(rng.integers(1, 4, size=(60, 2)), columns=["a", "b"])
    skipped = answers.replace(3, 6)
    assert polychoric(skipped).correlations[0, 1] == polychoric(answers).correlations[0, 1]


@pytest.mark.parametrize("n", [0, 30])
def test_an_item_that_does_not_vary_is_refused(n):
    answers = pd.DataFrame({"a": np.arange(n) % 3, "b": np.full(n, 2)})
    with pytest.raises(NotEstimable, match="variation"):
        polychoric(answers)


def test_answers_that_tell_each_other_exactly_are_refused():
    column = np.arange(30) % 3
    with pytest.raises(NotEstimable, match="boundary: a, b"):
        polychoric(pd.DataFrame({"a": column, "b": column}))
