"""Motivation at start and its course: true scores of the seven AMS subscales at three waves."""

from __future__ import annotations

import numpy as np

from backtorule_eval.synthetic.parameters import SUBSCALES, Parameters
from backtorule_eval.synthetic.people import People
from backtorule_eval.synthetic.streams import Block, Booleans, Floats

WAVES = 3
WAVE_MONTHS = (0, 6, 12)
AMOTIVATION = SUBSCALES.index("amotivation")


def draw_motivation(block: Block, people: People, given: Parameters, *, programme: Booleans) -> Floats:
    """Draw true scores, shape (waves, people, subscales), at start with mean 0 and SD 1 over the population.

    Amotivation is right-skewed (lognormal), the others are normal. `programme` says whose motivation the
    programme moves; the random numbers are the same either way, so that two calls give a person's scores
    with and without it.
    """
    noise = block.stream("motivation").standard_normal((WAVES, len(people), len(SUBSCALES)))
    correlation, with_points = _normal_correlation(given)
    points = (people.points - given.people.points_mean) / given.people.points_total_sd
    at_start = np.linalg.cholesky(correlation - np.outer(with_points, with_points))
    later = np.linalg.cholesky(correlation)
    stability = given.motivation.stability
    shift = programme[:, None] * np.array(given.motivation.programme_shift)
    normal = np.empty_like(noise)
    # einsum instead of @: no BLAS, so the same sums on every machine.
    normal[0] = points[:, None] * with_points + np.einsum("ij,kj->ik", noise[0], at_start)
    for wave in range(1, WAVES):
        fresh = np.einsum("ij,kj->ik", noise[wave], later)
        normal[wave] = stability * normal[wave - 1] + np.sqrt(1 - stability**2) * fresh + shift
    return _skew(normal, given.motivation.skew)


def _normal_correlation(given: Parameters) -> tuple[Floats, Floats]:
    """Correlations before the skew that are the planted ones after it."""
    correlation = np.array(given.motivation.correlation)
    with_points = np.array(given.motivation.with_points)
    loss = _kept(given.motivation.skew)
    correlation[AMOTIVATION, :AMOTIVATION] /= loss
    correlation[:AMOTIVATION, AMOTIVATION] /= loss
    with_points[AMOTIVATION] /= loss
    return correlation, with_points


def _kept(sigma: float) -> float:
    """Share of a correlation that is left when one of two normal variables becomes lognormal."""
    return float(sigma / np.sqrt(np.expm1(sigma**2)))


def _skew(normal: Floats, sigma: float) -> Floats:
    """Make amotivation lognormal with mean 0 and SD 1."""
    scores = normal.copy()
    grown = np.exp(sigma * normal[..., AMOTIVATION] - sigma**2 / 2)
    scores[..., AMOTIVATION] = (grown - 1.0) / np.sqrt(np.expm1(sigma**2))
    return scores
