from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backtorule_eval.errors import NotEstimable
from backtorule_eval.measures.reliability import alpha_from_covariance, cronbach_alpha

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
