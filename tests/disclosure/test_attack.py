"""The attack suite: nothing hidden is told, and the attacker is shown to be able to tell."""

from __future__ import annotations

import pytest

from backtorule_eval.analyses.estimate import Measure
from backtorule_eval.disclosure.rounding import How, Rounding
from tests.disclosure.attack import (
    as_audited,
    as_each_alone,
    as_simply_suppressed,
    attack,
    simulate,
)
from tests.disclosure.estimate_attack import MEASURES, Pair, look, others, tally
from tests.disclosure.estimate_attack import attack as counted_back

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


# --- One comparison of two groups -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "n1", "b", "n0"),
    [(4, 23, 7, 19), (12, 23, 4, 19), (4, 60, 30, 60), (56, 60, 30, 60), (20, 35, 31, 35), (3, 12, 9, 12)],
)
@pytest.mark.parametrize("measure", MEASURES)
def test_no_comparison_is_shown_when_either_group_has_few_with_or_without_the_event(a, n1, b, n0, measure):
    assert counted_back(Pair(a, n1, b, n0), measure).how == "hidden: few_events"


# The third was told when it was shown to the whole point.
@pytest.mark.parametrize(
    ("pair", "how"),
    [
        (Pair(12, 23, 7, 19), "nearest 0.05"),
        (Pair(9, 25, 14, 24), "nearest 0.05"),
        (Pair(25, 31, 24, 30), "nearest 0.05"),
        (Pair(6, 13, 5, 12), "hidden: too_precise"),
        (Pair(90, 190, 70, 185), "nearest 0.01"),
    ],
)
def test_a_difference_of_risks_is_as_coarse_as_its_counts_need(pair, how):
    reading = counted_back(pair)
    assert reading.how == how
    assert not reading.is_told


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize(("smallest", "largest", "n_pairs"), [(10, 29, 30), (30, 59, 20), (60, 90, 5)])
def test_no_count_is_told_by_any_comparison(measure, smallest, largest, n_pairs):
    shown, told = tally(range(n_pairs), measure, smallest=smallest, largest=largest)
    assert told == 0
    assert any(how.startswith("nearest") or how.startswith("significant") for how in shown)


def test_the_reader_finds_counts_that_are_shown_too_finely():
    whole = [Rounding(How.NEAREST, 0.01)] * 3
    pair = Pair(25, 31, 24, 30)
    seen = look(pair, Measure.RISK_DIFFERENCE, whole)
    assert [o for o in others(pair) if look(o, Measure.RISK_DIFFERENCE, whole) == seen] == [pair]
