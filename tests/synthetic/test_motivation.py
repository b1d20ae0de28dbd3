"""Motivation: correlations, skew, reliability, and what the programme moves."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from backtorule_eval.synthetic.motivation import AMOTIVATION, draw_motivation
from backtorule_eval.synthetic.parameters import PARAMETERS
from backtorule_eval.synthetic.streams import Block
from backtorule_eval.synthetic.surveys import AMS_SUBSCALE, ams_answers
from tests.synthetic.sites import many_lives

GIVEN = PARAMETERS.motivation


def at_start() -> np.ndarray:
    return np.concatenate([lives.motivation[0] for lives in many_lives()])


def test_the_planted_matrix_is_positive_definite_and_symmetric():
    matrix = np.array(GIVEN.correlation)
    assert (matrix == matrix.T).all()
    assert np.linalg.eigvalsh(matrix).min() == pytest.approx(0.179, abs=0.001)


def test_true_scores_have_the_planted_correlations_mean_0_and_sd_1():
    scores = at_start()
    assert np.corrcoef(scores.T) == pytest.approx(np.array(GIVEN.correlation), abs=0.03)
    assert scores.mean(axis=0) == pytest.approx(np.zeros(7), abs=0.03)
    assert scores.std(axis=0) == pytest.approx(np.ones(7), abs=0.05)


def test_scores_go_with_points_as_planted():
    points = np.concatenate([lives.people.points for lives in many_lives()])
    found = [np.corrcoef(points, score)[0, 1] for score in at_start().T]
    assert found == pytest.approx(list(GIVEN.with_points), abs=0.03)


def test_only_amotivation_is_skewed():
    skew = stats.skew(at_start())
    assert skew[AMOTIVATION] > 1.5
    assert np.abs(np.delete(skew, AMOTIVATION)).max() < 0.1


def test_the_programme_moves_what_is_planted_and_nothing_at_start():
    lives = many_lives()[0]
    block = lives.block
    nobody = np.zeros(len(lives), dtype=bool)
    without = draw_motivation(block, lives.people, PARAMETERS, programme=nobody)
    moved = draw_motivation(block, lives.people, PARAMETERS, programme=~nobody)
    assert (moved[0] == without[0]).all()
    change = (moved - without).mean(axis=1)
    shift = np.array(GIVEN.programme_shift)
    others = np.arange(7) != AMOTIVATION
    assert change[1, others] == pytest.approx(shift[others])
    assert change[2, others] == pytest.approx((1 + GIVEN.stability) * shift[others])
    assert change[1, AMOTIVATION] < -0.1


def test_items_are_reliable_as_planted():
    answers = ams_answers(Block(seed=1, number=0, first=0, size=0).stream("surveys"), at_start(), PARAMETERS)
    assert (answers.min(), answers.max()) == (1, 7)
    for subscale in range(7):
        items = answers[:, subscale == AMS_SUBSCALE]
        alpha = 4 / 3 * (1 - items.var(axis=0).sum() / items.sum(axis=1).var())
        # Loadings of .70 give .79; rounding and the ends of the scale take a little.
        assert 0.70 < alpha < 0.82


def test_items_take_turns():
    assert AMS_SUBSCALE[[0, 7, 14, 21]].tolist() == [5] * 4  # external: items 1, 8, 15, 22
    assert AMS_SUBSCALE[[4, 11, 18, 25]].tolist() == [AMOTIVATION] * 4  # items 5, 12, 19, 26
