"""Living conditions at the three waves. All shares are design choices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backtorule_eval.synthetic.lives import Lives
from backtorule_eval.synthetic.motivation import WAVES
from backtorule_eval.synthetic.streams import Booleans, Integers, choose

HOUSING = ("with_parents", "own_lease", "shared", "temporary", "no_home", "other")
INCOME = ("work", "benefit", "student_loan", "family", "none")
_HOUSING_SHARES = (0.60, 0.16, 0.14, 0.06, 0.01, 0.03)
_INCOME_SHARES = (0.17, 0.24, 0.20, 0.33, 0.06)
# Share who say the same at the next wave.
_STAYS = 0.80
_CROWDED, _CROWDED_IF_BENEFIT = 0.24, 0.40


@dataclass(frozen=True, slots=True, kw_only=True)
class Living:
    """Shape (waves, people): positions in HOUSING and INCOME, crowded, worries about money from 1 to 5."""

    housing: Integers
    income: Integers
    crowded: Booleans
    money_worries: Integers


def draw_living(lives: Lives) -> Living:
    """Draw living conditions."""
    rng = lives.block.stream("living")
    shape = (WAVES, len(lives))
    poor = lives.people.benefit_yes
    u = rng.random((3, *shape))
    changes = rng.random((3, *shape)) > _STAYS
    worries = (
        2.7 + 0.6 * poor + rng.standard_normal(len(lives)) - 0.1 * np.arange(WAVES)[:, None] * lives.programme
    )
    return Living(
        housing=_kept(choose(u[0], _HOUSING_SHARES), changes[0]),
        income=_kept(choose(u[1], _INCOME_SHARES), changes[1]),
        crowded=_kept(u[2] < np.where(poor, _CROWDED_IF_BENEFIT, _CROWDED), changes[2]).astype(bool),
        money_worries=np.clip(np.rint(worries + 0.5 * rng.standard_normal(shape)), 1, 5).astype(np.int64),
    )


def _kept(drawn: Integers | Booleans, changes: Booleans) -> Integers:
    """Say at each wave what was said at the one before, unless it changes."""
    said = np.asarray(drawn, dtype=np.int64).copy()
    for wave in range(1, WAVES):
        said[wave] = np.where(changes[wave], said[wave], said[wave - 1])
    return said
