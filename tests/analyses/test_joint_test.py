from __future__ import annotations

import numpy as np
import pytest

from backtorule_eval.analyses.cluster_robust import clustered_contrast
from backtorule_eval.analyses.design_matrix import build_design
from backtorule_eval.analyses.joint_test import joint_test
from backtorule_eval.errors import NotEstimable
from tests.analyses.references import reference, small_people, standardised
from tests.analyses.test_logit import STEPS, VARIABLES

# Closed form on both sides; what is left is the rounding of two eigendecompositions.
R_TOLERANCE = 1e-9
TESTED = {"one": [1], "scales": [1, 2, 3, 4], "adjusted": [1, 2, 3, 4], "grades": [5, 6, 7]}


def small_design(name):
    people = standardised(small_people())
    variables = STEPS["adjusted" if name in ("adjusted", "grades") else "unadjusted"]
    design = build_design(people, variables=[VARIABLES[name] for name in variables])
    return {"x": design.x, "y": people["left"].to_numpy(float), "clusters": people["office"]}


@pytest.mark.parametrize("name", TESTED)
def test_agrees_with_r(name):
    rows = small_design(name)
    found = joint_test(**rows, weights=np.eye(rows["x"].shape[1])[TESTED[name]])
    r = reference("joint_test").loc[name]
    parts = {
        "Fstat": found.statistic,
        "df_num": found.df_between,
        "df_denom": found.df_within,
        "p_val": found.p_value,
    }
    for part, value in parts.items():
        assert value == pytest.approx(r[part, ""], rel=R_TOLERANCE)
    assert found.n_clusters == rows["clusters"].nunique()


def test_one_sum_is_the_square_of_its_t():
    rows = small_design("one")
    weights = np.array([0, 0.5, 0.5, -0.5, -0.5])
    alone, joint = clustered_contrast(**rows, weights=weights), joint_test(**rows, weights=[weights])
    t = alone.contrast.value / alone.contrast.std_error
    assert joint.statistic == pytest.approx(t**2, rel=1e-10)
    assert joint.df_within == pytest.approx(alone.df, rel=1e-10)
    assert joint.p_value == pytest.approx(alone.contrast.p_value, rel=1e-8)


def test_how_the_null_is_written_does_not_matter():
    rows = small_design("scales")
    plain = np.eye(5)[1:]
    mixed = np.random.default_rng(3).normal(size=(4, 4)) @ plain
    one, other = joint_test(**rows, weights=plain), joint_test(**rows, weights=mixed)
    assert other.statistic == pytest.approx(one.statistic, rel=1e-9)
    assert other.df_within == pytest.approx(one.df_within, rel=1e-9)


def draw(rng, effect):
    """Twelve unequal clusters; two columns that differ between clusters, and errors shared within them."""
    clusters = np.repeat(np.arange(12), [4, 5, 6, 8, 8, 10, 12, 12, 15, 20, 25, 30])
    level = rng.normal(size=(12, 3))[clusters]
    x = np.column_stack([np.ones(len(clusters)), level[:, :2] + rng.normal(size=(len(clusters), 2))])
    y = effect * x[:, 1] + 0.5 * level[:, 2] + rng.normal(size=len(clusters))
    return {"x": x, "y": y, "clusters": clusters}


def test_planted_differences_are_found_and_a_true_null_is_seldom_rejected():
    rng = np.random.default_rng(20240801)
    weights = np.eye(3)[1:]
    null = [joint_test(**draw(rng, 0.0), weights=weights).p_value < 0.05 for _ in range(200)]
    planted = [joint_test(**draw(rng, 0.8), weights=weights).p_value < 0.05 for _ in range(50)]
    # Three standard errors above five per cent among 200.
    assert np.mean(null) < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 200)
    assert np.mean(planted) > 0.9


def test_more_hypotheses_than_the_clusters_carry_are_refused():
    rows = small_design("scales")
    few = rows | {"clusters": np.arange(len(rows["y"])) % 3}
    with pytest.raises(NotEstimable, match=r"^satterthwaite_df$") as caught:
        joint_test(**few, weights=np.eye(5)[1:])
    assert caught.value.needed == 4
    assert caught.value.found <= 3


def test_sums_that_follow_from_others_are_refused():
    rows = small_design("one")
    with pytest.raises(ValueError, match="depend on each other"):
        joint_test(**rows, weights=[[0, 1, 0, 0, 0], [0, 0, 1, 0, 0], [0, 1, 1, 0, 0]])


def test_dependent_columns_are_refused():
    x = np.column_stack([np.ones(20), np.arange(20), 2 * np.arange(20)])
    with pytest.raises(NotEstimable, match="collinear"):
        joint_test(x=x, y=np.arange(20) % 2.0, clusters=np.arange(20) // 4, weights=[[0, 1, 0]])
