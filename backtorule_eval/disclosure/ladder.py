"""The ladder: hide more, merge categories, leave a classification out, drop the table; at its foot nothing.

A table is made coarser in two cases. Where hiding takes more than half of its cells with somebody in them,
ways to show it coarser are tried, and one is taken if the report as a whole then loses less. And where so
much is linked that it cannot be looked through, the largest table goes down the ladder until it can.

What is lost of a table is the share of its figures that are not shown, and the share of its persons who are
in no shown figure; both count alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from backtorule_eval.analyses.tables import CountTable
from backtorule_eval.disclosure import counts
from backtorule_eval.disclosure.claim import Claim
from backtorule_eval.disclosure.classifications import Thing
from backtorule_eval.disclosure.coarser import PAIR, Coarsening, coarsened
from backtorule_eval.disclosure.decision import Action, Decision, Reason
from backtorule_eval.disclosure.plan import ClaimPlan
from backtorule_eval.disclosure.reader import TooLarge
from backtorule_eval.disclosure.rules import DisclosureRules
from backtorule_eval.disclosure.search import GaveUp
from backtorule_eval.disclosure.together import linked_together
from backtorule_eval.disclosure.ways import ways_to_coarsen

# How many ways to show one table coarser are tried on the whole report, the most promising first.
TRIALS = 3

Steps = tuple[Coarsening, ...]
Alone = Callable[[Claim, DisclosureRules, Steps], ClaimPlan]
Plans = tuple[ClaimPlan, ...]


def safe_together(claims: Sequence[Claim], alone: Alone, rules: DisclosureRules) -> Plans:
    """How far down the ladder must each table go, and what must be hidden there?

    Parameters
    ----------
    claims : sequence of Claim
        Sorted by key.
    alone : function of a claim, rules and steps
        Decides on one claim by itself, its tables made coarser.
    rules : DisclosureRules
        Not public.

    Raises
    ------
    DisclosureRefused
        Outputs contradict each other, so that what they tell together cannot be known.
    """
    ladder = _Ladder(claims=tuple(claims), alone=alone, rules=rules)
    rung, plans = ladder.first_that_can_be_searched()
    for at in sorted(ladder.tables.keys() - rung.coarser.keys() - set(rung.dropped)):
        rung, plans = ladder.with_less_lost(at, rung, plans)
    return plans


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rung:
    """How coarse each table is shown, and what is dropped."""

    coarser: Mapping[Thing, Steps]
    dropped: tuple[Thing, ...]

    def with_coarser(self, at: Thing, steps: Steps) -> _Rung:
        """Return the same with one table coarser."""
        return replace(self, coarser={**self.coarser, at: steps})

    def without(self, at: Thing) -> _Rung:
        """Return the same with one thing dropped."""
        coarser = {other: steps for other, steps in self.coarser.items() if other != at}
        return _Rung(coarser=coarser, dropped=(*self.dropped, at))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ladder:
    """All claims, and how each is decided on by itself."""

    claims: tuple[Claim, ...]
    alone: Alone
    rules: DisclosureRules

    @property
    def things(self) -> dict[Thing, object]:
        """All things of all claims."""
        return {Thing(claim.key, i): thing for claim in self.claims for i, thing in enumerate(claim.things)}

    @property
    def tables(self) -> dict[Thing, CountTable]:
        """All tables of counts."""
        return {at: thing for at, thing in self.things.items() if isinstance(thing, CountTable)}

    def first_that_can_be_searched(self) -> tuple[_Rung, Plans]:
        """Return the highest rung on which what is linked can be looked through, and its plans."""
        rung = _Rung(coarser={}, dropped=())
        while True:
            try:
                return rung, self.plans(rung)
            except (TooLarge, GaveUp):
                rung = self._lower(rung)

    def plans(self, rung: _Rung) -> Plans:
        """Return what is hidden on a rung.

        Raises
        ------
        TooLarge, GaveUp
        """
        alone = [self.alone(claim, self.rules, tuple(self._steps(claim, rung))) for claim in self.claims]
        return linked_together(self.claims, alone, self.rules, dropped=rung.dropped)

    def _steps(self, claim: Claim, rung: _Rung) -> Iterator[Coarsening]:
        """Yield all steps of one claim."""
        for i in range(len(claim.things)):
            yield from rung.coarser.get(Thing(claim.key, i), ())

    def _lower(self, rung: _Rung) -> _Rung:
        """Leave the widest classification of the largest thing out, or drop the thing if it has no other."""
        tables = {at: coarsened(table, rung.coarser.get(at, ())) for at, table in self.tables.items()}
        sizes = {at: len(tables[at].counts) if at in tables else 1 for at in self.things}
        at = min((at for at in sizes if at not in rung.dropped), key=lambda at: (-sizes[at], at))
        if at not in tables or len(tables[at].dimensions) < PAIR:
            return rung.without(at)
        widest = max(tables[at].dimensions, key=lambda d: len(d.levels))
        step = Coarsening(thing=at.number, dimension=widest.name, reason=Reason.TOO_LINKED)
        return rung.with_coarser(at, (*rung.coarser.get(at, ()), step))

    def with_less_lost(self, at: Thing, rung: _Rung, plans: Plans) -> tuple[_Rung, Plans]:
        """Return the rung and plans with one table coarser, if it is mostly hidden and that keeps more."""
        table = self.tables[at]
        if not _is_mostly_hidden(table, _decisions(plans)[at]):
            return rung, plans
        for steps in self._most_promising(at, rung, plans):
            lower = rung.with_coarser(at, steps)
            try:
                found = self.plans(lower)
            except (TooLarge, GaveUp):
                continue
            if self._lost(found, lower) < self._lost(plans, rung):
                return lower, found
        return rung, plans

    def _most_promising(self, at: Thing, rung: _Rung, plans: Plans) -> list[Steps]:
        """Return the ways in which one table would lose least by itself, and less than it loses now."""
        table = self.tables[at]
        now = _lost_of(table, table, _decisions(plans)[at])
        found = []
        for steps in ways_to_coarsen(table, thing=at.number):
            coarse = coarsened(table, steps)
            lost = _lost_of(table, coarse, list(counts.decide(coarse, self.rules).values()))
            if lost < now and not self._stands_elsewhere(at, coarse, rung):
                found.append((lost, len(steps), steps))
        return [steps for _, _, steps in sorted(found, key=lambda way: way[:2])[:TRIALS]]

    def _stands_elsewhere(self, at: Thing, coarse: CountTable, rung: _Rung) -> bool:
        """Tell whether what is left of a table without a classification is part of another table."""
        table = self.tables[at]
        left = {d.name for d in coarse.dimensions}
        return len(left) < len(table.dimensions) and any(
            (other.population, sum(other.counts)) == (table.population, sum(table.counts))
            and left <= {d.name for d in coarsened(other, rung.coarser.get(elsewhere, ())).dimensions}
            for elsewhere, other in self.tables.items()
            if elsewhere != at and elsewhere not in rung.dropped
        )

    def _lost(self, plans: Plans, rung: _Rung) -> Fraction:
        """Return what the whole report loses, every table and every other result counting alike."""
        lost = Fraction(0)
        for at, decisions in _decisions(plans).items():
            if at in self.tables:
                table = self.tables[at]
                lost += _lost_of(table, coarsened(table, rung.coarser.get(at, ())), decisions)
            else:
                lost += Fraction(sum(d.action is Action.HIDE for d in decisions), len(decisions))
        return lost


def _decisions(plans: Plans) -> dict[Thing, list[Decision]]:
    """Return the decisions of each thing."""
    found: dict[Thing, list[Decision]] = {}
    for plan in plans:
        for decision in plan.decisions:
            found.setdefault(Thing(plan.key, int(decision.figure.split(".", 1)[0])), []).append(decision)
    return found


def _is_mostly_hidden(table: CountTable, decisions: Sequence[Decision]) -> bool:
    """Tell whether more than half of the cells with somebody in them are hidden."""
    hidden = [d.action is Action.HIDE for d, n in zip(decisions, table.counts, strict=True) if n]
    return 2 * sum(hidden) > len(hidden)


def _lost_of(table: CountTable, coarse: CountTable, decisions: Sequence[Decision]) -> Fraction:
    """Return the share of a table's figures and the share of its persons that are not shown."""
    shown = [n for d, n in zip(decisions, coarse.counts, strict=True) if d.action is not Action.HIDE]
    persons = sum(table.counts)
    lost = Fraction(len(table.counts) - len(shown), len(table.counts))
    return lost + Fraction(persons - sum(shown), persons) if persons else lost
