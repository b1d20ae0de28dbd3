"""Raw tables to the dictionary's tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd

from backtorule_eval.cohort.dictionary import PANDAS_TYPES, Column, Table, load_dictionary
from backtorule_eval.cohort.mapping.blocks import BlockMapped, map_block
from backtorule_eval.cohort.mapping.mapped import Mapped, MappedTable
from backtorule_eval.cohort.mapping.model import Block, MappingFile
from backtorule_eval.cohort.sources.raw_table import RawTable
from backtorule_eval.errors import Problem


def apply_mapping(mapping: MappingFile, raw: Mapping[str, RawTable]) -> Mapped:
    """What do the raw tables say in the dictionary's words?

    Parameters
    ----------
    mapping : MappingFile
        From `read_mapping`.
    raw : mapping of source to RawTable
        From `read_sources`. A source that is not there could not be read; its rows are left out, and the
        problem has been told already.

    Returns
    -------
    Mapped
        Every table of the dictionary. Cells that cannot be read are missing in it and told as problems:
        one per file, column and rule. Nothing is raised.
    """
    extras = mapping.extra_columns
    tables: dict[str, MappedTable] = {}
    problems: list[Problem] = []
    for name, table in load_dictionary().tables.items():
        columns = {**table.columns, **(extras if table.open else {})}
        blocks = _mapped_blocks(mapping.tables.get(name, ()), table, columns=columns, raw=raw)
        tables[name] = _stacked(name, blocks, columns=columns)
        # Two blocks that use the same column of a file find the same fault.
        for problem in chain.from_iterable(block.problems for block in blocks):
            if problem not in problems:
                problems.append(problem)
    return Mapped(tables=tables, extra_columns=extras, problems=tuple(problems))


def _mapped_blocks(
    blocks: Sequence[Block], table: Table, *, columns: Mapping[str, Column], raw: Mapping[str, RawTable]
) -> list[BlockMapped]:
    """Every block of a table, once for each of its sources that could be read."""
    return [
        map_block(raw[source], block, table=table.name, columns=columns, others=raw)
        for block in blocks
        for source in block.from_
        if source in raw
    ]


def _stacked(name: str, blocks: Sequence[BlockMapped], *, columns: Mapping[str, Column]) -> MappedTable:
    """One table from all its blocks, in order."""
    frame = pd.DataFrame({c: _column(c, column, blocks) for c, column in columns.items()})
    files = [b.file for b in blocks for _ in range(len(b.rows))]
    rows = np.concatenate([b.rows for b in blocks]) if blocks else np.empty(0, dtype=np.int64)
    origin = pd.DataFrame({"file": pd.array(files, dtype="str"), "row": rows.astype(np.int64)})
    items = {item: column for b in blocks for item, column in b.item_columns.items()}
    return MappedTable(
        name=name, frame=frame, origin=origin, source_columns=_spellings(blocks), item_columns=items
    )


def _column(name: str, column: Column, blocks: Sequence[BlockMapped]) -> Any:
    """One column of all blocks; missing where a block does not have it."""
    dtype = PANDAS_TYPES[column.type]
    parts = [
        b.columns[name] if name in b.columns else pd.Series(None, index=range(len(b.rows)), dtype=dtype)
        for b in blocks
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.Series([], dtype=dtype)


def _spellings(blocks: Sequence[BlockMapped]) -> dict[str, str]:
    """How the files spell the columns; different spellings side by side."""
    found: dict[str, dict[str, None]] = {}
    for block in blocks:
        for column, spelling in block.source_columns.items():
            found.setdefault(column, {})[spelling] = None
    return {column: " / ".join(spellings) for column, spellings in found.items()}
