"""View of curves: how large a share of each group has had an outcome, as time goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from matplotlib.figure import Figure

from backtorule_eval.disclosure.released import Releasable, ShownCurve, ShownCurveStep
from backtorule_eval.disclosure.rounding import Mark, Number
from backtorule_eval.report.canvas import (
    ACCENT,
    INK,
    NARROW,
    QUIET,
    WIDE,
    Canvas,
    LineStyle,
    width_of,
    wrapped,
)
from backtorule_eval.report.catalogue import translator
from backtorule_eval.report.cells import count_cell, figure_cell
from backtorule_eval.report.content import Content
from backtorule_eval.report.figures import Described
from backtorule_eval.report.numbers import hidden, number, per_cent
from backtorule_eval.report.plot_area import PlotArea, Scale
from backtorule_eval.report.remarks import rules_sentence
from backtorule_eval.report.tables import Cell, Table
from backtorule_eval.report.vocabulary import known_name, outcome_words, upper_first

PER_HUNDRED = 100
LINE = 13.0
HEIGHT = 150.0
BELOW = 36.0  # under the field: numbers and what they measure
# Lines that are told apart without colour, in the order in which they are taken.
STYLES: tuple[tuple[LineStyle, str], ...] = (
    ("solid", ACCENT),
    ("dashed", INK),
    ("dotted", QUIET),
    ("dashdot", ACCENT),
)
YEAR = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnCurve:
    """A group's line: its name, its figures in words, and its steps (month, share, low, high)."""

    label: str
    words: str
    steps: tuple[tuple[int, float, float, float], ...]


def curve_content(releasable: Releasable, language: str) -> Content:
    """Show curves of one outcome in one picture, with their steps as a table under it."""
    _ = translator(language)
    curves = [thing for thing in releasable.things if isinstance(thing, ShownCurve)]
    drawn = [_drawn(curve, language) for curve in curves]
    notes = (
        []
        if releasable.rules.public
        else [_("Months are taken together until each step is about enough people.")]
    )
    notes.append(_("Upright lines show how sure each step is. A line ends where too few are left to follow."))
    return Content(
        sentences=tuple(_sentence(curve, one, language) for curve, one in zip(curves, drawn, strict=True)),
        figures=(_figure(curves, drawn, releasable, language),) if any(one.steps for one in drawn) else (),
        tables=() if any(one.steps for one in drawn) else (_table(curves, releasable, language),),
        notes=tuple(notes),
    )


def _drawn(curve: ShownCurve, language: str) -> DrawnCurve:
    """Take the figures that are shown."""
    label = curve.group.in_language(language) if curve.group else _everyone(curve, language)
    steps = tuple(
        (s.month, float(s.value), float(s.low), float(s.high))
        for s in curve.steps
        if not isinstance(s.value, Mark) and not isinstance(s.low, Mark) and not isinstance(s.high, Mark)
    )
    words = per_cent(steps[-1][1], language) if steps else hidden(language)
    return DrawnCurve(label=label, words=words, steps=steps)


def _everyone(curve: ShownCurve, language: str) -> str:
    """Name the one group of a curve without groups."""
    return upper_first(known_name(curve.population, curve.terms, language) or "")


def _sentence(curve: ShownCurve, drawn: DrawnCurve, language: str) -> str:
    """Say where a curve ends."""
    _ = translator(language)
    if not drawn.steps:
        template = _("{group}: the curve is not shown, because too few people are behind it.")
        return template.format(group=drawn.label)
    month, value, low, high = drawn.steps[-1]
    did = outcome_words(curve.outcome, curve.terms, language).did
    template = _(
        "{group}: about {value} of 100 {did} within {month} months (between {low} and {high} of 100)."
    )
    shares = {
        name: number(x * PER_HUNDRED, 0, language)
        for name, x in {"value": value, "low": low, "high": high}.items()
    }
    return template.format(group=drawn.label, month=number(month, 0, language), did=did, **shares)


def _figure(
    curves: Sequence[ShownCurve], drawn: Sequence[DrawnCurve], releasable: Releasable, language: str
) -> Described:
    """Draw the curves and say what they show."""
    _ = translator(language)
    title = _title(curves[0], language)
    told = " ".join(_told(one, language) for one in drawn)
    draw = partial(draw_curves, drawn, axis=_("Months since the start"), language=language)
    return Described(
        key=releasable.key,
        title=title,
        alt=_("Curves over time. {title}. {told}").format(title=title, told=told),
        figure=draw(),
        for_phone=draw(width=NARROW),
        table=_table(curves, releasable, language),
    )


def _told(drawn: DrawnCurve, language: str) -> str:
    """Say a curve in words: where it stands at each step."""
    _ = translator(language)
    if not drawn.steps:
        return _("{group}: hidden.").format(group=drawn.label)
    at = _("{value} after {month} months")
    steps = (at.format(value=per_cent(s[1], language), month=number(s[0], 0, language)) for s in drawn.steps)
    return f"{drawn.label}: {'; '.join(steps)}."


def _title(curve: ShownCurve, language: str) -> str:
    """Name a picture by its outcome."""
    _ = translator(language)
    did = outcome_words(curve.outcome, curve.terms, language).did
    return _("Of 100, how many {did}, as time goes").format(did=did)


def _table(curves: Sequence[ShownCurve], releasable: Releasable, language: str) -> Table:
    """Return the steps of all curves as a table."""
    _ = translator(language)
    head = (_("Group and month"), _("Of 100"), _("Interval from"), _("Interval to"), _("People at the start"))
    rows = [row for curve in curves for row in _rows(curve, language)]
    return Table(
        caption=_title(curves[0], language),
        head=head,
        rows=tuple(rows),
        notes=(rules_sentence(releasable.rules, language),),
    )


def _rows(curve: ShownCurve, language: str) -> list[tuple[Cell, ...]]:
    """One row per step of one curve; one that says so where no step is shown."""
    _ = translator(language)
    label = _drawn(curve, language).label
    n = count_cell(curve.n, language)
    if not curve.steps:
        return [(Cell(label), *(Cell(hidden(language), figure=True),) * 3, n)]
    template = _("{group}, {month} months")
    return [
        (
            Cell(template.format(group=label, month=number(step.month, 0, language))),
            *(_share_cell(x, language) for x in _shares(step)),
            n,
        )
        for step in curve.steps
    ]


def _shares(step: ShownCurveStep) -> tuple[Number, Number, Number]:
    """Return the three shares of a step."""
    return step.value, step.low, step.high


def _share_cell(share: Number, language: str) -> Cell:
    """Return a share as people per hundred."""
    return figure_cell(share if isinstance(share, Mark) else share * PER_HUNDRED, 0, language)


def draw_curves(drawn: Sequence[DrawnCurve], *, axis: str, language: str, width: float = WIDE) -> Figure:
    """Draw lines in steps from nought, each named and told above the field in its own style."""
    legend = [wrapped(f"{one.label}: {one.words}", width - 34) for one in drawn]
    above = sum(len(lines) for lines in legend) * LINE + 12
    canvas = Canvas(width, above + HEIGHT + BELOW)
    _write_legend(canvas, legend)
    most = max((step[3] for one in drawn for step in one.steps), default=1.0)
    top = next(t for t in (0.1, 0.2, 0.4, 0.6, 0.8, 1.0) if most <= t)
    last = max(step[0] for one in drawn for step in one.steps)
    ticks = [(share, per_cent(share, language)) for share in (0.0, top / 2, top)]
    left = max(width_of(words, small=True) for _, words in ticks) + 8
    area = PlotArea(
        canvas=canvas,
        x=Scale(low=0, high=last, start=left, end=width - 12),
        y=Scale(low=0, high=top, start=above + HEIGHT, end=above),
    )
    area.draw_y(ticks)
    area.draw_x([(m, number(m, 0, language)) for m in _months(last)], caption=axis)
    for one, (style, colour) in zip(drawn, _styles(len(drawn)), strict=True):
        _draw_one(area, one, style=style, colour=colour)
    return canvas.figure


def _write_legend(canvas: Canvas, legend: Sequence[Sequence[str]]) -> None:
    """Write each line's name beside a piece of it."""
    top = 0.0
    for lines, (style, colour) in zip(legend, _styles(len(legend)), strict=True):
        canvas.path([(0, top + 8), (26, top + 8)], colour=colour, width=2.0, style=style)
        for i, line in enumerate(lines):
            canvas.text(34, top + (i + 0.85) * LINE, line)
        top += len(lines) * LINE


def _styles(n: int) -> list[tuple[LineStyle, str]]:
    """Return a style and a colour for each of n lines."""
    return [STYLES[i % len(STYLES)] for i in range(n)]


def _months(last: int) -> list[int]:
    """Return the months that are written under the field: years, or half of what there is."""
    return list(range(0, last + 1, YEAR)) if last >= 2 * YEAR else [0, last // 2, last]


def _draw_one(area: PlotArea, one: DrawnCurve, *, style: LineStyle, colour: str) -> None:
    """Draw one line in steps, with an upright line for how sure each step is."""
    points, share = [area.at(0, 0.0)], 0.0
    for month, value, _, _ in one.steps:
        points += [area.at(month, share), area.at(month, value)]
        share = value
    if one.steps:
        area.canvas.path(points, colour=colour, width=2.0, style=style)
    for month, _, low, high in one.steps:
        area.canvas.line(area.at(month, low), area.at(month, high), colour=colour, width=0.8)
