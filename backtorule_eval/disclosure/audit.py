"""From claims to one plan of what is shown, rounded and hidden, and from a plan to what may be seen.

The plan is made in steps: first every claim by itself (`_alone`), then whatever the claims tell together
(`ladder.safe_together`), which hides more figures and shows tables coarser. The second step takes and returns
the same plans, so it can grow without changing what reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from backtorule_eval.disclosure import (
    balances,
    calibration,
    choice_curves,
    counts,
    curves,
    estimates,
    flows,
    joint_displays,
    means,
    qualities,
    refusals,
)
from backtorule_eval.disclosure.claim import (
    Claim,
    Publishable,
    canonical,
    claim_from_json,
    claim_to_json,
    digest,
    kind_of,
    sha256,
)
from backtorule_eval.disclosure.coarser import Coarsening, as_coarse, say_what_is_coarser
from backtorule_eval.disclosure.decision import Decision, Reason, hide, show
from backtorule_eval.disclosure.ladder import safe_together
from backtorule_eval.disclosure.plan import ClaimPlan, Plan, plan_digest
from backtorule_eval.disclosure.released import Releasable, ShownThing
from backtorule_eval.disclosure.rounding import Band, Mark, Shown
from backtorule_eval.disclosure.rules import DisclosureRules
from backtorule_eval.errors import DisclosureRefused

Plain = int | float | str | list[float]


@dataclass(frozen=True, slots=True)
class Form:
    """How one kind of thing is taken apart, decided on and put together again."""

    figures: Callable[[Any], dict[str, float]]
    decide: Callable[[Any, DisclosureRules], dict[str, Decision]]
    release: Callable[[Any, Mapping[str, Shown]], ShownThing]


FORMS: dict[str, Form] = {
    "estimate": Form(estimates.figures, estimates.decide, estimates.release),
    "counts": Form(counts.figures, counts.decide, counts.release),
    "means": Form(means.figures, means.decide, means.release),
    "flow": Form(flows.figures, flows.decide, flows.release),
    "curve": Form(curves.figures, curves.decide, curves.release),
    "calibration": Form(calibration.figures, calibration.decide, calibration.release),
    "balance": Form(balances.figures, balances.decide, balances.release),
    "joint": Form(joint_displays.figures, joint_displays.decide, joint_displays.release),
    "choices": Form(choice_curves.figures, choice_curves.decide, choice_curves.release),
    "quality": Form(qualities.figures, qualities.decide, qualities.release),
    "refusal": Form(refusals.figures, refusals.decide, refusals.release),
}


def audit(claims: Iterable[Claim], rules: DisclosureRules) -> Plan:
    """What may be seen of everything a study wants to show?

    Parameters
    ----------
    claims : iterable of Claim
        All claims of one cohort's study, in any order.
    rules : DisclosureRules

    Returns
    -------
    Plan
        The same for the same claims in any order.

    Raises
    ------
    DisclosureRefused
        Two claims share a key, come from different cohorts, hold figures that are not finite, or no rules are
        given.
    """
    _check_rules(rules)
    ordered = sorted((_normal(claim) for claim in claims), key=lambda claim: claim.key)
    keys = [claim.key for claim in ordered]
    if len(set(keys)) < len(keys):
        twice = sorted({key for key in keys if keys.count(key) > 1})
        raise DisclosureRefused(f"Two outputs share the key {twice[0]!r}; one would hide the other.")
    if len({claim.cohort for claim in ordered}) > 1:
        raise DisclosureRefused("Claims of several cohorts cannot be audited as one report.")
    cohort = ordered[0].cohort if ordered else ""
    if rules.public:
        decided = tuple(_alone(claim, rules) for claim in ordered)
    else:
        decided = safe_together(ordered, _alone, rules)
    return sealed(Plan(cohort=cohort, rules=rules, claims=decided), ordered)


def sealed(plan: Plan, claims: Iterable[Claim]) -> Plan:
    """Return a plan with the digest of what it shows of its claims."""
    return replace(plan, shown=sha256(canonical(as_released(claims, plan))))


def as_released(claims: Iterable[Claim], plan: Plan) -> dict[str, dict[str, Plain]]:
    """Every figure of every claim as it is shown: a number, two limits of a band, or "hidden".

    Raises
    ------
    DisclosureRefused
        The plan does not know a claim, or leaves a figure undecided.
    """
    return {
        claim.key: {name: _plain(value) for name, value in _shown(claim, plan.of(claim.key)).items()}
        for claim in map(_normal, claims)
    }


def withheld(claim: Claim) -> ClaimPlan:
    """Hide every figure of a claim that, with what was released before, might tell of a few persons."""
    claim = _normal(claim)
    decisions = tuple(hide(name, Reason.DIFFERENCE) for name in _figures(claim.things, claim.key))
    return ClaimPlan(key=claim.key, claim=digest(claim), decisions=decisions)


def apply(claim: Claim, plan: Plan) -> Releasable:
    """What of this claim may be seen?

    Raises
    ------
    DisclosureRefused
        The plan does not know the claim, knows other figures of it, or leaves a figure undecided.
    """
    return _release(_normal(claim), plan, provisional=False)


def provisional(claim: Claim, rules: DisclosureRules) -> Releasable:
    """What of this claim may be looked at inside, before the rest of the report is known? Not for sharing.

    Raises
    ------
    DisclosureRefused
        No rules are given, or a figure is not finite.
    """
    _check_rules(rules)
    normal = _normal(claim)
    alone = Plan(cohort=normal.cohort, rules=rules, claims=(_alone(normal, rules),))
    return _release(normal, alone, provisional=True)


def _check_rules(rules: object) -> None:
    """Refuse anything that is not a set of rules: no rules is not the same as public."""
    if not isinstance(rules, DisclosureRules):
        raise DisclosureRefused("No disclosure rules were given; data declared public say so with PUBLIC.")


def _normal(claim: Claim) -> Claim:
    """Return the claim with every figure in its declared type."""
    return claim_from_json(claim_to_json(claim))


def _alone(claim: Claim, rules: DisclosureRules, coarser: tuple[Coarsening, ...] = ()) -> ClaimPlan:
    """Decide on every figure of one claim, as if it were the only one."""
    form = FORMS[kind_of(claim.things, claim.key)]
    decisions: list[Decision] = []
    for i, thing in enumerate(as_coarse(claim.things, coarser)):
        for name, decision in _decide(form, thing, rules).items():
            decisions.append(
                Decision(
                    figure=f"{i}.{name}",
                    action=decision.action,
                    reason=decision.reason,
                    rounding=decision.rounding,
                )
            )
    return ClaimPlan(key=claim.key, claim=digest(claim), decisions=tuple(decisions), coarser=coarser)


def _decide(form: Form, thing: object, rules: DisclosureRules) -> dict[str, Decision]:
    """Decide on one thing's figures by name; all are shown when the data are public."""
    if rules.public:
        return {name: show(name, Reason.PUBLIC) for name in form.figures(thing)}
    return form.decide(thing, rules)


def _release(claim: Claim, plan: Plan, *, provisional: bool) -> Releasable:
    """Put a claim's things together from what the plan shows."""
    form = FORMS[kind_of(claim.things, claim.key)]
    entry = plan.of(claim.key)
    shown = _shown(claim, entry)
    things = as_coarse(claim.things, entry.coarser)
    return Releasable(
        key=claim.key,
        cohort=claim.cohort,
        view=claim.view,
        things=say_what_is_coarser(
            tuple(form.release(thing, _of_thing(shown, i)) for i, thing in enumerate(things)),
            claim.things,
            entry.coarser,
        ),
        rules=plan.rules,
        claim=entry.claim,
        plan="" if provisional else plan_digest(plan),
        provisional=provisional,
        worthwhile=claim.worthwhile,
        direction=claim.direction,
    )


def _shown(claim: Claim, entry: ClaimPlan) -> dict[str, Shown]:
    """Return all figures of a claim as decided."""
    if entry.claim != digest(claim):
        raise DisclosureRefused(f"{claim.key}: its figures changed after they were audited; audit again.")
    figures = _figures(as_coarse(claim.things, entry.coarser), claim.key)
    decisions = {d.figure: d for d in entry.decisions}
    if list(decisions) != list(figures):
        raise DisclosureRefused(f"{claim.key}: the plan does not decide on every figure; audit again.")
    return {name: decisions[name].released(value) for name, value in figures.items()}


def _figures(things: tuple[Publishable, ...], key: str) -> dict[str, float]:
    """Return all figures of a claim's things, each with the number of its thing."""
    form = FORMS[kind_of(things, key)]
    return {
        f"{i}.{name}": value for i, thing in enumerate(things) for name, value in form.figures(thing).items()
    }


def _plain(shown: Shown) -> Plain:
    """Return a shown figure as a plain value."""
    if isinstance(shown, Band):
        return [shown.low, shown.high]
    return shown.value if isinstance(shown, Mark) else shown


def _of_thing(shown: Mapping[str, Shown], number: int) -> dict[str, Shown]:
    """Return one thing's shown figures by their name within it."""
    start = f"{number}."
    return {name.removeprefix(start): value for name, value in shown.items() if name.startswith(start)}
