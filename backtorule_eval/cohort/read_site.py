"""A site's raw data as tables of the dictionary, not yet checked, with every problem met on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from backtorule_eval.cohort.dictionary import Column
from backtorule_eval.cohort.identity import contains_identity_number, identity_problems
from backtorule_eval.cohort.imported import FileRead
from backtorule_eval.cohort.mapping import MappedTable, MappingFile, apply_mapping, read_mapping
from backtorule_eval.cohort.register import read_parquet_folder
from backtorule_eval.cohort.source import SiteSource
from backtorule_eval.cohort.sources import RawTable, read_sources
from backtorule_eval.errors import SHOWN_ROWS, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRead:
    """What a source gave.

    Attributes
    ----------
    tables : mapping of str to MappedTable
        All tables of the dictionary; those no source feeds have no rows.
    extra_columns : mapping of str to Column
        Columns of `extras` that the mapping declares.
    files : tuple of FileRead
        What was read, in the order of the mapping file.
    problems : tuple of Problem
        Identity numbers first, then reading, then mapping.
    unread : frozenset of str
        Tables of which some source could not be read, or gave no row, so that what they lack says nothing.
    """

    tables: Mapping[str, MappedTable]
    extra_columns: Mapping[str, Column]
    files: tuple[FileRead, ...]
    problems: tuple[Problem, ...]
    unread: frozenset[str]


def read_site(source: SiteSource) -> SiteRead:
    """What do the raw data say in the dictionary's words?

    Identity numbers are looked for in the raw tables as they came, before anything is made of them.

    Raises
    ------
    ParameterProblem
        The mapping file is wrong.
    """
    if source.parquet is not None:
        return _read_parquet(source.parquet)
    # A source that is no Parquet folder has a mapping; it sees to that itself.
    return _read_mapped(source, read_mapping(cast("Path", source.mapping)))


def _read_mapped(source: SiteSource, mapping: MappingFile) -> SiteRead:
    """Read raw tables, look for identity numbers, map."""
    raw, problems = read_sources(mapping, folder=source.folder, database=source.database)
    identities = [p for table in raw.values() for p in _identities(table)]
    mapped = apply_mapping(mapping, raw)
    files = {t.file: FileRead(file=t.file, rows=len(t.frame), columns=t.frame.shape[1]) for t in raw.values()}
    return SiteRead(
        tables=mapped.tables,
        extra_columns=mapped.extra_columns,
        files=tuple(files.values()),
        problems=(*identities, *problems, *mapped.problems),
        unread=_unread(mapping, raw) | _filtered_away(mapped.problems),
    )


def _identities(table: RawTable) -> list[Problem]:
    """Identity numbers in a raw table, and in what of its file stands in no column."""
    found = [row for row, text in table.aside.items() if contains_identity_number(text)]
    rows = tuple(sorted(row for row in found if row))
    aside = Problem(
        rule="identity_number_aside", file=table.file, n_rows=len(rows), first_rows=rows[:SHOWN_ROWS]
    )
    return [*identity_problems(table.frame, file=table.file), *([aside] if found else [])]


def _unread(mapping: MappingFile, raw: Mapping[str, RawTable]) -> frozenset[str]:
    """Tables that are made from a source that could not be read."""
    sources = {name: [s for block in blocks for s in block.from_] for name, blocks in mapping.tables.items()}
    return frozenset(name for name, needed in sources.items() if not set(needed) <= set(raw))


def _filtered_away(problems: Sequence[Problem]) -> frozenset[str]:
    """Tables of which a filter in the mapping file left nothing."""
    return frozenset(p.table for p in problems if p.rule == "where_keeps_nothing")


def _read_parquet(folder: Path) -> SiteRead:
    """Read Parquet files that are in the dictionary's form, and look for identity numbers."""
    read = read_parquet_folder(folder)
    identities: list[Problem] = []
    files: list[FileRead] = []
    for table in read.tables.values():
        if len(table.frame):
            file = str(table.origin["file"].iloc[0])
            as_counted = table.frame.set_axis(table.origin["row"])
            identities += identity_problems(as_counted, file=file, table=table.name)
            files.append(FileRead(file=file, rows=len(table.frame), columns=len(table.source_columns)))
    return SiteRead(
        tables=read.tables,
        extra_columns={},
        files=tuple(files),
        problems=(*identities, *read.problems),
        unread=frozenset(p.table for p in read.problems if p.rule == "parquet_unreadable"),
    )
