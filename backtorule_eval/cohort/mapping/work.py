"""One block on its way from a raw table to rows of the dictionary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from backtorule_eval.cohort.dictionary import Column
from backtorule_eval.cohort.mapping.columns import ColumnRead, read_column
from backtorule_eval.cohort.mapping.model import Block, ColumnRule, Lookup
from backtorule_eval.cohort.mapping.reading import Array
from backtorule_eval.cohort.mapping.rows import RowsFound, keep_rows, look_up
from backtorule_eval.cohort.sources.raw_table import RawTable
from backtorule_eval.cohort.strict_yaml import nearest_name
from backtorule_eval.errors import Problem


@dataclass(slots=True, kw_only=True)
class Work:
    """The raw table as it stands, whose declarations hold for which column, and the problems so far."""

    raw: RawTable
    block: Block
    table: str
    problems: list[Problem] = field(default_factory=list)
    borrowed: dict[str, RawTable] = field(default_factory=dict)
    lacks_source: bool = False

    def has(self, names: Iterable[str]) -> bool:
        """Whether all these raw columns are there."""
        return set(names) <= set(self.raw.frame.columns)

    def read(self, rule: ColumnRule, column: Column) -> ColumnRead:
        """Read one rule, with the declarations of the file its columns come from."""
        lenders = {id(t): t for t in (self.borrowed.get(c, self.raw) for c in rule.own_columns)}
        lender = next(iter(lenders.values())) if len(lenders) == 1 else self.raw
        declared = replace(
            self.raw, kind=lender.kind, decimal=lender.decimal, dates=lender.dates, missing=lender.missing
        )
        read = read_column(declared, rule=rule, column=column, table=self.table)
        self.problems += read.problems
        return read

    def note(self, rule: str, *, column: str, rows: Array | None = None, **detail: str) -> None:
        """Add a problem of some rows, or of the file as a whole."""
        self.problems.append(
            self.raw.problem(rule, table=self.table, column=column, rows=rows, detail=detail)
        )

    def note_absent(self, names: Iterable[str], *, among: RawTable) -> None:
        """Tell of raw columns that are not there, unless the file they may be in could not be read."""
        known = [str(c) for c in among.frame.columns]
        for name in dict.fromkeys(names):
            if self.lacks_source or name in known or name in among.unusable:
                continue
            # A name that is not near may be a value, in a file without a header row: it is not told.
            near = nearest_name(name, known)
            rule, detail = ("column_misspelt", {"nearest": near}) if near else ("column_missing", {})
            self.problems.append(among.problem(rule, table=self.table, column=name, detail=detail))

    def filter(self) -> None:
        """Keep the rows that the block is about."""
        if self.has(self.block.where):
            self._take(keep_rows(self.raw, self.block.where, table=self.table))

    def look_up(self, lookup: Lookup, *, others: Mapping[str, RawTable], used: set[str]) -> None:
        """Set the used columns of another source beside the rows."""
        other = others.get(lookup.from_)
        if other is None:
            self.lacks_source = True
            return
        self.note_absent(lookup.on, among=self.raw)
        self.note_absent(lookup.on.values(), among=other)
        theirs = [str(c) for c in other.frame.columns]
        if not self.has(lookup.on) or not set(lookup.on.values()) <= set(theirs):
            return
        wanted = [c for c in theirs if c in used and c not in lookup.on.values()]
        for name in filter(lambda c: self.has([c]), wanted):
            self.note("lookup_column_clash", column=name, other=other.file)
        wanted = [c for c in wanted if not self.has([c])]
        self._take(look_up(self.raw, lookup, other=other, wanted=wanted, table=self.table))
        self.borrowed |= dict.fromkeys(wanted, other)

    def _take(self, found: RowsFound) -> None:
        """Go on with what a step found."""
        self.raw = found.raw
        self.problems += found.problems
