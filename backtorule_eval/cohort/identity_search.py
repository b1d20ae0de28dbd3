"""Where in a text could a Norwegian identity number stand, and do eleven digits make one?

A candidate is eleven digits that begin and end where a run of digits begins and ends, written in one of
three ways: date and five digits (``ddmmyy nnnnn``), the same with a four-digit year, or each digit alone.
Between the groups up to three signs that are neither letters nor digits may stand, and before the five digits
a word such as "personnr." too. A longer run of digits is no candidate: docs/identity-numbers.md says why.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]

# Control digits: weighted sum plus the digit itself, modulo 11, is 0; from 2032 the first gives 0, 1, 2 or 3.
WEIGHTS_1 = np.array([3, 7, 6, 1, 8, 9, 4, 5, 2, 1, 0])
WEIGHTS_2 = np.array([5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1])
HIGHEST_REMAINDER_2032 = 3
D_NUMBER = 40
FH_FIRST_DIGIT = 8
# Added to the month: nothing, NPID, Dolly and H-number, synthetic NPID, other synthetic, Tenor.
MONTH_SERIES = (0, 20, 40, 60, 65, 80)
DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

LENGTH = 11
LONGEST_GAP = 3
# After how many digits a gap may stand, and which of the digits are the century of a four-digit year.
SHORT_YEAR = (2, 4, 6, 9)
FULL_YEAR = (2, 4, 8, 11)
CENTURIES = (19, 20)
CENTURY = slice(4, 6)

# Stands between cells that are searched as one text: a letter, so that no number reaches across it, and one
# that NFKC turns into a plain "a", so that no cell holds it.
BETWEEN = "\N{FEMININE ORDINAL INDICATOR}"
_PERSONNUMMER = re.compile(rf"[\W_]{{0,4}}(?:pers|pnr|p\.nr)[^0-9{BETWEEN}]{{0,14}}", re.IGNORECASE)
# Other than printable ASCII and the letters of western Europe, which most texts are made of.
_ODD = re.compile("[^ -~À-ÖØ-öø-ÿ]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Identity numbers in a text: the places of their first and last digit."""

    first: Numbers
    last: Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class _Digits:
    """All digits of a text, their places, and what stands between neighbours.

    `glued`, `near`, `lone_gap` have an entry for each digit but the last: before the next stands nothing, at
    most a short gap without letters, exactly one sign.
    """

    text: str
    value: Numbers
    place: Numbers
    glued: Flags
    near: Flags
    lone_gap: Flags


def plain(text: str) -> str:
    """Return the text with ASCII digits and signs, and nothing that has no width."""
    if not _ODD.search(text):
        return text
    visible = (c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    return "".join(_plain_character(c) for c in visible)


def find_numbers(text: str) -> Found:
    """Find every identity number in a text that `plain` has gone over."""
    digits = _digits_in(text)
    short, full, spaced = _with_breaks(digits, SHORT_YEAR), _with_breaks(digits, FULL_YEAR), _spaced(digits)
    short = short[are_identity_numbers(_window(digits, short, LENGTH))]
    spaced = spaced[are_identity_numbers(_window(digits, spaced, LENGTH))]
    long = _window(digits, full, LENGTH + 2)
    in_century = np.isin(long[:, CENTURY] @ np.array([10, 1]), CENTURIES)
    full = full[in_century & are_identity_numbers(np.delete(long, CENTURY, axis=1))]
    start = np.concatenate([short, spaced, full])
    length = np.repeat([LENGTH, LENGTH, LENGTH + 2], [len(short), len(spaced), len(full)])
    return Found(first=digits.place[start], last=digits.place[start + length - 1])


def are_identity_numbers(digits: Numbers) -> Flags:
    """Which rows of an (n, 11) array of digits are identity numbers, by checksum and date?

    FH-numbers (first digit 8 or 9) hold no date; of them only the checksum in use until 2032 is taken.
    """
    old, new = checksums(digits)
    return (has_plausible_date(digits) & new) | ((digits[:, 0] >= FH_FIRST_DIGIT) & old)


def checksums(digits: Numbers) -> tuple[Flags, Flags]:
    """Which rows pass the checksum in use until 2032, and which the wider one from 2032 on?"""
    first, second = digits @ WEIGHTS_1 % 11, digits @ WEIGHTS_2 % 11
    return (first == 0) & (second == 0), (first <= HIGHEST_REMAINDER_2032) & (second == 0)


def has_plausible_date(digits: Numbers) -> Flags:
    """Which rows begin with a day and month of some series? 29 February is taken in every year."""
    day = digits[:, 0] * 10 + digits[:, 1]
    day = np.where(day > D_NUMBER, day - D_NUMBER, day)
    longest = np.zeros(100, dtype=np.int64)
    for added in MONTH_SERIES:
        months = slice(added + 1, added + 13)
        longest[months] = np.maximum(longest[months], DAYS)
    plausible: Flags = (day >= 1) & (day <= longest[digits[:, 2] * 10 + digits[:, 3]])
    return plausible


def digits_of(numbers: Numbers) -> Numbers:
    """Split numbers below 10 ** 11 into an (n, 11) array of digits."""
    return numbers[:, np.newaxis] // 10 ** np.arange(LENGTH - 1, -1, -1) % 10


def _plain_character(character: str) -> str:
    """Return one character as a search sees it."""
    if character.isascii():
        return character if character.isprintable() else " "
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    if character.isalnum():
        return character
    return "-" if unicodedata.category(character) == "Pd" else " "


def _digits_in(text: str) -> _Digits:
    """Find the digits of a text and what stands between them."""
    code = np.frombuffer(_NOT_ASCII.sub("x", text).encode("ascii"), dtype=np.uint8)
    digit = (code >= ord("0")) & (code <= ord("9"))
    lower = code | np.uint8(0x20)
    letters = np.cumsum((lower >= ord("a")) & (lower <= ord("z")), dtype=np.int32)
    place = np.flatnonzero(digit)
    gap = np.diff(place) - 1
    no_letter = letters[place[1:]] == letters[place[:-1]]
    return _Digits(
        text=text,
        value=code[place].astype(np.int64) - ord("0"),
        place=place,
        glued=gap == 0,
        near=(gap <= LONGEST_GAP) & no_letter,
        lone_gap=(gap == 1) & no_letter,
    )


def _with_breaks(digits: _Digits, breaks: tuple[int, ...]) -> Numbers:
    """Return where eleven or thirteen digits start that have gaps at these places only."""
    length = breaks[-1] + 2
    start = _whole_runs(digits, length)
    named = breaks[-2]
    for i in (i for i in range(1, length) if i != named):
        start = start[(digits.near if i in breaks else digits.glued)[start + i - 1]]
    start = start[~_like_an_account(digits, start)] if breaks == SHORT_YEAR else start
    last = start + named - 1
    far = np.flatnonzero(~digits.near[last])
    kept = digits.near[last].copy()
    kept[far] = [_says_personnummer(digits, int(i)) for i in last[far]]
    named_or_near: Numbers = start[kept]
    return named_or_near


def _like_an_account(digits: _Digits, start: Numbers) -> Flags:
    """Tell which are written 1234.56.78901 or 1234 56 78901, as bank account numbers are."""
    glued, lone_gap = digits.glued, digits.lone_gap
    alike: Flags = glued[start + 1] & lone_gap[start + 3] & lone_gap[start + 5] & glued[start + 8]
    places = digits.place[start[alike]]
    alike[alike] = [digits.text[p + 4] == digits.text[p + 7] and digits.text[p + 4] in " ." for p in places]
    return alike


def _spaced(digits: _Digits) -> Numbers:
    """Return where exactly eleven digits start that each stand alone, one sign between neighbours."""
    start = _whole_runs(digits, LENGTH)
    for i in range(LENGTH - 1):
        start = start[digits.lone_gap[start + i]]
    before, after = np.append(False, digits.lone_gap), np.append(digits.lone_gap, False)
    alone: Numbers = start[~before[start] & ~after[start + LENGTH - 1]]
    return alone


def _whole_runs(digits: _Digits, length: int) -> Numbers:
    """Return where a run of digits starts such that another, or the same, ends `length` digits later."""
    if len(digits.place) < length:
        return np.zeros(0, dtype=np.int64)
    begins, ends = np.append(True, ~digits.glued), np.append(~digits.glued, True)
    return np.flatnonzero(begins[: len(begins) - length + 1] & ends[length - 1 :])


def _says_personnummer(digits: _Digits, i: int) -> bool:
    """Tell whether the words between a digit and the next announce the last five digits."""
    between = digits.text[digits.place[i] + 1 : digits.place[i + 1]]
    return _PERSONNUMMER.fullmatch(between) is not None


def _window(digits: _Digits, start: Numbers, length: int) -> Numbers:
    """Return `length` digits from each start."""
    window: Numbers = digits.value[start[:, np.newaxis] + np.arange(length)]
    return window
