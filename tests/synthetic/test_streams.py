"""Random numbers by counting: the same for a block whatever else is made."""

from __future__ import annotations

import numpy as np
import pytest

from backtorule_eval.synthetic.streams import (
    BLOCK,
    TOPICS,
    Block,
    blocks,
    choose,
    choose_by,
    inverse_logit,
    logit,
)


def test_a_stream_asked_for_twice_begins_anew():
    block = Block(seed=1, number=3, first=0, size=10)
    assert block.stream("people").random(4).tolist() == block.stream("people").random(4).tolist()


def test_streams_differ_by_seed_block_topic_and_draw():
    drawn = {
        tuple(Block(seed=seed, number=number, first=0, size=1, draw=draw).stream(topic).random(3))
        for seed in (1, 2)
        for number in (0, 1)
        for draw in (0, 1)
        for topic in TOPICS
    }
    assert len(drawn) == 2 * 2 * 2 * len(TOPICS)


@pytest.mark.parametrize(
    ("people", "sizes"),
    [
        (1, [1]),
        (BLOCK - 1, [BLOCK - 1]),
        (BLOCK, [BLOCK]),
        (BLOCK + 1, [BLOCK, 1]),
        (2 * BLOCK, [BLOCK, BLOCK]),
    ],
)
def test_blocks_hold_everybody_once(people, sizes):
    made = list(blocks(people, seed=1))
    assert [block.size for block in made] == sizes
    assert [block.first for block in made] == [BLOCK * i for i in range(len(sizes))]


def test_choose_turns_draws_into_positions():
    draws = np.array([0.0, 0.249, 0.25, 0.749, 0.75, 0.999999])
    assert choose(draws, (1, 2, 1)).tolist() == [0, 0, 1, 1, 2, 2]


def test_choose_by_takes_the_shares_of_the_group():
    draws = np.array([0.4, 0.4, 0.999999])
    assert choose_by(draws, ((0.5, 0.5), (0.3, 0.7)), np.array([0, 1, 0])).tolist() == [0, 1, 1]


def test_logit_and_its_inverse():
    assert inverse_logit(np.array([logit(0.2), 0.0])).tolist() == pytest.approx([0.2, 0.5])
