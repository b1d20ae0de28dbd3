"""View of calibration: foretold risk against what happened, in groups of people."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from matplotlib.figure import Figure

from backtorule_eval.disclosure.released import Releasable, ShownBin, ShownCalibration
from backtorule_eval.disclosure.rounding import Mark
from backtorule_eval.report.canvas import ACCENT, NARROW, QUIET, WIDE, Canvas, width_of
from backtorule_eval.report.catalogue import translator
from backtorule_eval.report.cells import figure_cell
from backtorule_eval.report.content import Content
from backtorule_eval.report.figures import Described
from backtorule_eval.report.numbers import number, per_cent
from backtorule_eval.report.plot_area import PlotArea, Scale
from backtorule_eval.report.remarks import rules_sentence
from backtorule_eval.report.tables import Cell, Table
from backtorule_eval.report.vocabulary import outcome_words

PER_HUNDRED = 100
BELOW, ABOVE = 36.0, 22.0
Point = tuple[float, float, float, float]  # foretold, observed, low, high


def calibration_content(releasable: Releasable, language: str) -> Content:
    """Show how well foretold risks fit what happened."""
    _ = translator(language)
    shown = [thing for thing in releasable.things if isinstance(thing, ShownCalibration)]
    return Content(
        sentences=tuple(_sentence(one, language) for one in shown),
        figures=tuple(
            _figure(
                one, f"{releasable.key}-{i + 1}" if len(shown) > 1 else releasable.key, releasable, language
            )
            for i, one in enumerate(shown)
            if points_of(one)
        ),
        tables=tuple(_table(one, releasable, language) for one in shown if not points_of(one)),
        notes=(_("A dot is a group of people, never one person. On the slanting line the two agree."),),
    )


def points_of(calibration: ShownCalibration) -> list[Point]:
    """Return the groups that are shown."""
    return [point for one in calibration.bins if (point := _point(one))]


def _point(one: ShownBin) -> Point | None:
    """Return one group's figures; None when they are hidden."""
    numbers = (one.predicted, one.observed, one.low, one.high)
    found = tuple(float(x) for x in numbers if not isinstance(x, Mark))
    return (found[0], found[1], found[2], found[3]) if len(found) == len(numbers) else None


def _sentence(calibration: ShownCalibration, language: str) -> str:
    """Say in how many groups the interval holds what was foretold."""
    _ = translator(language)
    points = points_of(calibration)
    if not points:
        return _("How well the model foretells is not shown: the groups are too small.")
    fitting = sum(low <= foretold <= high for foretold, _o, low, high in points)
    template = _("In {n} of {all} groups what was foretold lies within the interval of what happened.")
    return template.format(n=number(fitting, 0, language), all=number(len(points), 0, language))


def _figure(calibration: ShownCalibration, key: str, releasable: Releasable, language: str) -> Described:
    """Draw the groups and say where they lie."""
    _ = translator(language)
    points = points_of(calibration)
    at = _("foretold {foretold}, happened {observed}")
    told = "; ".join(
        at.format(foretold=per_cent(x, language), observed=per_cent(y, language)) for x, y, _l, _h in points
    )
    title = _title(calibration, language)
    words = (_("Foretold"), _("Happened"))
    draw = partial(draw_calibration, points, words=words, language=language)
    return Described(
        key=key,
        title=title,
        alt=_("Dots along a slanting line. {title}. {told}.").format(title=title, told=told),
        figure=draw(),
        for_phone=draw(width=NARROW),
        table=_table(calibration, releasable, language),
    )


def _title(calibration: ShownCalibration, language: str) -> str:
    """Name the picture by its outcome."""
    _ = translator(language)
    did = outcome_words(calibration.outcome, calibration.terms, language).did
    return _("Foretold and observed share who {did}").format(did=did)


def _table(calibration: ShownCalibration, releasable: Releasable, language: str) -> Table:
    """Return the groups as a table."""
    _ = translator(language)
    group = _("Group {n}")
    rows = tuple(
        (
            Cell(group.format(n=number(i, 0, language))),
            *(
                figure_cell(x if isinstance(x, Mark) else x * PER_HUNDRED, 0, language)
                for x in (one.predicted, one.observed, one.low, one.high)
            ),
        )
        for i, one in enumerate(calibration.bins, start=1)
    )
    return Table(
        caption=_title(calibration, language),
        head=(
            _("Group, from the lowest risk"),
            _("Foretold of 100"),
            _("Happened of 100"),
            _("Interval from"),
            _("Interval to"),
        ),
        rows=rows,
        notes=(rules_sentence(releasable.rules, language),),
    )


def draw_calibration(
    points: Sequence[Point], *, words: tuple[str, str], language: str, width: float = WIDE
) -> Figure:
    """Draw dots with their intervals on a square, with the line on which foretold and observed agree."""
    most = max(max(point) for point in points)
    top = next(t for t in (0.2, 0.4, 0.6, 0.8, 1.0) if most <= t)
    ticks = [(share, per_cent(share, language)) for share in (0.0, top / 2, top)]
    left = max(width_of(tick, small=True) for _, tick in ticks) + 8
    side = min(width - left - 16, 240.0)
    canvas = Canvas(width, ABOVE + side + BELOW)
    area = PlotArea(
        canvas=canvas,
        x=Scale(low=0, high=top, start=left, end=left + side),
        y=Scale(low=0, high=top, start=ABOVE + side, end=ABOVE),
    )
    canvas.text(0, 10, words[1], small=True)
    area.draw_y(ticks)
    area.draw_x(ticks, caption=words[0])
    canvas.path([area.at(0, 0), area.at(top, top)], colour=QUIET, width=1.0, style="dashed")
    for foretold, observed, low, high in points:
        canvas.line(area.at(foretold, low), area.at(foretold, high), colour=ACCENT, width=2.0)
        canvas.dot(*area.at(foretold, observed))
    return canvas.figure
