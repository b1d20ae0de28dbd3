"""Disclosure of refusals: what was missing is a count of people too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from math import floor

from backtorule_eval.analyses.tables import Refusal
from backtorule_eval.disclosure.decision import Decision, Reason, hide, rounded, show
from backtorule_eval.disclosure.released import ShownRefusal
from backtorule_eval.disclosure.rounding import How, Rounding, Shown
from backtorule_eval.disclosure.rules import DisclosureRules

PERSONS = "persons"
# Units that count no people. Any other (a ratio of persons, degrees of freedom, one that is new) may let
# counts be worked out, and is hidden.
NOBODY = frozenset({"clusters", "cohorts"})


def figures(refusal: Refusal) -> dict[str, float]:
    """Every figure of the refusal by name; what the support rule needs is no figure of the data."""
    return {} if refusal.found is None else {"found": refusal.found}


def decide(refusal: Refusal, rules: DisclosureRules) -> dict[str, Decision]:
    """Decide on what was found: persons are rounded down, so that they never seem to reach what is needed."""
    if refusal.found is None:
        return {}
    if refusal.unit in NOBODY:
        return {"found": show("found")}
    if refusal.unit != PERSONS:
        return {"found": hide("found", Reason.NOT_A_COUNT)}
    if floor(refusal.found / rules.base) * rules.base < rules.threshold:
        return {"found": hide("found", Reason.SMALL_COUNT)}
    return {"found": rounded("found", Rounding(How.DOWN, rules.base))}


def release(refusal: Refusal, shown: Mapping[str, Shown]) -> ShownRefusal:
    """Return the refusal with what was found as shown."""
    values = {f.name: getattr(refusal, f.name) for f in fields(refusal)}
    return ShownRefusal(**values | dict(shown))
