"""View of counts: bars with their numbers for one dimension, a table with sums for more."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from backtorule_eval.analyses.tables import Dimension
from backtorule_eval.disclosure.released import Releasable, ShownCounts, total
from backtorule_eval.disclosure.rounding import Mark as HiddenMark
from backtorule_eval.disclosure.rounding import Number
from backtorule_eval.report.canvas import NARROW
from backtorule_eval.report.catalogue import translator
from backtorule_eval.report.cells import count_cell, share_cell
from backtorule_eval.report.content import Content
from backtorule_eval.report.figures import Described, Mark, bars
from backtorule_eval.report.numbers import NO_BREAK, count, listed
from backtorule_eval.report.remarks import rules_sentence
from backtorule_eval.report.tables import Cell, Table
from backtorule_eval.report.vocabulary import known_name

ONE, TWO = 1, 2


def counts_content(releasable: Releasable, language: str) -> Content:
    """Show tables of counts, one after the other."""
    tables = [thing for thing in releasable.things if isinstance(thing, ShownCounts)]
    figures, plain = [], []
    for i, table in enumerate(tables):
        if len(table.dimensions) == ONE:
            key = releasable.key if len(tables) == ONE else f"{releasable.key}-{i + 1}"
            figures.append(_figure(table, key, releasable, language))
        else:
            plain.append(count_table(table, releasable, language))
    return Content(figures=tuple(figures), tables=tuple(plain))


def _figure(table: ShownCounts, key: str, releasable: Releasable, language: str) -> Described:
    """Draw one dimension as bars and say what they show."""
    _ = translator(language)
    (dimension,) = table.dimensions
    everyone = total(table.counts)
    labels = [level.label.in_language(language) for level in dimension.levels]
    marks = [
        Mark(label=label, words=count_words(n, everyone, language), value=_value(n))
        for label, n in zip(labels, table.counts, strict=True)
    ]
    title = _title(table, language)
    told = "; ".join(f"{mark.label}: {mark.words}" for mark in marks)
    return Described(
        key=key,
        title=title,
        alt=_("Bars, one per category. {title}. {told}.").format(title=title, told=told),
        figure=bars(marks),
        for_phone=bars(marks, width=NARROW),
        table=count_table(table, releasable, language),
    )


def _value(n: Number) -> float | None:
    """Return a count to draw, None when it is hidden."""
    return None if isinstance(n, HiddenMark) else float(n)


def count_words(n: Number, everyone: Number, language: str) -> str:
    """Say a count, with its share when everyone is known."""
    share = share_cell(n, everyone, language)
    return count(n, language) + (f"{NO_BREAK}({share.shown})" if share.plain else "")


def count_table(table: ShownCounts, releasable: Releasable, language: str) -> Table:
    """Return counts as a table: one dimension with shares, more with sums over the last."""
    notes = (
        *coarser_notes(table, language),
        sum_note(releasable, language),
        rules_sentence(releasable.rules, language),
    )
    if len(table.dimensions) <= ONE:
        return _one_way(table, notes, language)
    return _more_ways(table, notes, language)


def _one_way(table: ShownCounts, notes: tuple[str, ...], language: str) -> Table:
    """Rows are the levels, or the one count of a table without dimensions."""
    _ = translator(language)
    everyone = total(table.counts)
    levels = table.dimensions[0].levels if table.dimensions else ()
    rows = [
        (Cell(level.label.in_language(language)), count_cell(n, language), share_cell(n, everyone, language))
        for level, n in zip(levels, table.counts, strict=False)
    ]
    rows.append((Cell(_("Sum")), count_cell(everyone, language), share_cell(everyone, everyone, language)))
    first = table.dimensions[0].label.in_language(language) if table.dimensions else _("Who")
    return Table(
        caption=_title(table, language), head=(first, _("People"), _("Share")), rows=tuple(rows), notes=notes
    )


def _more_ways(table: ShownCounts, notes: tuple[str, ...], language: str) -> Table:
    """Rows are the combinations of all dimensions but the last, whose levels are the columns."""
    _ = translator(language)
    *rows_by, columns_by = table.dimensions
    columns = [level.label.in_language(language) for level in columns_by.levels]
    rows = []
    for keys in product(*([level.key for level in d.levels] for d in rows_by)):
        cells = table.cells(**{d.name: key for d, key in zip(rows_by, keys, strict=True)})
        label = ", ".join(_label(d, key, language) for d, key in zip(rows_by, keys, strict=True))
        rows.append((Cell(label), *(count_cell(n, language) for n in (*cells, total(cells)))))
    sums = [total(table.cells(**{columns_by.name: level.key})) for level in columns_by.levels]
    rows.append((Cell(_("Sum")), *(count_cell(n, language) for n in (*sums, total(table.counts)))))
    head = ", ".join(d.label.in_language(language) for d in rows_by)
    return Table(
        caption=_title(table, language), head=(head, *columns, _("Sum")), rows=tuple(rows), notes=notes
    )


def _label(dimension: Dimension, key: str, language: str) -> str:
    """Return the words of one level."""
    return next(level.label.in_language(language) for level in dimension.levels if level.key == key)


def _title(table: ShownCounts, language: str) -> str:
    """Name a table by its dimensions and its people."""
    _ = translator(language)
    names = " × ".join(d.label.in_language(language) for d in table.dimensions) or _("Number of people")
    who = known_name(table.population, (), language)
    return f"{names} ({who})" if who else names


def coarser_notes(table: ShownCounts, language: str) -> Iterator[str]:
    """Tell a reader that a table is coarser than it was made, so that its categories are not misread."""
    _ = translator(language)
    if table.merged:
        names = listed([label.in_language(language) for label in table.merged], language)
        template = _("Some categories are shown as one, so that nobody can be recognised: {names}.")
        yield template.format(names=names)
    if table.left_out:
        names = listed([label.in_language(language) for label in table.left_out], language)
        template = _("Not divided by {names}, so that nobody can be recognised.")
        yield template.format(names=names)


def sum_note(releasable: Releasable, language: str) -> str:
    """Say where sums come from."""
    _ = translator(language)
    if releasable.rules.public:
        return _("Sums are sums of the figures shown.")
    return _("Sums are sums of the rounded figures, and hidden where a figure is hidden.")
