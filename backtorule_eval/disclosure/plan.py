"""The plan: for every figure of every claim what is shown, rounded or hidden, and why; and its ledger."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from backtorule_eval.disclosure.claim import canonical, sha256
from backtorule_eval.disclosure.coarser import Coarsening
from backtorule_eval.disclosure.decision import Action, Decision
from backtorule_eval.disclosure.rules import DisclosureRules, rules_from_plain, rules_to_plain
from backtorule_eval.errors import DisclosureRefused

OPEN = ("shown", "history", "stands")


class Verdict(StrEnum):
    """What became of one claim as a whole."""

    RELEASED = "released"
    ROUNDED = "rounded"
    COARSER = "coarser"
    PARTLY_HIDDEN = "partly_hidden"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimPlan:
    """What was decided for one claim.

    Attributes
    ----------
    key : str
        The claim's key.
    claim : str
        Digest of the claim it was decided for.
    decisions : tuple of Decision
        One per figure, named "<number of the thing>.<figure>", in the claim's order; never a figure itself.
    coarser : tuple of Coarsening
        Which tables are shown coarser than they were claimed; the figures decided on are the coarser ones.
    """

    key: str
    claim: str
    decisions: tuple[Decision, ...]
    coarser: tuple[Coarsening, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """What became of the claim as a whole."""
        actions = {d.action for d in self.decisions}
        if actions == {Action.HIDE}:
            return Verdict.HIDDEN
        if Action.HIDE in actions:
            return Verdict.PARTLY_HIDDEN
        if self.coarser:
            return Verdict.COARSER
        return Verdict.ROUNDED if Action.ROUND in actions else Verdict.RELEASED


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What may be seen of all claims of one cohort; it holds decisions, never figures.

    Attributes
    ----------
    shown : str
        Digest of all figures as they are shown; "" in a plan for one claim alone.
    history : str
        Digest of the releases before; "" if there was none.
    stands : int
        Number of the release whose figures are shown again, since too little has changed since; 0 if none.
    """

    cohort: str
    rules: DisclosureRules
    claims: tuple[ClaimPlan, ...]
    shown: str = ""
    history: str = ""
    stands: int = 0

    def of(self, key: str) -> ClaimPlan:
        """Return what was decided for one claim.

        Raises
        ------
        DisclosureRefused
            The plan does not know the claim.
        """
        for entry in self.claims:
            if entry.key == key:
                return entry
        raise DisclosureRefused(f"{key}: this output was not part of the audit. Run the audit again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """What a checker of outputs reads about one claim.

    Attributes
    ----------
    reasons : dict of str to int
        How many of the claim's figures were decided on for each reason.
    coarser : tuple of Coarsening
        Categories that were merged and classifications left out, and why.
    """

    key: str
    verdict: Verdict
    n_figures: int
    n_hidden: int
    reasons: dict[str, int]
    coarser: tuple[Coarsening, ...]


def ledger(plan: Plan) -> tuple[LedgerEntry, ...]:
    """What was shown, rounded and hidden, claim by claim, and why?"""
    return tuple(_entry(claim) for claim in plan.claims)


def _entry(claim: ClaimPlan) -> LedgerEntry:
    """Sum up one claim."""
    return LedgerEntry(
        key=claim.key,
        verdict=claim.verdict,
        n_figures=len(claim.decisions),
        n_hidden=sum(d.action is Action.HIDE for d in claim.decisions),
        reasons=dict(sorted(Counter(str(d.reason) for d in claim.decisions).items())),
        coarser=claim.coarser,
    )


def ledger_to_json(plan: Plan) -> str:
    """Write the ledger as JSON for people: what was decided, under which rules, in which plan."""
    document = {
        "cohort": plan.cohort,
        "rules": rules_to_plain(plan.rules),
        "plan": plan_digest(plan),
        "history": plan.history,
        "stands": plan.stands,
        "claims": [asdict(entry) for entry in ledger(plan)],
    }
    return json.dumps(document, sort_keys=True, indent=2, ensure_ascii=False) + "\n"


def plan_to_json(plan: Plan) -> str:
    """Write a plan as canonical JSON."""
    return canonical({**_open_part(plan), "claims": [asdict(claim) for claim in plan.claims]})


def plan_from_json(text: str) -> Plan:
    """Read a plan that `plan_to_json` wrote.

    Raises
    ------
    DisclosureRefused
        The text is not a plan, or reading it back would not give the same text.
    """
    try:
        raw: dict[str, Any] = json.loads(text)
        plan = Plan(
            cohort=raw["cohort"],
            rules=rules_from_plain(raw["rules"]),
            claims=tuple(_claims_reader().validate_python(raw["claims"])),
            **{name: raw[name] for name in OPEN},
        )
    except (ValueError, TypeError, KeyError):
        raise DisclosureRefused("A stored plan cannot be read; run the audit again.") from None
    if plan_to_json(plan) != text:
        raise DisclosureRefused("The stored plan was changed, or another version wrote it; audit again.")
    return plan


def plan_digest(plan: Plan) -> str:
    """SHA-256 of what a plan shows and under which rules; every page of a release carries the same one.

    Nothing hidden goes into it, and no reason for hiding: whoever has the pages could try what fits.
    """
    return sha256(canonical(_open_part(plan)))


def _open_part(plan: Plan) -> dict[str, Any]:
    """Return what anyone may know of a plan."""
    return {
        "cohort": plan.cohort,
        "rules": rules_to_plain(plan.rules),
        **{name: getattr(plan, name) for name in OPEN},
    }


@cache
def _claims_reader() -> TypeAdapter[Any]:
    """Reader of the claims of a plan."""
    return TypeAdapter(list[ClaimPlan])
