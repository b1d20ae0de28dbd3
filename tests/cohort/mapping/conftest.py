"""A mapping file and raw files, written, read and mapped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from backtorule_eval.cohort.mapping import Mapped, apply_mapping, read_mapping
from backtorule_eval.cohort.sources import read_sources
from backtorule_eval.errors import Problem


@dataclass(frozen=True)
class Site:
    """What became of a site's files."""

    mapped: Mapped
    problems: list[Problem]

    def cells(self, table: str, column: str) -> list[Any]:
        values = self.mapped.tables[table].frame[column]
        return [None if empty else value for value, empty in zip(values, values.isna(), strict=True)]

    def rows(self, table: str, *columns: str) -> list[tuple[Any, ...]]:
        return list(zip(*(self.cells(table, c) for c in columns), strict=True))

    @property
    def told(self) -> list[tuple[str, str, int, tuple[int, ...]]]:
        return [(p.rule, p.column, p.n_rows, p.first_rows) for p in self.problems]


@pytest.fixture
def site(tmp_path: Path) -> Callable[..., Site]:
    """Map raw files, given by name; a dot in the name is written as two underscores."""

    def make(mapping: str, **files: str | bytes) -> Site:
        path = tmp_path / "site.mapping.yaml"
        path.write_text(mapping, encoding="utf-8")
        for name, content in files.items():
            raw = content.encode() if isinstance(content, str) else content
            (tmp_path / name.replace("__", ".")).write_bytes(raw)
        read = read_mapping(path)
        raw_tables, problems = read_sources(read, folder=tmp_path, database=None)
        mapped = apply_mapping(read, raw_tables)
        return Site(mapped, [*problems, *mapped.problems])

    return make


@pytest.fixture
def complaints(tmp_path: Path) -> Callable[[str], list[str]]:
    """Everything that is wrong with a mapping file."""

    def read(mapping: str) -> list[str]:
        path = tmp_path / "m.yaml"
        path.write_text(mapping, encoding="utf-8")
        with pytest.raises(Exception, match=r"^m\.yaml: ") as caught:
            read_mapping(path)
        return [line.removeprefix("m.yaml: ") for line in str(caught.value).splitlines()]

    return read
