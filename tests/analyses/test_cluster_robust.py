from __future__ import annotations

import numpy as np
import pytest

from backtorule_eval.analyses.cluster_robust import clustered_contrast
from backtorule_eval.analyses.design_matrix import build_design
from backtorule_eval.errors import NotEstimable
from tests.analyses.references import reference, small_people, standardised
from tests.analyses.test_logit import STEPS, VARIABLES

# Closed form on both sides; what is left is the rounding of two eigendecompositions.
R_TOLERANCE = 1e-10
SIDES = {"contrast": (0.5, -0.5), "first": (0.5, 0.0), "second": (0.0, 0.5)}


def weights(n, first, second):
    found = np.zeros(n)
    found[[1, 2]], found[[3, 4]] = first, second
    return found


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("side", SIDES)
def test_agrees_with_r(step, side):
    people = standardised(small_people())
    design = build_design(people, variables=[VARIABLES[name] for name in STEPS[step]])
    found = clustered_contrast(
        x=design.x,
        y=people["left"].to_numpy(),
        clusters=people["office"],
        weights=weights(design.x.shape[1], *SIDES[side]),
    )
    r = reference("cluster_robust").loc[step]
    assert found.df == pytest.approx(r["df", side], rel=R_TOLERANCE)
    assert found.n_clusters == people["office"].nunique()
    for part in ("value", "std_error", "low", "high", "p_value"):
        expected = r[part, side]
        assert getattr(found.contrast, part) == pytest.approx(expected, rel=R_TOLERANCE, abs=R_TOLERANCE)


def test_clusters_of_one_are_hc2():
    rng = np.random.default_rng(4)
    x = np.column_stack([np.ones(40), rng.normal(size=40)])
    y = rng.normal(size=40)
    found = clustered_contrast(x=x, y=y, clusters=np.arange(40), weights=[0, 1])
    bread = np.linalg.inv(x.T @ x)
    rest = y - x @ bread @ x.T @ y
    leverage = np.einsum("ij,jk,ik->i", x, bread, x)
    hc2 = bread @ (x.T * (rest**2 / (1 - leverage))) @ x @ bread
    assert found.contrast.std_error == pytest.approx(np.sqrt(hc2[1, 1]), rel=1e-12)


def test_a_cluster_fitted_exactly_adds_nothing():
    # A column that is one in one cluster only: I - H is singular there.
    rng = np.random.default_rng(4)
    clusters = np.repeat(np.arange(8), 10)
    x = np.column_stack([np.ones(80), rng.normal(size=80), clusters == 7])
    y = rng.normal(size=80)
    found = clustered_contrast(x=x, y=y, clusters=clusters, weights=[0, 1, 0])
    assert np.isfinite([found.contrast.std_error, found.df]).all()
    assert found.df < 7


def test_dependent_columns_are_refused():
    x = np.column_stack([np.ones(20), np.arange(20), 2 * np.arange(20)])
    with pytest.raises(NotEstimable, match="collinear"):
        clustered_contrast(x=x, y=np.arange(20) % 2.0, clusters=np.arange(20) // 4, weights=[0, 1, 0])


def test_no_spread_left_is_certain():
    x = np.column_stack([np.ones(20), np.tile([0.0, 1.0], 10)])
    found = clustered_contrast(x=x, y=x[:, 1], clusters=np.arange(20) // 4, weights=[0, 1])
    assert found.contrast.value == pytest.approx(1)
    assert found.contrast.high - found.contrast.low < 1e-12


@pytest.mark.study
def test_interval_coverage_with_few_clusters():
    """8 unequal clusters, shared error: 95 % intervals hold the truth in at least 93 % of 2,000 runs."""
    rng = np.random.default_rng(20240801)
    clusters = np.repeat(np.arange(8), [4, 6, 8, 10, 15, 20, 30, 40])
    hits = 0
    for _ in range(2000):
        level = rng.normal(size=8)[clusters]
        x = np.column_stack([np.ones(len(clusters)), rng.normal(size=len(clusters)) + 0.5 * level])
        y = 0.3 * x[:, 1] + rng.normal(size=8)[clusters] + rng.normal(size=len(clusters))
        found = clustered_contrast(x=x, y=y, clusters=clusters, weights=[0, 1]).contrast
        hits += found.low <= 0.3 <= found.high
    assert hits / 2000 + 1.96 * np.sqrt(0.05 * 0.95 / 2000) >= 0.93
