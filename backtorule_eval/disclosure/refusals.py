"""Disclosure of refusals: what was missing is a count of people too, and what is needed can tell it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from math import floor

from backtorule_eval.analyses.support import load_support
from backtorule_eval.analyses.tables import Refusal
from backtorule_eval.disclosure.decision import Decision, Reason, hide, rounded, show
from backtorule_eval.disclosure.released import ShownRefusal
from backtorule_eval.disclosure.rounding import How, Rounding, Shown
from backtorule_eval.disclosure.rules import DisclosureRules

PERSONS = "persons"
# Units that count no people. Any other (a ratio of persons, degrees of freedom, one that is new) may let
# counts be worked out, and is hidden.
NOBODY = frozenset({"clusters", "cohorts"})
# The least any model asks of its rarer outcome, so that people needed tell at most how many had it: this many
# by people found to people needed.
LEAST_EVENTS = 10
# A model that asks for persons per parameter needs what its number of parameters says, whatever the data are.
PER_PARAMETER = "persons_per_free_parameter"
UP_TO_1_2_5 = Rounding(How.UP_1_2_5)
NUMBERS = ("needed", "found")


def figures(refusal: Refusal) -> dict[str, float]:
    """Every figure of the refusal by name."""
    return {name: value for name in NUMBERS if (value := getattr(refusal, name)) is not None}


def decide(refusal: Refusal, rules: DisclosureRules) -> dict[str, Decision]:
    """Decide on what was found and on what is needed."""
    decisions = {"needed": _decide_needed(refusal, rules), "found": _decide_found(refusal, rules)}
    return {name: decisions[name] for name in figures(refusal)}


def _decide_found(refusal: Refusal, rules: DisclosureRules) -> Decision:
    """Persons are rounded down, so that they never seem to reach what is needed."""
    if refusal.unit in NOBODY:
        return show("found")
    if refusal.unit != PERSONS:
        return hide("found", Reason.NOT_A_COUNT)
    if floor((refusal.found or 0) / rules.base) * rules.base < rules.threshold:
        return hide("found", Reason.SMALL_COUNT)
    return rounded("found", Rounding(How.DOWN, rules.base))


def _decide_needed(refusal: Refusal, rules: DisclosureRules) -> Decision:
    """A minimum of the support table is no figure of the data; people needed are: they follow from events."""
    if refusal.needed in _minimums(refusal) or _asks_per_parameter(refusal):
        return show("needed")
    if refusal.unit != PERSONS or not refusal.needed:
        return hide("needed", Reason.NOT_A_COUNT)
    if LEAST_EVENTS * (refusal.found or 0) / refusal.needed < rules.threshold:
        return hide("needed", Reason.FEW_EVENTS)
    return rounded("needed", UP_TO_1_2_5)


def _minimums(refusal: Refusal) -> set[float]:
    """Return what the support table asks of this fact for this model."""
    rows = load_support().models.get(refusal.model, ())
    return {row.at_least for row in rows if row.fact == refusal.reason}


def _asks_per_parameter(refusal: Refusal) -> bool:
    """Tell whether what is needed follows from the model alone."""
    rows = load_support().models.get(refusal.model, ())
    return any(row.fact == PER_PARAMETER for row in rows)


def release(refusal: Refusal, shown: Mapping[str, Shown]) -> ShownRefusal:
    """Return the refusal with its figures as shown."""
    values = {f.name: getattr(refusal, f.name) for f in fields(refusal)}
    return ShownRefusal(**values | dict(shown))
