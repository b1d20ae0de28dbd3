"""Does a mapping file speak of tables, columns, levels and files that exist?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from backtorule_eval.cohort.dictionary import Column, load_dictionary
from backtorule_eval.cohort.mapping.dates import check_format
from backtorule_eval.cohort.mapping.items import PLACEHOLDER, tells_wave
from backtorule_eval.cohort.mapping.long import REASON, VALUE, WAVE, item_column
from backtorule_eval.cohort.mapping.model import Block, ColumnRule, MappingFile
from backtorule_eval.cohort.mapping.typed import read_stated
from backtorule_eval.cohort.strict_yaml import nearest, place
from backtorule_eval.errors import ParameterProblem

_Loc = tuple[str | int, ...]


def unknown_names(raw: Mapping[str, Any]) -> Iterator[str]:
    """Sentences about tables and columns that the dictionary does not have.

    The file may be wrong elsewhere, too: nothing is taken for granted of its form.
    """
    known = load_dictionary().tables
    extras = _keys(raw.get("extras"))
    tables = raw.get("tables")
    for name, blocks in tables.items() if isinstance(tables, dict) else ():
        if name not in known:
            yield f"{place(('tables',))}there is no table {name!r}; {nearest(name, known)}"
            continue
        columns = [*known[name].columns, *(extras if known[name].open else ())]
        for i, block in enumerate(blocks if isinstance(blocks, list) else [blocks]):
            mapped = _keys(block.get("columns") if isinstance(block, dict) else None)
            where = place(("tables", name, i, "columns"))
            yield from (
                f"{where}the table {name!r} has no column {column!r}; {nearest(column, columns)}"
                for column in mapped
                if column not in columns
            )


def _keys(value: object) -> list[str]:
    """Keys of what should be a mapping; none if it is something else."""
    return [str(k) for k in value] if isinstance(value, dict) else []


def wrong_statements(mapping: MappingFile) -> Iterator[str]:
    """Sentences about everything else in a well-formed file that cannot be meant."""
    yield from _wrong_files(mapping)
    extras = yield from _extra_columns(mapping)
    for name, blocks in mapping.tables.items():
        table = load_dictionary().tables.get(name)
        if table is None:
            continue
        columns = {**table.columns, **(extras if table.open else {})}
        for i, block in enumerate(blocks):
            loc: _Loc = ("tables", name, i)
            yield from _wrong_sources(mapping, block, loc)
            yield from _wrong_columns(block, columns, loc)
            yield from _wrong_items(block, columns, loc)
            yield from _unfilled(block, columns, loc, name=name)
    filled = {c for block in mapping.tables.get("extras", ()) for c in block.columns}
    for name in mapping.extras:
        if name not in filled:
            yield f"{place(('extras', name))}is declared, but no block of the table 'extras' fills it."


def _extra_columns(mapping: MappingFile) -> Any:
    """The declared extras; tells of those that cannot be columns."""
    columns: dict[str, Column] = {}
    own = load_dictionary().tables["extras"].columns
    for name, extra in mapping.extras.items():
        if name in own:
            yield f"{place(('extras', name))}the table has a column of this name already."
        try:
            columns[name] = extra.as_column(name)
        except ParameterProblem as problem:
            yield f"{place(('extras', name))}{problem}"
    return columns


def _wrong_files(mapping: MappingFile) -> Iterator[str]:
    """Handles, formats and codes of the files."""
    used = {source.partition("/")[0] for source in mapping.sources}
    for handle, declared in mapping.files.items():
        loc = place(("files", handle))
        if "/" in handle:
            yield f"{loc}a name has no '/' in it."
        if handle not in used:
            yield f"{loc}no table is made from it. Use it or take it out."
        if declared.dates and (complaint := check_format(declared.dates)):
            yield f"{loc}{complaint}"
        yield from _wrong_reasons(declared.missing, ("files", handle, "missing"))


def _wrong_sources(mapping: MappingFile, block: Block, loc: _Loc) -> Iterator[str]:
    """Sources of a block that are not declared."""
    for source in (*block.from_, *(lookup.from_ for lookup in block.lookup)):
        handle, _, sheet = source.partition("/")
        declared = mapping.files.get(handle)
        if declared is None:
            yield f"{place((*loc, 'from'))}no file is called {handle!r}; {nearest(handle, mapping.files)}"
        elif sheet and declared.read_as != "xlsx":
            yield f"{place((*loc, 'from'))}{handle!r} is no workbook and has no sheets."
        elif sheet and declared.sheet:
            yield f"{place((*loc, 'from'))}{source!r} names a sheet, and the file names one as well."


def _wrong_columns(block: Block, columns: Mapping[str, Column], loc: _Loc) -> Iterator[str]:
    """Codes, constants and formats of a block's columns."""
    for name, rule in block.columns.items():
        if name in columns:
            yield from _wrong_rule(rule, columns[name], (*loc, "columns", name))


def _wrong_rule(rule: ColumnRule, column: Column, loc: _Loc) -> Iterator[str]:
    """What one rule states that its column cannot hold."""
    stated = [t for t in (rule.constant, *rule.codes.values()) if t is not None]
    if rule.days_after is not None:
        if column.type != "date":
            yield f"{place(loc)}days_after makes dates, and the column holds {column.type}."
        yield from _wrong_rule(rule.days_after, column, (*loc, "days_after"))
    else:
        yield from _wrong_values(stated, column, loc)
    if rule.dates and (complaint := check_format(rule.dates)):
        yield f"{place(loc)}{complaint}"
    yield from _wrong_reasons(rule.missing, (*loc, "missing"))


def _wrong_values(stated: list[str], column: Column, loc: _Loc) -> Iterator[str]:
    """Values that the mapping states and the column's type does not have."""
    reading = read_stated(stated, column)
    for mask in reading.broken.values():
        for text in (t for t, wrong in zip(stated, mask, strict=True) if wrong):
            hint = nearest(text, column.levels) if column.levels else f"the column holds {column.type}."
            yield f"{place(loc)}{text!r} is no value of this column; {hint}"


def _wrong_reasons(missing: Mapping[str, str], loc: _Loc) -> Iterator[str]:
    """Reasons that are no level of missing_reason."""
    known = load_dictionary().tables["surveys"].columns[REASON].levels
    for reason in dict.fromkeys(missing.values()):
        if reason and reason not in known:
            yield f"{place(loc)}{reason!r} is no reason; {nearest(reason, known)}"


def _wrong_items(block: Block, columns: Mapping[str, Column], loc: _Loc) -> Iterator[str]:
    """Items in a table without items, and what their answers cannot be."""
    yield from _wrong_reasons(block.answers.missing, (*loc, "answers", "missing"))
    yield from _wrong_reasons({"": block.answers.blank}, (*loc, "answers", "blank"))
    if not block.items:
        return
    if not item_column(columns):
        yield f"{place((*loc, 'items'))}this table has no items."
        return
    yield from _wrong_values(
        [t for t in block.answers.codes.values() if t], columns[VALUE], (*loc, "answers")
    )
    for name, item in block.items.items():
        here = (*loc, "items", name)
        if ("{n}" in item.column) != bool({"n", "nn"} & set(PLACEHOLDER.findall(name))):
            yield f"{place(here)}write {{n}} both in the raw column and in the item's name, or in neither."
        if ("{wave}" in item.column) != tells_wave(block):
            yield f"{place(here)}either all raw columns of a block tell the wave, or none."
        yield from _wrong_reasons(item.missing, (*here, "missing"))
        yield from _wrong_values([t for t in item.codes.values() if t], columns[VALUE], here)


def _unfilled(block: Block, columns: Mapping[str, Column], loc: _Loc, *, name: str) -> Iterator[str]:
    """Columns that may not be empty and that nothing fills, or that two things fill."""
    by_items = {item_column(columns), VALUE} if block.items else set()
    by_items |= {WAVE} if tells_wave(block) else set()
    for column in columns.values():
        if column.required and column.name not in {*block.columns, *by_items}:
            yield f"{place((*loc, 'columns'))}the table {name!r} needs the column {column.name!r}."
    for column_name in by_items & set(block.columns):
        yield f"{place((*loc, 'columns', column_name))}is filled by items; take it out here."
