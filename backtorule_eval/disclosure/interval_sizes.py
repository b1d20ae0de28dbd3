"""From an interval back to how many answered: which numbers of persons fit what is shown?"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.stats import f as f_distribution
from scipy.stats import norm

from backtorule_eval.analyses.quality import QualityRow, Quantity
from backtorule_eval.disclosure.rounding import How, Rounding, round_for_release
from backtorule_eval.disclosure.rules import DisclosureRules, round_count

Floats = NDArray[np.float64]
Ends = Callable[[Floats, Floats], tuple[Floats, Floats]]

STEPS = (0.01, 0.05, 0.1, 0.2)
# As for every count of persons: at least three numbers must fit.
KEPT = 3
FEWEST = 4
TRIED_VALUES = 41
LEVEL = 0.95
SAME = 1e-6


def finest_step(
    row: QualityRow,
    quantity: Quantity,
    *,
    interval: tuple[float, float, float],
    value_step: float,
    rules: DisclosureRules,
) -> float | None:
    """How finely may the ends of an interval be told, so that nobody counts back to the persons behind it?

    A reader knows the formula (Feldt for alpha, Fisher for a correlation), the value as it is rounded, how
    many persons there are in all, and how many answered as it is rounded or hidden.

    Parameters
    ----------
    row : QualityRow
    quantity : Quantity
        Alpha or a correlation.
    interval : tuple of three float
        Value, lower and upper end, exactly.
    value_step : float
        To what the value is rounded.
    rules : DisclosureRules

    Returns
    -------
    float or None
        The step to which both ends are rounded outward; None if none is coarse enough.
    """
    formula = _formula(quantity, row)
    value, *ends = interval
    # When nobody is missing n is the size of the cohort, which is told by its rounding alone.
    most = row.n + (row.n_missing or rules.base)
    sizes = np.arange(FEWEST, most + 1, dtype=np.float64)
    about = float(round_for_release(value, Rounding(How.NEAREST, value_step)))  # type: ignore[arg-type]  # a number, as none is in bands
    tried = np.clip(np.linspace(about - value_step / 2, about + value_step / 2, TRIED_VALUES), -0.999, 0.999)
    low, high = formula(tried[:, None], sizes[None, :])
    for step in STEPS:
        off_low = _outward(low, step, How.DOWN) - _outward(np.array(ends[0]), step, How.DOWN)
        off_high = _outward(high, step, How.UP) - _outward(np.array(ends[1]), step, How.UP)
        fit = (np.abs(off_low) < SAME) & (np.abs(off_high) < SAME)
        if _keeps_enough(sizes[fit.any(axis=0)], row, rules):
            return step
    return None


def _keeps_enough(sizes: Floats, row: QualityRow, rules: DisclosureRules) -> bool:
    """Tell whether enough numbers fit, among those that what is shown of n leaves."""
    total = row.n + row.n_missing
    if rules.is_small(row.n_missing):
        missing = total - sizes
        return int((missing < rules.threshold).sum()) >= KEPT and bool((missing >= rules.threshold).any())
    shown = round_count(row.n, rules.base)
    return sum(round_count(int(size), rules.base) == shown for size in sizes) >= KEPT


def _outward(x: Floats, step: float, how: How) -> Floats:
    """Round away from the value, as a release does."""
    times = np.round(x / step, 9)
    result: Floats = (np.floor(times) if how is How.DOWN else np.ceil(times)) * step
    return result


def _formula(quantity: Quantity, row: QualityRow) -> Ends:
    """Return the interval's ends as a function of value and n."""
    if quantity is Quantity.CORRELATION:
        return _fisher

    def feldt(value: Floats, n: Floats) -> tuple[Floats, Floats]:
        upper, lower = (
            f_distribution.ppf(tail, n - 1, (n - 1) * (row.n_items - 1))
            for tail in ((1 + LEVEL) / 2, (1 - LEVEL) / 2)
        )
        return 1 - (1 - value) * upper, 1 - (1 - value) * lower

    return feldt


def _fisher(value: Floats, n: Floats) -> tuple[Floats, Floats]:
    """Fisher's interval of a correlation."""
    reach = norm.ppf((1 + LEVEL) / 2) / np.sqrt(np.maximum(n - 3, SAME))
    return np.tanh(np.arctanh(value) - reach), np.tanh(np.arctanh(value) + reach)


ENDS: Mapping[Quantity, tuple[Quantity, Quantity]] = {
    Quantity.ALPHA: (Quantity.ALPHA_LOW, Quantity.ALPHA_HIGH),
    Quantity.CORRELATION: (Quantity.CORRELATION_LOW, Quantity.CORRELATION_HIGH),
}
