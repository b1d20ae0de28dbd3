"""What a view consists of, in the order a reader meets it: sentence, picture, numbers, cautions, method."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from backtorule_eval.report.catalogue import translator
from backtorule_eval.report.figures import Described, fold
from backtorule_eval.report.tables import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The parts of one view.

    Attributes
    ----------
    sentences : tuple of str
        What it says, the main sentence first.
    blocks : str
        HTML between the sentence and the figures, made by the view itself ("" for most).
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
    blocks: str = ""
    figures: tuple[Described, ...] = ()
    tables: tuple[Table, ...] = ()
    folded: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    method: tuple[str, ...] = ()

    def to_html(self, language: str) -> str:
        """Write the content as a part of a page."""
        _ = translator(language)
        parts = [f'<p class="answer">{escape(sentence)}</p>' for sentence in self.sentences]
        parts.append(self.blocks)
        parts += [figure.to_html(language) for figure in self.figures]
        parts += [table.to_html() for table in self.tables]
        parts += [fold(_("Show the figures"), table.to_html()) for table in self.folded]
        parts += [f'<p class="note">{escape(note)}</p>' for note in self.notes]
        if self.cautions:
            items = "".join(f"<li>{escape(caution)}</li>" for caution in self.cautions)
            head = _("What we do not know")
            parts.append(f'<p class="unknown">{escape(head)}</p><ul>{items}</ul>')
        if self.method:
            lines = "".join(f"<p>{escape(line)}</p>" for line in self.method)
            parts.append(fold(_("How we did it"), lines))
        return "".join(parts)

    def every_table(self) -> tuple[Table, ...]:
        """Return all tables, those under figures first."""
        return (*(figure.table for figure in self.figures), *self.tables, *self.folded)

    def to_text(self) -> str:
        """Write the content for a terminal."""
        tables = (table.to_text() for table in self.every_table())
        lines = [*self.sentences, *tables, *self.notes, *self.cautions, *self.method]
        return "\n".join(lines)

    def rows(self) -> tuple[tuple[str, ...], ...]:
        """Return all tables as rows of one table file, an empty row between two."""
        rows: list[tuple[str, ...]] = []
        for table in self.every_table():
            rows += [(), *table.to_rows()] if rows else table.to_rows()
        return tuple(rows)
