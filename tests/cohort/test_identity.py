"""Identity numbers are found wherever and however they stand, and what merely looks alike mostly is not."""

from __future__ import annotations

import re
import string
import unicodedata
from itertools import zip_longest

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.no import fodselsnummer

from backtorule_eval.cohort.identity import (
    REDACTED,
    contains_identity_number,
    identity_problems,
    redact,
    scan_frame,
)
from backtorule_eval.cohort.identity_search import are_identity_numbers, digits_of
from tests.cohort.identity_numbers import SERIES, complete, make_fh_numbers, make_numbers, one_number

NUMBER = one_number()
# One that a spreadsheet makes ten digits of.
ZERO_FIRST = next(n for n in make_numbers(np.random.default_rng(2), 100, series="Tenor") if n[0] == "0")


def spread(number: str, *gaps: str) -> str:
    """The number written with gaps after the second, fourth, sixth and ninth digit."""
    parts = [number[:2], number[2:4], number[4:6], number[6:9], number[9:]]
    return "".join(part + gap for part, gap in zip_longest(parts, gaps, fillvalue=""))


def frame(*cells: object, name: str = "kolonne", first_row: int = 2) -> pd.DataFrame:
    column = pd.Series(list(cells), index=range(first_row, first_row + len(cells)))
    return column.to_frame(name)


# --- Sensitivity ---------------------------------------------------------------------------------


@pytest.mark.parametrize("remainder", [0, 1, 2, 3])
@pytest.mark.parametrize("series", SERIES)
def test_every_series_is_found(series, remainder):
    numbers = make_numbers(np.random.default_rng(7), 300, series=series, remainder=remainder)
    assert scan_frame(frame(*numbers))[0].n_rows == 300


def test_every_fh_number_is_found():
    numbers = make_fh_numbers(np.random.default_rng(7), 300)
    assert scan_frame(frame(*numbers))[0].n_rows == 300


@pytest.mark.parametrize("remainder", [4, 5, 6, 7, 8, 9, 10])
def test_other_remainders_are_no_identity_number(remainder):
    digits = digits_of(
        np.array(
            [int(n) for n in make_numbers(np.random.default_rng(7), 300, series="Tenor", remainder=remainder)]
        )
    )
    assert not are_identity_numbers(digits).any()


def test_agrees_with_stdnum():
    """On random digits with plausible dates: what python-stdnum accepts is found, under the old checksum."""
    random = np.random.default_rng(11)
    texts = [f"{d:02d}{m:02d}{r:07d}" for d, m, r in random.integers([1, 1, 0], [72, 53, 10**7], (60_000, 3))]
    accepted = [text for text in texts if fodselsnummer.is_valid(text)]
    assert len(accepted) > 50
    assert all(contains_identity_number(text) for text in accepted)


@pytest.mark.parametrize(
    ("day", "month", "plausible"),
    [
        *((31, m, True) for m in (1, 21, 41, 61, 81)),
        *((31, m, False) for m in (4, 24, 44, 64, 84)),
        *((29, m, True) for m in (2, 22, 42, 62, 82)),
        *((30, m, False) for m in (2, 22, 42, 62, 82)),
        *((1, m, True) for m in (12, 32, 52, 66, 72, 73, 77, 92)),
        *((1, m, False) for m in (0, 13, 20, 33, 40, 53, 60, 78, 80, 93, 99)),
        (0, 1, False),
        (32, 1, False),
        (40, 1, False),
        (41, 1, True),
        (71, 1, True),
        (72, 1, False),
    ],
)
def test_borders_of_the_date(day, month, plausible):
    candidates = (complete(f"{day:02d}{month:02d}90{serial:03d}") for serial in range(40))
    digits = digits_of(np.array([int(number) for number in candidates if number]))
    assert are_identity_numbers(digits).all() == plausible
    assert are_identity_numbers(digits).any() == plausible


# --- Ways of writing -----------------------------------------------------------------------------

SEPARATORS = [" ", "-", ".", "/", "_", ",", "  ", " - ", "\t", "\n", "\r\n", "\N{NO-BREAK SPACE}"]
SEPARATORS += [
    "\N{THIN SPACE}",
    "\N{EN DASH}",
    "\N{NON-BREAKING HYPHEN}",
    "\N{MIDDLE DOT}",
    "\N{FULLWIDTH HYPHEN-MINUS}",
]


@pytest.mark.parametrize("separator", SEPARATORS, ids=ascii)
def test_a_separator_after_six_digits(separator):
    assert contains_identity_number(f"{NUMBER[:6]}{separator}{NUMBER[6:]}")


@pytest.mark.parametrize(
    "text",
    [
        spread(NUMBER, ".", ".", "."),
        spread(NUMBER, ".", ".", " ", " "),
        spread(NUMBER, "", "", " ", " "),
        spread(NUMBER, " ", " ", " ", " "),
        spread(NUMBER, "", " ", ""),
        spread(NUMBER, "", "-", "-"),
        f"åpen {spread(NUMBER, '', '-', '-')}",
        f"ÿ{NUMBER}À",
        f"{NUMBER[:6]}×{NUMBER[6:]}",
        f"åpen {spread(NUMBER, '', '', ' p.nr. ')}",
        spread(NUMBER, "", "", ", personnr. "),
        spread(NUMBER, ".", ".", " (personnummer: ") + ")",
        spread(NUMBER, "", "", " pnr "),
        f"{NUMBER[:2]}.{NUMBER[2:4]}.19{NUMBER[4:6]} {NUMBER[6:]}",
        f"{NUMBER[:4]}20{NUMBER[4:6]}{NUMBER[6:]}",
        " ".join(NUMBER),
        "-".join(NUMBER),
        f"fnr{NUMBER}",
        f"{NUMBER}abc",
        f"født{NUMBER}æ",
        f"({NUMBER})",
        f"x=1;{NUMBER};2",
        f"12 {NUMBER} 34",
        f"vedtak_{NUMBER}_2024.pdf",
        "".join(chr(ord("\N{FULLWIDTH DIGIT ZERO}") + int(d)) for d in NUMBER),
        "".join(chr(ord("\N{ARABIC-INDIC DIGIT ZERO}") + int(d)) for d in NUMBER),
        "".join(chr(ord("\N{MATHEMATICAL BOLD DIGIT ZERO}") + int(d)) for d in NUMBER),
        f"{NUMBER[:6]}\N{ZERO WIDTH SPACE}{NUMBER[6:]}",
        f"{NUMBER[:3]}\N{SOFT HYPHEN}{NUMBER[3:]}",
        f"{NUMBER[:6]}\x1e{NUMBER[6:]}",
        f"123456 {NUMBER}",
        f"010190 {NUMBER[:6]} {NUMBER[6:]}",
    ],
)
def test_ways_people_write_it(text):
    assert contains_identity_number(text)


@pytest.mark.parametrize(
    "text",
    [
        ZERO_FIRST[1:],
        f" {ZERO_FIRST[1:]} ",
        f"'{ZERO_FIRST[1:]}",
        f'="{ZERO_FIRST}"',
        f"{ZERO_FIRST[1:]}.0",
        f"{NUMBER}.00",
        f"{NUMBER},0",
        f"{NUMBER[0]}.{NUMBER[1:]}E+10",
        f"{NUMBER[0]},{NUMBER[1:]}e10",
        f"{ZERO_FIRST[1]}.{ZERO_FIRST[2:]}E+09",
        f"{NUMBER[:2]} {NUMBER[2:5]} {NUMBER[5:8]} {NUMBER[8:]}",
        f"{NUMBER[:2]}.{NUMBER[2:5]}.{NUMBER[5:8]}.{NUMBER[8:]}",
        f"{ZERO_FIRST[1:6]}.{ZERO_FIRST[6:]}",
    ],
)
def test_a_cell_that_a_spreadsheet_has_been_at(text):
    assert contains_identity_number(text)


def test_ten_digits_that_are_seconds_or_a_telephone_number():
    """The months 61 to 80 of a lost zero are synthetic series only; times and 47-numbers fall there."""
    synthetic = make_numbers(np.random.default_rng(4), 300, series="synthetic NPID")
    shortened = [number[1:] for number in synthetic if number[0] == "0"]
    assert scan_frame(frame(*shortened)) == ()
    assert scan_frame(frame(*(int(number) for number in shortened))) == ()
    assert scan_frame(frame(*(f"{number}.0" for number in shortened))) == ()


@pytest.mark.parametrize("dtype", ["int64", "float64", "Int64", "object"])
def test_numbers_stored_as_numbers(dtype):
    cells = frame(7, int(NUMBER), 8, int(ZERO_FIRST)).astype(dtype)
    assert scan_frame(cells)[0].first_rows == (3, 5)


def test_a_number_typed_with_a_dot_and_read_as_a_decimal():
    number = next(
        n for n in make_numbers(np.random.default_rng(3), 50, series="Tenor") if n[0] == "0" and n[-1] != "0"
    )
    hits = scan_frame(frame(1.5, int(number) / 1e5, np.nan, 10_000.0))
    assert hits[0].first_rows == (3,)


def test_missing_cells_dates_booleans_and_categories():
    table = pd.DataFrame(
        {
            "text": pd.Series([None, NUMBER], dtype="str"),
            "category": pd.Series([None, NUMBER], dtype="category"),
            "integer": pd.Series([None, int(NUMBER)], dtype="Int64"),
            "flag": pd.Series([None, True], dtype="boolean"),
            "date": pd.to_datetime(["2024-01-01", None]),
        }
    ).set_index(pd.Index([10, 20]))
    assert [(hit.column, hit.n_rows, hit.first_rows) for hit in scan_frame(table)] == [
        (name, 1, (20,)) for name in ("text", "category", "integer")
    ]


def test_an_empty_table():
    assert scan_frame(pd.DataFrame()) == ()
    assert scan_frame(pd.DataFrame({"a": pd.Series([], dtype="str")})) == ()


# --- Where it is told ----------------------------------------------------------------------------


def test_problems_say_where_and_never_what():
    table = frame("ok", NUMBER, "ok", f"ring {NUMBER}", name="notat")
    table[f"svar {NUMBER}"] = "ok"
    problems = identity_problems(table, file=f"{NUMBER}.csv", table="contacts")
    assert [p.rule for p in problems] == [
        "identity_number_in_file_name",
        "identity_number",
        "identity_number_in_header",
    ]
    cells = problems[1]
    assert (cells.file, cells.column, cells.n_rows, cells.first_rows) == (
        f"{REDACTED}.csv",
        "notat",
        2,
        (3, 5),
    )
    assert problems[2].column == f"svar {REDACTED}"
    assert problems[2].detail == {"position": "2"}
    assert NUMBER[:6] not in repr(problems)
    assert NUMBER[6:] not in repr(problems)


def test_two_columns_of_one_name_are_both_searched():
    table = pd.concat([frame("ok", "ok"), frame("ok", NUMBER)], axis=1)
    assert [(hit.position, hit.n_rows) for hit in scan_frame(table)] == [(2, 1)]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("notat.csv", "notat.csv"),
        (f"{NUMBER}.csv", f"{REDACTED}.csv"),
        (f"a {NUMBER[:6]} {NUMBER[6:]} b {NUMBER}", f"a {REDACTED} b {REDACTED}"),
        (ZERO_FIRST[1:], REDACTED),
        (f"{ZERO_FIRST[1:]}.0", REDACTED),
    ],
)
def test_redacted(text, shown):
    assert redact(text) == shown
    assert not contains_identity_number(redact(text))


# --- In two columns -------------------------------------------------------------------------------

BASES = make_numbers(np.random.default_rng(6), 20, series="Tenor")
BIRTHS = [f"{n[:2]}{int(n[2:4]) - 80:02d}{n[4:6]}" for n in BASES]


def in_two(dates: object, fives: object) -> pd.DataFrame:
    return pd.DataFrame(
        {"id": range(len(BASES)), "født": dates, "pnr": fives}, index=range(2, 2 + len(BASES))
    )


@pytest.mark.parametrize(
    "dates",
    [
        BIRTHS,
        [int(b) for b in BIRTHS],
        [float(b) for b in BIRTHS],
        [f"{b[:2]}.{b[2:4]}.20{b[4:]}" for b in BIRTHS],
        [f"20{b[4:]}-{b[2:4]}-{b[:2]}" for b in BIRTHS],
        pd.to_datetime([f"20{b[4:]}-{b[2:4]}-{b[:2]}" for b in BIRTHS]),
    ],
    ids=["text", "integer", "float", "dots", "ISO", "date"],
)
@pytest.mark.parametrize("kind", [str, int, float])
def test_the_last_five_digits_in_a_column_of_their_own(dates, kind):
    problem = identity_problems(in_two(dates, [kind(n[6:]) for n in BASES]), file="elever.csv")[-1]
    assert (problem.rule, problem.column) == ("identity_number_split", "pnr")
    assert problem.detail == {"date_column": "født"}
    assert (problem.n_rows, problem.first_rows) == (20, (2, 3, 4, 5, 6))


@pytest.mark.parametrize(("n", "n_problems"), [(4, 0), (5, 1)])
def test_five_rows_are_needed_to_tell(n, n_problems):
    table = in_two(BIRTHS, [number[6:] for number in BASES]).head(n)
    assert len(identity_problems(table, file="elever.csv")) == n_problems


def test_half_of_the_rows_are_needed_to_tell():
    fives = [n[6:] if i % 2 else f"{(int(n[6:]) + 1) % 10**5:05d}" for i, n in enumerate(BASES)]
    assert len(identity_problems(in_two(BIRTHS, fives), file="elever.csv")) == 1
    fives[1] = f"{(int(fives[1]) + 1) % 10**5:05d}"
    assert identity_problems(in_two(BIRTHS, fives), file="elever.csv") == []


def test_dates_beside_other_five_digits():
    random = np.random.default_rng(8)
    fives = [str(n) for n in random.integers(10_000, 100_000, len(BASES))]
    assert identity_problems(in_two(BIRTHS, fives), file="elever.csv") == []


# --- What is left alone ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        "STUSP1----",
        "MAT1019 2025V",
        "2024-08-12T10:15:30.123+02:00",
        "12.08.2024 10:15",
        "12.8.2024 10.15",
        "22 33 44 55",
        "301111",
        f"0.{NUMBER}",
        f"12,{NUMBER}",
        f"-3.{NUMBER}",
        f"1{NUMBER}",
        f"{NUMBER}1",
        f"{NUMBER}{NUMBER}",
        f"{NUMBER[:4]}.{NUMBER[4:6]}.{NUMBER[6:]}"[1:],
        f"{NUMBER[:5]} {NUMBER[5:]}",
        spread(NUMBER, "", ".", "."),
        spread(NUMBER, "", " ", " "),
        f"vår konto {spread(NUMBER, '', '.', '.')}",
        f"{NUMBER[:6]} og {NUMBER[6:]}",
    ],
)
def test_what_is_no_identity_number(text):
    assert not contains_identity_number(text)


def test_no_number_reaches_from_one_cell_into_the_next():
    assert scan_frame(frame(f"mappe {NUMBER[:6]}", f"{NUMBER[6:]} sider")) == ()


def test_random_digits_are_rarely_taken_for_one():
    texts = [f"{n:011d}" for n in np.random.default_rng(5).integers(0, 10**11, 20_000)]
    assert 0.010 < scan_frame(frame(*texts))[0].n_rows / 20_000 < 0.020


# --- Any valid number in any text ------------------------------------------------------------------

valid_numbers = st.builds(
    lambda seed, series, remainder: make_numbers(
        np.random.default_rng(seed), 1, series=series, remainder=remainder
    )[0],
    st.integers(0, 10**6),
    st.sampled_from(sorted(SERIES)),
    st.integers(0, 3),
)
gaps = st.text(st.sampled_from(" -./_:,;()\t\n\N{NO-BREAK SPACE}\N{EN DASH}"), max_size=3)
surroundings = st.text(
    st.one_of(
        st.characters(), st.sampled_from(string.digits + " .-,"), st.characters(categories=["Nd", "Zs", "Pd"])
    ),
    max_size=30,
)
# A digit that touches the number makes another number of it.
NOT_TOUCHING = st.sampled_from([" ", "x", "æ", "(", ":", "\n", ""])


@given(
    valid_numbers, st.tuples(gaps, gaps, gaps, gaps), surroundings, surroundings, NOT_TOUCHING, NOT_TOUCHING
)
def test_any_number_in_any_text_is_found(number, between, before, after, left, right):
    text = f"{before}{left}{spread(number, *between)}{right}{after}"
    assume(not _digit_touches(before + left, right + after))
    # Bank account numbers are written so, and nothing else.
    assume(between[0] or between[3] or not all(re.fullmatch(r"[\s.]", gap) for gap in between[1:3]))
    # A cell that is one decimal number with many decimals is left alone.
    assume(not re.fullmatch(r"[\W_]*\d*[.,]\d{6,}(e[+-]?\d+)?[\W_]*", _plain(text), re.IGNORECASE))
    assert contains_identity_number(text)


def _digit_touches(before: str, after: str) -> bool:
    """Whether the characters next to the number are digits."""
    return bool(re.search(r"\d\Z", _plain(before)) or re.match(r"\d", _plain(after)))


def _plain(text: str) -> str:
    """The text as any reader sees it: no invisible characters, no odd forms of digits."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")


@given(surroundings)
def test_redacted_text_holds_no_number(text):
    assert not contains_identity_number(redact(f"{text} {NUMBER} {text}"))
