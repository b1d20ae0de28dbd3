"""Whatever the claims tell together: hide further figures until no hidden number of persons can be told.

A reader is taken to see every shown figure, to know the rules and the cohort's size within one, and to be any
one of its members. A hidden number is safe when three whole numbers fit it, one of them at or above the
threshold, whoever reads. docs/disclosure.md tells what that protects, and what it does not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import floor, inf

from backtorule_eval.disclosure.claim import Claim
from backtorule_eval.disclosure.classifications import Thing
from backtorule_eval.disclosure.decision import Action, Decision, Range, Reason, hide, possible
from backtorule_eval.disclosure.guard import Guard
from backtorule_eval.disclosure.plan import ClaimPlan
from backtorule_eval.disclosure.reader import (
    Contradiction,
    Quantity,
    ReaderModel,
    Tie,
    difference,
    reader_model,
    scaled,
)
from backtorule_eval.disclosure.rounding import How
from backtorule_eval.disclosure.rules import DisclosureRules
from backtorule_eval.disclosure.statements import Figure, Statement, shares, statements

# Hidden because of the number itself, so it is hidden wherever it stands; other reasons are about the output.
OF_THE_NUMBER = frozenset(
    {Reason.SMALL_COUNT, Reason.EMPTY_SENSITIVE, Reason.NEARLY_ALL, Reason.DIFFERENCE, Reason.LINKED}
)


def linked_together(
    claims: Sequence[Claim],
    plans: Sequence[ClaimPlan],
    rules: DisclosureRules,
    *,
    dropped: Collection[Thing] = (),
) -> tuple[ClaimPlan, ...]:
    """What else must be hidden because of what all claims tell together?

    Parameters
    ----------
    claims : sequence of Claim
        Sorted by key.
    plans : sequence of ClaimPlan
        What was decided for each of them alone, and how coarse its tables are, in the same order.
    rules : DisclosureRules
        Not public.
    dropped : collection of Thing
        What is not to be shown at all.

    Returns
    -------
    tuple of ClaimPlan
        The same plans with more hidden: ``linked`` where others would tell it, ``dropped`` for what is not to
        be shown.

    Raises
    ------
    TooLarge, GaveUp
        More is linked than can be looked through: something must be coarser, or dropped.
    DisclosureRefused
        Outputs contradict each other, so that what they tell together cannot be known.
    """
    report = _Report(claims=tuple(claims), plans=tuple(plans), rules=rules, dropped=frozenset(dropped))
    return report.with_hidden(report.secured())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Report:
    """All claims, what was decided for each alone, and what is dropped whole."""

    claims: tuple[Claim, ...]
    plans: tuple[ClaimPlan, ...]
    rules: DisclosureRules
    dropped: frozenset[Thing]

    def secured(self) -> frozenset[Figure]:
        """Return the figures that must be hidden.

        Raises
        ------
        DisclosureRefused
        """
        coarser = {
            Thing(plan.key, step.thing): [s for s in plan.coarser if s.thing == step.thing]
            for plan in self.plans
            for step in plan.coarser
        }
        stated = statements(self.claims, self.rules, coarser=coarser, dropped=self.dropped)
        if not stated:
            return frozenset()
        try:
            guard = self._guard(stated, nested=True)
        except Contradiction:
            # Not every smaller group is part of the largest after all.
            guard = self._guard(stated, nested=False)
        guard.secure()
        return guard.hidden()

    def _guard(self, stated: Sequence[Statement], *, nested: bool) -> Guard:
        """Set up what a reader knows and what is shown."""
        model = reader_model(stated, threshold=self.rules.threshold, nested=nested)
        decisions = {Figure(plan.key, d.figure): d for plan in self.plans for d in plan.decisions}
        counted = {f: q for q in model.quantities for f in q.figures}
        shown = {
            f: self._range(q.truth, decisions[f])
            for f, q in counted.items()
            if decisions[f].action is Action.ROUND
        }
        kept = frozenset(
            f for f in counted if decisions[f].action is Action.HIDE and decisions[f].reason in OF_THE_NUMBER
        )
        return Guard(self._with_shares(model, decisions), shown, kept, self.rules)

    def _range(self, truth: int, decision: Decision) -> Range:
        """Return what a shown count tells of itself."""
        if decision.rounding.how is How.DOWN:
            low = truth // self.rules.base * self.rules.base
            return Range(low, low + self.rules.base - 1)
        return possible(truth, self.rules)

    def _with_shares(self, model: ReaderModel, decisions: Mapping[Figure, Decision]) -> ReaderModel:
        """Add what a shown share tells of its two counts."""
        counted = {f: q for q in model.quantities for f in q.figures}
        ties: list[Tie] = []
        for share in shares(self.claims):
            decision = decisions[share.figure]
            if share.part in counted and decision.action is Action.ROUND:
                ties += _share_ties(counted[share.part], counted[share.whole], decision.rounding.step)
        return replace(model, ties=(*model.ties, *ties))

    def with_hidden(self, hidden: frozenset[Figure]) -> tuple[ClaimPlan, ...]:
        """Return the plans with these figures hidden, and all figures of what is dropped."""
        return tuple(
            replace(plan, decisions=tuple(self._decided(plan.key, d, hidden) for d in plan.decisions))
            for plan in self.plans
        )

    def _decided(self, key: str, decision: Decision, hidden: frozenset[Figure]) -> Decision:
        """Return a decision, turned into hiding where need be; what was hidden before keeps its reason."""
        figure = Figure(key, decision.figure)
        if decision.action is Action.HIDE:
            return decision
        if figure.thing in self.dropped:
            return hide(decision.figure, Reason.DROPPED)
        return hide(decision.figure, Reason.LINKED) if figure in hidden else decision


def _share_ties(part: Quantity, whole: Quantity, step: float) -> Iterator[Tie]:
    """Yield what a share, rounded to a step, tells: part by whole lies within half a step of it.

    In whole numbers: a share of 0.49 in steps of 0.01 means 97 * whole <= 200 * part < 99 * whole.
    """
    per_step = round(1 / step)
    steps = floor(part.truth * per_step / whole.truth + 0.5)
    parts = scaled(part.terms, 2 * per_step)
    yield Tie(terms=difference(parts, scaled(whole.terms, 2 * steps - 1)), low=0, high=inf)
    yield Tie(terms=difference(scaled(whole.terms, 2 * steps + 1), parts), low=1, high=inf)
