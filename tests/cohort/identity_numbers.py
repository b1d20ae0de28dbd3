"""Identity numbers for tests, computed when they are needed, of people who are not born yet."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

K1 = (3, 7, 6, 1, 8, 9, 4, 5, 2)
K2 = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
# What each series adds to the first digit of the day and to the month.
SERIES = {
    "fødselsnummer": (0, 0),
    "D-number": (40, 0),
    "NPID": (0, 20),
    "H-number, Dolly": (0, 40),
    "Dolly D-number": (40, 40),
    "synthetic NPID": (0, 60),
    "plus 65": (0, 65),
    "Tenor": (0, 80),
    "Tenor D-number": (40, 80),
}


def complete(nine: str, remainder: int = 0) -> str | None:
    """Nine digits with their control digits; None if these do not exist. Remainders 1 to 3 come in 2032."""
    first = (remainder - sum(k * int(d) for k, d in zip(K1, nine, strict=True))) % 11
    second = -sum(k * int(d) for k, d in zip(K2, f"{nine}{first}"[:10], strict=True)) % 11
    return None if first == 10 or second == 10 else f"{nine}{first}{second}"


def make_numbers(random: Generator, n: int, *, series: str, remainder: int = 0) -> list[str]:
    """`n` numbers of one series with dates from 2036 to 2039, so that nobody has them."""
    day_added, month_added = SERIES[series]
    made: list[str] = []
    while len(made) < n:
        date = np.datetime64("2036-01-01") + int(random.integers(0, 4 * 365))
        year, month, day = (int(part) for part in str(date).split("-"))
        serial = random.integers(500, 1000)
        nine = f"{day + day_added:02d}{month + month_added:02d}{year % 100:02d}{serial:03d}"
        number = complete(nine, remainder)
        made += [number] if number else []
    return made


def make_fh_numbers(random: Generator, n: int) -> list[str]:
    """`n` FH-numbers: first digit 8 or 9, no date."""
    made: list[str] = []
    while len(made) < n:
        number = complete(f"{random.integers(8, 10)}{random.integers(0, 10**8):08d}")
        made += [number] if number else []
    return made


def one_number(seed: int = 1, *, series: str = "Tenor") -> str:
    """One number, the same for the same seed."""
    return make_numbers(np.random.default_rng(seed), 1, series=series)[0]
