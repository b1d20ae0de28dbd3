"""Views of estimates: a figure of intervals, a table, or sentences alone."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from backtorule_eval.disclosure.released import Releasable, ShownEstimate
from backtorule_eval.errors import ParameterProblem
from backtorule_eval.report.canvas import NARROW
from backtorule_eval.report.catalogue import translator
from backtorule_eval.report.cells import count_cell, interval_cells
from backtorule_eval.report.content import Content
from backtorule_eval.report.estimate_words import (
    axis_words,
    caution_sentences,
    held_constant_by_row,
    main_estimate,
    method_sentences,
    reading_notes,
    row_labels,
    title_of,
)
from backtorule_eval.report.figures import Described, Mark, forest
from backtorule_eval.report.numbers import (
    Figures,
    hidden,
    interval,
    number,
    p_value,
    read_figures,
)
from backtorule_eval.report.remarks import rules_sentence
from backtorule_eval.report.tables import Cell, Table
from backtorule_eval.report.wording import Declared, sentence


def forest_content(releasable: Releasable, language: str) -> Content:
    """Show estimates as intervals on one axis."""
    estimates = _estimates(releasable)
    if len({e.measure for e in estimates}) > 1:
        raise ParameterProblem(
            f"{releasable.key}: a forest needs estimates on one scale; publish each scale apart."
        )
    drawn = any(read_figures(e, precise=releasable.rules.public) for e in estimates)
    return Content(
        sentences=_main_sentence(releasable, language),
        figures=(_forest(releasable, estimates, language),) if drawn else (),
        folded=() if drawn else (estimate_table(releasable, language),),
        notes=reading_notes(estimates, language) if drawn else (),
        cautions=caution_sentences(estimates, language),
        method=method_sentences(main_estimate(estimates), language),
    )


def table_content(releasable: Releasable, language: str) -> Content:
    """Show estimates as a table."""
    estimates = _estimates(releasable)
    return Content(
        sentences=_main_sentence(releasable, language),
        tables=(estimate_table(releasable, language),),
        cautions=caution_sentences(estimates, language),
        method=method_sentences(main_estimate(estimates), language),
    )


def sentence_content(releasable: Releasable, language: str) -> Content:
    """Say estimates in sentences, one each."""
    estimates = _estimates(releasable)
    declared = Declared(worthwhile=releasable.worthwhile, direction=releasable.direction)
    said = (sentence(e, declared, language=language, precise=releasable.rules.public) for e in estimates)
    return Content(
        sentences=tuple(said),
        cautions=caution_sentences(estimates, language),
        method=method_sentences(main_estimate(estimates), language),
    )


def estimate_table(releasable: Releasable, language: str) -> Table:
    """Return estimates as a table: value, interval, p-value, people, with the outcome, missing."""
    _ = translator(language)
    estimates = _estimates(releasable)
    head = (
        _("What is compared"),
        _("Estimate"),
        _("Interval from"),
        _("Interval to"),
        _("p"),
        _("People"),
        _("With the outcome"),
        _("Missing"),
    )
    labels = row_labels(estimates, language)
    held = held_constant_by_row(estimates, labels, language)
    rows = tuple(_row(e, label, releasable, language) for e, label in zip(estimates, labels, strict=True))
    return Table(
        caption=_title(estimates, language),
        head=head,
        rows=rows,
        notes=(*held, rules_sentence(releasable.rules, language)),
    )


def _row(estimate: ShownEstimate, label: str, releasable: Releasable, language: str) -> tuple[Cell, ...]:
    """One estimate as a row."""
    figures = read_figures(estimate, precise=releasable.rules.public)
    people = (estimate.n, estimate.n_events, estimate.n_missing)
    return (
        Cell(label),
        *interval_cells(figures, language),
        Cell(p_value(estimate.p_value, language)),
        *(count_cell(n, language) for n in people),
    )


def _forest(releasable: Releasable, estimates: Sequence[ShownEstimate], language: str) -> Described:
    """Draw the figure and say what it shows."""
    _ = translator(language)
    labels = row_labels(estimates, language)
    read = [read_figures(e, precise=releasable.rules.public) for e in estimates]
    main = main_estimate(estimates)
    marks = [
        _mark(label, figures, main=e is main, language=language)
        for e, label, figures in zip(estimates, labels, read, strict=True)
    ]
    title, axis = title_of(estimates, language), axis_words(estimates, language)
    told = "; ".join(f"{mark.label}: {mark.words}" for mark in marks)
    template = _("Intervals on a line. {title}. {axis}. {told}.")
    decimals = max(f.decimals for f in read if f)
    draw = partial(forest, marks, axis=axis, decimals=decimals, language=language)
    return Described(
        key=releasable.key,
        title=title,
        alt=template.format(title=title, axis=axis, told=told),
        figure=draw(),
        for_phone=draw(width=NARROW),
        table=estimate_table(releasable, language),
    )


def _mark(label: str, figures: Figures | None, *, main: bool, language: str) -> Mark:
    """One estimate as a row of the figure; a hidden one keeps its row and has no mark."""
    if figures is None:
        return Mark(label=label, words=hidden(language), value=None, main=main)
    value, low, high = figures.rounded()
    words = f"{number(value, figures.decimals, language)} ({interval(figures, language)})"
    return Mark(label=label, words=words, value=value, low=low, high=high, main=main)


def _estimates(releasable: Releasable) -> list[ShownEstimate]:
    """Return the estimates; the view has been checked to fit."""
    return [thing for thing in releasable.things if isinstance(thing, ShownEstimate)]


def _title(estimates: Sequence[ShownEstimate], language: str) -> str:
    """Name a table of estimates by what is compared, and by its scale where there is one."""
    title = title_of(estimates, language)
    one_scale = len({e.measure for e in estimates}) == 1
    return f"{title}. {axis_words(estimates, language)}" if one_scale else title


def _main_sentence(releasable: Releasable, language: str) -> tuple[str, ...]:
    """Say the main estimate."""
    declared = Declared(worthwhile=releasable.worthwhile, direction=releasable.direction)
    estimates = _estimates(releasable)
    main = main_estimate(estimates)
    if len({e.population for e in estimates}) > 1 and not main.prespecified:
        return ()  # of several groups none is the main one
    return (sentence(main, declared, language=language, precise=releasable.rules.public),)
