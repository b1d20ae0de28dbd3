"""Disclosure of curves of choices: each answer under the rules of estimates; the test where all are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from backtorule_eval.analyses.choices import ChoiceCurve
from backtorule_eval.disclosure import estimates
from backtorule_eval.disclosure.decision import Action, Decision, Reason, hide, rounded, show
from backtorule_eval.disclosure.released import ShownChoiceCurve, ShownChoiceRow
from backtorule_eval.disclosure.rounding import BAND, Number, Shown
from backtorule_eval.disclosure.rules import DisclosureRules

# Shares of sets of choices count nobody.
SHARES = ("same_sign", "significant")
P_VALUES = ("p_median", "p_same_sign", "p_significant")


def figures(curve: ChoiceCurve) -> dict[str, float]:
    """Every figure by name."""
    found: dict[str, float] = {name: getattr(curve, name) for name in (*SHARES, *P_VALUES)}
    for i, row in enumerate(curve.rows):
        found |= {f"rows.{i}.{name}": x for name, x in estimates.figures(row.estimate).items()}
    return found


def decide(curve: ChoiceCurve, rules: DisclosureRules) -> dict[str, Decision]:
    """Decide on every answer, and then on what is said of all of them."""
    rows = {
        f"rows.{i}.{name}": replace(decision, figure=f"rows.{i}.{name}")
        for i, row in enumerate(curve.rows)
        for name, decision in estimates.decide(row.estimate, rules).items()
    }
    are_shown = all(rows[f"rows.{i}.value"].action is not Action.HIDE for i in range(len(curve.rows)))
    together = [
        *(show(name) if are_shown else hide(name, Reason.FEW_EVENTS) for name in SHARES),
        *(rounded(name, BAND) if are_shown else hide(name, Reason.FEW_EVENTS) for name in P_VALUES),
    ]
    return {d.figure: d for d in together} | rows


def release(curve: ChoiceCurve, shown: Mapping[str, Shown]) -> ShownChoiceCurve:
    """Return the answers as shown."""
    rows = []
    for i, row in enumerate(curve.rows):
        start = f"rows.{i}."
        own = {name.removeprefix(start): x for name, x in shown.items() if name.startswith(start)}
        rows.append(ShownChoiceRow(taken=row.taken, estimate=estimates.release(row.estimate, own)))
    return ShownChoiceCurve(
        question=curve.question,
        population=curve.population,
        outcome=curve.outcome,
        contrast=curve.contrast,
        options=curve.options,
        rows=tuple(rows),
        n_permutations=curve.n_permutations,
        terms=curve.terms,
        same_sign=cast(Number, shown["same_sign"]),
        significant=cast(Number, shown["significant"]),
        p_median=shown["p_median"],
        p_same_sign=shown["p_same_sign"],
        p_significant=shown["p_significant"],
    )
