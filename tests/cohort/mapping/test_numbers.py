"""Text to numbers: one decimal sign, no thousands, no guesses."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backtorule_eval.cohort.mapping.numbers import read_integers, read_numbers


def broken(reading, texts):
    return {
        rule: [t for t, wrong in zip(texts, mask, strict=True) if wrong]
        for rule, mask in reading.broken.items()
    }


@pytest.mark.parametrize(
    ("texts", "decimal", "values"),
    [
        (["1", "-2", "+3", "0"], "", [1, -2, 3, 0]),
        (["1.5", "2", ".5", "3."], "", [1.5, 2, 0.5, 3]),
        (["1,5", "2", ",5"], "", [1.5, 2, 0.5]),
        (["1e-05", "2E3", "1.5e+2"], "", [1e-5, 2000, 150]),
        (["1.234", "2.5"], "", [1.234, 2.5]),
        (["0.123", "0.456"], "", [0.123, 0.456]),
        (["1234.567"], "", [1234.567]),
        (["1.234"], ".", [1.234]),
        (["1,234"], ",", [1.234]),
        ([None, "1"], "", [np.nan, 1]),
        ([], "", []),
    ],
)
def test_numbers(texts, decimal, values):
    reading = read_numbers(texts, decimal=decimal)
    assert reading.broken == {}
    np.testing.assert_array_equal(reading.values, values)


@pytest.mark.parametrize(
    ("texts", "decimal", "expected"),
    [
        (["1.5", "2.5", "3,5", "4"], "", {"decimal_mixed": ["3,5"]}),
        (["1,5", "2,5", "3.5"], "", {"decimal_mixed": ["3.5"]}),
        (["1.5", "2,5"], "", {"decimal_mixed": ["2,5"]}),
        (["1.234", "12.500", "7"], "", {"decimal_unclear": ["1.234", "12.500"]}),
        (["1,234"], "", {"decimal_unclear": ["1,234"]}),
        (["1.234"], ",", {"decimal_other": ["1.234"]}),
        (["3,5", "2"], ".", {"decimal_other": ["3,5"]}),
        (["1.234,5"], ",", {"number_unreadable": ["1.234,5"]}),
        (["1.234.567"], ".", {"number_unreadable": ["1.234.567"]}),
        (
            [
                "1 234",
                "1\u00a0234",
                "tre",
                "1-2",
                "--1",
                ".",
                ",",
                "e5",
                "0x1F",
                "NaN",
                "inf",
                "1_000",
                "\u0661\u0662",
            ],
            "",
            None,
        ),
        (["1e999", "-1e309", "1" * 41], "", None),
    ],
)
def test_what_is_not_a_number(texts, decimal, expected):
    reading = read_numbers(texts, decimal=decimal)
    assert broken(reading, texts) == (expected or {"number_unreadable": texts})
    bad = np.any(list(reading.broken.values()), axis=0)
    assert np.isnan(reading.values[bad]).all()


def test_the_declared_sign_is_told():
    assert read_numbers(["3,5"], decimal=".").detail == {"decimal": "."}


def test_integers():
    texts = ["1", "2.0", "3.5", "x", None]
    reading = read_integers(texts, decimal=".")
    np.testing.assert_array_equal(reading.values, [1, 2, np.nan, np.nan, np.nan])
    assert broken(reading, texts) == {"number_unreadable": ["x"], "integer_unreadable": ["3.5"]}


@settings(deadline=None)
@given(
    values=st.lists(st.floats(allow_nan=False, allow_infinity=False, width=64)), decimal=st.sampled_from(".,")
)
def test_numbers_read_back_exactly(values, decimal):
    texts = [repr(v).replace(".", decimal) for v in values]
    reading = read_numbers(texts, decimal=decimal)
    assert reading.broken == {}
    np.testing.assert_array_equal(reading.values, values)
