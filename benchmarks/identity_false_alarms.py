"""How often is something else taken for an identity number, and how fast is the search?

    python -m benchmarks.identity_false_alarms [--n 1000000] [--seed 1]

Everything is drawn at random from the seed; no real number is used. Numbers with control digits are made by
their published rules. docs/identity-numbers.md holds the figures of one run.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.random import Generator

from backtorule_eval.cohort.identity import scan_frame
from backtorule_eval.cohort.identity_search import (
    LENGTH,
    are_identity_numbers,
    checksums,
    digits_of,
    has_plausible_date,
)

Texts = list[str]
ACCOUNT_WEIGHTS = np.array([5, 4, 3, 2, 7, 6, 5, 4, 3, 2])
ORGANISATION_WEIGHTS = np.array([3, 2, 7, 6, 5, 4, 3, 2])
# A control digit would need two digits: the number is not given out.
TEN = 10
FIRST_DAY, DAYS = np.datetime64("2018-01-01"), 3000


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=1_000_000, help="strings of each kind")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    print(f"{arguments.n:,} of each, seed {arguments.seed}\n")
    print_rules(np.random.default_rng(arguments.seed), arguments.n)
    print_kinds(arguments.seed, arguments.n)
    print_windows(np.random.default_rng(arguments.seed), arguments.n)


def print_rules(random: Generator, n: int) -> None:
    """Random strings of eleven digits, and bank account numbers, by rule."""
    kinds = {
        "random 11 digits": digits_of(random.integers(0, 10**LENGTH, n)),
        "account number, unformatted": digits_of(np.array([int(a) for a in accounts(random, n)])),
    }
    print(f"{'rule':<52}" + "".join(f"{kind:>30}" for kind in kinds))
    rules: dict[str, Callable[[np.ndarray], np.ndarray]] = {
        "old checksum alone": lambda d: checksums(d)[0],
        "2032 checksum alone (takes in the old)": lambda d: checksums(d)[1],
        "date test alone": has_plausible_date,
        "old checksum and date": lambda d: checksums(d)[0] & has_plausible_date(d),
        "2032 checksum and date": lambda d: checksums(d)[1] & has_plausible_date(d),
        "the detector (2032 and date, or FH-number and old)": are_identity_numbers,
    }
    for name, rule in rules.items():
        print(f"{name:<52}" + "".join(f"{rule(digits).mean():>30.3%}" for digits in kinds.values()))
    print()


def print_kinds(seed: int, n: int) -> None:
    """What else stands in cells: alarms per cell, and the processor time the search took."""
    print(f"{'kind of cell':<52}{'alarms':>10}{'rate':>12}{'CPU s':>10}")
    for name, make in KINDS.items():
        cells = pd.Series(make(np.random.default_rng(seed), n))
        start = time.process_time()
        hits = scan_frame(cells.to_frame("x"))
        seconds = time.process_time() - start
        alarms = hits[0].n_rows if hits else 0
        print(f"{name:<52}{alarms:>10,}{alarms / n:>12.4%}{seconds:>10.1f}")
    print()


def print_windows(random: Generator, n: int) -> None:
    """What it would cost to search every eleven digits inside longer strings of digits."""
    print(f"{'any 11 digits inside a longer string, if searched':<52}{'rate':>12}")
    for name, texts in {
        "random 14 digits": random_digits(random, n, 14),
        "random 16 digits": random_digits(random, n, 16),
        "time as 14 digits (yyyymmddhhmmss)": times(random, n, "%Y%m%d%H%M%S"),
    }.items():
        digits = np.array([list(text) for text in texts], dtype=np.int64)
        windows = [digits[:, i : i + LENGTH] for i in range(digits.shape[1] - LENGTH + 1)]
        print(f"{name:<52}{np.any([are_identity_numbers(w) for w in windows], axis=0).mean():>12.2%}")


def random_digits(random: Generator, n: int, length: int) -> Texts:
    """Strings of random digits."""
    return ["".join(row) for row in random.integers(0, 10, (n, length)).astype("U1")]


def accounts(random: Generator, n: int, *, first: str = "", form: str = "") -> Texts:
    """Bank account numbers: ten digits and a control digit modulo 11; `form` puts a sign as banks do."""
    made: Texts = []
    while len(made) < n:
        numbers = digits_of(random.integers(0, 10**10, n) * 10)
        if first:
            numbers[:, 0] = random.choice([int(f) for f in first], n)
        control = -(numbers[:, :10] @ ACCOUNT_WEIGHTS) % 11
        numbers[:, 10] = control
        made += ["".join(row) for row in numbers[control < TEN].astype("U1")]
    return [f"{a[:4]}{form}{a[4:6]}{form}{a[6:]}" for a in made[:n]]


def organisations(random: Generator, n: int, form: str) -> Texts:
    """Organisation numbers: first digit 8 or 9, eight digits and a control digit modulo 11."""
    made: Texts = []
    while len(made) < n:
        digits = np.column_stack([random.integers(8, 10, n), random.integers(0, 10, (n, 7))])
        control = -(digits @ ORGANISATION_WEIGHTS) % 11
        good = control < TEN
        made += ["".join(row) for row in np.column_stack([digits, control])[good].astype("U1")]
    return [form.format(a[:3], a[3:6], a[6:]) for a in made[:n]]


def phones(random: Generator, n: int, form: str) -> Texts:
    """Telephone numbers: first digit 2 to 9."""
    eight = random.integers(20_000_000, 100_000_000, n).astype(str)
    return [form.format(p[:2], p[2:4], p[4:6], p[6:], p[:3], p[3:5], p[5:]) for p in eight]


def payments(random: Generator, n: int, length: int) -> Texts:
    """KID numbers: a control digit modulo 10 (Luhn) at the end."""
    digits = random.integers(0, 10, (n, length - 1))
    doubled = digits.copy()
    doubled[:, ::-2] *= 2
    total = (doubled // 10 + doubled % 10).sum(axis=1)
    return ["".join(row) for row in np.column_stack([digits, -total % 10]).astype("U1")]


def times(random: Generator, n: int, form: str) -> Texts:
    """Points in time between 2018 and 2026, written in a form."""
    return pd.Series(moments(random, n)).dt.strftime(form).tolist()


def moments(random: Generator, n: int) -> np.ndarray:
    """Points in time between 2018 and 2026."""
    return np.datetime64(FIRST_DAY, "s") + random.integers(0, DAYS * 86_400, n)


def decimals(random: Generator, n: int, places: int) -> Texts:
    """Weights and scores as statistics programs write them."""
    return [f"{value:.{places}f}" for value in random.lognormal(4, 2, n)]


def diary(random: Generator, n: int) -> Texts:
    """Short notes with a date, a clock and a sum of money."""
    dates, money = times(random, n, "%d.%m.%y kl %H.%M"), random.integers(100, 30_000, n)
    return [f"Møte {d} om skole og jobb, {m} kr" for d, m in zip(dates, money.tolist(), strict=True)]


KINDS: dict[str, Callable[[Generator, int], Texts | np.ndarray]] = {
    "random 11 digits": lambda r, n: random_digits(r, n, 11),
    "random 10 digits (a zero may be lost)": lambda r, n: random_digits(r, n, 10),
    "random 12 digits": lambda r, n: random_digits(r, n, 12),
    "telephone 12345678": lambda r, n: phones(r, n, "{0}{1}{2}{3}"),
    "telephone 12 34 56 78": lambda r, n: phones(r, n, "{0} {1} {2} {3}"),
    "telephone +47 123 45 678": lambda r, n: phones(r, n, "+47 {4} {5} {6}"),
    "telephone +4712345678": lambda r, n: phones(r, n, "+47{0}{1}{2}{3}"),
    "telephone 4712345678": lambda r, n: phones(r, n, "47{0}{1}{2}{3}"),
    "telephone 004712345678": lambda r, n: phones(r, n, "0047{0}{1}{2}{3}"),
    "account number 12345678901": lambda r, n: accounts(r, n),
    "account number beginning with 8 or 9": lambda r, n: accounts(r, n, first="89"),
    "account number 1234.56.78901": lambda r, n: accounts(r, n, form="."),
    "account number 1234 56 78901": lambda r, n: accounts(r, n, form=" "),
    "organisation number 123456789": lambda r, n: organisations(r, n, "{}{}{}"),
    "organisation number NO 123 456 789 MVA": lambda r, n: organisations(r, n, "NO {} {} {} MVA"),
    "KID, 11 digits": lambda r, n: payments(r, n, 11),
    "KID, 16 digits": lambda r, n: payments(r, n, 16),
    "KID, 25 digits": lambda r, n: payments(r, n, 25),
    "time 2024-08-12 10:15:30": lambda r, n: times(r, n, "%Y-%m-%d %H:%M:%S"),
    "time 2024-08-12T10:15:30.123456+0200": lambda r, n: times(r, n, "%Y-%m-%dT%H:%M:%S.123456+0200"),
    "time 12.08.2024 10.15": lambda r, n: times(r, n, "%d.%m.%Y %H.%M"),
    "time 12.08.24 10:15:30": lambda r, n: times(r, n, "%d.%m.%y %H:%M:%S"),
    "time 20240812101530": lambda r, n: times(r, n, "%Y%m%d%H%M%S"),
    "time in seconds since 1970": lambda r, n: moments(r, n).astype(np.int64).astype(str).tolist(),
    "two dates 12.08.24-15.08.24": lambda r, n: [f"{t}-{t}" for t in times(r, n, "%d.%m.%y")],
    "NUS code": lambda r, n: random_digits(r, n, 6),
    "subject code and term MAT1019 2025V": lambda r, n: [f"MAT{d} 2025V" for d in random_digits(r, n, 4)],
    "decimal number, 5 places": lambda r, n: decimals(r, n, 5),
    "decimal number, 11 places": lambda r, n: decimals(r, n, 11),
    "decimal number, all places": lambda r, n: [str(v) for v in r.lognormal(4, 2, n).tolist()],
    "number column, amounts with 2 decimals": lambda r, n: np.round(r.lognormal(11, 1, n), 2),
    "number column, all places": lambda r, n: r.lognormal(11, 1, n),
    "UUID": lambda r, n: [f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}" for h in hexes(r, n)],
    "note with date, clock and money": diary,
}


def hexes(random: Generator, n: int) -> Texts:
    """32 hexadecimal digits."""
    return [random.bytes(16).hex() for _ in range(n)]


if __name__ == "__main__":
    main()
