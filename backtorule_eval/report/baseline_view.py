"""Views of who people are at the start, group beside group: categories as counts, numbers as averages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from backtorule_eval.analyses.balance import share_difference, standardised_difference
from backtorule_eval.analyses.tables import Dimension
from backtorule_eval.disclosure.released import Releasable, ShownCounts, ShownMean, ShownMeans, total
from backtorule_eval.disclosure.rounding import Number
from backtorule_eval.errors import ParameterProblem
from backtorule_eval.report.catalogue import translator
from backtorule_eval.report.cells import count_cell, figure_cell
from backtorule_eval.report.content import Content
from backtorule_eval.report.counts_view import coarser_notes, count_table, count_words, sum_note
from backtorule_eval.report.means_view import mean_decimals
from backtorule_eval.report.numbers import NO_BREAK
from backtorule_eval.report.remarks import rules_sentence
from backtorule_eval.report.tables import Cell, Table
from backtorule_eval.report.vocabulary import known_name, lower_first

TWO = 2
MISSING = "missing"
SMD_DECIMALS = 2


def baseline_counts_content(releasable: Releasable, language: str) -> Content:
    """Show several variables by the same groups as one table; one that lost its groups stands by itself."""
    tables = [thing for thing in releasable.things if isinstance(thing, ShownCounts)]
    shown: list[Table] = []
    for groups, same in groupby(tables, key=_groups_of):
        if groups is None:
            shown += [count_table(table, releasable, language) for table in same]
        else:
            shown.append(_counts_table(groups, list(same), releasable, language))
    return Content(tables=tuple(shown), notes=_difference_note(releasable, language))


def baseline_means_content(releasable: Releasable, language: str) -> Content:
    """Show averages of the same variables in several groups as one table, a group in each column.

    Raises
    ------
    ParameterProblem
        A group has no words, or the groups do not have the same variables.
    """
    tables = [thing for thing in releasable.things if isinstance(thing, ShownMeans)]
    if not all(table.label for table in tables):
        raise ParameterProblem(f"{releasable.key}: every table of means needs the name of its group.")
    if len({tuple(row.name for row in table.rows) for table in tables}) > 1:
        raise ParameterProblem(f"{releasable.key}: the groups need the same variables in the same order.")
    notes = dict.fromkeys(note.in_language(language) for table in tables for note in table.notes)
    return Content(
        tables=(_means_table(tables, releasable, language),),
        notes=(*notes, *_difference_note(releasable, language)),
    )


def _difference_note(releasable: Releasable, language: str) -> tuple[str, ...]:
    """Say where standardised differences are: made from rounded figures they would mislead."""
    _ = translator(language)
    if releasable.rules.public:
        return ()
    return (_("How far apart the groups are is told where their balance is shown: it needs exact figures."),)


def _groups_of(table: ShownCounts) -> Dimension | None:
    """Return the groups that a table of one variable is divided by."""
    return table.dimensions[1] if len(table.dimensions) == TWO else None


def _counts_table(
    groups: Dimension, tables: Sequence[ShownCounts], releasable: Releasable, language: str
) -> Table:
    """Return variables by group as one table, each with its sum."""
    _ = translator(language)
    compared = releasable.rules.public and _are_two(groups)
    names = [level.label.in_language(language) for level in groups.levels]
    notes = dict.fromkeys(note for table in tables for note in coarser_notes(table, language))
    return Table(
        caption=_title(groups, tables[0].population, language),
        head=(_("Variable"), *names, *([_("Standardised difference")] if compared else [])),
        rows=tuple(row for table in tables for row in _counts_rows(table, language, compared=compared)),
        notes=(*notes, sum_note(releasable, language), rules_sentence(releasable.rules, language)),
    )


def _are_two(groups: Dimension) -> bool:
    """Tell whether there are two groups to compare."""
    return [level.key == MISSING for level in groups.levels] == [False, False]


def _counts_rows(table: ShownCounts, language: str, *, compared: bool) -> Iterator[tuple[Cell, ...]]:
    """Yield a row for every category of one variable, and its sums."""
    _ = translator(language)
    variable, groups = table.dimensions
    name = variable.label.in_language(language)
    sums = [total(table.cells(**{groups.name: group.key})) for group in groups.levels]
    for level in variable.levels:
        counts = table.cells(**{variable.name: level.key})
        words = (Cell(count_words(n, of, language), figure=True) for n, of in zip(counts, sums, strict=True))
        apart = (_share_difference(counts, sums, language),) if compared else ()
        yield Cell(f"{name}: {level.label.in_language(language)}"), *words, *apart
    nothing = (figure_cell(None, SMD_DECIMALS, language),) if compared else ()
    yield Cell(_("{name}: sum").format(name=name)), *(count_cell(n, language) for n in sums), *nothing


def _share_difference(counts: Sequence[Number], sums: Sequence[Number], language: str) -> Cell:
    """Return how far apart two groups are in one category, from exact figures."""
    n_in, sizes = ([int(str(n)) for n in numbers] for numbers in (counts, sums))
    if not all(sizes):
        return figure_cell(None, SMD_DECIMALS, language)
    apart = share_difference(n_in=(n_in[0], n_in[1]), sizes=(sizes[0], sizes[1]))
    return figure_cell(apart, SMD_DECIMALS, language)


def _means_table(tables: Sequence[ShownMeans], releasable: Releasable, language: str) -> Table:
    """Return averages by group as one table."""
    _ = translator(language)
    precise = releasable.rules.public
    compared = precise and len(tables) == TWO
    names = [table.label.in_language(language) if table.label else "" for table in tables]
    rows: list[tuple[Cell, ...]] = []
    for same in zip(*(table.rows for table in tables), strict=True):
        rows += _means_rows(same, language, precise=precise, compared=compared)
    return Table(
        caption=_("Averages at the start, by group"),
        head=(_("Variable"), *names, *([_("Standardised difference")] if compared else [])),
        rows=tuple(rows),
        notes=(rules_sentence(releasable.rules, language),),
    )


def _means_rows(
    same: Sequence[ShownMean], language: str, *, precise: bool, compared: bool
) -> Iterator[tuple[Cell, ...]]:
    """Yield one variable's averages, people and missing, a group in each column."""
    _ = translator(language)
    name = same[0].label.in_language(language)
    there = (row for row in same if isinstance(row.mean, int | float))
    decimals = max((mean_decimals(row, precise) for row in there), default=0)
    apart = [figure_cell(_mean_difference(same), SMD_DECIMALS, language)] if compared else []
    nothing = [figure_cell(None, SMD_DECIMALS, language)] if compared else []
    head = Cell(_("{name}: average (standard deviation)").format(name=name))
    yield head, *(_average(row, decimals, language) for row in same), *apart
    people = Cell(_("{name}: people").format(name=name))
    yield people, *(count_cell(row.n, language) for row in same), *nothing
    missing = Cell(_("{name}: missing").format(name=name))
    yield missing, *(count_cell(row.n_missing, language) for row in same), *nothing


def _average(row: ShownMean, decimals: int, language: str) -> Cell:
    """Return an average with its standard deviation in brackets; neither where it is hidden or not there."""
    mean, sd = (figure_cell(x, decimals, language) for x in (row.mean, row.sd))
    words = f"{mean.shown}{NO_BREAK}({sd.shown})" if mean.plain else mean.shown
    return Cell(words, figure=True)


def _mean_difference(same: Sequence[ShownMean]) -> float | None:
    """Return how far apart two groups are in one variable, from exact figures; None if not defined."""
    figures = [float(x) for row in same for x in (row.mean, row.sd) if isinstance(x, int | float)]
    if len(figures) != TWO * TWO:
        return None
    mean, sd, other, other_sd = figures
    return standardised_difference(means=(mean, other), variances=(sd**2, other_sd**2))


def _title(groups: Dimension, population: str, language: str) -> str:
    """Name a table of categories by its groups and its people."""
    _ = translator(language)
    divided = lower_first(groups.label.in_language(language))
    title = _("Who people are at the start, by {groups}").format(groups=divided)
    who = known_name(population, (), language)
    return f"{title} ({who})" if who else title
