"""One block of a mapping file applied to one raw table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from backtorule_eval.cohort.dictionary import Column
from backtorule_eval.cohort.mapping.items import Item, items_of, patterns_without_column
from backtorule_eval.cohort.mapping.long import make_long, stated_reasons
from backtorule_eval.cohort.mapping.model import Block
from backtorule_eval.cohort.mapping.reading import Array
from backtorule_eval.cohort.mapping.work import Work
from backtorule_eval.cohort.sources.raw_table import RawTable
from backtorule_eval.errors import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockMapped:
    """Rows that one block makes of one raw table; `rows` are their physical row numbers."""

    file: str
    rows: Array = field(repr=False)
    columns: Mapping[str, pd.Series[Any]] = field(repr=False)
    source_columns: Mapping[str, str]
    item_columns: Mapping[str, str]
    problems: tuple[Problem, ...]


def map_block(
    raw: RawTable, block: Block, *, table: str, columns: Mapping[str, Column], others: Mapping[str, RawTable]
) -> BlockMapped:
    """What rows of `table` does the block make of `raw`?

    Parameters
    ----------
    raw : RawTable
        One of the block's sources.
    columns : mapping of str to Column
        The table's columns.
    others : mapping of source to RawTable
        Where lookups look.
    """
    work = Work(raw=raw, block=block, table=table)
    used = {c for rule in block.columns.values() for c in rule.raw_columns}
    used |= {*block.where, *(item.column for item in block.items.values())}
    for lookup in block.lookup:
        work.look_up(lookup, others=others, used=used)
    work.note_absent([c for rule in block.columns.values() for c in rule.raw_columns], among=work.raw)
    work.note_absent(block.where, among=work.raw)
    items = _usable_items(work)
    work.filter()
    reads = {
        name: work.read(rule, columns[name])
        for name, rule in block.columns.items()
        if work.has(rule.raw_columns)
    }
    made = {name: read.values for name, read in reads.items()}
    rows = work.raw.frame.index.to_numpy(dtype=np.int64)
    if block.items:
        long = make_long(work, items, made=made, columns=columns)
        made, rows = long.columns, rows[long.row]
    elif "value" in reads:
        made |= stated_reasons(work, reads["value"], columns=columns)
    return BlockMapped(
        file=raw.file,
        rows=rows,
        columns=made,
        source_columns={n: " + ".join(r.own_columns) for n, r in block.columns.items() if r.own_columns},
        item_columns={item.name: item.column for item in items},
        problems=tuple(work.problems),
    )


def _usable_items(work: Work) -> list[Item]:
    """Items whose raw column is there; the others are told."""
    names = [str(c) for c in work.raw.frame.columns]
    items = list(items_of(work.block, names))
    work.note_absent([item.column for item in items], among=work.raw)
    for pattern in patterns_without_column(work.block, names):
        work.note("items_no_column", column=pattern)
    return [item for item in items if item.column in names]
