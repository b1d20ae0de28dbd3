"""Disclosure of balance: standardised differences of groups large enough, to a tenth; never how many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from backtorule_eval.analyses.balance import Balance, BalanceRow
from backtorule_eval.disclosure.decision import Decision, Reason, hide, rounded
from backtorule_eval.disclosure.released import ShownBalance, ShownBalanceRow
from backtorule_eval.disclosure.rounding import How, Number, Rounding, Shown
from backtorule_eval.disclosure.rules import DisclosureRules

NUMBERS = ("before", "after")
# Of a category in two groups of 30 this is three persons in twenty: many pairs of counts make it.
A_TENTH = Rounding(How.NEAREST, 0.1)


def figures(balance: Balance) -> dict[str, float]:
    """Every figure by name."""
    return {
        f"rows.{i}.{name}": value
        for i, row in enumerate(balance.rows)
        for name in NUMBERS
        if (value := getattr(row, name)) is not None
    }


def decide(balance: Balance, rules: DisclosureRules) -> dict[str, Decision]:
    """Decide on every figure: all alike when a group is small, else variable by variable."""
    reasons = [_reason(row, balance, rules) for row in balance.rows]
    decisions = (d for i, reason in enumerate(reasons) for d in _decide_row(i, reason))
    found = {d.figure: d for d in decisions}
    return {name: found[name] for name in figures(balance)}


def _reason(row: BalanceRow, balance: Balance, rules: DisclosureRules) -> Reason | None:
    """Return why a row may not be shown, None if it may."""
    sizes = (balance.n_first, balance.n_second)
    if min(sizes) < rules.smallest_group:
        return Reason.SMALL_GROUP
    if row.n_in is None:
        return None
    fewest = min(min(n, size - n) for n, size in zip(row.n_in, sizes, strict=True))
    return Reason.SMALL_COUNT if fewest < rules.threshold else None


def _decide_row(i: int, reason: Reason | None) -> Iterator[Decision]:
    """Decide on one row's figures."""
    for name in NUMBERS:
        figure = f"rows.{i}.{name}"
        yield hide(figure, reason) if reason else rounded(figure, A_TENTH)


def release(balance: Balance, shown: Mapping[str, Shown]) -> ShownBalance:
    """Return the balance with its figures as shown."""
    rows = tuple(
        ShownBalanceRow(
            name=row.name,
            label=row.label,
            before=cast(Number, shown[f"rows.{i}.before"]),
            after=None if row.after is None else cast(Number, shown[f"rows.{i}.after"]),
        )
        for i, row in enumerate(balance.rows)
    )
    return ShownBalance(
        question=balance.question, population=balance.population, groups=balance.groups, rows=rows
    )
