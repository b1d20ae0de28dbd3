"""View of averages over waves: one small picture per variable, all drawn alike (small multiples)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from math import ceil

from matplotlib.figure import Figure

from backtorule_eval.disclosure.released import Releasable, ShownMean, ShownMeans
from backtorule_eval.disclosure.rounding import Mark as HiddenMark
from backtorule_eval.errors import ParameterProblem
from backtorule_eval.report.canvas import ACCENT, NARROW, WIDE, Canvas, width_of, wrapped
from backtorule_eval.report.catalogue import translator
from backtorule_eval.report.cells import count_cell, figure_cell
from backtorule_eval.report.content import Content
from backtorule_eval.report.figures import LINE, Described
from backtorule_eval.report.means_view import mean_decimals, means_ranges
from backtorule_eval.report.numbers import number
from backtorule_eval.report.plot_area import PlotArea, Scale
from backtorule_eval.report.remarks import rules_sentence
from backtorule_eval.report.tables import Cell, Table
from backtorule_eval.report.vocabulary import known_name

SIDE_BY_SIDE = 2
FIELD, BELOW, BETWEEN, GAP = 76.0, 34.0, 22.0, 14.0
Row = tuple[ShownMean, ...]  # one variable, wave by wave


def waves_content(releasable: Releasable, language: str) -> Content:
    """Show averages of the same variables, wave by wave.

    Raises
    ------
    ParameterProblem
        A wave has no words, or the waves do not have the same variables.
    """
    waves = [thing for thing in releasable.things if isinstance(thing, ShownMeans)]
    if not all(wave.label for wave in waves):
        raise ParameterProblem(f"{releasable.key}: every wave needs its name.")
    if len({tuple(row.name for row in wave.rows) for wave in waves}) > 1:
        raise ParameterProblem(f"{releasable.key}: the waves need the same variables in the same order.")
    notes = dict.fromkeys(note.in_language(language) for wave in waves for note in wave.notes)
    _ = translator(language)
    return Content(
        figures=(_figure(waves, releasable, language),),
        notes=(
            *notes,
            _("Those who answered differ from wave to wave, so a line can move without anyone changing."),
        ),
    )


def _figure(waves: Sequence[ShownMeans], releasable: Releasable, language: str) -> Described:
    """Draw a field per variable and say what is in it."""
    _ = translator(language)
    precise = releasable.rules.public
    names = [wave.label.in_language(language) for wave in waves if wave.label]
    rows: list[Row] = list(zip(*(wave.rows for wave in waves), strict=True))
    ranges = [_joined_range([means_ranges(wave)[i] for wave in waves]) for i in range(len(rows))]
    draw = partial(draw_waves, rows, ranges, names, precise=precise, language=language)
    who = known_name(waves[0].population, (), language)
    title = _("Averages over time") + (f" ({who})" if who else "")
    told = "; ".join(_told(row, names, precise, language) for row in rows)
    return Described(
        key=releasable.key,
        title=title,
        alt=_("One field per variable, with a dot for every wave. {told}.").format(told=told),
        figure=draw(),
        for_phone=draw(width=NARROW),
        table=_table(rows, names, title, releasable, language),
    )


def _joined_range(ranges: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return one range for all waves of a variable."""
    return min(low for low, _high in ranges), max(high for _low, high in ranges)


def _told(row: Row, names: Sequence[str], precise: bool, language: str) -> str:
    """Say one variable's averages in words."""
    words = (f"{name} {_words(one, precise, language)}" for name, one in zip(names, row, strict=True))
    return f"{row[0].label.in_language(language)}: {', '.join(words)}"


def _words(one: ShownMean, precise: bool, language: str) -> str:
    """Write one average."""
    return figure_cell(one.mean, mean_decimals(one, precise), language).shown


def _table(
    rows: Sequence[Row], names: Sequence[str], title: str, releasable: Releasable, language: str
) -> Table:
    """Return every average as a row."""
    _ = translator(language)
    head = (
        _("Variable"),
        _("Wave"),
        _("Average"),
        _("Standard deviation"),
        _("Interval from"),
        _("Interval to"),
        _("People"),
        _("Missing"),
    )
    precise = releasable.rules.public
    return Table(
        caption=title,
        head=head,
        rows=tuple(
            _row(one, name, precise, language) for row in rows for name, one in zip(names, row, strict=True)
        ),
        notes=(rules_sentence(releasable.rules, language),),
    )


def _row(one: ShownMean, name: str, precise: bool, language: str) -> tuple[Cell, ...]:
    """One average of one wave as a row of the table."""
    decimals = mean_decimals(one, precise)
    return (
        Cell(one.label.in_language(language)),
        Cell(name),
        *(figure_cell(x, decimals, language) for x in (one.mean, one.sd, one.low, one.high)),
        count_cell(one.n, language),
        count_cell(one.n_missing, language),
    )


def draw_waves(  # noqa: PLR0913 - what is drawn, and for whom
    rows: Sequence[Row],
    ranges: Sequence[tuple[float, float]],
    names: Sequence[str],
    *,
    precise: bool,
    language: str,
    width: float = WIDE,
) -> Figure:
    """Draw one field per variable: two beside each other where there is room, all of one height."""
    columns = SIDE_BY_SIDE if width >= WIDE and len(rows) > 1 else 1
    field = (width - (columns - 1) * BETWEEN) / columns
    labels = [wrapped(row[0].label.in_language(language), field) for row in rows]
    above = max(map(len, labels)) * LINE + GAP
    height = above + FIELD + BELOW
    canvas = Canvas(width, ceil(len(rows) / columns) * height)
    for i, (row, (low, high), lines) in enumerate(zip(rows, ranges, labels, strict=True)):
        left, top = (i % columns) * (field + BETWEEN), (i // columns) * height
        for n, line in enumerate(lines):
            canvas.text(left, top + (n + 0.8) * LINE, line)
        ends = [(x, number(x, 0 if float(x).is_integer() else 1, language)) for x in (low, high)]
        start = left + max(width_of(words, small=True) for _x, words in ends) + 8
        area = PlotArea(
            canvas=canvas,
            x=Scale(low=0, high=max(1, len(names) - 1), start=start + 12, end=left + field - 16),
            y=Scale(low=low, high=high, start=top + above + FIELD, end=top + above),
        )
        area.draw_y(ends)
        _draw_row(area, row, names, precise, language)
    return canvas.figure


def _draw_row(area: PlotArea, row: Row, names: Sequence[str], precise: bool, language: str) -> None:
    """Draw one variable's dots with their intervals, joined where neighbours are both shown."""
    bottom = area.y.start
    before: tuple[float, float] | None = None
    for i, (one, name) in enumerate(zip(row, names, strict=True)):
        area.canvas.text(area.x(i), bottom + 13, name, align="center", small=True)
        area.canvas.text(area.x(i), bottom + 25, _words(one, precise, language), align="center", small=True)
        value, low, high = (_seen(x) for x in (one.mean, one.low, one.high))
        here = None if value is None else area.at(i, value)
        if here is not None and before is not None:
            area.canvas.line(before, here, colour=ACCENT, width=0.9)
        if low is not None and high is not None:
            area.canvas.line(area.at(i, low), area.at(i, high), colour=ACCENT, width=2.0)
        if here is not None:
            area.canvas.dot(*here)
        before = here


def _seen(x: float | HiddenMark | None) -> float | None:
    """Return a figure to draw; None when it is hidden or not there."""
    return None if x is None or isinstance(x, HiddenMark) else float(x)
