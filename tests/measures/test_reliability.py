from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backtorule_eval.errors import NotEstimable
from backtorule_eval.measures.reliability import (
    alpha_from_covariance,
    bootstrap_alpha,
    cronbach_alpha,
    draw_persons,
)

R_FOLDER = Path(__file__).parents[1] / "r"
EXACT = 1e-10  # same formula, same data: only rounding error is allowed


@pytest.fixture(scope="module")
def items():
    return pd.read_csv(R_FOLDER / "data" / "alpha_items.csv")


@pytest.fixture(scope="module")
def from_r():
    return pd.read_csv(R_FOLDER / "alpha.csv", comment="#", index_col="quantity")["value"]


@pytest.mark.parametrize(("level", "name"), [(0.95, "95"), (0.90, "90")])
def test_agrees_with_r(items, from_r, level, name):
    ours = cronbach_alpha(items, level=level)
    assert ours.value == pytest.approx(from_r["value"], rel=EXACT)
    assert ours.low == pytest.approx(from_r[f"low{name}"], rel=EXACT)
    assert ours.high == pytest.approx(from_r[f"high{name}"], rel=EXACT)
    assert ours.n == from_r["n"]


def test_n_is_counted_after_incomplete_persons_are_left_out(items):
    ours = cronbach_alpha(items)
    assert (ours.n, ours.n_incomplete, ours.n_items) == (21, 3, 5)
    complete = cronbach_alpha(items.dropna())
    assert (ours.low, ours.high) == (complete.low, complete.high)


@pytest.mark.parametrize(("loading", "alpha"), [(0.65, 0.745), (0.70, 0.794), (0.75, 0.837)])
def test_four_equal_loadings(loading, alpha):
    covariance = np.full((4, 4), loading**2) + np.diag([1 - loading**2] * 4)
    assert round(alpha_from_covariance(covariance), 3) == alpha


def test_parallel_copies_of_an_item_are_perfectly_reliable():
    column = np.arange(12.0)
    ours = cronbach_alpha(pd.DataFrame({"a": column, "b": column, "c": column}))
    assert ours.value == pytest.approx(1)


@pytest.mark.parametrize(("n", "refused"), [(9, True), (10, False), (11, False)])
def test_support_in_persons(n, refused):
    items = pd.DataFrame(np.random.default_rng(1).integers(1, 8, size=(n, 4)).astype(float))
    if refused:
        with pytest.raises(NotEstimable, match="persons") as caught:
            cronbach_alpha(items)
        assert (caught.value.needed, caught.value.found) == (10, n)
    else:
        assert cronbach_alpha(items).n == n


def test_one_item_is_refused():
    with pytest.raises(NotEstimable, match="items"):
        cronbach_alpha(pd.DataFrame({"a": np.arange(20.0)}))


def test_answers_that_do_not_vary_are_refused():
    with pytest.raises(NotEstimable, match="variation"):
        cronbach_alpha(pd.DataFrame(np.full((20, 4), 3.0)))


MATRIX = st.integers(0, 2**32 - 1).map(
    lambda seed: np.random.default_rng(seed).integers(1, 8, size=(15, 4)).astype(float)
)


@given(matrix=MATRIX, shift=st.floats(-5, 5), scale=st.floats(0.1, 10))
@settings(max_examples=25, deadline=None)
def test_unit_and_order_do_not_matter(matrix, shift, scale):
    one = cronbach_alpha(pd.DataFrame(matrix))
    other = cronbach_alpha(pd.DataFrame(matrix[::-1, ::-1] * scale + shift))
    assert other.value == pytest.approx(one.value)
    assert one.low < one.value < one.high <= 1


@pytest.fixture(scope="module")
def draws():
    return np.loadtxt(R_FOLDER / "data" / "alpha_draws.csv", delimiter=",", dtype=int)


def test_bootstrap_agrees_with_r(items, draws):
    from_r = pd.read_csv(R_FOLDER / "polychoric.csv", skiprows=1).set_index(["step", "name"])["value"]
    ours = bootstrap_alpha(items, draws=draws)
    assert ours.low == pytest.approx(from_r["draws", "low"], rel=EXACT)
    assert ours.high == pytest.approx(from_r["draws", "high"], rel=EXACT)
    one = cronbach_alpha(items)
    assert (ours.value, ours.n, ours.n_incomplete, ours.n_items) == (one.value, 21, 3, 5)


def test_draws_of_other_persons_are_refused(items, draws):
    with pytest.raises(ValueError, match="each of 21 persons"):
        bootstrap_alpha(items, draws=draws[:, :20])
    with pytest.raises(ValueError, match="at least 200"):
        bootstrap_alpha(items, draws=draws[:199])


def test_a_draw_without_variation_is_refused(items, draws):
    with pytest.raises(NotEstimable, match="variation"):
        bootstrap_alpha(items, draws=np.zeros_like(draws))


def test_both_intervals_hold_the_truth_as_often_as_they_say():
    """Four items with loading .7 and 150 persons: alpha .794. 400 runs cannot tell 92 % from 95 %."""
    rng = np.random.default_rng(20240805)
    truth = 4 / 3 * (1 - 4 / (4 + 12 * 0.49))
    held = np.zeros(2)
    for _ in range(400):
        trait = rng.normal(size=(150, 1))
        items = pd.DataFrame(0.7 * trait + np.sqrt(0.51) * rng.normal(size=(150, 4)))
        drawn = draw_persons(150, draws=250, rng=rng)
        both = cronbach_alpha(items), bootstrap_alpha(items, draws=drawn)
        held += [found.low <= truth <= found.high for found in both]
    assert (held / 400 > 0.92).all()
    assert (held / 400 < 0.98).all()
