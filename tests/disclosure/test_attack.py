"""The attack suite: nothing hidden is told, and the attacker is shown to be able to tell."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from backtorule_eval.analyses.estimate import Measure
from backtorule_eval.disclosure.audit import provisional
from backtorule_eval.disclosure.rules import DisclosureRules
from tests.disclosure.attack import (
    as_audited,
    as_each_alone,
    as_simply_suppressed,
    attack,
    simulate,
)
from tests.disclosure.examples import claim, estimate

REPORTS = 40


@pytest.mark.slow
@pytest.mark.parametrize("tenth", range(10))
def test_no_hidden_count_of_any_audited_report_is_told(tenth):
    for seed in range(tenth, REPORTS, 10):
        result = attack(simulate(seed), as_audited, readers=1, seed=seed)
        assert (seed, result.exact, result.narrowed) == (seed, 0, 0)


def test_the_attacker_finds_what_simple_suppression_and_tables_alone_let_through():
    simple = [attack(simulate(seed), as_simply_suppressed, readers=1, seed=seed) for seed in range(4)]
    assert all(result.exact > result.hidden / 2 for result in simple)
    alone = [attack(simulate(seed), as_each_alone, readers=1, seed=seed) for seed in (0, 5, 6)]
    assert sum(result.narrowed for result in alone) > 0


def interval(a, n1, b, n0):
    """Risk difference with its standard error and 95% interval (Wald)."""
    p1, p0 = a / n1, b / n0
    se = np.sqrt(p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0)
    return p1 - p0, p1 - p0 - 1.96 * se, p1 - p0 + 1.96 * se


def published(a, n1, b, n0, rules):
    """A risk difference as it is released: value, interval, n and events."""
    value, low, high = interval(a, n1, b, n0)
    exact = estimate(
        value=value, low=low, high=high, n=n1 + n0, n_events=a + b, n_missing=0, smallest_arm=min(n1, n0)
    )
    (seen,) = provisional(claim(exact), rules).things
    return seen.value, seen.low, seen.high, seen.n, seen.n_events


@pytest.mark.parametrize(
    ("a", "n1", "b", "n0"),
    [(12, 23, 7, 19), (6, 10, 5, 10), (14, 40, 9, 35), (25, 31, 24, 30), (9, 30, 16, 60), (5, 29, 6, 29)],
)
def test_cell_counts_cannot_be_told_from_a_published_risk_difference(a, n1, b, n0):
    rules = DisclosureRules()
    target = published(a, n1, b, n0, rules)
    assert all(isinstance(x, int | float) for x in target)
    # The reader even knows both arms' sizes; that is more than is ever shown.
    known = {(x, y) for x, y in product(range(n1 + 1), range(n0 + 1)) if _fits(x, n1, y, n0, target)}
    sizes = [(m1, m0) for m1, m0 in product(range(n1 - 3, n1 + 4), range(n0 - 3, n0 + 4))]
    found = {
        (x, y)
        for m1, m0 in sizes
        for x, y in product(range(m1 + 1), range(m0 + 1))
        if _fits(x, m1, y, m0, target)
    }
    assert (a, b) in known
    assert min(len({x for x, _ in found}), len({y for _, y in found})) >= 3
    assert Measure.RISK_DIFFERENCE is estimate().measure


def _fits(x, m1, y, m0, target):
    """Tell whether two counts would be released as what is seen, checked before the slow way by the value."""
    if min(x + y, m1 + m0 - x - y) < 5 or abs(x / m1 - y / m0 - target[0]) > 0.03:
        return False
    step = 0.05 if min(m1, m0) < 30 else 0.01
    shown = [np.floor(v / step + 0.5) * step for v in interval(x, m1, y, m0)]
    counts = [np.floor(v / 5 + 0.5) * 5 for v in (m1 + m0, x + y)]
    return bool(np.allclose([*shown, *counts], target, atol=1e-9))
