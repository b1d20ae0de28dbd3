"""Disclosure of themes and quotes: how many spoke, a number under its own rules, words that were allowed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import cast

from backtorule_eval.analyses.joint_display import JointDisplay, JointRow
from backtorule_eval.cohort.identity import contains_identity_number
from backtorule_eval.disclosure import estimates
from backtorule_eval.disclosure.decision import Decision, Reason, count_decision, hide, rounded, to_base
from backtorule_eval.disclosure.released import ShownJointDisplay, ShownJointRow, ShownQuote
from backtorule_eval.disclosure.rounding import HIDDEN, Number, Shown
from backtorule_eval.disclosure.rules import DisclosureRules
from backtorule_eval.errors import DisclosureRefused


def figures(display: JointDisplay) -> dict[str, float]:
    """Every figure by name; a quote counts as the number of persons it may be from."""
    found: dict[str, float] = {"n": display.n}
    for i, row in enumerate(display.rows):
        found[f"rows.{i}.said"] = row.said
        if row.number is not None:
            found |= {f"rows.{i}.number.{name}": x for name, x in estimates.figures(row.number).items()}
        if row.quote is not None:
            found[f"rows.{i}.quote"] = row.quote.group
    return found


def decide(display: JointDisplay, rules: DisclosureRules) -> dict[str, Decision]:
    """Decide on every figure and every quote."""
    decisions = [count_decision("n", display.n, rules)]
    for i, row in enumerate(display.rows):
        decisions += _decide_row(i, row, display.n, rules)
    return {d.figure: d for d in decisions}


def _decide_row(i: int, row: JointRow, n: int, rules: DisclosureRules) -> Iterator[Decision]:
    """Decide on one theme."""
    # Everybody is nearly everybody: whoever was asked is known to have said it.
    if n - row.said < rules.threshold:
        yield hide(f"rows.{i}.said", Reason.NEARLY_ALL)
    else:
        yield count_decision(f"rows.{i}.said", row.said, rules)
    if row.number is not None:
        for name, decision in estimates.decide(row.number, rules).items():
            yield replace(decision, figure=f"rows.{i}.number.{name}")
    if row.quote is not None:
        figure = f"rows.{i}.quote"
        few = row.quote.group < rules.smallest_group
        yield hide(figure, Reason.SMALL_GROUP) if few else rounded(figure, to_base(rules))


def release(display: JointDisplay, shown: Mapping[str, Shown]) -> ShownJointDisplay:
    """Return the themes with their figures as shown, and the quotes that may be.

    Raises
    ------
    DisclosureRefused
        A quote holds what looks like an identity number; not even public data may.
    """
    rows = tuple(_release_row(i, row, shown) for i, row in enumerate(display.rows))
    return ShownJointDisplay(
        question=display.question, population=display.population, n=cast(Number, shown["n"]), rows=rows
    )


def _release_row(i: int, row: JointRow, shown: Mapping[str, Shown]) -> ShownJointRow:
    """Return one theme as shown."""
    start = f"rows.{i}.number."
    number = {name.removeprefix(start): x for name, x in shown.items() if name.startswith(start)}
    return ShownJointRow(
        theme=row.theme,
        said=cast(Number, shown[f"rows.{i}.said"]),
        number=None if row.number is None else estimates.release(row.number, number),
        agreement=row.agreement,
        quote=_release_quote(row, shown.get(f"rows.{i}.quote", HIDDEN)),
    )


def _release_quote(row: JointRow, group: Shown) -> ShownQuote | None:
    """Return a quote that may be shown; None where there is none, or the group is too small."""
    if row.quote is None:
        return None
    if contains_identity_number(row.quote.words):
        raise DisclosureRefused(
            f"The quote on the theme {row.theme.en!r} holds what looks like an identity number. "
            "Take it out of the list of allowed quotes."
        )
    return None if group is HIDDEN else ShownQuote(words=row.quote.words, said_by=row.quote.said_by)
