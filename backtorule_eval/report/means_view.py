"""View of means: each variable on its own scale, with its interval."""

from __future__ import annotations

from functools import partial

from backtorule_eval.disclosure.released import Releasable, ShownMean, ShownMeans
from backtorule_eval.disclosure.rounding import Mark as HiddenMark
from backtorule_eval.disclosure.rounding import Number
from backtorule_eval.report.canvas import NARROW
from backtorule_eval.report.catalogue import translator
from backtorule_eval.report.cells import count_cell, figure_cell
from backtorule_eval.report.content import Content
from backtorule_eval.report.figures import Described, Mark, own_scales
from backtorule_eval.report.numbers import decimals_of, number
from backtorule_eval.report.remarks import rules_sentence
from backtorule_eval.report.tables import Cell, Table
from backtorule_eval.report.vocabulary import known_name

# Where a variable has no range of its own, its axis reaches this many standard deviations to each side.
REACH = 2.5


def means_content(releasable: Releasable, language: str) -> Content:
    """Show tables of means, one figure each, its numbers folded under it."""
    tables = [thing for thing in releasable.things if isinstance(thing, ShownMeans)]
    keys = [releasable.key if len(tables) == 1 else f"{releasable.key}-{i + 1}" for i in range(len(tables))]
    figures = tuple(
        _figure(table, key, releasable, language) for table, key in zip(tables, keys, strict=True)
    )
    notes = dict.fromkeys(note.in_language(language) for table in tables for note in table.notes)
    return Content(figures=figures, notes=tuple(notes))


def _figure(table: ShownMeans, key: str, releasable: Releasable, language: str) -> Described:
    """Draw the means and say what they are."""
    _ = translator(language)
    precise = releasable.rules.public
    marks = [_mark(row, precise, language) for row in table.rows]
    who = known_name(table.population, (), language)
    title = _("Averages with intervals") + (f" ({who})" if who else "")
    draw = partial(own_scales, marks, means_ranges(table), language=language)
    told = "; ".join(f"{mark.label}: {mark.words}" for mark in marks)
    return Described(
        key=key,
        title=title,
        alt=_("Averages on the scale of each variable. {told}.").format(told=told),
        figure=draw(),
        for_phone=draw(width=NARROW),
        table=_table(table, title, releasable, language),
    )


def _mark(row: ShownMean, precise: bool, language: str) -> Mark:
    """One mean as a row of the figure."""
    label = row.label.in_language(language)
    mean, low, high = (_value(x) for x in (row.mean, row.low, row.high))
    if mean is None:
        return Mark(label=label, words=figure_cell(row.mean, 0, language).shown, value=None)
    decimals = mean_decimals(row, precise)
    words = number(mean, decimals, language)
    if low is not None and high is not None:
        _ = translator(language)
        ends = (number(x, decimals, language) for x in (low, high))
        words = _("{value} ({low} to {high})").format(
            value=words, **dict(zip(("low", "high"), ends, strict=True))
        )
    return Mark(label=label, words=words, value=mean, low=low, high=high)


def _value(x: Number | None) -> float | None:
    """Return a figure to draw, None when it is hidden or not there."""
    return None if x is None or isinstance(x, HiddenMark) else float(x)


def mean_decimals(row: ShownMean, precise: bool) -> int:
    """How many decimals do a row's figures have?"""
    values = [x for x in (row.mean, row.sd, row.low, row.high) if isinstance(x, int | float)]
    low, high, spread = (_value(x) for x in (row.low, row.high, row.sd))
    # Two figures of the spread, and the first in which the interval's ends differ.
    widths = [10 * (high - low)] if low is not None and high is not None else []
    finest = min([width for width in (spread, *widths) if width], default=0.0)
    return decimals_of(values or [0.0], spread=finest, precise=precise)


def means_ranges(table: ShownMeans) -> list[tuple[float, float]]:
    """Return the range of every row's axis; rows of which none has a range of its own share one."""
    ranges = [_range(row) for row in table.rows]
    if any(row.scale_low is not None for row in table.rows):
        return ranges
    shared = (min(low for low, _high in ranges), max(high for _low, high in ranges))
    return [shared] * len(ranges)


def _range(row: ShownMean) -> tuple[float, float]:
    """Return the range of a row's axis: the variable's own, else what the spread suggests."""
    if row.scale_low is not None and row.scale_high is not None and row.scale_low < row.scale_high:
        return row.scale_low, row.scale_high
    mean, spread = _value(row.mean), _value(row.sd)
    if mean is None:
        return 0.0, 1.0
    reach = REACH * spread if spread else 1.0
    return mean - reach, mean + reach


def _table(table: ShownMeans, title: str, releasable: Releasable, language: str) -> Table:
    """Return the means as a table."""
    _ = translator(language)
    head = (
        _("Variable"),
        _("Average"),
        _("Standard deviation"),
        _("Interval from"),
        _("Interval to"),
        _("People"),
        _("Missing"),
    )
    rows = tuple(_row(row, releasable.rules.public, language) for row in table.rows)
    return Table(caption=title, head=head, rows=rows, notes=(rules_sentence(releasable.rules, language),))


def _row(row: ShownMean, precise: bool, language: str) -> tuple[Cell, ...]:
    """One mean as a row of the table."""
    decimals = mean_decimals(row, precise)
    figures = (figure_cell(x, decimals, language) for x in (row.mean, row.sd, row.low, row.high))
    return (
        Cell(row.label.in_language(language)),
        *figures,
        count_cell(row.n, language),
        count_cell(row.n_missing, language),
    )
