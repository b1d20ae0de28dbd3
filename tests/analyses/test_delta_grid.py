from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from backtorule_eval.analyses.barnard_rubin import pool_contrasts
from backtorule_eval.analyses.cluster_robust import clustered_contrast
from backtorule_eval.analyses.delta_grid import Gaps, delta_grid, move_numbers, move_shares

N, M = 80, 5
ARM = np.arange(N) % 2
# A fifth of those in the programme, and nobody else, has no outcome.
MISSING = (ARM == 1) & (np.arange(N) % 10 == 1)


def difference(outcome):
    x = np.column_stack([np.ones(N), ARM])
    return clustered_contrast(x=x, y=outcome, clusters=np.arange(N), weights=[0, 1]).contrast


def scores(effect, seed=1):
    rng = np.random.default_rng(seed)
    seen = effect * ARM + rng.normal(size=N)
    completed = np.where(MISSING, effect * ARM + rng.normal(size=(M, N)), seen)
    return Gaps(completed=completed, shifted=MISSING)


def test_a_difference_moves_by_delta_times_the_share_missing():
    gaps = scores(0.6)
    found = delta_grid(gaps, moved=move_numbers(gaps, sd=-2.0), analyse=difference)
    assert found.deltas == (0.0, -0.5, -1.0)
    share = MISSING.sum() / (ARM == 1).sum()
    values = [p.contrast.value for p in found.pooled]
    assert np.diff(values) == pytest.approx([-0.5 * share, -0.5 * share])
    assert found.n_shifted == 8


def test_without_delta_it_is_rubins_rules():
    gaps = scores(0.6)
    each = [difference(y) for y in gaps.completed]
    expected = pool_contrasts(
        values=[c.value for c in each], std_errors=[c.std_error for c in each], df_complete=78
    )
    found = delta_grid(gaps, moved=move_numbers(gaps, sd=1.0), analyse=difference, df_complete=78)
    assert found.pooled[0] == expected


def test_the_tipping_point_is_the_first_delta_at_which_the_interval_holds_zero():
    gaps = scores(0.6)
    steps = np.arange(0, 5, 0.25)
    found = delta_grid(gaps, moved=move_numbers(gaps, sd=-1.0, steps=steps), analyse=difference)
    lows = {delta: p.contrast.low for delta, p in zip(found.deltas, found.pooled, strict=True)}
    assert found.pooled[0].contrast.low > 0
    assert found.tips_at == max(delta for delta, low in lows.items() if low <= 0)
    assert lows[found.tips_at + 0.25] > 0


@pytest.mark.parametrize(("effect", "sd", "turns"), [(3.0, -0.1, False), (0.0, 20.0, True)])
def test_an_answer_that_stands_and_one_that_appears(effect, sd, turns):
    gaps = scores(effect)
    found = delta_grid(gaps, moved=move_numbers(gaps, sd=sd), analyse=difference)
    assert (found.tips_at is not None) == turns


def yes_or_no(n=2000, seed=3):
    rng = np.random.default_rng(seed)
    shifted = np.arange(n) % 4 == 0
    seen = (rng.random(n) < 0.3).astype(float)
    completed = np.where(shifted, (rng.random((4, n)) < 0.3).astype(float), seen)
    return Gaps(completed=completed, shifted=shifted)


@pytest.mark.parametrize("sign", [1, -1])
def test_shares_move_by_the_points_asked_for_and_no_observed_value_does(sign):
    gaps = yes_or_no()
    moved = move_shares(gaps, rng=np.random.default_rng(1), sign=sign)
    assert [delta for delta, _ in moved] == [sign * step for step in (0.0, 0.05, 0.10, 0.15, 0.20)]
    before = gaps.completed[:, gaps.shifted].mean()
    for delta, after in moved:
        assert after.completed[:, gaps.shifted].mean() - before == pytest.approx(delta, abs=0.02)
        assert (after.completed[:, ~gaps.shifted] == gaps.completed[:, ~gaps.shifted]).all()
        assert np.isin(after.completed, (0.0, 1.0)).all()
    assert (moved[0][1].completed == gaps.completed).all()


def test_whoever_is_moved_stays_moved():
    moved = [after.completed for _, after in move_shares(yes_or_no(), rng=np.random.default_rng(1))]
    for smaller, larger in pairwise(moved):
        assert (larger >= smaller).all()


def test_a_share_moves_as_far_as_it_goes():
    gaps = Gaps(completed=np.ones((2, 6)), shifted=np.array([True] * 3 + [False] * 3))
    for _, after in move_shares(gaps, rng=np.random.default_rng(1)):
        assert (after.completed == 1).all()
    down = move_shares(gaps, rng=np.random.default_rng(1), sign=-1, steps=[1.0])
    assert (down[0][1].completed[:, :3] == 0).all()


def test_nobody_to_move_changes_nothing():
    gaps = Gaps(completed=np.zeros((2, 6)), shifted=np.zeros(6, dtype=bool))
    assert all((after.completed == 0).all() for _, after in move_shares(gaps, rng=np.random.default_rng(1)))


def test_planted_departure_is_undone_by_its_delta():
    """Those without an outcome are one below what is imputed for them; moved by one, the truth is found."""
    values = []
    for seed in range(30):
        gaps = scores(0.6, seed=seed)
        [(_, right)] = move_numbers(gaps, sd=-1.0, steps=[1.0])
        found = delta_grid(gaps, moved=[(-1.0, right)], analyse=difference)
        values.append([p.contrast.value for p in found.pooled])
    at_random, right = np.mean(values, axis=0)
    chance = np.std(values, axis=0)[1] / np.sqrt(30)
    truth = 0.6 - MISSING.sum() / (ARM == 1).sum()
    assert right == pytest.approx(truth, abs=3 * chance)
    assert at_random > truth + 3 * chance
