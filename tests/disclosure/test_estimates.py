"""Estimates: who must stand behind them, and how they are rounded."""

from __future__ import annotations

import pytest

from backtorule_eval.analyses.estimate import Measure
from backtorule_eval.disclosure.audit import provisional
from backtorule_eval.disclosure.rounding import HIDDEN, Band
from backtorule_eval.disclosure.rules import PUBLIC, DisclosureRules
from tests.disclosure.examples import claim, estimate

RULES = DisclosureRules(threshold=5, base=5)


def shown(rules=RULES, **given):
    (released,) = provisional(claim(estimate(**given)), rules).things
    return released


def test_a_release_by_hand():
    one = shown(p_holm=0.6, n_clusters=2, df=3.2)
    assert (one.value, one.low, one.high) == (0.2, 0.1, 0.3)
    assert (one.p_value, one.p_holm) == (Band(0.01, 0.05), Band(0.1, 1.0))
    assert (one.n, one.n_events, one.n_missing, one.n_clusters) == (85, 40, 10, 2)
    assert (one.std_error, one.df, one.smallest_arm) == (HIDDEN, HIDDEN, HIDDEN)


def test_public_data_are_shown_in_full():
    one = shown(PUBLIC)
    assert (one.value, one.std_error, one.p_value, one.n, one.smallest_arm) == (0.1834, 0.037, 0.0231, 83, 40)


def test_what_an_estimate_lacks_stays_lacking():
    one = shown(p_value=None, n_events=None, n_missing=None)
    assert (one.p_value, one.n_events, one.n_missing, one.df) == (None, None, None, None)


@pytest.mark.parametrize(("n", "events", "arm", "value"), [(400, 200, 190, 0.18), (83, 40, 29, 0.2)])
def test_points_are_whole_where_that_tells_nobody_else_nearest_five(n, events, arm, value):
    assert shown(n=n, n_events=events, smallest_arm=arm).value == value


def test_a_scale_that_all_stand_along_is_admitted_by_form():
    assert shown(smallest_arm=83).value == 0.18


@pytest.mark.parametrize(
    ("n", "events", "value"), [(29, 14, 0.45), (29, None, 0.45), (500, 231, 0.46), (500, None, 0.46)]
)
def test_of_one_group_the_group_is_the_arm(n, events, value):
    risk = dict(measure=Measure.RISK, value=0.462, low=0.3, high=0.6, smallest_arm=None)
    assert shown(n=n, n_events=events, **risk).value == value


@pytest.mark.parametrize("measure", [Measure.LOG_ODDS, Measure.MEAN, Measure.MEAN_DIFFERENCE])
def test_other_measures_have_two_figures(measure):
    one = shown(measure=measure, value=-0.0834, low=-0.1391, high=-0.0277, smallest_arm=83)
    assert (one.value, one.low, one.high) == (-0.083, -0.14, -0.028)


@pytest.mark.parametrize(
    ("given", "hidden"),
    [
        ({"n": 9, "n_events": None}, True),
        ({"n": 10, "n_events": None, "smallest_arm": None}, False),
        ({"smallest_arm": 9}, True),
        ({"n_events": None}, True),
        ({"smallest_arm": 83, "n_events": None}, False),
        ({"smallest_arm": 0}, True),
        ({"smallest_arm": 10, "measure": Measure.LOG_ODDS}, True),
        ({"smallest_arm": 10, "measure": Measure.MEAN_DIFFERENCE}, False),
        ({"n_events": 0}, True),
        ({"n_events": 4, "measure": Measure.LOG_ODDS}, True),
        ({"n_events": 5, "measure": Measure.LOG_ODDS}, True),
        ({"n_events": 5, "measure": Measure.LOG_ODDS, "smallest_arm": 83}, False),
        ({"n_events": 78, "measure": Measure.LOG_ODDS, "smallest_arm": 83}, False),
        ({"n_events": 79, "measure": Measure.LOG_ODDS}, True),
        ({"n_events": 83}, True),
        ({"std_error": 0.0, "low": 0.1834, "high": 0.1834}, True),
    ],
)
def test_too_few_behind_an_estimate_hides_all_of_it(given, hidden):
    one = shown(**given)
    numbers = (one.value, one.low, one.high, one.p_value, one.n, one.n_missing)
    assert (numbers == (HIDDEN,) * 6) is hidden


def test_few_missing_are_hidden():
    assert shown(n_missing=4).n_missing is HIDDEN
    assert shown(n_missing=0).n_missing == 0
