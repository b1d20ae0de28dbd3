"""Random numbers that do not depend on how many people are made at a time.

People are made in blocks of a fixed size. Every block has its own stream of random numbers for every topic,
found by counting (Salmon et al. 2011, Philox), so a block is the same whichever blocks are made before it,
and a change in how absences are drawn leaves motivation as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BLOCK = 5_000
# A topic's place in this list is part of its stream: add at the end, never reorder.
TOPICS = (
    "people",
    "assignment",
    "motivation",
    "courses",
    "grades",
    "surveys",
    "follow_up",
    "absence",
    "spells",
    "benefits",
    "work",
    "support",
    "goals",
    "living",
    "interviews",
    "dirt",
)

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A run of people who are made together.

    Attributes
    ----------
    seed, number : int
        What the block's random numbers come from.
    first, size : int
        Number of its first person (counted from 0), and how many people it holds (the last block may hold
        fewer).
    draw : int
        0, unless the people had to be drawn again.
    """

    seed: int
    number: int
    first: int
    size: int
    draw: int = 0

    def stream(self, topic: str) -> np.random.Generator:
        """Return a fresh generator for one topic; asking again starts it anew."""
        sequence = np.random.SeedSequence(self.seed, spawn_key=(self.number, TOPICS.index(topic), self.draw))
        return np.random.Generator(np.random.Philox(sequence))


def blocks(people: int, seed: int, *, draw: int = 0) -> Iterator[Block]:
    """Give the blocks that together hold so many people."""
    for number, first in enumerate(range(0, people, BLOCK)):
        yield Block(seed=seed, number=number, first=first, size=min(BLOCK, people - first), draw=draw)


def choose(draws: Floats, shares: Sequence[float]) -> Integers:
    """Turn uniform draws into positions 0, 1, ... with the given shares, which are scaled to sum to 1."""
    limits = np.cumsum(np.asarray(shares, dtype=np.float64))
    return np.minimum(np.searchsorted(limits / limits[-1], draws, side="right"), len(limits) - 1)


def choose_by(draws: Floats, shares: Sequence[Sequence[float]], group: Integers) -> Integers:
    """Turn uniform draws into positions, with shares that differ by group."""
    limits = np.cumsum(np.asarray(shares, dtype=np.float64), axis=1)
    limits /= limits[:, -1:]
    chosen: Integers = np.minimum((draws[:, None] >= limits[group]).sum(axis=1), limits.shape[1] - 1)
    return chosen


def inverse_logit(log_odds: Floats) -> Floats:
    """Probability of a log-odds."""
    return 1.0 / (1.0 + np.exp(-log_odds))


def logit(probability: float) -> float:
    """Log-odds of a probability."""
    return float(np.log(probability / (1.0 - probability)))
