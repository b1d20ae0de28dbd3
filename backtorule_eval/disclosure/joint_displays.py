"""Disclosure of themes and quotes: how many spoke, a number under its own rules, words that were allowed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import cast

from backtorule_eval.analyses.joint_display import JointDisplay, JointRow, Quote
from backtorule_eval.cohort.identity import contains_identity_number
from backtorule_eval.disclosure import estimates
from backtorule_eval.disclosure.decision import Action, Decision, Reason, count_decision, hide, show
from backtorule_eval.disclosure.released import ShownJointDisplay, ShownJointRow, ShownQuote
from backtorule_eval.disclosure.rounding import HIDDEN, Number, Shown
from backtorule_eval.disclosure.rules import DisclosureRules
from backtorule_eval.errors import DisclosureRefused

# An address of e-mail, and eight digits as a telephone number is written.
ADDRESS = re.compile(r"\S@\S|(?<![0-9])[2-9](?:[ .\N{NO-BREAK SPACE}]?[0-9]){7}(?![0-9])")


def figures(display: JointDisplay) -> dict[str, float]:
    """Every figure by name; a quote is no figure, and whether it is shown is decided as if it were one."""
    found: dict[str, float] = {"n": display.n}
    for i, row in enumerate(display.rows):
        found[f"rows.{i}.said"] = row.said
        if row.number is not None:
            found |= {f"rows.{i}.number.{name}": x for name, x in estimates.figures(row.number).items()}
        if row.quote is not None:
            found[f"rows.{i}.quote"] = 1
    return found


def decide(display: JointDisplay, rules: DisclosureRules) -> dict[str, Decision]:
    """Decide on every figure and every quote."""
    decisions = [count_decision("n", display.n, rules)]
    for i, row in enumerate(display.rows):
        decisions += _decide_row(i, row, display.n, rules)
    return {d.figure: d for d in decisions}


def _decide_row(i: int, row: JointRow, n: int, rules: DisclosureRules) -> Iterator[Decision]:
    """Decide on one theme."""
    said = _decide_said(f"rows.{i}.said", row, n, rules)
    yield said
    if row.number is not None:
        for name, decision in estimates.decide(row.number, rules).items():
            yield replace(decision, figure=f"rows.{i}.number.{name}")
    if row.quote is not None:
        yield _decide_quote(f"rows.{i}.quote", row.quote, said, rules)


def _decide_said(figure: str, row: JointRow, n: int, rules: DisclosureRules) -> Decision:
    """Decide on how many spoke of a theme. Nearly everybody: whoever was asked is known to have said it."""
    if n - row.said < rules.threshold:
        return hide(figure, Reason.NEARLY_ALL)
    return count_decision(figure, row.said, rules)


def _decide_quote(figure: str, quote: Quote, said: Decision, rules: DisclosureRules) -> Decision:
    """Show a quote only of a group large enough, and beside a number of those who spoke.

    Where that number is hidden, be it small or nearly all, a quote would tell which.
    """
    if quote.group < rules.smallest_group:
        return hide(figure, Reason.SMALL_GROUP)
    return hide(figure, said.reason) if said.action is Action.HIDE else show(figure)


def release(display: JointDisplay, shown: Mapping[str, Shown]) -> ShownJointDisplay:
    """Return the themes with their figures as shown, and the quotes that may be.

    Raises
    ------
    DisclosureRefused
        A quote or a theme holds what somebody can be found by; not even public data may.
    """
    rows = tuple(_release_row(i, row, shown) for i, row in enumerate(display.rows))
    return ShownJointDisplay(
        question=display.question, population=display.population, n=cast(Number, shown["n"]), rows=rows
    )


def _release_row(i: int, row: JointRow, shown: Mapping[str, Shown]) -> ShownJointRow:
    """Return one theme as shown."""
    _check_words(i, row)
    start = f"rows.{i}.number."
    number = {name.removeprefix(start): x for name, x in shown.items() if name.startswith(start)}
    said = cast(Number, shown[f"rows.{i}.said"])
    # Hidden alone or for the sake of other tables: a quote beside it would tell that some spoke.
    may = said is not HIDDEN and shown.get(f"rows.{i}.quote", HIDDEN) is not HIDDEN
    return ShownJointRow(
        theme=row.theme,
        said=said,
        number=None if row.number is None else estimates.release(row.number, number),
        agreement=row.agreement,
        quote=ShownQuote(words=row.quote.words, said_by=row.quote.said_by) if row.quote and may else None,
    )


def _check_words(i: int, row: JointRow) -> None:
    """Refuse words that somebody can be found by; they are never repeated."""
    said = (row.quote.words, row.quote.said_by.nb, row.quote.said_by.en) if row.quote else ()
    if any(contains_identity_number(words) or ADDRESS.search(words) for words in (*said, *_names(row))):
        raise DisclosureRefused(
            f"Theme {i + 1} or its quote holds what looks like an identity number, a telephone number or an "
            "address. Take it out, and look for names too."
        )


def _names(row: JointRow) -> tuple[str, str]:
    """Return what a theme is called."""
    return row.theme.nb, row.theme.en
