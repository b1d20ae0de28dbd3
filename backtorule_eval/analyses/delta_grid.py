"""What if those whose outcome is missing differ from what they look like? Where does the answer turn?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from backtorule_eval.analyses.barnard_rubin import PooledContrast, pool_contrasts
from backtorule_eval.analyses.contrast import Contrast

Floats = NDArray[np.float64]

# Standard deviations of a number; share of people of a yes or no.
STEPS_SD = (0.0, 0.25, 0.5)
STEPS_SHARE = (0.0, 0.05, 0.10, 0.15, 0.20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaps:
    """A completed outcome and whose values were filled in.

    Attributes
    ----------
    completed : (m, n) array
        One row per completed data set.
    shifted : (n,) array of bool
        Whose filled-in values are moved: those without an outcome in one arm, or in both. Observed values are
        never to be among them.
    """

    completed: Floats
    shifted: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeltaGrid:
    """The same contrast under departures from missing at random.

    Attributes
    ----------
    deltas : tuple of float
        By how much the filled-in outcomes were moved, in the order of their size; the first is zero.
    pooled : tuple of PooledContrast
        One per delta.
    tips_at : float or None
        The smallest delta of the grid at which the interval holds zero where it did not at first, or no
        longer holds it, or lies on its other side; None if the answer stands over the whole grid.
    n_shifted : int
        People whose outcome was filled in and moved.
    """

    deltas: tuple[float, ...]
    pooled: tuple[PooledContrast, ...]
    tips_at: float | None
    n_shifted: int


def delta_grid(
    gaps: Gaps,
    *,
    moved: Sequence[tuple[float, Gaps]],
    analyse: Callable[[Floats], Contrast],
    df_complete: float = inf,
) -> DeltaGrid:
    """How far from missing at random may people be before the answer turns?

    Delta adjustment (Rubin 1987; van Buuren 2018, section 9.2): the imputed outcomes are moved by ever
    more, and the analysis is run and pooled anew each time. Nothing in the data speaks for one delta rather
    than another; the page tells the point at which the answer turns, and readers judge whether people can
    be that different.

    Parameters
    ----------
    gaps : Gaps
        As imputed.
    moved : sequence of (float, Gaps)
        From `move_numbers` or `move_shares`, in the order of the size of the delta.
    analyse : callable
        From one completed outcome, (n,) array, to the contrast of interest.
    df_complete : float
        As `pool_contrasts` takes it.
    """
    each = [(0.0, gaps), *((delta, one) for delta, one in moved if delta != 0)]
    pooled = []
    for _, one in each:
        contrasts = [analyse(outcome) for outcome in one.completed]
        values, errors = [c.value for c in contrasts], [c.std_error for c in contrasts]
        pooled.append(pool_contrasts(values=values, std_errors=errors, df_complete=df_complete))
    verdicts = [_side(one.contrast) for one in pooled]
    turned = (delta for (delta, _), verdict in zip(each, verdicts, strict=True) if verdict != verdicts[0])
    return DeltaGrid(
        deltas=tuple(delta for delta, _ in each),
        pooled=tuple(pooled),
        tips_at=next(turned, None),
        n_shifted=int(gaps.shifted.sum()),
    )


def move_numbers(gaps: Gaps, *, sd: float, steps: Sequence[float] = STEPS_SD) -> list[tuple[float, Gaps]]:
    """Move filled-in scores by shares of a standard deviation.

    Parameters
    ----------
    gaps : Gaps
    sd : float
        Of the outcome among those observed; minus it to move downwards.
    steps : sequence of float
        In standard deviations.

    Returns
    -------
    list of (float, Gaps)
        Deltas in units of the outcome.
    """
    return [
        (step * sd, Gaps(completed=gaps.completed + step * sd * gaps.shifted, shifted=gaps.shifted))
        for step in steps
    ]


def move_shares(
    gaps: Gaps, *, rng: np.random.Generator, sign: int = 1, steps: Sequence[float] = STEPS_SHARE
) -> list[tuple[float, Gaps]]:
    """Move the share with the outcome, among those filled in, by percentage points.

    In each data set just so many of those without it are given it (or of those with it lose it, downwards)
    that the expected share moves by the step, or as far as it goes; whoever is moved at one step is at all
    larger ones.

    Parameters
    ----------
    gaps : Gaps
        With 0 and 1.
    rng : numpy.random.Generator
    sign : {1, -1}
        Upwards or downwards.
    steps : sequence of float
        Shares: 0.05 is five percentage points.

    Returns
    -------
    list of (float, Gaps)
        Deltas as shares.
    """
    chance = rng.random(gaps.completed.shape)
    free = gaps.shifted & (gaps.completed == (0.0 if sign > 0 else 1.0))
    # Share of the people filled in who can still be moved; where nobody can, nobody is.
    room = free.sum(axis=1, keepdims=True) / max(int(gaps.shifted.sum()), 1)
    found = []
    for step in steps:
        is_moved = free & (chance * room < step)
        completed = np.where(is_moved, 1.0 - gaps.completed, gaps.completed)
        found.append((sign * step, Gaps(completed=completed, shifted=gaps.shifted)))
    return found


def _side(contrast: Contrast) -> int:
    """On which side of zero the interval lies; 0 if it holds zero."""
    return int(contrast.low > 0) - int(contrast.high < 0)
