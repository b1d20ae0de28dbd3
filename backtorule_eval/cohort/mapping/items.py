"""Wide to long: one raw column per item becomes one row per item."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from backtorule_eval.cohort.mapping.model import Answers, Block, ColumnRule, ItemRule
from backtorule_eval.cohort.mapping.reading import Array

# {n} and {nn} stand for a number in an item's name, {n} and {wave} in a raw column's.
PLACEHOLDER = re.compile(r"\{(nn?|wave)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item: its name, how its raw column is read, and its wave if the column's name tells it."""

    name: str
    rule: ColumnRule
    wave: int | None = None

    @property
    def column(self) -> str:
        """The raw column."""
        return self.rule.column


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """Which cells of a matrix (rows x items) become rows, in order.

    Attributes
    ----------
    row, item : np.ndarray of int
        For every long row its row in the raw table and its item.
    """

    row: Array
    item: Array


def items_of(block: Block, columns: Iterable[str]) -> Iterator[Item]:
    """Which items does a block make of a file with these columns?

    A pattern gives one item for each raw column it describes; none if there is no such column.
    """
    names = list(columns)
    for name, item in block.items.items():
        if not PLACEHOLDER.search(item.column):
            yield Item(name=name, rule=_rule(item, block.answers, column=item.column))
            continue
        pattern = column_pattern(item.column)
        for found in filter(None, map(pattern.fullmatch, names)):
            parts = found.groupdict()
            yield Item(
                name=_named(name, parts.get("n")),
                rule=_rule(item, block.answers, column=found.string),
                wave=int(parts["wave"]) if "wave" in parts else None,
            )


def patterns_without_column(block: Block, columns: Iterable[str]) -> tuple[str, ...]:
    """Patterns that describe no raw column."""
    names = list(columns)
    patterns = [item.column for item in block.items.values() if PLACEHOLDER.search(item.column)]
    return tuple(p for p in patterns if not any(map(column_pattern(p).fullmatch, names)))


def column_pattern(text: str) -> re.Pattern[str]:
    """The regular expression of a raw column's name with placeholders."""
    pieces = PLACEHOLDER.split(text)
    parts = [
        re.escape(p) if i % 2 == 0 else rf"(?P<{p[0] if p != 'wave' else p}>\d+)"
        for i, p in enumerate(pieces)
    ]
    return re.compile("".join(parts), re.ASCII)


def tells_wave(block: Block) -> bool:
    """Whether the names of the raw columns tell the wave."""
    return any("{wave}" in item.column for item in block.items.values())


def cut_answered(answered: Array, waves: list[int | None]) -> Cut:
    """Which cells become rows?

    A form (a row's items of one wave) in which nothing at all is answered makes no rows: it was not filled
    in. In all other forms every item makes a row.

    Parameters
    ----------
    answered : np.ndarray of bool, rows x items
        True for a value, or for a code that says why there is none.
    waves : list
        The wave of each item.
    """
    kept = np.zeros(answered.shape, dtype=bool)
    for wave in dict.fromkeys(waves):
        items = np.array([w == wave for w in waves], dtype=bool)
        kept[np.ix_(answered[:, items].any(axis=1), items)] = True
    row, item = np.nonzero(kept)
    return Cut(row=row, item=item)


def _named(name: str, number: str | None) -> str:
    """The item's name with the number its column has; {nn} writes at least two digits."""
    if number is None:
        return name
    digits = str(int(number))
    return name.replace("{nn}", digits.zfill(2)).replace("{n}", digits)


def _rule(item: ItemRule, answers: Answers, *, column: str) -> ColumnRule:
    """How one item is read: its own words first, then those for all answers."""
    missing: Mapping[str, str] = {**answers.missing, **item.missing}
    return ColumnRule(
        column=column,
        replace={**answers.replace, **item.replace},
        codes=item.codes or answers.codes,
        missing=missing,
        decimal=item.decimal or answers.decimal,
    )
