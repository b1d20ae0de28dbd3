"""What may be seen of a cohort that was released before?

Whoever has two releases can subtract them. So where only a few persons make the difference, the figures of
the release before stand, whatever they would be now; docs/disclosure.md tells what that guarantees, and what
not.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace

from backtorule_eval.cohort.cohort import Cohort
from backtorule_eval.disclosure.audit import audit, sealed, withheld
from backtorule_eval.disclosure.claim import Claim, digest
from backtorule_eval.disclosure.decision import Action, Reason
from backtorule_eval.disclosure.history import Release
from backtorule_eval.disclosure.kept import Earlier, Kept
from backtorule_eval.disclosure.people import Change, change_between, people_of
from backtorule_eval.disclosure.plan import ClaimPlan, Plan, plan_digest
from backtorule_eval.disclosure.rules import DisclosureRules
from backtorule_eval.errors import DisclosureRefused

SALT_BYTES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One plan for what may be seen, and what it is about.

    Attributes
    ----------
    claims : tuple of Claim
        What the plan decides on: the claims of the study, or those released before under the same keys.
    stands : Release or None
        The release whose figures stand; None where the figures are new.
    """

    plan: Plan
    claims: tuple[Claim, ...]
    stands: Release | None = None


def audit_after(
    claims: Sequence[Claim], rules: DisclosureRules, *, cohort: Cohort, earlier: Earlier
) -> Standing:
    """What may be seen of everything a study wants to show, given what was released before?

    Parameters
    ----------
    claims : sequence of Claim
        All claims of the study, in any order.
    rules : DisclosureRules
        Where the figures of an earlier release stand, its own rules hold.
    cohort : Cohort
        The persons the claims are about.
    earlier : Earlier
        All releases before.

    Raises
    ------
    DisclosureRefused
        Nobody of the last release is in the data, or an earlier release cannot be shown again as it was; or
        the audit refuses.
    """
    release = _release_too_near(cohort, rules, earlier)
    if release is None:
        plan = replace(audit(claims, rules), history=earlier.history.digest)
        return Standing(plan=plan, claims=tuple(claims))
    kept = earlier.kept[release.number - 1]
    before = {claim.key: claim for claim in kept.claims}
    joint = _with_what_is_new(kept, claims) if _is_of(kept, claims, cohort) else kept.as_plan()
    known = {entry.key for entry in joint.claims}
    shown = tuple(before.get(claim.key, claim) for claim in claims)
    decided = [joint.of(claim.key) if claim.key in known else withheld(claim) for claim in shown]
    plan = Plan(
        cohort=kept.cohort,
        rules=kept.rules,
        claims=tuple(sorted(decided, key=lambda entry: entry.key)),
        history=earlier.history.digest,
        stands=release.number,
    )
    return Standing(plan=sealed(plan, shown), claims=shown, stands=release)


def to_keep(standing: Standing, *, cohort: Cohort, earlier: Earlier) -> Kept:
    """What must be kept of what is shown, so that it can become a release?

    Where an earlier release stands, that is whose persons they are; what is withheld is not part of it.
    """
    plan = standing.plan
    n = plan.stands
    before = earlier.kept[n - 1] if n else None
    known = {claim.key for claim in before.claims} if before else set()
    entries = {entry.key: entry for entry in plan.claims if not _is_withheld(entry)}
    kept = [claim for claim in standing.claims if claim.key in entries]
    if before:
        # What was released once stays known, also when the study does not show it now.
        entries |= {entry.key: entry for entry in before.decided}
        kept = [*before.claims, *(claim for claim in kept if claim.key not in known)]
    return Kept(
        cohort=plan.cohort,
        plan=plan_digest(plan),
        history=plan.history,
        rules=plan.rules,
        content=before.content if before else cohort.content_hash,
        people=before.people if before else people_of(cohort, salt=secrets.token_hex(SALT_BYTES)),
        claims=tuple(kept),
        decided=tuple(entries[claim.key] for claim in kept),
    )


def _release_too_near(cohort: Cohort, rules: DisclosureRules, earlier: Earlier) -> Release | None:
    """Return the last release from which only a few persons, or none, make the difference.

    Raises
    ------
    DisclosureRefused
        Nobody of the last release is in the data, or that release would not be shown today as it was.
    """
    for kept, release in zip(reversed(earlier.kept), reversed(earlier.history.releases), strict=True):
        change = change_between(kept.people, people_of(cohort, salt=kept.people.salt))
        if not change.stayed and kept is earlier.kept[-1]:
            raise DisclosureRefused(
                f"{release.cohort}: nobody of release {release.number} is in the data, so it cannot be told "
                "who came and who left. Pseudonyms must stay the same from one extract to the next."
            )
        if _is_too_small(change, max(rules.threshold, kept.rules.threshold)):
            _check_the_same(release, kept)
            return release
    return None


def _is_too_small(change: Change, threshold: int) -> bool:
    """Tell whether the difference of two releases is that of a few persons."""
    if change.came_or_left:
        return change.came_or_left < threshold
    return change.changed < threshold


def _check_the_same(release: Release, kept: Kept) -> None:
    """Refuse to show a release again otherwise than it was.

    Raises
    ------
    DisclosureRefused
    """
    if kept.released() != release.claims:
        raise DisclosureRefused(
            f"{release.cohort}: this version would not show release {release.number} as it was. "
            "Use the version that made it, or wait until more persons have come."
        )


def _is_of(kept: Kept, claims: Sequence[Claim], cohort: Cohort) -> bool:
    """Tell whether claims are of the data that were released, and say of them what was said then."""
    before = {claim.key: digest(claim) for claim in kept.claims}
    same = all(digest(claim) == before[claim.key] for claim in claims if claim.key in before)
    return same and kept.content == cohort.content_hash


def _with_what_is_new(kept: Kept, claims: Sequence[Claim]) -> Plan:
    """Return what was decided before, and on as many new claims as leave it as it was."""
    known = {claim.key for claim in kept.claims}
    new = sorted((claim for claim in claims if claim.key not in known), key=lambda claim: claim.key)
    if plan := _jointly(kept, new):
        return plan
    found, taken = kept.as_plan(), list[Claim]()
    for claim in new:
        if plan := _jointly(kept, [*taken, claim]):
            found, taken = plan, [*taken, claim]
    return found


def _jointly(kept: Kept, new: Sequence[Claim]) -> Plan | None:
    """Audit new claims with those that were released; None if what was released would have to change."""
    plan = audit([*kept.claims, *new], kept.rules)
    return plan if all(plan.of(entry.key) == entry for entry in kept.decided) else None


def _is_withheld(entry: ClaimPlan) -> bool:
    """Tell whether all of a claim is hidden for what was released before."""
    hidden = (d.action is Action.HIDE and d.reason is Reason.DIFFERENCE for d in entry.decisions)
    return bool(entry.decisions) and all(hidden)
