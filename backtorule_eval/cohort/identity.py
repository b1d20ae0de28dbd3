"""Does a text, a table, a header or a file name hold a Norwegian identity number?

No identity number may enter the workbook, so this is looser than a validator: it knows every series in use
(fødselsnummer, D-, H- and FH-number, NPID, the synthetic ones), both checksums, and the ways people write
them. What counts as one, how often that is wrong, and why: docs/identity-numbers.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

import numpy as np
import pandas as pd

from backtorule_eval.cohort.identity_search import (
    BETWEEN,
    LENGTH,
    Flags,
    are_identity_numbers,
    digits_of,
    find_numbers,
    plain,
)
from backtorule_eval.cohort.identity_split import find_split_numbers
from backtorule_eval.errors import SHOWN_ROWS, Problem

REDACTED = "[...]"
FEWEST_CHARACTERS = 10
TEXTS_AT_ONCE = 100_000
# A number that lost its leading zero has ten digits; typed with a dot after six, it has five before the dot.
LOWEST, SHORTENED, HIGHEST = 10 ** (LENGTH - 2), 10 ** (LENGTH - 1), 10**LENGTH
# Ten digits that would need these months are times in seconds or telephone numbers with 47 before them. The
# series they belong to is synthetic, so that no person is missed.
NOT_A_LOST_ZERO = (61, 80)
FIVE_DECIMALS = 10**5
NEARLY_WHOLE = 1e-4

# A cell that is one number: leading zero lost, thousands marked, or a decimal number that is whole.
_LONE = re.compile(
    r"""[\s"'=]*(?:[0-9]{10}|[0-9]{5}[.,][0-9]{5}|[0-9]{1,2}([ .,'])[0-9]{3}\1[0-9]{3}\1[0-9]{3})[\s"']*"""
)
_WHOLE = re.compile(r"\s*([0-9]{10,11}[.,]0+|[0-9][.,][0-9]{1,10}[eE]\+?(?:0?9|10))\s*")
# Statistical programs write weights and scores with up to 17 digits; those are no identity numbers.
_DECIMAL = re.compile(r"\s*[+-]?[0-9]*[.,][0-9]{6,}(?:[eE][+-]?[0-9]+)?\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityHit:
    """One column that holds identity numbers.

    Attributes
    ----------
    position : int
        The column's place in the frame, the first is 1.
    column : str
        The column's name, an identity number in it blotted out.
    in_name : bool
        The name of the column is what holds a number.
    n_rows, first_rows : int, tuple of int
        How many rows hold one, and the first of them as the frame's index counts.
    """

    position: int
    column: str
    in_name: bool
    n_rows: int
    first_rows: tuple[int, ...]


def contains_identity_number(text: str) -> bool:
    """Is there an identity number anywhere in this text?

    Agrees with python-stdnum on fødselsnummer, D- and H-numbers;
    tests/cohort/test_identity.py::test_agrees_with_stdnum.
    """
    return bool(_hits_in_texts([text])[0])


def redact(text: str) -> str:
    """Return the text with every identity number blotted out; names are shown through this."""
    if not contains_identity_number(text):
        return text
    visible = plain(text)
    found = find_numbers(visible)
    if not len(found.first):
        return REDACTED
    hidden = np.zeros(len(visible) + 1, dtype=np.int64)
    np.add.at(hidden, found.first, 1)
    np.add.at(hidden, found.last + 1, -1)
    marked = "".join("\x00" if h else c for c, h in zip(visible, np.cumsum(hidden).tolist(), strict=False))
    return re.sub("\x00+", REDACTED, marked)


def scan_frame(frame: pd.DataFrame) -> tuple[IdentityHit, ...]:
    """Which columns of a raw table hold identity numbers, in names or in cells, and in which rows?

    Every cell is searched, of every type: a number has lost its leading zero, a free text may mention one.
    The frame's index says the row numbers.
    """
    hits = (_scan_column(frame, position) for position in range(frame.shape[1]))
    return tuple(hit for hit in hits if hit.in_name or hit.n_rows)


def identity_problems(frame: pd.DataFrame, *, file: str, table: str = "") -> list[Problem]:
    """Every problem with identity numbers in one raw table: in its file name, its headers, its cells."""
    shown = redact(file)
    problems = []
    if shown != file:
        problems.append(Problem(rule="identity_number_in_file_name", file=shown, table=table))
    for hit in scan_frame(frame):
        detail = {"position": str(hit.position)}
        if hit.in_name:
            rule = "identity_number_in_header"
            problems.append(Problem(rule=rule, file=shown, table=table, column=hit.column, detail=detail))
        if hit.n_rows:
            problem = Problem(
                rule="identity_number",
                file=shown,
                table=table,
                column=hit.column,
                n_rows=hit.n_rows,
                first_rows=hit.first_rows,
                detail=detail,
            )
            problems.append(problem)
    return [*problems, *_split_problems(frame, file=shown, table=table)]


def _split_problems(frame: pd.DataFrame, *, file: str, table: str) -> list[Problem]:
    """Problems with the last five digits standing in a column of their own."""
    names = [redact(str(name)) for name in frame.columns]
    return [
        Problem(
            rule="identity_number_split",
            file=file,
            table=table,
            column=names[hit.five_position - 1],
            n_rows=len(hit.rows),
            first_rows=hit.rows[:SHOWN_ROWS],
            detail={"date_column": names[hit.date_position - 1]},
        )
        for hit in find_split_numbers(frame)
    ]


def _scan_column(frame: pd.DataFrame, position: int) -> IdentityHit:
    """Search one column, name and cells."""
    name = str(frame.columns[position])
    shown = redact(name)
    rows = np.sort(frame.index.to_numpy()[_hits_in_cells(frame.iloc[:, position])])
    return IdentityHit(
        position=position + 1,
        column=shown,
        in_name=shown != name,
        n_rows=len(rows),
        first_rows=tuple(int(row) for row in rows[:SHOWN_ROWS]),
    )


def _hits_in_cells(cells: pd.Series) -> Flags:
    """Which cells of a column hold an identity number?"""
    if pd.api.types.is_bool_dtype(cells.dtype) or pd.api.types.is_datetime64_any_dtype(cells.dtype):
        return np.zeros(len(cells), dtype=bool)
    if pd.api.types.is_numeric_dtype(cells.dtype):
        return _hits_in_numbers(cells)
    codes, different = pd.factorize(cells.astype("object"))
    texts = [value if isinstance(value, str) else str(value) for value in different]
    return np.append(_hits_in_texts(texts), False)[codes]


def _hits_in_numbers(cells: pd.Series) -> Flags:
    """Which numbers are an identity number that a spreadsheet or a statistics program read as a number?"""
    values = cells.to_numpy(dtype="float64", na_value=np.nan)
    found = np.zeros(len(values), dtype=bool)
    whole = np.flatnonzero((values >= LOWEST) & (values < HIGHEST) & (values == np.floor(values)))
    month = values[whole] // 10 ** (LENGTH - 4) % 100
    other = (values[whole] < SHORTENED) & (month >= NOT_A_LOST_ZERO[0]) & (month <= NOT_A_LOST_ZERO[1])
    found[whole] = are_identity_numbers(digits_of(values[whole].astype(np.int64))) & ~other
    # Typed 010190.12345 and read as 10190.12345: five decimals, and the last of them is not 0.
    dotted = np.flatnonzero((values >= LOWEST / FIVE_DECIMALS) & (values < HIGHEST / FIVE_DECIMALS))
    shifted = np.round(values[dotted] * FIVE_DECIMALS)
    exact = (abs(values[dotted] * FIVE_DECIMALS - shifted) < NEARLY_WHOLE) & (shifted % 10 != 0)
    found[dotted[exact]] |= are_identity_numbers(digits_of(shifted[exact].astype(np.int64)))
    return found


def _hits_in_texts(texts: Sequence[str]) -> Flags:
    """Which of these texts hold an identity number?"""
    found = np.zeros(len(texts), dtype=bool)
    long = np.array([i for i, text in enumerate(texts) if len(text) >= FEWEST_CHARACTERS], dtype=np.int64)
    for start in range(0, len(long), TEXTS_AT_ONCE):
        chosen = long[start : start + TEXTS_AT_ONCE]
        searched = [_searched(plain(texts[i])) for i in chosen]
        begins = np.fromiter(accumulate((len(s) + 1 for s in searched), initial=0), dtype=np.int64)
        hits = find_numbers(BETWEEN.join(searched)).first
        found[chosen[np.searchsorted(begins, hits, side="right") - 1]] = True
    return found


def _searched(cell: str) -> str:
    """Return what of a cell is searched: a lone number with its leading zero, nothing of a decimal number."""
    if _LONE.fullmatch(cell):
        return _with_zero(re.sub(r"[^0-9]+", "", cell))
    if whole := _WHOLE.fullmatch(cell):
        number = Decimal(whole[1].replace(",", "."))
        return _with_zero(str(int(number))) if number == int(number) else ""
    return "" if _DECIMAL.fullmatch(cell) else cell


def _with_zero(digits: str) -> str:
    """Return a lone number with the zero it may have lost; nothing if it is a number of another kind."""
    number = digits.zfill(LENGTH)
    lowest, highest = NOT_A_LOST_ZERO
    return number if len(digits) == LENGTH or not lowest <= int(number[2:4]) <= highest else ""
