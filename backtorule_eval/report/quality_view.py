"""View of how good a measure is: reliability, how scales go together, and how factor models fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from backtorule_eval.analyses.quality import Quantity
from backtorule_eval.disclosure.released import Releasable, ShownQuality, ShownQualityRow
from backtorule_eval.disclosure.rounding import Band, Number
from backtorule_eval.disclosure.rounding import Mark as HiddenMark
from backtorule_eval.report.canvas import NARROW
from backtorule_eval.report.catalogue import N_, translator
from backtorule_eval.report.cells import count_cell, figure_cell
from backtorule_eval.report.content import Content
from backtorule_eval.report.figures import Described, Mark, forest
from backtorule_eval.report.numbers import NOTHING, number, p_value
from backtorule_eval.report.remarks import rules_sentence
from backtorule_eval.report.tables import Cell, Table
from backtorule_eval.report.vocabulary import lower_first

TITLES: dict[str, str] = {
    "reliability": N_("How consistently the questions of each scale are answered"),
    "correlations": N_("How closely the scales go together"),
    "structure": N_("How well models with seven, five and three scales fit the answers"),
    "invariance": N_("Whether the questions mean the same in all groups"),
    "waves": N_("Whether the questions mean the same at every wave"),
    "change_rules": N_("How much a score must change before error no longer explains it"),
}
HEADS: dict[Quantity, str] = {
    Quantity.ALPHA: N_("Alpha"),
    Quantity.ALPHA_LOW: N_("Alpha from"),
    Quantity.ALPHA_HIGH: N_("Alpha to"),
    Quantity.ORDINAL_ALPHA: N_("Ordinal alpha"),
    Quantity.OMEGA: N_("Omega"),
    Quantity.OMEGA_LOW: N_("Omega from"),
    Quantity.OMEGA_HIGH: N_("Omega to"),
    Quantity.CORRELATION: N_("Correlation"),
    Quantity.CORRELATION_LOW: N_("Correlation from"),
    Quantity.CORRELATION_HIGH: N_("Correlation to"),
    Quantity.CHI2: N_("Chi-square"),
    Quantity.DF: N_("df"),
    Quantity.P_VALUE: N_("p"),
    Quantity.CFI: N_("CFI"),
    Quantity.TLI: N_("TLI"),
    Quantity.RMSEA: N_("RMSEA"),
    Quantity.RMSEA_LOW: N_("RMSEA from"),
    Quantity.RMSEA_HIGH: N_("RMSEA to"),
    Quantity.SRMR: N_("SRMR"),
    Quantity.WORSE_P: N_("Fits worse than the line above: p"),
    Quantity.RELIABILITY: N_("Reliability"),
    Quantity.SPREAD: N_("Standard deviation"),
    Quantity.SMALLEST_CHANGE: N_("Smallest reliable change"),
}
NOTES: dict[str, tuple[str, ...]] = {
    "reliability": (
        N_(
            "A reliability of 0.80 means that eight tenths of the spread between people is more than chance "
            "answers. It does not tell whether the questions measure the right thing."
        ),
    ),
    "correlations": (
        N_(
            "1 means that two scales order people exactly alike, 0 that they have nothing to do with each "
            "other, and below zero that who scores high on one scores low on the other."
        ),
    ),
}
FIT_NOTE = N_(
    "CFI and TLI near 1, and RMSEA and SRMR near 0, mean that the model is close to the answers. The last "
    "column tests each line against the one above it: a small p means that the simpler one loses something. "
    "Chi-square and the other figures do not take the answers as normally distributed (Satorra and Bentler)."
)
METHODS: dict[str, tuple[str, ...]] = {
    "reliability": (
        N_("Alpha is Cronbach's, with Feldt's interval (95 %), of those who answered every question."),
        N_(
            "Omega is that of one factor fitted by maximum likelihood; ordinal alpha is of polychoric "
            "correlations. Both are left out below 100 people."
        ),
    ),
    "correlations": (
        N_(
            "Product-moment correlations of the scores of those who have all of them, "
            "with Fisher's interval (95 %)."
        ),
    ),
    "change_rules": (
        N_("Jacobson and Truax: 1.96 times the standard deviation times the root of 2 (1 − reliability)."),
    ),
}
TWO, ONE, NONE, THREE = 2, 1, 0, 3
WHOLE = frozenset({Quantity.DF})
IN_SHORT = frozenset({Quantity.CFI, Quantity.RMSEA, Quantity.SRMR, Quantity.WORSE_P})
OF_FIT = frozenset({"structure", "invariance", "waves"})


def quality_content(releasable: Releasable, language: str) -> Content:
    """Show how good a measure is."""
    shown = [thing for thing in releasable.things if isinstance(thing, ShownQuality)]
    keys = [releasable.key if len(shown) == 1 else f"{releasable.key}-{i + 1}" for i in range(len(shown))]
    drawn = [_figure(one, key, releasable, language) for one, key in zip(shown, keys, strict=True)]
    tables = [_tables(one, releasable, language) for one in shown]
    _ = translator(language)
    questions = list(dict.fromkeys(one.question for one in shown))
    own = dict.fromkeys(note.in_language(language) for one in shown for note in one.notes)
    return Content(
        sentences=tuple(sentence for one in shown for sentence in _sentences(one, releasable, language)),
        figures=tuple(figure for figure in drawn if figure),
        tables=tuple(of[0] for of, figure in zip(tables, drawn, strict=True) if not figure),
        folded=tuple(table for of in tables for table in of[1:]),
        notes=(*(_(note) for question in questions for note in _reading(question)), *own),
        method=tuple(_(line) for question in questions for line in METHODS.get(question, ())),
    )


def _reading(question: str) -> tuple[str, ...]:
    """How a table of this question is read."""
    return (FIT_NOTE,) if question in OF_FIT else NOTES.get(question, ())


def _sentences(quality: ShownQuality, releasable: Releasable, language: str) -> Iterator[str]:
    """Say the least and the most reliable scale."""
    if quality.question != "reliability":
        return
    _ = translator(language)
    at = quality.quantities.index(Quantity.ALPHA)
    known = [(x, row) for row in quality.rows if (x := _seen(row.figures[at])) is not None]
    if not known:
        yield _("How reliable the scales are is not shown: too few are behind it.")
        return
    (least, worst), (most, best) = (pick(known, key=lambda pair: pair[0]) for pick in (min, max))
    template = _(
        "The reliability of the scales runs from {least} ({worst}) to {most} ({best}), "
        "where 1 is without error."
    )
    yield template.format(
        least=number(least, TWO, language),
        most=number(most, TWO, language),
        worst=lower_first(worst.label.in_language(language)),
        best=lower_first(best.label.in_language(language)),
    )


def _figure(quality: ShownQuality, key: str, releasable: Releasable, language: str) -> Described | None:
    """Draw reliability with its interval; None for other questions and where nothing is shown."""
    if quality.question != "reliability" or not any(
        _seen(row.figures[0]) is not None for row in quality.rows
    ):
        return None
    _ = translator(language)
    marks = [_mark(quality, row, language) for row in quality.rows]
    title, axis = _(TITLES[quality.question]), _("Alpha, from 0 to 1")
    draw = partial(forest, marks, axis=axis, decimals=TWO, language=language)
    told = "; ".join(f"{mark.label}: {mark.words}" for mark in marks)
    return Described(
        key=key,
        title=title,
        alt=_("Reliability of each scale with its interval. {told}.").format(told=told),
        figure=draw(),
        for_phone=draw(width=NARROW),
        table=_table(quality, releasable, language),
    )


def _mark(quality: ShownQuality, row: ShownQualityRow, language: str) -> Mark:
    """One scale as a row of the figure."""
    _ = translator(language)
    of = dict(zip(quality.quantities, row.figures, strict=True))
    wanted = (Quantity.ALPHA, Quantity.ALPHA_LOW, Quantity.ALPHA_HIGH)
    value, low, high = (_seen(of.get(quantity)) for quantity in wanted)
    words = _cell(Quantity.ALPHA, of.get(Quantity.ALPHA), precise=False, language=language).shown
    if low is not None and high is not None:
        ends = {"low": number(low, TWO, language), "high": number(high, TWO, language)}
        words = _("{value} ({low} to {high})").format(value=words, **ends)
    return Mark(label=row.label.in_language(language), words=words, value=value, low=low, high=high)


def _tables(quality: ShownQuality, releasable: Releasable, language: str) -> Sequence[Table]:
    """Return what is shown, and what is folded under it: all figures of what is shown in short."""
    table = _table(quality, releasable, language)
    if quality.question in OF_FIT:
        return _table(quality, releasable, language, in_short=True), table
    return (_matrix(quality, releasable, language), table) if quality.question == "correlations" else (table,)


def _matrix(quality: ShownQuality, releasable: Releasable, language: str) -> Table:
    """Return correlations as a matrix: each scale against those before it."""
    _ = translator(language)
    pairs = {(row.label, row.beside): row.figures[0] for row in quality.rows if row.beside}
    scales = list(dict.fromkeys(label for pair in pairs for label in pair if label))
    rows = []
    for i, scale in enumerate(scales):
        found = [pairs.get((other, scale)) for other in scales[:i]]
        cells = [_cell(Quantity.CORRELATION, x, precise=False, language=language) for x in found]
        rows.append(
            (
                Cell(f"{i + 1}. {scale.in_language(language)}"),
                *cells,
                *[Cell(NOTHING)] * (len(scales) - 1 - i),
            )
        )
    return Table(
        caption=_(TITLES[quality.question]),
        head=(_("Scale"), *(str(i + 1) for i in range(len(scales) - 1))),
        rows=tuple(rows),
        notes=(rules_sentence(releasable.rules, language),),
    )


def _table(quality: ShownQuality, releasable: Releasable, language: str, *, in_short: bool = False) -> Table:
    """Return the figures, one line per scale, pair or model; in short those that a page has room for."""
    _ = translator(language)
    wanted = [q for q in quality.quantities if not in_short or q in IN_SHORT]
    second_heads = {"reliability": _("Questions"), "correlations": _("With"), "waves": _("Model")}
    beside = second_heads.get(quality.question)
    precise = releasable.rules.public
    rows = []
    for row in quality.rows:
        second = [Cell(row.beside.in_language(language) if row.beside else NOTHING)] if beside else []
        cells = [
            _cell(quantity, x, precise=precise, language=language)
            for quantity, x in zip(quality.quantities, row.figures, strict=True)
            if quantity in wanted
        ]
        people = [] if in_short else [count_cell(row.n, language)]
        rows.append((Cell(row.label.in_language(language)), *second, *cells, *people))
    first = _("Model") if quality.question in OF_FIT and not beside else _("Scale")
    heads = [_(HEADS[quantity]) for quantity in wanted]
    return Table(
        caption=_(TITLES[quality.question]),
        head=(first, *([beside] if beside else []), *heads, *([] if in_short else [_("People")])),
        rows=tuple(rows),
        notes=(rules_sentence(releasable.rules, language),),
    )


def _cell(quantity: Quantity, x: Number | Band | None, *, precise: bool, language: str) -> Cell:
    """One figure as a cell."""
    if isinstance(x, Band) or quantity in (Quantity.P_VALUE, Quantity.WORSE_P):
        return Cell(p_value(x, language), figure=True)
    return figure_cell(x, _decimals(quantity, precise=precise), language)


def _decimals(quantity: Quantity, *, precise: bool) -> int:
    """How many decimals does a figure have?"""
    if quantity in WHOLE:
        return NONE
    if quantity is Quantity.CHI2:
        return ONE if precise else NONE
    if quantity in (Quantity.SPREAD, Quantity.SMALLEST_CHANGE):
        return TWO if precise else ONE
    return THREE if precise and quantity.value.startswith(("cfi", "tli", "rmsea", "srmr")) else TWO


def _seen(x: Number | Band | None) -> float | None:
    """Return a figure to draw; None when it is hidden or not there."""
    return None if x is None or isinstance(x, HiddenMark | Band) else float(x)
