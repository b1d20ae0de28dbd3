from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from backtorule_eval.analyses.design_matrix import build_design
from backtorule_eval.analyses.wild_bootstrap import WEBB, clustered_sum, draw_webb, wild_contrast
from backtorule_eval.errors import NotEstimable
from tests.analyses.references import SCALES, R, reference, small_people
from tests.analyses.test_logit import STEPS, VARIABLES

# R halves the search for a limit 28 times.
R_TOLERANCE = 1e-7
WEIGHTS = (0.5, 0.5, -0.5, -0.5)


def webb_draws():
    return np.loadtxt(R / "data" / "webb_draws.csv", delimiter=",")


def eight_offices(step):
    people = small_people().dropna()
    people = people[people["office"].isin(sorted(people["office"].unique())[:8])]
    scales = people[list(SCALES)]
    people = people.assign(**((scales - scales.mean()) / scales.std()))
    design = build_design(people, variables=[VARIABLES[name] for name in STEPS[step]])
    weights = np.zeros(design.x.shape[1])
    weights[1:5] = WEIGHTS
    y = people["left"].to_numpy(float)
    return {"x": design.x, "y": y, "clusters": people["office"], "weights": weights}


@pytest.mark.parametrize("step", STEPS)
def test_agrees_with_r(step):
    found = wild_contrast(clustered_sum(**eight_offices(step)), draws=webb_draws())
    r = reference("wild_bootstrap").loc[step]
    for part in ("value", "std_error", "p_value", "low", "high"):
        assert getattr(found.contrast, part) == pytest.approx(r[part, ""], rel=R_TOLERANCE)
    assert found.p_enumerated == pytest.approx(r["p_enumerated", ""], rel=1e-12)
    assert (found.n_clusters, found.n_draws) == (8, 199)


def test_webbs_points_have_mean_zero_and_variance_one():
    assert WEBB.mean() == pytest.approx(0, abs=1e-15)
    assert (WEBB**2).mean() == pytest.approx(1)
    assert len(set(WEBB)) == 6
    assert set(draw_webb(np.random.default_rng(1), n_draws=50, n_clusters=7).ravel()) == set(WEBB)


def test_the_referee_agrees():
    clustered = clustered_sum(**eight_offices("unadjusted"))
    draws = draw_webb(np.random.default_rng(1), n_draws=9999, n_clusters=8)
    found = wild_contrast(clustered, draws=draws)
    assert found.contrast.p_value == pytest.approx(found.p_enumerated, abs=0.04)


def test_any_number_of_workers_gives_the_same_bits():
    clustered = clustered_sum(**eight_offices("adjusted"))
    draws = draw_webb(np.random.default_rng(1), n_draws=4999, n_clusters=8)
    one, three = (wild_contrast(clustered, draws=draws, workers=n) for n in (1, 3))
    assert one == three


def test_limits_are_where_rejection_begins():
    rows = eight_offices("unadjusted")
    draws = draw_webb(np.random.default_rng(1), n_draws=999, n_clusters=8)
    found = wild_contrast(clustered_sum(**rows), draws=draws, level=0.9).contrast
    _, *effects = rows["x"].T
    for limit, outwards in ((found.low, -1e-6), (found.high, 1e-6)):
        for step, is_rejected in ((outwards, True), (-outwards, False)):
            # Subtracting an outcome whose sum is known holds the sum at that value.
            moved = rows | {"y": rows["y"] - (limit + step) * (np.array(WEIGHTS) @ effects[:4])}
            p_value = wild_contrast(clustered_sum(**moved), draws=draws, level=0.9).contrast.p_value
            assert (p_value < 0.1 + 1e-9) == is_rejected


def drawn(rng, effect):
    """Ten unequal clusters that share errors; half of them have the exposure."""
    clusters = np.repeat(np.arange(10), [4, 6, 8, 10, 12, 15, 15, 20, 25, 30])
    x = np.column_stack([np.ones(len(clusters)), clusters % 2])
    y = effect * x[:, 1] + 0.5 * rng.normal(size=10)[clusters] + rng.normal(size=len(clusters))
    return {"x": x, "y": y, "clusters": clusters, "weights": [0, 1]}


def test_planted_differences_are_found_and_a_true_null_is_seldom_rejected():
    rng = np.random.default_rng(20240801)
    draws = draw_webb(rng, n_draws=199, n_clusters=10)
    null = [wild_contrast(clustered_sum(**drawn(rng, 0.0)), draws=draws).contrast for _ in range(150)]
    planted = [wild_contrast(clustered_sum(**drawn(rng, 2.0)), draws=draws).contrast for _ in range(30)]
    # Three standard errors beyond five per cent among 150.
    chance = 3 * np.sqrt(0.05 * 0.95 / 150)
    assert np.mean([c.p_value <= 0.05 for c in null]) < 0.05 + chance
    assert np.mean([c.low <= 0 <= c.high for c in null]) > 0.95 - chance
    assert np.mean([c.p_value <= 0.05 for c in planted]) > 0.8
    assert np.mean([c.low <= 2 <= c.high for c in planted]) > 0.8


def test_too_few_patterns_to_reject_anything_leave_the_interval_open():
    rows = drawn(np.random.default_rng(3), 5.0)
    rows["clusters"] = rows["clusters"] % 4
    patterns = np.array(list(product((-1.0, 1.0), repeat=4)))
    with pytest.raises(NotEstimable, match=r"^interval_open$"):
        wild_contrast(clustered_sum(**rows), draws=patterns)


def test_more_than_ten_clusters_have_no_referee():
    rows = eight_offices("unadjusted")
    rows["clusters"] = np.arange(len(rows["y"])) % 11
    draws = draw_webb(np.random.default_rng(3), n_draws=99, n_clusters=11)
    assert wild_contrast(clustered_sum(**rows), draws=draws).p_enumerated is None


def test_no_spread_left_is_refused():
    x = np.column_stack([np.ones(20), np.tile([0.0, 1.0], 10)])
    with pytest.raises(NotEstimable, match="variation"):
        clustered_sum(x=x, y=x[:, 1], clusters=np.arange(20) // 4, weights=[0, 1])


def test_dependent_columns_are_refused():
    x = np.column_stack([np.ones(20), np.arange(20), 2 * np.arange(20)])
    with pytest.raises(NotEstimable, match="collinear"):
        clustered_sum(x=x, y=np.arange(20) % 2.0, clusters=np.arange(20) // 4, weights=[0, 1, 0])


def test_draws_for_other_clusters_are_refused():
    with pytest.raises(ValueError, match="each of the 8 clusters"):
        wild_contrast(clustered_sum(**eight_offices("unadjusted")), draws=np.ones((9, 7)))
