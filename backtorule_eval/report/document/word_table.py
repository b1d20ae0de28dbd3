"""Tables in a Word file: heads that are marked and repeated, a head for every row, numbers to the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from docx.oxml.ns import qn
from docx.table import Table as WordTable
from docx.table import _Cell as WordCell
from docx.table import _Row as WordRow

from backtorule_eval.report.document.word_file import Word
from backtorule_eval.report.document.word_text import Line, add_line, clean, element, one_piece
from backtorule_eval.report.document.word_widths import column_widths
from backtorule_eval.report.tables import Table

POINTS, SMALL_POINTS = 10.0, 8.5
# A table of so few rows stays on one page.
FEW_ROWS = 12
# First row and first column are heads; no bands.
HEADS: Mapping[str, str | int] = {
    "val": "06A0",
    "firstRow": 1,
    "lastRow": 0,
    "firstColumn": 1,
    "lastColumn": 0,
    "noHBand": 1,
    "noVBand": 1,
}

Paragraphs = tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Rows and columns of paragraphs.

    Attributes
    ----------
    name : str
        For those who listen.
    head : tuple of Line
    rows : tuple of tuple of Paragraphs
        The first cell of a row is its head.
    numeric : frozenset of int
        Columns that stand to the right.
    style : str
        The table's.
    small : bool
        What other formats fold away.
    widths : tuple of int
        In twentieths of a point; () for as wide as the words.
    """

    name: str
    head: tuple[Line, ...]
    rows: tuple[tuple[Paragraphs, ...], ...]
    numeric: frozenset[int] = frozenset()
    style: str = "Result Table"
    small: bool = False
    widths: tuple[int, ...] = ()

    def columns(self) -> tuple[tuple[str, ...], ...]:
        """Return the texts of each column, its head first."""
        rows = ((*((line,) for line in self.head),), *self.rows)
        return tuple(
            tuple(clean("".join(piece.text for piece in line)) for row in rows for line in row[i])
            for i in range(len(self.head))
        )


def add_table(word: Word, table: Table, *, small: bool = False) -> None:
    """Add a table with its numbered caption above and its notes below."""
    word.caption(word.table_label(), table.caption, small=small)
    numeric = [i for i in range(len(table.head)) if any(row[i].figure for row in table.rows)]
    grid = Grid(
        name=table.caption,
        head=tuple(one_piece(words) for words in table.head),
        rows=tuple(tuple((one_piece(cell.shown),) for cell in row) for row in table.rows),
        numeric=frozenset(numeric),
        small=small,
    )
    add_grid(word, grid)
    for note in table.notes:
        word.paragraph("Note", note)


def add_grid(word: Word, grid: Grid) -> None:
    """Add rows and columns without a caption."""
    if word.ends_in_table():
        word.paragraph("Note")  # else Word makes one table of two
    made = word.file.add_table(rows=1 + len(grid.rows), cols=len(grid.head), style=grid.style)
    widths = grid.widths or column_widths(grid.columns(), points=SMALL_POINTS if grid.small else POINTS)
    _describe(made, grid.name, widths)
    head = tuple((line,) for line in grid.head)
    for row, paragraphs in zip(made.rows, (head, *grid.rows), strict=True):
        _fill(row, paragraphs, grid=grid, widths=widths)
    made.rows[0]._tr.get_or_add_trPr().append(element("tblHeader"))
    if len(grid.rows) <= FEW_ROWS:
        _keep_together(made)


def _describe(made: WordTable, name: str, widths: Sequence[int]) -> None:
    """Set a table's widths, tell which of its cells are heads, and give it a name for those who listen."""
    about = made._tbl.tblPr
    for tag in ("w:tblW", "w:tblLayout", "w:tblLook"):
        for old in about.findall(qn(tag)):
            about.remove(old)
    about.append(element("tblW", w=sum(widths), type="dxa"))
    about.append(element("tblLayout", type="fixed"))
    about.append(element("tblLook", **HEADS))
    about.append(element("tblCaption", val=clean(name)))
    for column, width in zip(made._tbl.tblGrid.gridCol_lst, widths, strict=True):
        column.set(qn("w:w"), str(width))


def _fill(row: WordRow, paragraphs: Sequence[Paragraphs], *, grid: Grid, widths: Sequence[int]) -> None:
    """Write one row, which stays on one page."""
    row._tr.get_or_add_trPr().append(element("cantSplit"))
    size = "Small Table" if grid.small else "Table"
    for i, (cell, lines) in enumerate(zip(row.cells, paragraphs, strict=True)):
        cell._tc.get_or_add_tcPr().get_or_add_tcW().set(qn("w:w"), str(widths[i]))
        if i == len(widths) - 1:
            _end_at_the_margin(cell)
        _write(cell, lines, style=f"{size} {'Number' if i in grid.numeric else 'Text'}")


def _end_at_the_margin(cell: WordCell) -> None:
    """Let a cell's words end where the table's lines do."""
    margins = element("tcMar")
    margins.append(element("right", w=0, type="dxa"))
    cell._tc.get_or_add_tcPr().append(margins)


def _keep_together(made: WordTable) -> None:
    """Keep every row on the page of the next."""
    for row in list(made.rows)[:-1]:
        for cell in row.cells:
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.keep_with_next = True


def _write(cell: WordCell, lines: Paragraphs, *, style: str) -> None:
    """Write the paragraphs of one cell; the first is there already."""
    for i, line in enumerate(lines or ((),)):
        paragraph = cell.add_paragraph() if i else cell.paragraphs[0]
        paragraph.style = style
        add_line(paragraph, line)
