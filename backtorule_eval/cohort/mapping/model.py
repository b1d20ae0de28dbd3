"""What a mapping file can say, as frozen models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from backtorule_eval.cohort.dictionary import Column, ColumnType, read_column
from backtorule_eval.cohort.sources.declaration import Code, Decimal, FileDeclaration, MissingCodes
from backtorule_eval.cohort.sources.header import tidy_name
from backtorule_eval.cohort.strict_yaml import Strict


def _as_rule(value: Any) -> Any:
    """Let a plain string mean the raw column of that name."""
    return {"column": value} if isinstance(value, str) else value


def _as_list(value: Any) -> Any:
    """Let one thing stand for a list of one."""
    return [value] if isinstance(value, str | dict) else value


def _as_condition(value: Any) -> Any:
    """Let a value, or a list of values, mean "is one of"."""
    return {"is": _as_list(value)} if isinstance(value, str | list) else value


def _as_lookup_keys(value: Any) -> Any:
    """Let one name, or a list of names, mean columns with the same name on both sides."""
    names = _as_list(value) if isinstance(value, str) else value
    return {name: name for name in names} if isinstance(names, list) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_as_list)]
ColumnName = Annotated[str, AfterValidator(tidy_name)]
CodeList = Annotated[tuple[Code, ...], BeforeValidator(_as_list)]
Codes = Mapping[Code, str | None]
Repairs = Mapping[Code, Code]


class Split(Strict):
    """Part number `part` (from 1) of a text cut at `by`; every text must have `of` parts."""

    by: Annotated[str, Field(min_length=1)]
    part: Annotated[int, Field(ge=1)]
    of: Annotated[int, Field(ge=2)] = 2

    @model_validator(mode="after")
    def _part_exists(self) -> Split:
        if self.part > self.of:
            raise ValueError(f"part {self.part} of {self.of} does not exist.")
        return self


class ColumnRule(Strict):
    """Where one column of the dictionary comes from.

    Attributes
    ----------
    column : str
        Raw column. Exactly one of column, constant and join is given.
    constant : str
        The same value in every row.
    join, between
        Raw columns whose texts are put together, and what stands between them; missing if one of them is.
    replace : mapping of code to code
        Repairs of single values; all other values stay.
    codes : mapping of code to value
        Complete list of the raw codes (or labels); a code that is not listed is a problem. null means
        missing.
    missing : mapping of code to reason
        Codes that mean "no value", beside those of the file.
    dates, decimal : str
        As for the file, for this column alone.
    split : Split or None
        Take a part of the text.
    days_after : ColumnRule or None
        The raw column counts days after this date.
    """

    column: ColumnName = ""
    constant: str | None = None
    join: tuple[ColumnName, ...] = ()
    between: str = ""
    replace: Repairs = Field(default_factory=dict)
    codes: Codes = Field(default_factory=dict)
    missing: MissingCodes = Field(default_factory=dict)
    dates: str = ""
    decimal: Decimal = ""
    split: Split | None = None
    days_after: Annotated[ColumnRule, BeforeValidator(_as_rule)] | None = None

    @model_validator(mode="after")
    def _one_origin(self) -> ColumnRule:
        if sum((bool(self.column), self.constant is not None, bool(self.join))) != 1:
            raise ValueError("give exactly one of column, constant and join.")
        return self

    @property
    def own_columns(self) -> tuple[str, ...]:
        """Raw columns of the rule itself."""
        return self.join or ((self.column,) if self.column else ())

    @property
    def raw_columns(self) -> tuple[str, ...]:
        """Every raw column that is read, that of `days_after` too."""
        return self.own_columns + (self.days_after.raw_columns if self.days_after else ())


class ItemRule(Strict):
    """One item: its raw column, and how its answers differ from those of the other items."""

    column: ColumnName
    replace: Repairs = Field(default_factory=dict)
    codes: Codes = Field(default_factory=dict)
    missing: MissingCodes = Field(default_factory=dict)
    decimal: Decimal = ""


class Answers(Strict):
    """How answers are written, in all items of a block; `blank` is the reason of an empty cell."""

    replace: Repairs = Field(default_factory=dict)
    codes: Codes = Field(default_factory=dict)
    missing: MissingCodes = Field(default_factory=dict)
    decimal: Decimal = ""
    blank: str = "source_missing"


class Condition(Strict):
    """Which rows are kept, by the text of one raw column: `is` one of, `not` one of, `empty` or not."""

    is_: CodeList = Field(default=(), alias="is")
    not_: CodeList = Field(default=(), alias="not")
    empty: bool | None = None

    @model_validator(mode="after")
    def _one_test(self) -> Condition:
        if sum((bool(self.is_), bool(self.not_), self.empty is not None)) != 1:
            raise ValueError("give exactly one of is, not and empty.")
        return self


class Lookup(Strict):
    """Columns of another source set beside each row, found by key (own column -> the other's column)."""

    from_: str = Field(alias="from")
    on: Annotated[Mapping[ColumnName, ColumnName], BeforeValidator(_as_lookup_keys), Field(min_length=1)]


class Block(Strict):
    """How one source, or several of the same form, become rows of one table."""

    from_: Annotated[Names, Field(min_length=1)] = Field(alias="from")
    where: Mapping[ColumnName, Annotated[Condition, BeforeValidator(_as_condition)]] = Field(
        default_factory=dict
    )
    lookup: Annotated[tuple[Lookup, ...], BeforeValidator(_as_list)] = ()
    columns: Mapping[str, Annotated[ColumnRule, BeforeValidator(_as_rule)]]
    items: Mapping[str, Annotated[ItemRule, BeforeValidator(_as_rule)]] = Field(default_factory=dict)
    answers: Answers = Answers()


class Words(Strict):
    """A label in both languages."""

    nb: str
    en: str


class ExtraColumn(Strict):
    """A column of the table `extras`, described as the dictionary describes its own."""

    type: ColumnType
    label: Words
    required: bool = False
    sensitive: bool = False
    unit: str = ""
    range: tuple[float, float] | None = None
    levels: Mapping[str, Words] = Field(default_factory=dict)
    pattern: str = ""
    example: str = ""
    measured: Literal["", "baseline", "later"] = ""

    @model_validator(mode="after")
    def _levels_with_their_type(self) -> ExtraColumn:
        if (self.type == "level") != bool(self.levels):
            raise ValueError("levels belong to type level, and to no other type.")
        return self

    def as_column(self, name: str) -> Column:
        """The same as a column of the dictionary."""
        return read_column(name, self.model_dump(exclude_defaults=True))


class MappingFile(Strict):
    """A whole mapping file: the raw files, the tables made from them, and the declared extra columns."""

    files: Annotated[Mapping[str, FileDeclaration], Field(min_length=1)]
    tables: Annotated[
        Mapping[str, Annotated[tuple[Block, ...], BeforeValidator(_as_list)]], Field(min_length=1)
    ]
    extras: Mapping[str, ExtraColumn] = Field(default_factory=dict)

    @property
    def sources(self) -> tuple[str, ...]:
        """Every ``handle`` or ``handle/sheet`` that a table is made from, in order, once."""
        used = [
            source
            for blocks in self.tables.values()
            for block in blocks
            for source in (*block.from_, *(lookup.from_ for lookup in block.lookup))
        ]
        return tuple(dict.fromkeys(used))

    @property
    def extra_columns(self) -> dict[str, Column]:
        """The declared extra columns as columns of the dictionary."""
        return {name: column.as_column(name) for name, column in self.extras.items()}
