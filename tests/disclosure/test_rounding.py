"""Rounding for release: figures by hand, and what must hold whatever the figures."""

from __future__ import annotations

from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backtorule_eval.disclosure.rounding import (
    BAND,
    EXACT,
    HIDDEN,
    TWO_FIGURES,
    Band,
    How,
    Rounding,
    p_band,
    round_for_release,
)
from backtorule_eval.errors import DisclosureRefused

POINT = Rounding(How.NEAREST, 0.01)
FIVE = Rounding(How.NEAREST, 0.05)
UP = Rounding(How.UP_1_2_5)


@pytest.mark.parametrize(
    ("value", "rounding", "expected"),
    [
        (0.1834, POINT, 0.18),
        (-0.0149, POINT, -0.01),
        (-0.004, POINT, 0.0),
        (0.1834, FIVE, 0.2),
        (0.174, FIVE, 0.15),
        (0.15, FIVE, 0.15),
        (-0.0834, TWO_FIGURES, -0.083),
        (1.2345, TWO_FIGURES, 1.2),
        (0.0, TWO_FIGURES, 0.0),
        (99.6, TWO_FIGURES, 100.0),
        (28.43, Rounding(How.NEAREST, 1.0), 28.0),
        (18.9, Rounding(How.DOWN, 5), 15),
        (58.0, UP, 100),
        (50.0, UP, 50),
        (1.0, UP, 1),
        (3.0, UP, 5),
        (1001.0, UP, 2000),
        (0.1834, EXACT, 0.1834),
        (42, Rounding(How.NEAREST, 5), 40),
    ],
)
def test_figures_by_hand(value, rounding, expected):
    assert round_for_release(value, rounding) == expected


def test_a_rounded_share_carries_no_noise_of_binary_fractions():
    assert repr(round_for_release(0.16, FIVE)) == "0.15"
    assert repr(round_for_release(-0.001, POINT)) == "0.0"


def test_a_rounded_count_is_whole():
    assert isinstance(round_for_release(42, Rounding(How.NEAREST, 5)), int)


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=2),
    st.sampled_from([POINT, FIVE, TWO_FIGURES, Rounding(How.NEAREST, 10.0), Rounding(How.DOWN, 5)]),
)
def test_rounding_keeps_the_order(values, rounding):
    low, high = sorted(values)
    assert round_for_release(low, rounding) <= round_for_release(high, rounding)


@pytest.mark.parametrize(
    ("value", "band"),
    [
        (0.0, Band(0.0, 0.001)),
        (0.001, Band(0.0, 0.001)),
        (0.0011, Band(0.001, 0.01)),
        (0.01, Band(0.001, 0.01)),
        (0.05, Band(0.01, 0.05)),
        (0.0501, Band(0.05, 0.1)),
        (0.1, Band(0.05, 0.1)),
        (1.0, Band(0.1, 1.0)),
    ],
)
def test_p_bands_at_their_edges(value, band):
    assert p_band(value) == band
    assert round_for_release(value, BAND) == band


@pytest.mark.parametrize("value", [-0.01, 1.01])
def test_what_is_no_probability_is_refused(value):
    with pytest.raises(DisclosureRefused, match="outside 0 to 1"):
        p_band(value)


@pytest.mark.parametrize("value", [nan, inf, -inf])
@pytest.mark.parametrize("rounding", [EXACT, POINT, BAND])
def test_what_is_no_number_is_refused(value, rounding):
    with pytest.raises(DisclosureRefused, match="not a finite number"):
        round_for_release(value, rounding)


def test_an_unknown_way_to_round_is_refused():
    with pytest.raises(DisclosureRefused, match="Unknown way to round: 'somehow'"):
        round_for_release(1.0, Rounding("somehow"))


def test_hidden_tells_nothing_but_that_it_is_hidden():
    assert repr(HIDDEN) == "HIDDEN"
