"""One block of a mapping file applied to one raw table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from backtorule_eval.cohort.dictionary import Column
from backtorule_eval.cohort.mapping.columns import ColumnRead, read_column
from backtorule_eval.cohort.mapping.model import Block
from backtorule_eval.cohort.sources.raw_table import RawTable
from backtorule_eval.cohort.strict_yaml import nearest
from backtorule_eval.errors import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockMapped:
    """Rows that one block makes of one raw table; `rows` are their physical row numbers."""

    file: str
    rows: np.ndarray[Any, Any] = field(repr=False)
    columns: Mapping[str, pd.Series[Any]] = field(repr=False)
    source_columns: Mapping[str, str]
    item_columns: Mapping[str, str]
    problems: tuple[Problem, ...]


def map_block(
    raw: RawTable, block: Block, *, table: str, columns: Mapping[str, Column], others: Mapping[str, RawTable]
) -> BlockMapped:
    """What rows of `table` does the block make of `raw`?"""
    frame = raw.frame
    absent = list(_absent_columns(raw, block, table=table))
    known = {p.column for p in absent}
    reads: dict[str, ColumnRead] = {
        name: read_column(raw, frame, rule=rule, column=columns[name], table=table)
        for name, rule in block.columns.items()
        if not known.intersection(rule.raw_columns)
    }
    problems = [*absent, *(p for r in reads.values() for p in r.problems)]
    spellings = {n: " + ".join(r.own_columns) for n, r in block.columns.items() if r.own_columns}
    return BlockMapped(
        file=raw.file,
        rows=frame.index.to_numpy(dtype=np.int64),
        columns={name: r.values for name, r in reads.items()},
        source_columns=spellings,
        item_columns={},
        problems=tuple(problems),
    )


def _absent_columns(raw: RawTable, block: Block, *, table: str) -> Iterator[Problem]:
    """A problem for each raw column that the block names and the file does not have."""
    wanted = dict.fromkeys(c for rule in block.columns.values() for c in rule.raw_columns)
    for name in wanted:
        if name not in raw.frame.columns:
            hint = nearest(name, map(str, raw.frame.columns))
            yield Problem(rule="column_missing", file=raw.file, table=table, column=name, detail={"hint": hint})
