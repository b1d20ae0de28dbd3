"""Figures as cells of a table: what a reader sees and what a machine reads, with the same digits."""

from __future__ import annotations

from backtorule_eval.disclosure.rounding import Mark, Number
from backtorule_eval.report.numbers import (
    NOTHING,
    Figures,
    count,
    hidden,
    number,
    per_cent,
    plain_number,
)
from backtorule_eval.report.tables import Cell

PER_HUNDRED = 100


def count_cell(n: Number | None, language: str) -> Cell:
    """Return a count of persons as a cell."""
    plain = plain_number(n, 0) if isinstance(n, int | float) else ""
    return Cell(count(n, language), plain, figure=True)


def share_cell(n: Number, everyone: Number, language: str) -> Cell:
    """Return a count's share of everyone as a cell; hidden when either is, a dash when there is nobody."""
    if isinstance(n, Mark) or isinstance(everyone, Mark):
        return Cell(hidden(language), figure=True)
    if everyone == 0:
        return Cell(NOTHING, figure=True)
    return Cell(per_cent(n / everyone, language), plain_number(PER_HUNDRED * n / everyone, 0), figure=True)


def figure_cell(x: Number | None, decimals: int, language: str) -> Cell:
    """Return a figure as a cell; a word for a hidden one, a dash for one that is not there."""
    if isinstance(x, Mark):
        return Cell(hidden(language), figure=True)
    if x is None:
        return Cell(NOTHING, figure=True)
    return Cell(number(x, decimals, language), plain_number(x, decimals), figure=True)


def interval_cells(figures: Figures | None, language: str) -> tuple[Cell, ...]:
    """Return value, lower and upper end of an estimate as cells."""
    if figures is None:
        return (Cell(hidden(language), figure=True),) * 3
    return tuple(figure_cell(x, figures.decimals, language) for x in figures.rounded())
