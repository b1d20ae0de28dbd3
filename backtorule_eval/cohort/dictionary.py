"""The data dictionary as frozen objects: what tables and columns a cohort may hold.

`dictionary.yaml` beside this file is the only place where a column is described. Everything else
(checks, template, documentation, synthetic data) asks `load_dictionary`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any, Literal

import yaml

from backtorule_eval.errors import ParameterProblem

ColumnType = Literal["person", "code", "level", "integer", "number", "date", "text", "boolean"]
COLUMN_TYPES: tuple[str, ...] = ("person", "code", "level", "integer", "number", "date", "text", "boolean")


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """The same words in Norwegian bokmål and in English."""

    nb: str
    en: str

    def in_language(self, language: str) -> str:
        """Return the words in `language`, "nb" or "en"."""
        return {"nb": self.nb, "en": self.en}[language]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of one table.

    Attributes
    ----------
    type : ColumnType
        What the values are. In a cohort's frames person, code, level and text are pandas ``str``, integer is
        ``Int64``, number is ``float64``, date is ``datetime64[us]`` (midnight, no zone), boolean is ``boolean``.
    range : (float, float) or None
        Lowest and highest value allowed, both included.
    levels : mapping of level to Text
        Empty unless `type` is "level".
    sensitive : bool
        Special category of personal data or close to it: full and empty cells are unsafe too.
    """

    name: str
    type: ColumnType
    label: Text
    key: bool = False
    required: bool = False
    sensitive: bool = False
    unit: str = ""
    range: tuple[float, float] | None = None
    levels: Mapping[str, Text] = field(default_factory=dict)
    pattern: str = ""
    example: str = ""
    references: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table: what a row is, and its columns in order. An open table takes columns a mapping declares."""

    name: str
    label: Text
    row: Text
    columns: Mapping[str, Column]
    open: bool = False

    @property
    def key(self) -> tuple[str, ...]:
        """Names of the columns that together make a row unique."""
        return tuple(c.name for c in self.columns.values() if c.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dictionary:
    """All tables, in the order of the documentation."""

    version: int
    tables: Mapping[str, Table]


def read_column(name: str, entry: Mapping[str, Any]) -> Column:
    """Make a `Column` from one entry of a dictionary or of a mapping file's declared extras."""
    known = {f for f in Column.__dataclass_fields__ if f != "name"}
    if unknown := sorted(set(entry) - known):
        raise ParameterProblem(f"Column {name!r} has unknown properties: {', '.join(unknown)}.")
    if entry.get("type") not in COLUMN_TYPES:
        raise ParameterProblem(f"Column {name!r} needs a type out of: {', '.join(COLUMN_TYPES)}.")
    if (entry["type"] == "level") != bool(entry.get("levels")):
        raise ParameterProblem(f"Column {name!r}: levels belong to type level, and to no other type.")
    parts = dict(entry)
    parts["label"] = Text(**entry["label"])
    parts["levels"] = {str(k): Text(**v) for k, v in entry.get("levels", {}).items()}
    if "range" in entry:
        low, high = entry["range"]
        parts["range"] = (float(low), float(high))
    return Column(name=name, **parts)


def _read_table(name: str, entry: Mapping[str, Any]) -> Table:
    """Make one `Table`."""
    columns = {column: read_column(column, e) for column, e in entry["columns"].items()}
    return Table(
        name=name,
        label=Text(**entry["label"]),
        row=Text(**entry["row"]),
        columns=columns,
        open=bool(entry.get("open", False)),
    )


@cache
def load_dictionary() -> Dictionary:
    """Read the dictionary that this version of the package carries."""
    text = resources.files(__package__).joinpath("dictionary.yaml").read_text(encoding="utf-8")
    raw = yaml.safe_load(text)
    tables = {name: _read_table(name, entry) for name, entry in raw["tables"].items()}
    return Dictionary(version=int(raw["version"]), tables=tables)
