"""Which counts of persons lie behind an estimate, as far as the estimate itself tells?"""

from __future__ import annotations

import numpy as np

from backtorule_eval.analyses.estimate import Estimate, Measure
from backtorule_eval.disclosure.formulas import Numbers

COMPARISONS = (Measure.RISK_DIFFERENCE, Measure.LOG_ODDS)
# Events as near as this to a whole number are one: the estimate is of these counts, and nothing was adjusted.
WHOLE = 1e-5
# Larger log odds than this are the same to anyone, and could not be calculated with.
LARGEST_LOG_ODDS = 20.0


def compares_two_groups(estimate: Estimate) -> bool:
    """Tell whether an estimate is said to compare the events of two groups, and not along a scale."""
    small = estimate.smallest_arm
    return estimate.measure in COMPARISONS and small is not None and 2 * small <= estimate.n


def counts_behind(estimate: Estimate) -> Numbers:
    """Which persons, with and without the event, may stand behind an estimate?

    Returns
    -------
    array, shape (n_possible, 2 or 4)
        With and without the event in one group, or in the first and then the second. Whole numbers where
        nothing was adjusted. Several where it is not said which group is the smaller, or how small; none for
        other measures, and where nothing tells of two groups.
    """
    n, n_events = estimate.n, estimate.n_events
    if estimate.measure is Measure.RISK:
        with_event = estimate.value * n if n_events is None else n_events
        return np.array([[with_event, n - with_event]], dtype=np.float64)
    if n_events is None or not _may_be_two_groups(estimate):
        return np.empty((0, 4))
    small = estimate.smallest_arm
    first = np.arange(1, n) if small is None else np.unique([small, n - small])
    events = _events_in_first(estimate, first.astype(np.float64), n_events)
    cells = np.stack([events, first - events, n_events - events, n - first - n_events + events], axis=1)
    whole = np.abs(events - np.round(events)) < WHOLE
    if whole.any():
        return np.round(cells[whole])
    return cells[:0] if small is None else cells


def _may_be_two_groups(estimate: Estimate) -> bool:
    """Tell whether an estimate compares two groups, or nobody said that it does not."""
    unsaid = estimate.measure in COMPARISONS and estimate.smallest_arm is None
    return unsaid or compares_two_groups(estimate)


def _events_in_first(estimate: Estimate, first: Numbers, n_events: int) -> Numbers:
    """Return the events in the first group, by its size, that make the estimate's value."""
    second = estimate.n - first
    if estimate.measure is Measure.RISK_DIFFERENCE:
        return first * (n_events + second * estimate.value) / estimate.n
    # a (n2 - e + a) = r (n1 - a) (e - a), solved for a in the form that does not cancel where r is near one.
    ratio = np.exp(np.clip(estimate.value, -LARGEST_LOG_ODDS, LARGEST_LOG_ODDS))
    linear = second - n_events + ratio * (first + n_events)
    root = np.sqrt(linear**2 + 4 * (1 - ratio) * ratio * first * n_events)
    events: Numbers = 2 * ratio * first * n_events / (linear + root)
    return events
