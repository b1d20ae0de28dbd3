"""View of states over time: one stacked bar for each point in time, every part named where it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from matplotlib.figure import Figure

from backtorule_eval.disclosure.released import Releasable, ShownCounts, total
from backtorule_eval.disclosure.rounding import Mark
from backtorule_eval.report.canvas import NARROW, WIDE, Canvas, wrapped
from backtorule_eval.report.catalogue import translator
from backtorule_eval.report.content import Content
from backtorule_eval.report.counts_view import count_table
from backtorule_eval.report.figures import Described
from backtorule_eval.report.numbers import count, hidden
from backtorule_eval.report.tables import Table

LINE = 13.0
BAR = 22.0
GAP = 12.0
# From dark to light, so that neighbours differ in grey too; more than these do not fit one picture.
SHADES = ("#0a3d4d", "#1f6278", "#4a8ba0", "#7fb0c0", "#adcdd7", "#d3e4ea", "#f1f6f8")


@dataclass(frozen=True, slots=True, kw_only=True)
class StackedBar:
    """One point in time: its name, and its parts (name, how many in words, how many or None when hidden)."""

    label: str
    parts: tuple[tuple[str, str, float | None], ...]


def states_content(releasable: Releasable, language: str) -> Content:
    """Show tables of one classification each, one for each point in time, as stacked bars."""
    _ = translator(language)
    tables = [thing for thing in releasable.things if isinstance(thing, ShownCounts)]
    bars = [_bar(table, language) for table in tables]
    title = _("Where people are, as time goes")
    told = " ".join(
        f"{bar.label}: {'; '.join(f'{name} {words}' for name, words, _n in bar.parts)}." for bar in bars
    )
    draw = partial(draw_states, bars)
    figure = Described(
        key=releasable.key,
        title=title,
        alt=_("Stacked bars, one for each point in time. {told}").format(told=told),
        figure=draw(),
        for_phone=draw(width=NARROW),
        table=count_table(tables[0], releasable, language),
    )
    others: tuple[Table, ...] = tuple(count_table(table, releasable, language) for table in tables[1:])
    note = _("A bar is as long as the people who are shown; hidden ones have no part in it.")
    return Content(figures=(figure,), folded=others, notes=(note,))


def _bar(table: ShownCounts, language: str) -> StackedBar:
    """Take one table as a bar; where categories have gone, what is left is one part."""
    label = table.dimensions[0].label.in_language(language) if table.dimensions else ""
    levels = table.dimensions[0].levels if table.dimensions else ()
    names = [level.label.in_language(language) for level in levels] or [""]
    parts = tuple(
        (
            name,
            hidden(language) if isinstance(n, Mark) else count(n, language),
            None if isinstance(n, Mark) else float(n),
        )
        for name, n in zip(names, table.counts, strict=True)
    )
    everyone = total(table.counts)
    words = "" if isinstance(everyone, Mark) else f" ({count(everyone, language)})"
    return StackedBar(label=f"{label}{words}", parts=parts)


def draw_states(bars: Sequence[StackedBar], *, width: float = WIDE) -> Figure:
    """Draw stacked bars under their names, each followed by a line that names its parts."""
    names = list(dict.fromkeys(name for bar in bars for name, _, _ in bar.parts))
    looks = {name: SHADES[min(i, len(SHADES) - 1)] for i, name in enumerate(names)}
    longest = max((sum(n or 0.0 for _, _, n in bar.parts) for bar in bars), default=1.0) or 1.0
    keys = [_keys(bar, width) for bar in bars]
    canvas = Canvas(width, sum(LINE + BAR + len(lines) * LINE + GAP for lines in keys))
    top = 0.0
    for bar, lines in zip(bars, keys, strict=True):
        canvas.text(0, top + 0.8 * LINE, bar.label)
        _draw_parts(canvas, bar, looks, top=top + LINE + 2, scale=width / longest)
        top += LINE + BAR
        for line in lines:
            _write_keys(canvas, line, looks, top=top)
            top += LINE
        top += GAP
    return canvas.figure


Key = tuple[str, str]  # a part's name, and its name with its number


def _keys(bar: StackedBar, width: float) -> list[list[Key]]:
    """Break the names of a bar's parts into lines: one part a line, wrapped where it is long."""
    return [
        [(name, line)] if i == 0 else [("", line)]
        for name, words, _ in bar.parts
        for i, line in enumerate(wrapped(f"{name}: {words}", width - 18))
    ]


def _draw_parts(
    canvas: Canvas, bar: StackedBar, looks: Mapping[str, str], *, top: float, scale: float
) -> None:
    """Draw the parts of a bar one after the other."""
    start = 0.0
    for name, _, n in bar.parts:
        if n:
            canvas.part((start, top), (n * scale, BAR - 6), colour=looks[name])
            start += n * scale


def _write_keys(canvas: Canvas, line: Sequence[Key], looks: Mapping[str, str], *, top: float) -> None:
    """Write a part's name beside a patch of it."""
    for name, words in line:
        if name:
            canvas.part((0, top + 2), (11, 9), colour=looks[name])
        canvas.text(18, top + 0.8 * LINE, words)
