"""View of a joint display: what people say beside what is counted, theme by theme."""

from __future__ import annotations

from collections.abc import Sequence

from backtorule_eval.analyses.estimate import Measure
from backtorule_eval.analyses.joint_display import Agreement
from backtorule_eval.disclosure.released import Releasable, ShownEstimate, ShownJointDisplay, ShownJointRow
from backtorule_eval.disclosure.rounding import Mark as HiddenMark
from backtorule_eval.report.canvas import NARROW
from backtorule_eval.report.catalogue import N_, translator
from backtorule_eval.report.cells import count_cell
from backtorule_eval.report.content import Content
from backtorule_eval.report.counts_view import count_words
from backtorule_eval.report.estimate_words import caution_sentences
from backtorule_eval.report.figures import Described, Mark, bars
from backtorule_eval.report.numbers import NOTHING, count, read_figures
from backtorule_eval.report.remarks import rules_sentence
from backtorule_eval.report.tables import Cell, Table
from backtorule_eval.report.vocabulary import lower_first
from backtorule_eval.report.wording import Branch, Declared, branch, sentence

AGREEMENTS = {
    Agreement.CONFIRM: N_("Confirms: both say the same"),
    Agreement.EXPAND: N_("Expands: what is said explains more"),
    Agreement.CLASH: N_("Clashes: they say different things"),
}
CANNOT_TELL = N_("Cannot be told: the number does not say which way")
NOTHING_DECLARED = Declared(worthwhile=None, direction=None)


def joint_content(releasable: Releasable, language: str) -> Content:
    """Show themes, how many spoke of them, and the numbers beside."""
    _ = translator(language)
    shown = [thing for thing in releasable.things if isinstance(thing, ShownJointDisplay)]
    keys = [releasable.key if len(shown) == 1 else f"{releasable.key}-{i + 1}" for i in range(len(shown))]
    numbers = [row.number for display in shown for row in display.rows if row.number is not None]
    return Content(
        figures=tuple(_figure(one, key, releasable, language) for one, key in zip(shown, keys, strict=True)),
        tables=tuple(_beside(one, releasable, language) for one in shown),
        notes=(
            _("Those who were interviewed were not drawn by lot: how many said it is not how common it is."),
        ),
        cautions=caution_sentences(numbers, language) if numbers else (),
    )


def _figure(display: ShownJointDisplay, key: str, releasable: Releasable, language: str) -> Described:
    """Draw how many spoke of each theme."""
    _ = translator(language)
    marks = [
        Mark(
            label=row.theme.in_language(language),
            words=count_words(row.said, display.n, language),
            value=None if isinstance(row.said, HiddenMark) else float(row.said),
        )
        for row in display.rows
    ]
    title = _("How many spoke of what, of {n} interviewed").format(n=count(display.n, language))
    told = "; ".join(f"{mark.label}: {mark.words}" for mark in marks)
    return Described(
        key=key,
        title=title,
        alt=_("Bars, one per theme. {title}. {told}.").format(title=title, told=told),
        figure=bars(marks),
        for_phone=bars(marks, width=NARROW),
        table=_counted(display.rows, title, releasable, language),
    )


def _counted(rows: Sequence[ShownJointRow], title: str, releasable: Releasable, language: str) -> Table:
    """Return how many spoke of each theme as a table."""
    _ = translator(language)
    return Table(
        caption=title,
        head=(_("Theme"), _("Spoke of it")),
        rows=tuple((Cell(row.theme.in_language(language)), count_cell(row.said, language)) for row in rows),
        notes=(rules_sentence(releasable.rules, language),),
    )


def _beside(display: ShownJointDisplay, releasable: Releasable, language: str) -> Table:
    """Return what is said beside what is counted."""
    _ = translator(language)
    return Table(
        caption=_("What is said beside what is counted"),
        head=(_("Theme"), _("What is said"), _("What is counted"), _("Do they agree?")),
        rows=tuple(_row(row, releasable, language) for row in display.rows),
        notes=(*_allowed(display, language), rules_sentence(releasable.rules, language)),
    )


def _allowed(display: ShownJointDisplay, language: str) -> tuple[str, ...]:
    """Say how quotes came to be shown, where there are any."""
    _ = translator(language)
    return (_("Quotes were read and allowed one by one."),) if any(row.quote for row in display.rows) else ()


def _row(row: ShownJointRow, releasable: Releasable, language: str) -> tuple[Cell, ...]:
    """One theme as a row."""
    _ = translator(language)
    said, counted, agree = _("No quote"), _("Not measured"), NOTHING
    if row.quote is not None:
        said = _("“{words}” ({who})").format(
            words=row.quote.words, who=lower_first(row.quote.said_by.in_language(language))
        )
    if row.number is not None and row.agreement is not None:
        counted = sentence(row.number, NOTHING_DECLARED, language=language, precise=releasable.rules.public)
        agree = _agreement(row.number, row.agreement, language, precise=releasable.rules.public)
    return Cell(row.theme.in_language(language)), Cell(said), Cell(counted), Cell(agree)


def _agreement(number: ShownEstimate, judged: Agreement, language: str, *, precise: bool) -> str:
    """Say whether words and number agree.

    Nothing agrees or clashes with a number that is hidden, or that fits both more and fewer, whatever was
    judged from the exact one.
    """
    _ = translator(language)
    figures = read_figures(number, precise=precise)
    if figures is None:
        return _(CANNOT_TELL)
    of_one_group = number.measure in (Measure.RISK, Measure.MEAN)
    if of_one_group or judged is Agreement.EXPAND:
        return _(AGREEMENTS[judged])
    unknown = branch(number, figures, NOTHING_DECLARED) is Branch.UNKNOWN
    return _(CANNOT_TELL if unknown else AGREEMENTS[judged])
