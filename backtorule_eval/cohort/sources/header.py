"""Column names of a raw table: each once, none empty."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from backtorule_eval.errors import SHOWN_ROWS, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Names of the columns that are kept, where they stand (from 0), repeated names, and what is wrong."""

    names: tuple[str, ...]
    positions: tuple[int, ...]
    repeated: frozenset[str]
    problems: tuple[Problem, ...]


def tidy_name(name: str) -> str:
    """Write a column name one way: composed letters, single spaces, no byte order mark."""
    return " ".join(unicodedata.normalize("NFC", name.lstrip("\ufeff")).split())


def read_header(cells: Sequence[str], *, filled: Sequence[bool], file: str, row: int | None) -> Header:
    """Which columns have a usable name?

    A column with neither a name nor any value, such as spreadsheets leave at the right edge, is dropped.
    Problems tell positions, not names: in a file that lacks its header row, the first person's answers
    stand there.

    Parameters
    ----------
    cells : sequence of str
        The header row.
    filled : sequence of bool
        Whether a column has any value below the header; same length.
    file, row
        Where, for the problems; a row of None is not told.
    """
    names = [tidy_name(cell) for cell in cells]
    nameless = [i for i, name in enumerate(names) if not name and filled[i]]
    repeated = [name for name, n in Counter(names).items() if name and n > 1]
    faults = [("header_empty", nameless)]
    faults += [("header_duplicate", [i for i, n in enumerate(names) if n == name]) for name in repeated]
    kept = [i for i, name in enumerate(names) if name and name not in repeated]
    return Header(
        names=tuple(names[i] for i in kept),
        positions=tuple(kept),
        repeated=frozenset(repeated),
        problems=tuple(_problem(rule, found, file=file, row=row) for rule, found in faults if found),
    )


def _problem(rule: str, positions: Sequence[int], *, file: str, row: int | None) -> Problem:
    """The problem of columns whose names are wrong, told by position (from 1)."""
    shown = ", ".join(str(i + 1) for i in positions[:SHOWN_ROWS])
    rest = " ..." if len(positions) > SHOWN_ROWS else ""
    rows = () if row is None else (row,)
    return Problem(rule=rule, file=file, first_rows=rows, detail={"positions": shown + rest})
