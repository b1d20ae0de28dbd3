"""How figures are written, in both languages."""

from __future__ import annotations

from datetime import date

import pytest

from backtorule_eval.analyses.estimate import Measure
from backtorule_eval.disclosure.rounding import HIDDEN, Band
from backtorule_eval.disclosure.rules import PUBLIC
from backtorule_eval.report.numbers import (
    NOTHING,
    Figures,
    count,
    day,
    decimals_of,
    interval,
    listed,
    number,
    p_value,
    per_cent,
    plain_number,
    read_figures,
)
from tests.report.examples import RULES, difference, estimate, released

NB, EN = "nb", "en"


@pytest.mark.parametrize(
    ("value", "decimals", "nb", "en"),
    [
        (1234.5, 1, "1\u00a0234,5", "1,234.5"),
        (-0.08, 2, "−0,08", "−0.08"),
        (-0.004, 2, "0,00", "0.00"),
        (13865, 0, "13\u00a0865", "13,865"),
        (0, 0, "0", "0"),
    ],
)
def test_numbers(value, decimals, nb, en):
    assert number(value, decimals, NB) == nb
    assert number(value, decimals, EN) == en


def test_a_machine_gets_the_same_digits():
    assert plain_number(-1234.56, 1) == "-1234.6"
    assert plain_number(-0.001, 2) == "0.00"
    assert plain_number(40, 0) == "40"


def test_counts():
    assert (count(1200, NB), count(HIDDEN, NB), count(HIDDEN, EN), count(None, NB)) == (
        "1\u00a0200",
        "skjult",
        "hidden",
        NOTHING,
    )


def test_percentages():
    assert per_cent(0.183, NB) == "18\u00a0%"
    assert per_cent(0.183, EN, decimals=1) == "18.3%"


def test_intervals_do_not_break():
    figures = Figures(value=-0.08, low=-0.14, high=-0.02, decimals=2)
    assert interval(figures, NB) == "−0,14\u00a0til\u00a0−0,02"
    assert interval(figures, EN) == "−0.14\u00a0to\u00a0−0.02"


@pytest.mark.parametrize(
    ("p", "nb", "en"),
    [
        (Band(0, 0.001), "under 0,001", "below 0.001"),
        (Band(0.01, 0.05), "0,01 til 0,05", "0.01 to 0.05"),
        (Band(0.1, 1.0), "over 0,1", "above 0.1"),
        (0.0231, "0,023", "0.023"),
        (0.00004, "under 0,001", "below 0.001"),
        (HIDDEN, "skjult", "hidden"),
        (None, NOTHING, NOTHING),
    ],
)
def test_p_values(p, nb, en):
    assert p_value(p, NB).replace("\u00a0", " ") == nb
    assert p_value(p, EN).replace("\u00a0", " ") == en


def test_dates():
    assert day(date(2026, 6, 30), NB).replace("\u00a0", " ") == "30. juni 2026"
    assert day(date(2026, 6, 30), EN).replace("\u00a0", " ") == "30 June 2026"


@pytest.mark.parametrize(
    ("parts", "nb", "en"),
    [
        ([], "", ""),
        (["a"], "a", "a"),
        (["a", "b"], "a og b", "a and b"),
        (["a", "b", "c"], "a, b og c", "a, b and c"),
    ],
)
def test_lists(parts, nb, en):
    assert (listed(parts, NB), listed(parts, EN)) == (nb, en)


def figures_of(rules, one):
    (shown,) = released(one, view="sentence", rules=rules).things
    return read_figures(shown, precise=rules.public)


def test_shares_are_people_per_hundred():
    assert figures_of(RULES, difference(18.34, 10.9, 25.3)).rounded() == (18.0, 11.0, 25.0)
    assert figures_of(PUBLIC, difference(18.34, 10.9, 25.3)).rounded() == (18.0, 11.0, 25.0)


def test_tenths_are_told_of_small_shares_that_are_released_whole():
    assert figures_of(PUBLIC, difference(-0.92, -1.44, -0.41)).rounded() == (-0.9, -1.4, -0.4)


def test_other_measures_have_the_digits_their_interval_deserves():
    wide = estimate(measure=Measure.MEAN, value=28.434, low=26.79, high=30.07)
    assert figures_of(PUBLIC, wide).rounded() == (28.4, 26.8, 30.1)
    # Two figures were released, so no decimal is invented.
    assert figures_of(RULES, wide).rounded() == (28.0, 27.0, 30.0)
    assert figures_of(RULES, wide).decimals == 0


def test_a_hidden_estimate_has_no_figures():
    assert figures_of(RULES, difference(18, 11, 25, smallest_arm=7)) is None


def test_decimals_without_a_spread():
    assert decimals_of([3.0], spread=0.0, precise=True) == 2
    assert decimals_of([0.00001], spread=0.00001, precise=True) == 4
