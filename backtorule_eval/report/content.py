"""What a view consists of, in the order a reader meets it: sentence, picture, numbers, cautions, method."""

from __future__ import annotations

from dataclasses import dataclass

from backtorule_eval.report.figures import Described
from backtorule_eval.report.result import Result
from backtorule_eval.report.tables import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The parts of one view.

    Attributes
    ----------
    sentences : tuple of str
        What it says, the main sentence first.
    figures : tuple of Described
        Each with its own table folded under it.
    tables, folded : tuple of Table
        Shown openly, and folded away.
    notes : tuple of str
        How to read the figures above.
    cautions : tuple of str
        What we do not know.
    method : tuple of str
        How it was done, folded away.
    """

    sentences: tuple[str, ...] = ()
    figures: tuple[Described, ...] = ()
    tables: tuple[Table, ...] = ()
    folded: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    method: tuple[str, ...] = ()

    def result(self, key: str, *, warning: str = "") -> Result:
        """Return the content in the form that every format is written from."""
        return Result(
            key=key,
            warning=warning,
            sentences=self.sentences,
            pictures=tuple(figure.picture() for figure in self.figures),
            tables=self.tables,
            folded=self.folded,
            notes=self.notes,
            cautions=self.cautions,
            method=self.method,
        )

    def every_table(self) -> tuple[Table, ...]:
        """Return all tables, those under figures first."""
        return (*(figure.table for figure in self.figures), *self.tables, *self.folded)

    def rows(self) -> tuple[tuple[str, ...], ...]:
        """Return all tables as rows of one table file, an empty row between two."""
        rows: list[tuple[str, ...]] = []
        for table in self.every_table():
            rows += [(), *table.to_rows()] if rows else table.to_rows()
        return tuple(rows)
