"""The data dictionary as frozen objects: what tables and columns a cohort may hold.

`dictionary.yaml` beside this file is the only place where a column is described. Everything else
(checks, template, documentation, synthetic data) asks `load_dictionary`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any, Literal

import yaml

from backtorule_eval.errors import ParameterProblem

ColumnType = Literal["person", "code", "level", "integer", "number", "date", "text", "boolean"]
PANDAS_TYPES: Mapping[str, str] = {
    "person": "str",
    "code": "str",
    "level": "str",
    "integer": "Int64",
    "number": "float64",
    "date": "datetime64[us]",
    "text": "str",
    "boolean": "boolean",
}
COLUMN_TYPES: tuple[str, ...] = tuple(PANDAS_TYPES)


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
        ``Int64``, number is ``float64``, date is ``datetime64[us]`` (midnight, no zone), boolean is
        ``boolean``. `PANDAS_TYPES` says the same to programs.
    range : (float, float) or None
        Lowest and highest value allowed, both included.
    levels : mapping of level to Text
        Empty unless `type` is "level".
    sensitive : bool
        Special category of personal data or close to it: full and empty cells are unsafe too.
    measured : "baseline", "later" or ""
        Whether the value was settled at the start or may be a consequence of what came after. Not told ("")
        counts as later: an analysis takes only baseline columns as covariates.
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
    measured: Literal["", "baseline", "later"] = ""


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
    """Make a `Column` from one entry of a dictionary or of a mapping file's declared extras.

    Raises
    ------
    ParameterProblem
        A property is unknown, lacking or badly formed; the message names column, property and remedy.
    """
    if not isinstance(entry, Mapping):
        raise ParameterProblem(f"Column {name!r} needs properties, at least type and label.")
    known = {f for f in Column.__dataclass_fields__ if f != "name"}
    if unknown := sorted({str(key) for key in entry} - known):
        raise ParameterProblem(f"Column {name!r} has unknown properties: {', '.join(unknown)}.")
    if entry.get("type") not in COLUMN_TYPES:
        raise ParameterProblem(f"Column {name!r} needs a type out of: {', '.join(COLUMN_TYPES)}.")
    if (entry["type"] == "level") != bool(entry.get("levels")):
        raise ParameterProblem(f"Column {name!r}: levels belong to type level, and to no other type.")
    parts = dict(entry)
    parts["label"] = _read_text(f"Column {name!r}: label", entry.get("label"))
    if "levels" in entry:
        parts["levels"] = _read_levels(name, entry["levels"])
    if "range" in entry:
        parts["range"] = _read_range(name, entry)
    _check_simple(name, parts)
    return Column(name=name, **parts)


def _read_text(where: str, entry: object) -> Text:
    """Make a `Text`; both languages are needed and neither may be empty."""
    words = entry if isinstance(entry, Mapping) else {}
    if set(words) != {"nb", "en"} or not all(isinstance(w, str) and w.strip() for w in words.values()):
        raise ParameterProblem(f"{where} needs words in both nb and en, as {{nb: ..., en: ...}}.")
    return Text(nb=words["nb"], en=words["en"])


def _read_levels(name: str, entry: object) -> dict[str, Text]:
    """Read levels; a level that YAML took for true, false or a date must be put in quotes."""
    if not isinstance(entry, Mapping):
        raise ParameterProblem(f"Column {name!r}: levels must be given as level: {{nb: ..., en: ...}}.")
    if not all(isinstance(level, str) or type(level) is int for level in entry):
        raise ParameterProblem(
            f"Column {name!r}: put levels such as yes, no, on, off and 1.0 in quotes, or YAML changes them."
        )
    levels = {str(k): _read_text(f"Column {name!r}, level {str(k)!r}:", v) for k, v in entry.items()}
    if len(levels) < len(entry):
        raise ParameterProblem(f"Column {name!r}: a level is given twice, once as a number and once as text.")
    return levels


def _read_range(name: str, entry: Mapping[str, Any]) -> tuple[float, float]:
    """Read a range: two numbers, the lower first, and only where values are numbers."""
    limits = entry["range"]
    numbers = isinstance(limits, list | tuple) and all(type(limit) in {int, float} for limit in limits)
    if not numbers or len(limits) != 2 or limits[0] > limits[1]:  # noqa: PLR2004
        raise ParameterProblem(f"Column {name!r}: range needs two numbers, the lower first, as [0, 60].")
    if entry["type"] not in {"integer", "number"}:
        raise ParameterProblem(f"Column {name!r}: only columns of type integer or number have a range.")
    return float(limits[0]), float(limits[1])


def _check_simple(name: str, parts: Mapping[str, Any]) -> None:
    """Refuse yes-or-no properties that are neither, texts that are none, and patterns that are no pattern."""
    for key in ("key", "required", "sensitive"):
        if not isinstance(parts.get(key, False), bool):
            raise ParameterProblem(f"Column {name!r}: {key} is true or false.")
    for key in ("unit", "pattern", "example", "references"):
        if not isinstance(parts.get(key, ""), str):
            raise ParameterProblem(f"Column {name!r}: {key} is text; put it in quotes.")
    if parts.get("measured", "") not in {"", "baseline", "later"}:
        raise ParameterProblem(f"Column {name!r}: measured is baseline or later.")
    try:
        re.compile(parts.get("pattern", ""))
    except re.error:
        raise ParameterProblem(f"Column {name!r}: pattern is not a regular expression.") from None


def _read_table(name: str, entry: Mapping[str, Any]) -> Table:
    """Make one `Table`."""
    columns = {column: read_column(column, e) for column, e in entry["columns"].items()}
    return Table(
        name=name,
        label=_read_text(f"Table {name!r}: label", entry.get("label")),
        row=_read_text(f"Table {name!r}: row", entry.get("row")),
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
