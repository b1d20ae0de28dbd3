"""One table object, and the formats it is written in; every format has the same digits."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from io import StringIO

from backtorule_eval.report.latex import (
    is_paragraph,
    latex_columns,
    latex_head,
    latex_label,
    latex_size,
    latex_text,
)
from backtorule_eval.report.turning import unturned

# What makes a spreadsheet program read a text as a formula or a command.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\N{MINUS SIGN}")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    Attributes
    ----------
    shown : str
        As a reader sees it, in the reader's language.
    plain : str
        The same digits for a machine (decimal point); "" when the cell is words.
    figure : bool
        Whether the cell holds a figure, or stands where one is hidden or not there.
    """

    shown: str
    plain: str = ""
    figure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table with a caption, one row of column heads and a head for every row.

    Attributes
    ----------
    caption : str
    head : tuple of str
        Column heads; none may be empty, a reader hears them before each cell.
    rows : tuple of tuple of Cell
        The first cell of a row is its head.
    notes : tuple of str
        Sentences under the table.

    Raises
    ------
    ValueError
        The caption or a head is empty, or a row has another length than the head.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.caption or not self.head or not all(self.head):
            raise ValueError("A table needs a caption and a name for every column.")
        if any(len(row) != len(self.head) or not row[0].shown for row in self.rows):
            raise ValueError(f"{self.caption}: every row needs a name and one cell per column.")

    def to_html(self) -> str:
        """Write the table as HTML: caption, scopes, a region of its own that scrolls on a narrow screen."""
        head = "".join(
            f'<th scope="col"{_numeric(self, i)}>{escape(h)}</th>' for i, h in enumerate(self.head)
        )
        body = "".join(f"<tr>{_html_row(self, row)}</tr>" for row in self.rows)
        notes = "".join(f'<p class="note">{escape(note)}</p>' for note in self.notes)
        return (
            f'<div class="scroll" role="region" tabindex="0" aria-label="{escape(self.caption)}"><table>'
            f"<caption><span>{escape(self.caption)}</span></caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody>"
            f"</table></div>{notes}"
        )

    def to_text(self) -> str:
        """Write the table as lines of text, for a terminal."""
        lines = [self.caption, " | ".join(self.head)]
        lines += [" | ".join(cell.shown for cell in row) for row in self.rows]
        return "\n".join([*lines, *self.notes])

    def to_latex(self, key: str) -> str:
        """Write the table as a floating LaTeX table with caption, label and notes; it needs booktabs.

        Parameters
        ----------
        key : str
            Stable name; the table is referred to as "tab:<key>".
        """
        numeric = [_is_numeric(self, i) for i in range(len(self.head))]
        heads = [latex_head(h) if n else latex_text(h) for h, n in zip(self.head, numeric, strict=True)]
        labels = [self.head[0], *(row[0].shown for row in self.rows)]
        lines = [heads, *([latex_text(cell.shown) for cell in row] for row in self.rows)]
        ragged = r"\raggedright " if is_paragraph(labels) else ""
        first, *rows = (rf"{ragged}{' & '.join(line)} \\" for line in lines)
        return "\n".join(
            (
                r"\begin{table}[htbp]",
                latex_size(len(self.head)),
                rf"\caption{{{latex_text(self.caption)}}}",
                rf"\label{{{latex_label(key)}}}",
                rf"\begin{{tabular}}{{@{{}}{latex_columns(labels, numeric)}@{{}}}}",
                r"\toprule",
                first,
                r"\midrule",
                *rows,
                r"\bottomrule",
                r"\end{tabular}",
                *(rf"\par\smallskip{{\footnotesize {latex_text(note)}\par}}" for note in self.notes),
                "\\end{table}\n",
            )
        )

    def to_rows(self) -> tuple[tuple[str, ...], ...]:
        """Return head and rows as plain texts, numbers with a decimal point, words as they are."""
        return (self.head, *(tuple(cell.plain or cell.shown for cell in row) for row in self.rows))


def _is_numeric(table: Table, column: int) -> bool:
    """Tell whether a column holds figures."""
    return any(row[column].figure for row in table.rows)


def _numeric(table: Table, column: int) -> str:
    """Return the attribute that sets a column of numbers to the right."""
    return ' class="number"' if _is_numeric(table, column) else ""


def _html_row(table: Table, row: Sequence[Cell]) -> str:
    """Write one row; its first cell heads it."""
    cells = "".join(f"<td{_numeric(table, i)}>{escape(c.shown)}</td>" for i, c in enumerate(row) if i)
    return f'<th scope="row">{escape(row[0].shown)}</th>{cells}'


def write_csv(rows: Sequence[Sequence[str]]) -> str:
    """Write rows as CSV with comma and decimal point, holding nothing a spreadsheet would execute.

    A text that a spreadsheet program would take for a formula gets an apostrophe before it; a number stays.
    """
    file = StringIO()
    csv.writer(file, lineterminator="\n").writerows([[guarded(text) for text in row] for row in rows])
    return file.getvalue()


def guarded(text: str) -> str:
    """Return a text that no spreadsheet program executes, and that reads in the order it was written."""
    text = unturned(text)
    if not text.lstrip(" ").startswith(FORMULA_STARTS) or _is_number(text):
        return text
    return f"'{text}"


def _is_number(text: str) -> bool:
    """Tell whether a text is a plain decimal number, which cannot be a formula."""
    digits = text.removeprefix("-").replace(".", "", 1)
    return digits.isascii() and digits.isdigit()
