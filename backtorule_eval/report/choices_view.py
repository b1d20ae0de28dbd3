"""View of a curve of choices: the answer under every set of choices, sorted, with the choices under it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from backtorule_eval.disclosure.released import Releasable, ShownChoiceCurve, ShownChoiceRow
from backtorule_eval.disclosure.rounding import Band, Mark
from backtorule_eval.report.canvas import ACCENT, NARROW, QUIET, WIDE, Canvas, width_of, wrapped
from backtorule_eval.report.catalogue import translator
from backtorule_eval.report.cells import count_cell, interval_cells
from backtorule_eval.report.content import Content
from backtorule_eval.report.estimate_words import axis_words, caution_sentences, contrast_title
from backtorule_eval.report.figures import LINE, Described
from backtorule_eval.report.numbers import Figures, number, p_value, read_figures
from backtorule_eval.report.plot_area import PlotArea, Scale
from backtorule_eval.report.remarks import rules_sentence
from backtorule_eval.report.tables import Cell, Table
from backtorule_eval.report.templates import NOT_SHOWN

FIELD, ABOVE, STRIP, GAP = 130.0, 10.0, 12.0, 8.0
TAKEN = 3.0
MOST_TICKS = 5
LIKELY = 0.05
Row = tuple[Figures, tuple[int, ...]]


def choices_content(releasable: Releasable, language: str) -> Content:
    """Show the answer under every set of choices."""
    _ = translator(language)
    curves = [thing for thing in releasable.things if isinstance(thing, ShownChoiceCurve)]
    keys = [releasable.key if len(curves) == 1 else f"{releasable.key}-{i + 1}" for i in range(len(curves))]
    precise = releasable.rules.public
    drawn = [curve for curve in curves if _rows(curve, precise)]
    return Content(
        sentences=tuple(s for curve in curves for s in _sentences(curve, precise, language)),
        figures=tuple(
            _figure(curve, key, releasable, language)
            for curve, key in zip(curves, keys, strict=True)
            if curve in drawn
        ),
        tables=tuple(_table(curve, releasable, language) for curve in curves if curve not in drawn),
        notes=(
            _("Each dot is one set of choices with its interval; the marks under it say which were made."),
        ),
        cautions=caution_sentences([row.estimate for curve in curves for row in curve.rows], language),
        method=tuple(_method(curve, language) for curve in curves),
    )


def _rows(curve: ShownChoiceCurve, precise: bool) -> list[Row]:
    """Return the answers that are shown, from the lowest, with what was chosen."""
    read = ((read_figures(row.estimate, precise=precise), row.taken) for row in curve.rows)
    return sorted(((f, taken) for f, taken in read if f), key=lambda row: row[0].value)


def _sentences(curve: ShownChoiceCurve, precise: bool, language: str) -> list[str]:
    """Say how far the answers lie apart, how many point one way, and whether chance makes such a picture."""
    _ = translator(language)
    rows = _rows(curve, precise)
    if not rows or isinstance(curve.same_sign, Mark) or isinstance(curve.significant, Mark):
        return [_(NOT_SHOWN)]
    n = len(rows)
    least, most = (number(f.rounded()[0], f.decimals, language) for f, _taken in (rows[0], rows[-1]))
    apart = _(
        "Calculated in {n} ways, the difference lies between {least} and {most} per 100; {same} of the {n} "
        "ways point the same way, and {clear} of them by more than chance alone easily makes."
    )
    told = apart.format(
        n=number(n, 0, language),
        least=least,
        most=most,
        same=number(round(curve.same_sign * n), 0, language),
        clear=number(round(curve.significant * n), 0, language),
    )
    rare = _("Were there no association at all, so clear a picture would be rare (median: p {p}).")
    usual = _("Were there no association at all, a picture like this would not be rare (median: p {p}).")
    p = curve.p_median
    highest = p.high if isinstance(p, Band) else p
    is_rare = not isinstance(highest, Mark) and highest <= LIKELY
    return [told, (rare if is_rare else usual).format(p=p_value(p, language))]


def _method(curve: ShownChoiceCurve, language: str) -> str:
    """Say how the test is made, with all three of its p-values."""
    _ = translator(language)
    template = _(
        "Test of all ways together: the part of the motivation that the other variables do not tell was "
        "dealt to other people {n} times, and every model fitted again. p for the median {median}, for the "
        "share that points one way {sign}, for the share that does so clearly {clear}."
    )
    return template.format(
        n=number(curve.n_permutations, 0, language),
        median=p_value(curve.p_median, language),
        sign=p_value(curve.p_same_sign, language),
        clear=p_value(curve.p_significant, language),
    )


def _figure(curve: ShownChoiceCurve, key: str, releasable: Releasable, language: str) -> Described:
    """Draw the answers and say what they show."""
    _ = translator(language)
    rows = _rows(curve, releasable.rules.public)
    options = [option.in_language(language) for option in curve.options]
    estimates = [row.estimate for row in curve.rows]
    title = contrast_title(estimates[0], language)
    axis = axis_words(estimates, language)
    draw = partial(draw_choices, rows, options, axis=axis, language=language)
    ends = [number(f.rounded()[0], f.decimals, language) for f, _taken in (rows[0], rows[-1])]
    alt = _(
        "{n} dots with intervals, sorted from {least} to {most}, and under them what was chosen. "
        "{title}. {axis}."
    )
    return Described(
        key=key,
        title=title,
        alt=alt.format(n=number(len(rows), 0, language), least=ends[0], most=ends[1], title=title, axis=axis),
        figure=draw(),
        for_phone=draw(width=NARROW),
        table=_table(curve, releasable, language),
    )


def _table(curve: ShownChoiceCurve, releasable: Releasable, language: str) -> Table:
    """Return every answer as a row."""
    _ = translator(language)
    head = (
        _("What was chosen"),
        _("Estimate"),
        _("Interval from"),
        _("Interval to"),
        _("p"),
        _("People"),
        _("With the outcome"),
        _("Missing"),
    )
    return Table(
        caption=contrast_title(curve.rows[0].estimate, language),
        head=head,
        rows=tuple(_cells(row, curve, releasable, language) for row in curve.rows),
        notes=(rules_sentence(releasable.rules, language),),
    )


def _cells(
    row: ShownChoiceRow, curve: ShownChoiceCurve, releasable: Releasable, language: str
) -> tuple[Cell, ...]:
    """One answer as a row of the table."""
    _ = translator(language)
    chosen = [curve.options[at].in_language(language) for at in row.taken] or [_("Unadjusted")]
    estimate = row.estimate
    return (
        Cell("; ".join(chosen)),
        *interval_cells(read_figures(estimate, precise=releasable.rules.public), language),
        Cell(p_value(estimate.p_value, language)),
        *(count_cell(n, language) for n in (estimate.n, estimate.n_events, estimate.n_missing)),
    )


def draw_choices(
    rows: Sequence[Row], options: Sequence[str], *, axis: str, language: str, width: float = WIDE
) -> Figure:
    """Draw the answers in a field, and under it a strip for every option with a mark where it was chosen."""
    ends = [x for f, _taken in rows for x in f.rounded()]
    ticks = MaxNLocator(MOST_TICKS, steps=[1, 2, 5, 10]).tick_values(min([0.0, *ends]), max([0.0, *ends]))
    captions = wrapped(axis, width)
    labels = [wrapped(option, width) for option in options]
    below = sum(len(lines) * LINE + STRIP + GAP for lines in labels)
    top = len(captions) * LINE + ABOVE
    canvas = Canvas(width, top + FIELD + GAP + below)
    for i, line in enumerate(captions):
        canvas.text(0, (i + 0.8) * LINE, line, small=True)
    decimals = max(f.decimals for f, _taken in rows)
    named = [(float(t), number(float(t), 0 if float(t).is_integer() else decimals, language)) for t in ticks]
    left = max(width_of(words, small=True) for _t, words in named) + 8
    area = PlotArea(
        canvas=canvas,
        x=Scale(low=-0.5, high=len(rows) - 0.5, start=left, end=width),
        y=Scale(low=float(ticks[0]), high=float(ticks[-1]), start=top + FIELD, end=top),
    )
    area.draw_y(named)
    canvas.line((left, area.y(0)), (width, area.y(0)), colour=QUIET, width=0.9)
    _draw_answers(area, rows)
    at = top + FIELD + GAP
    for option, lines in enumerate(labels):
        for i, line in enumerate(lines):
            canvas.text(0, at + (i + 0.8) * LINE, line)
        at += len(lines) * LINE
        for place, (_f, taken) in enumerate(rows):
            x = area.x(place)
            if option in taken:
                canvas.line((x, at + 4), (x, at + STRIP), colour=ACCENT, width=TAKEN)
        at += STRIP + GAP
    return canvas.figure


def _draw_answers(area: PlotArea, rows: Sequence[Row]) -> None:
    """Draw each answer with its interval."""
    for place, (figures, _taken) in enumerate(rows):
        value, low, high = figures.rounded()
        area.canvas.line(area.at(place, low), area.at(place, high), colour=ACCENT, width=1.4)
        area.canvas.dot(*area.at(place, value))
