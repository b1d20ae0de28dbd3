from __future__ import annotations

from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backtorule_eval.analyses.barnard_rubin import pool_contrasts
from tests.analyses.references import reference

# Closed form on both sides.
R_TOLERANCE = 1e-10
CASES = ("small_sample", "few_clusters", "two_far_apart", "no_end")
PARTS = ("df", "within", "between", "share_between", "missing_information")
NUMBERS = st.floats(-10, 10, allow_nan=False)
ERRORS = st.floats(0.01, 10)
SETS = st.lists(st.tuples(NUMBERS, ERRORS), min_size=2, max_size=20)


@pytest.mark.parametrize("case", CASES)
def test_agrees_with_mice(case):
    r = reference("barnard_rubin").loc[case]
    given_values, given_errors = r["given_value"].sort_index(), r["given_std_error"].sort_index()
    found = pool_contrasts(values=given_values, std_errors=given_errors, df_complete=r["given_df", ""])
    for part in PARTS:
        assert getattr(found, part) == pytest.approx(r[part, ""], rel=R_TOLERANCE)
    for part in ("value", "std_error", "low", "high", "p_value"):
        assert getattr(found.contrast, part) == pytest.approx(r[part, ""], rel=R_TOLERANCE)
    assert found.n_imputations == len(given_values)


@given(SETS, st.floats(1, 200))
@settings(max_examples=100, deadline=None)
def test_degrees_of_freedom_stay_below_the_complete_data_and_below_rubins(sets, df_complete):
    values, errors = np.array(sets).T
    found = pool_contrasts(values=values, std_errors=errors, df_complete=df_complete)
    without_end = pool_contrasts(values=values, std_errors=errors)
    assert 0 < found.df < df_complete
    assert found.df <= without_end.df
    assert 0 <= found.share_between < 1
    assert found.share_between < found.missing_information <= 1
    assert found.contrast.std_error >= np.sqrt(found.within) * (1 - 1e-12)
    assert found.contrast.high - found.contrast.low >= without_end.contrast.high - without_end.contrast.low


@given(SETS, st.floats(0.1, 100))
@settings(max_examples=50, deadline=None)
def test_units_and_order_do_not_matter(sets, scale):
    values, errors = np.array(sets).T
    one = pool_contrasts(values=values, std_errors=errors, df_complete=30)
    other = pool_contrasts(values=values[::-1] * -scale, std_errors=errors[::-1] * scale, df_complete=30)
    assert other.df == pytest.approx(one.df, rel=1e-9)
    assert other.contrast.low == pytest.approx(-scale * one.contrast.high, rel=1e-9, abs=1e-9)
    assert other.contrast.p_value == pytest.approx(one.contrast.p_value, rel=1e-8)


def test_data_sets_that_agree_add_nothing():
    found = pool_contrasts(values=[0.5, 0.5, 0.5], std_errors=[0.2, 0.2, 0.2], df_complete=20)
    assert (found.between, found.share_between) == (0.0, 0.0)
    assert found.contrast.std_error == pytest.approx(0.2, rel=1e-12)
    assert found.df == pytest.approx(20 * 21 / 23, rel=1e-12)


def test_without_an_end_and_without_differences_it_is_the_normal_interval():
    found = pool_contrasts(values=[0.5, 0.5], std_errors=[0.25, 0.25], level=0.9)
    assert found.df == inf
    assert found.missing_information == 0.0
    assert found.contrast.high == pytest.approx(0.5 + 1.6448536269514722 * 0.25, rel=1e-12)
    assert found.contrast.p_value == pytest.approx(0.04550026389635842, rel=1e-10)


def completed(rng, n=20, n_seen=12, m=15):
    """Twenty people with mean 1, eight of them missing at random, completed with proper draws."""
    seen = 1.0 + rng.normal(size=n_seen)
    spread = np.sqrt((n_seen - 1) * seen.var(ddof=1) / rng.chisquare(n_seen - 1, size=m))
    centre = seen.mean() + spread * rng.normal(size=m) / np.sqrt(n_seen)
    drawn = centre[:, None] + spread[:, None] * rng.normal(size=(m, n - n_seen))
    whole = np.column_stack([np.tile(seen, (m, 1)), drawn])
    return whole.mean(axis=1), whole.std(axis=1, ddof=1) / np.sqrt(n)


def test_the_planted_mean_lies_in_the_interval_as_often_as_promised():
    rng = np.random.default_rng(8)
    n_runs = 3000
    n_inside, n_inside_alone = 0, 0
    for _ in range(n_runs):
        values, errors = completed(rng)
        found = pool_contrasts(values=values, std_errors=errors, df_complete=19).contrast
        n_inside += found.low <= 1.0 <= found.high
        # What a single imputation would have claimed.
        n_inside_alone += abs(values[0] - 1.0) <= 2.093024054408263 * errors[0]
    assert n_inside / n_runs == pytest.approx(0.95, abs=0.015)
    assert n_inside_alone / n_runs < 0.9


@pytest.mark.parametrize(
    ("values", "errors", "df_complete", "match"),
    [
        ([0.5], [0.2], 20, "two or more data sets"),
        ([0.5, 0.4], [0.2], 20, "one value and one standard error"),
        ([[0.5, 0.4]], [[0.2, 0.2]], 20, "one value and one standard error"),
        ([0.5, np.nan], [0.2, 0.2], 20, "must be finite"),
        ([0.5, 0.4], [0.2, np.inf], 20, "must be finite"),
        ([0.5, 0.4], [0.2, 0.0], 20, "above zero"),
        ([0.5, 0.4], [0.2, 0.2], 0, "degrees of freedom of the complete data"),
        ([0.5, 0.4], [0.2, 0.2], np.nan, "degrees of freedom of the complete data"),
    ],
)
def test_what_cannot_be_pooled_is_refused(values, errors, df_complete, match):
    with pytest.raises(ValueError, match=match):
        pool_contrasts(values=values, std_errors=errors, df_complete=df_complete)
