"""The data dictionary as a page to read, made from `dictionary.yaml` so that the two cannot drift apart.

``python -m backtorule_eval.cohort.documentation docs/data-dictionary.md`` writes it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from backtorule_eval.cohort.dictionary import Column, Dictionary, Table, load_dictionary

COMMAND = "python -m backtorule_eval.cohort.documentation docs/data-dictionary.md"

_INTRODUCTION = f"""\
# Data dictionary

<!-- Made from backtorule_eval/cohort/dictionary.yaml. Do not edit; run: {COMMAND} -->

Every table and column a cohort can hold, with its label in English and in Norwegian bokmål. A site's own
files look different; a mapping file says how they become these tables. The empty workbook that
`backtorule template` writes, the checks and the synthetic site come from the same dictionary.

Names of people, addresses and identity numbers have no place in any column. A person is a pseudonym; the key
to it stays at the site.

| Type | Values |
| --- | --- |
| person | pseudonym, text |
| code | short identifier, text; leading zeros count |
| level | one of the levels listed under the table |
| integer, number | whole number; any number |
| date | day, written year-month-day as 2025-08-18 |
| text | free text |
| boolean | yes or no |

*Key*: the columns that together make a row unique. *Required*: may never be empty. *Baseline*: settled at the
start, so that an analysis may adjust for it; *later*: may be a consequence of what came after. *Sensitive*: a
special category of personal data (GDPR art. 9) or close to it; that all of a group have it, or none of them,
is protected too.
"""


def document_dictionary(dictionary: Dictionary) -> str:
    """What may a cohort hold, column by column, in Markdown?

    Parameters
    ----------
    dictionary : Dictionary
        The tables to describe, in this order.

    Returns
    -------
    str
        A whole Markdown page; the same dictionary gives the same text.
    """
    contents = [f"- [{t.name}](#{t.name}): {t.label.en} ({t.label.nb})" for t in dictionary.tables.values()]
    sections = [_section(table) for table in dictionary.tables.values()]
    return "\n".join([_INTRODUCTION, f"Version {dictionary.version}. Tables:\n", *contents, "", *sections])


def _section(table: Table) -> str:
    """Describe one table."""
    lines = [f"## {table.name}", "", f"{table.label.en} ({table.label.nb}). One row per {_row(table)}.", ""]
    if table.open:
        lines += ["A mapping file may declare further columns, each with type, label and sensitivity.", ""]
    columns = table.columns.values()
    lines += _grid(["Column", "English", "Norsk", "Type", "Values", "Notes"], map(_line, columns))
    if levels := [line for column in columns for line in _level_lines(column)]:
        lines += ["", *_grid(["Column", "Level", "English", "Norsk"], levels)]
    return "\n".join([*lines, ""])


def _row(table: Table) -> str:
    """What a row is, without the article."""
    return table.row.en.removeprefix("one ")


def _line(column: Column) -> tuple[str, ...]:
    """One column as a row of the table."""
    notes = [word for word in ("key", "required", "sensitive") if getattr(column, word)]
    notes += [column.measured] if column.measured else []
    if column.references:
        notes.append(f"exists in {column.references}")
    words = (column.label.en, column.label.nb, column.type, _values(column), ", ".join(notes))
    return (_code(column.name), *words)


def _values(column: Column) -> str:
    """Which values are allowed, in words."""
    if column.levels:
        return f"{len(column.levels)} levels, below"
    if column.range:
        low, high = column.range
        unit = f" ({column.unit})" if column.unit else ""
        return f"{low:.15g} to {high:.15g}{unit}"
    if column.example:
        return f"such as {_code(column.example)}"
    return column.unit


def _level_lines(column: Column) -> Iterator[tuple[str, ...]]:
    """The levels of one column as rows; the column is named on each, so that a row can be read alone."""
    for level, label in column.levels.items():
        yield _code(column.name), _code(level), label.en, label.nb


def _grid(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Lines of a Markdown table."""
    body = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return ["| " + " | ".join(header) + " |", "| " + " | ".join("---" for _ in header) + " |", *body]


def _code(text: str) -> str:
    """Set as code."""
    return f"`{text}`"


def main(arguments: Sequence[str]) -> int:
    """Write the page to the file named, or to standard output."""
    page = document_dictionary(load_dictionary()).encode()
    if arguments:
        Path(arguments[0]).write_bytes(page)
    else:
        # Bytes, so that no console's encoding or line ending gets into a redirected file.
        sys.stdout.buffer.write(page)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
