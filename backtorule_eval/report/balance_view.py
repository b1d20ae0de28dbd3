"""View of balance: how far apart two groups are at the start, before weighting and after (a love plot)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from backtorule_eval.disclosure.released import Releasable, ShownBalance, ShownBalanceRow
from backtorule_eval.disclosure.rounding import Mark as HiddenMark
from backtorule_eval.disclosure.rounding import Number
from backtorule_eval.report.canvas import NARROW
from backtorule_eval.report.catalogue import translator
from backtorule_eval.report.cells import figure_cell
from backtorule_eval.report.content import Content
from backtorule_eval.report.figures import Described, Mark, forest
from backtorule_eval.report.numbers import number
from backtorule_eval.report.remarks import rules_sentence
from backtorule_eval.report.tables import Cell, Table
from backtorule_eval.report.vocabulary import lower_first

# Closer than this counts as alike (Austin 2009).
ALIKE = 0.1
ROUNDED, PRECISE = 1, 2


def balance_content(releasable: Releasable, language: str) -> Content:
    """Show how alike two groups are, variable by variable."""
    _ = translator(language)
    shown = [thing for thing in releasable.things if isinstance(thing, ShownBalance)]
    keys = [releasable.key if len(shown) == 1 else f"{releasable.key}-{i + 1}" for i in range(len(shown))]
    return Content(
        sentences=tuple(_sentence(one, language, precise=releasable.rules.public) for one in shown),
        figures=tuple(
            _figure(one, key, releasable, language)
            for one, key in zip(shown, keys, strict=True)
            if _differences(one)
        ),
        tables=tuple(_table(one, releasable, language) for one in shown if not _differences(one)),
        notes=(
            _(
                "A standardised difference is a difference in standard deviations. Within the dashed lines, "
                "0.1 to each side, groups are usually called alike. What nobody measured is not in it."
            ),
            *_how_to_read(shown, language, precise=releasable.rules.public),
        ),
    )


def _how_to_read(shown: Sequence[ShownBalance], language: str, *, precise: bool) -> Iterator[str]:
    """Say which dot is which, and what rounding does to what counts as alike."""
    _ = translator(language)
    if any(_is_weighted(balance) for balance in shown):
        yield _("Open dots are before weighting, filled dots after.")
    if not precise:
        yield _("What is shown as 0.1 may be more than that, so it is not counted as alike.")


def _is_weighted(balance: ShownBalance) -> bool:
    """Tell whether a group was weighted."""
    return any(row.after is not None for row in balance.rows)


def _sentence(balance: ShownBalance, language: str, *, precise: bool) -> str:
    """Say in how many variables the groups are alike; a rounded difference counts only if it surely is."""
    _ = translator(language)
    values = _differences(balance)
    first, second = _names(balance, language)
    if not values:
        template = _("How alike {first} and {second} are is not shown: too few are behind it.")
        return template.format(first=first, second=second)
    alike = sum(abs(value) <= ALIKE if precise else abs(value) < ALIKE for value in values)
    if _is_weighted(balance):
        template = _("After weighting, {first} and {second} are alike in {n} of the {all} lines shown.")
    else:
        template = _("{first} and {second} are alike in {n} of the {all} lines shown.")
        first = balance.groups[0].in_language(language)
    told = {"n": number(alike, 0, language), "all": number(len(values), 0, language)}
    return template.format(first=first, second=second, **told)


def _differences(balance: ShownBalance) -> list[float]:
    """Return the differences that are shown."""
    return [x for row in balance.rows if (x := _seen(_last(row))) is not None]


def _names(balance: ShownBalance, language: str) -> tuple[str, str]:
    """Name the groups as within a sentence."""
    first, second = (lower_first(group.in_language(language)) for group in balance.groups)
    return first, second


def _last(row: ShownBalanceRow) -> Number:
    """Return the difference that counts: after weighting where there is one."""
    return row.before if row.after is None else row.after


def _seen(x: Number | None) -> float | None:
    """Return a figure to draw; None when it is hidden or not there."""
    return None if x is None or isinstance(x, HiddenMark) else float(x)


def _figure(balance: ShownBalance, key: str, releasable: Releasable, language: str) -> Described:
    """Draw the differences and say what they are."""
    _ = translator(language)
    decimals = _decimals(releasable)
    marks = [_mark(row, decimals, language) for row in balance.rows]
    title = _title(balance, language)
    axis = _("Standardised difference")
    draw = partial(forest, marks, axis=axis, decimals=decimals, language=language, guides=(-ALIKE, ALIKE))
    told = "; ".join(f"{mark.label}: {mark.words}" for mark in marks)
    return Described(
        key=key,
        title=title,
        alt=_("Dots on a line around zero, in standard deviations. {told}.").format(told=told),
        figure=draw(),
        for_phone=draw(width=NARROW),
        table=_table(balance, releasable, language),
    )


def _decimals(releasable: Releasable) -> int:
    """How many decimals do differences have?"""
    return PRECISE if releasable.rules.public else ROUNDED


def _mark(row: ShownBalanceRow, decimals: int, language: str) -> Mark:
    """One variable as a row of the figure."""
    _ = translator(language)
    label = row.label.in_language(language)
    words = figure_cell(row.before, decimals, language).shown
    if row.after is None:
        return Mark(label=label, words=words, value=_seen(row.before))
    after = figure_cell(row.after, decimals, language).shown
    if after != words:
        words = _("{before}, weighted {after}").format(before=words, after=after)
    return Mark(label=label, words=words, value=_seen(row.after), earlier=_seen(row.before))


def _title(balance: ShownBalance, language: str) -> str:
    """Name the picture by its groups."""
    _ = translator(language)
    first, second = _names(balance, language)
    return _("How alike at the start: {first} and {second}").format(first=first, second=second)


def _table(balance: ShownBalance, releasable: Releasable, language: str) -> Table:
    """Return the differences as a table."""
    _ = translator(language)
    decimals = _decimals(releasable)
    weighted = _is_weighted(balance)
    return Table(
        caption=_title(balance, language),
        head=(_("Variable"), _("Standardised difference"), *([_("After weighting")] if weighted else [])),
        rows=tuple(_row(row, decimals, language, weighted=weighted) for row in balance.rows),
        notes=(rules_sentence(releasable.rules, language),),
    )


def _row(row: ShownBalanceRow, decimals: int, language: str, *, weighted: bool) -> tuple[Cell, ...]:
    """One variable as a row of the table."""
    numbers = (row.before, row.after) if weighted else (row.before,)
    return (
        Cell(row.label.in_language(language)),
        *(figure_cell(x, decimals, language) for x in numbers),
    )
