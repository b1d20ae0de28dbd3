"""What was decided for one figure, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from backtorule_eval.disclosure.rounding import EXACT, HIDDEN, How, Rounding, Shown, round_for_release
from backtorule_eval.disclosure.rules import DisclosureRules
from backtorule_eval.errors import DisclosureRefused


class Action(StrEnum):
    """What happens to a figure."""

    SHOW = "show"
    ROUND = "round"
    HIDE = "hide"


class Reason(StrEnum):
    """Why; the words a checker of research outputs uses stand in the ledger's documentation."""

    PUBLIC = "public"
    SAFE = "safe"
    ROUNDED = "rounded"
    SMALL_COUNT = "small_count"
    SMALL_GROUP = "small_group"
    FEW_EVENTS = "few_events"
    EMPTY_SENSITIVE = "empty_sensitive"
    NEARLY_ALL = "nearly_all"
    ALL_ALIKE = "all_alike"
    DIFFERENCE = "difference"
    TOO_PRECISE = "too_precise"
    NOT_A_COUNT = "not_a_count"
    LINKED = "linked"
    DROPPED = "dropped"
    MOSTLY_HIDDEN = "mostly_hidden"
    TOO_LINKED = "too_linked"
    MERGED_STEPS = "merged_steps"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What happens to one figure.

    Attributes
    ----------
    figure : str
        Name of the figure within its thing ("value", "counts.3", "rows.0.mean"); a plan puts the thing's
        number before it.
    action : Action
    reason : Reason
    rounding : Rounding
        How it is rounded; "exact" unless `action` is ROUND.
    """

    figure: str
    action: Action
    reason: Reason
    rounding: Rounding = EXACT

    def __post_init__(self) -> None:
        if (self.action is Action.ROUND) != (self.rounding.how is not How.EXACT):
            raise DisclosureRefused(f"{self.figure}: rounding and action contradict each other.")

    def released(self, value: float) -> Shown:
        """Return what is seen of the figure."""
        return HIDDEN if self.action is Action.HIDE else round_for_release(value, self.rounding)


def show(figure: str, reason: Reason = Reason.SAFE) -> Decision:
    """Show the figure as it is."""
    return Decision(figure=figure, action=Action.SHOW, reason=reason)


def hide(figure: str, reason: Reason) -> Decision:
    """Hide the figure."""
    return Decision(figure=figure, action=Action.HIDE, reason=reason)


def rounded(figure: str, rounding: Rounding) -> Decision:
    """Show the figure rounded."""
    return Decision(figure=figure, action=Action.ROUND, reason=Reason.ROUNDED, rounding=rounding)


def count_decision(figure: str, count: int, rules: DisclosureRules) -> Decision:
    """Decide on one count of persons: hidden from 1 to threshold - 1, else rounded to the base."""
    if rules.is_small(count):
        return hide(figure, Reason.SMALL_COUNT)
    return rounded(figure, to_base(rules))


def to_base(rules: DisclosureRules) -> Rounding:
    """Rounding of counts."""
    return Rounding(How.NEAREST, rules.base)


@dataclass(frozen=True, slots=True)
class Range:
    """Whole numbers from `low` to `high` that a reader cannot tell apart."""

    low: int
    high: int

    def __add__(self, other: Range) -> Range:
        return Range(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Range) -> Range:
        return Range(self.low - other.high, self.high - other.low)

    def __and__(self, other: Range) -> Range:
        return Range(max(self.low, other.low), min(self.high, other.high))

    def __len__(self) -> int:
        return max(0, self.high - self.low + 1)


def possible(count: int, rules: DisclosureRules) -> Range:
    """Return what a reader who knows the rules can conclude about one count from how it is shown alone."""
    if rules.is_small(count):
        return Range(1, rules.threshold - 1)
    if count == 0:
        return Range(0, 0)
    shown = count_decision("", count, rules).released(count)
    lowest = int(str(shown)) - rules.base // 2  # halves go upwards
    return Range(max(rules.threshold, lowest), lowest + rules.base - 1)


def keeps_enough(left: Range, rules: DisclosureRules) -> bool:
    """Tell whether a hidden count keeps three possible values (two where the threshold itself allows two)."""
    return len(left) >= min(3, rules.threshold - 1)
