"""Column names of a raw table: each once, none empty."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from backtorule_eval.errors import SHOWN_ROWS, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Names of the columns that are kept, where they stand (from 0), and what is wrong."""

    names: tuple[str, ...]
    positions: tuple[int, ...]
    problems: tuple[Problem, ...]


def tidy_name(name: str) -> str:
    """Write a column name one way: composed letters, single spaces, no byte order mark."""
    return " ".join(unicodedata.normalize("NFC", name.lstrip("\ufeff")).split())


def read_header(cells: Sequence[str], *, filled: Sequence[bool], file: str, row: int) -> Header:
    """Which columns have a usable name?

    A column with neither a name nor any value, such as spreadsheets leave at the right edge, is dropped.

    Parameters
    ----------
    cells : sequence of str
        The header row.
    filled : sequence of bool
        Whether a column has any value below the header; same length.
    file, row
        Where, for the problems.
    """
    names = [tidy_name(cell) for cell in cells]
    problems: list[Problem] = []
    nameless = [i + 1 for i, name in enumerate(names) if not name and filled[i]]
    if nameless:
        shown = ", ".join(map(str, nameless[:SHOWN_ROWS]))
        problems.append(
            Problem(
                rule="header_empty",
                file=file,
                first_rows=(row,),
                detail={"positions": shown, "n": str(len(nameless))},
            )
        )
    repeated = sorted(name for name, n in Counter(names).items() if name and n > 1)
    problems += [
        Problem(rule="header_duplicate", file=file, column=name, first_rows=(row,)) for name in repeated
    ]
    kept = [i for i, name in enumerate(names) if name and name not in repeated]
    return Header(names=tuple(names[i] for i in kept), positions=tuple(kept), problems=tuple(problems))
