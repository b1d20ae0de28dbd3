"""From a published scale and the user's choices to one settled way of scoring it, with its evidence."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar, cast

from backtorule_eval.cohort.dictionary import Text
from backtorule_eval.errors import ParameterProblem
from backtorule_eval.measures.evidence import Evidence, Rule, RuleUsed, weakest
from backtorule_eval.measures.scales import Coding, Key, MethodName, Scale, find_scale

RuleType = TypeVar("RuleType", bound=Rule)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleChoice:
    """What the user says about a scale where the published rules leave a choice.

    Attributes
    ----------
    key, coding, method : str
        A name from the scale's data; "" takes the only one, or for the method the first.
    min_answered : int or None
        Items of each (sub)scale that must be answered; None for the published rule.
    min_share : float or None
        The same as a share of the items, above 0 and at most 1; 0.5 is the half rule of Fairclough & Cella
        1996. Give one of the two.
    subscales : tuple of str
        Score these alone; empty for all.
    """

    key: str = ""
    coding: str = ""
    method: str = ""
    min_answered: int | None = None
    min_share: float | None = None
    subscales: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.min_answered is not None and self.min_share is not None:
            raise ParameterProblem("Give min_answered or min_share, not both.")
        if self.min_share is not None and not 0 < self.min_share <= 1:
            raise ParameterProblem("min_share must be above 0 and at most 1.")

    @property
    def own_missing_rule(self) -> str:
        """The user's missing rule in words, "" for the published one."""
        if self.min_answered is not None:
            return f"at least {self.min_answered} answered"
        return "" if self.min_share is None else f"at least {self.min_share:g} of the items answered"


AS_PUBLISHED = ScaleChoice()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorePlan:
    """How one score is made.

    Attributes
    ----------
    name : str
        Name of the score: the scale's, or ``<scale>_<subscale>``.
    subscale : str
        Name of the subscale; "" for the scale itself.
    items : tuple of str
        Item names in the order of the form.
    turned : tuple of bool
        Per item, whether the answer is turned round (low + high - answer) first.
    min_answered : int
        Items that must be answered.
    low, high : float
        Lowest and highest score there can be.
    """

    name: str
    subscale: str
    label: Text
    items: tuple[str, ...]
    turned: tuple[bool, ...]
    min_answered: int
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringPlan:
    """A scale with every choice made: its scores, how answers become them, and which rules that took."""

    scale: Scale
    key: Key
    key_name: str
    coding: Coding
    coding_name: str
    method: MethodName
    scores: tuple[ScorePlan, ...]
    rules: tuple[RuleUsed, ...]

    @property
    def items(self) -> tuple[str, ...]:
        """Names of all items the plan needs, in the order of the form."""
        needed = {item for score in self.scores for item in score.items}
        return tuple(item for item in self.scale.item_names if item in needed)

    @property
    def evidence(self) -> Evidence:
        """Mark of the weakest rule used."""
        return weakest(rule.evidence for rule in self.rules)


def plan_scoring(scale: Scale | str, *, choice: ScaleChoice = AS_PUBLISHED) -> ScoringPlan:
    """How exactly will this scale be scored, and how well are the rules known?

    Parameters
    ----------
    scale : Scale or str
        The scale or its name, e.g. "ams".
    choice : ScaleChoice
        What the user says where the published rules leave a choice.

    Raises
    ------
    ParameterProblem
        There is no such scale, key, coding, method or subscale; several keys or codings are possible and
        none is named; the key may be used only by name; or `min_answered` does not fit the scale.
    """
    scale = find_scale(scale) if isinstance(scale, str) else scale
    key_name = _settle(scale.keys, choice.key, what="key", scale=scale.name)
    coding_name = _settle(scale.codings, choice.coding, what="coding", scale=scale.name)
    methods = cast(Mapping[str, Rule], scale.methods)
    method = _settle(methods, choice.method or next(iter(methods)), what="method", scale=scale.name)
    plan = ScoringPlan(
        scale=scale,
        key=scale.keys[key_name],
        key_name=key_name,
        coding=scale.codings[coding_name],
        coding_name=coding_name,
        method=cast(MethodName, method),
        scores=(),
        rules=_rules_used(scale, choice, key=key_name, coding=coding_name, method=method),
    )
    return _with_scores(plan, choice)


def _settle(named: Mapping[str, Rule], wanted: str, *, what: str, scale: str) -> str:
    """Return the name that is wanted, or the only one there is if it may be taken unasked."""
    if wanted in named:
        return wanted
    choices = "; ".join(f"{what}={name!r} ({_words(rule)})" for name, rule in named.items())
    if wanted:
        raise ParameterProblem(f"Scale {scale!r} has no {what} {wanted!r}. It has: {choices}.")
    if len(named) == 1 and not any(getattr(rule, "by_name", False) for rule in named.values()):
        return next(iter(named))
    raise ParameterProblem(f"Scale {scale!r}: say which {what} your form has. It can be: {choices}.")


def _words(rule: Rule) -> str:
    """A rule's English label, or its mark."""
    label = getattr(rule, "label", None)
    return label.en if label else f"evidence {rule.mark}"


def _rules_used(
    scale: Scale, choice: ScaleChoice, *, key: str, coding: str, method: str
) -> tuple[RuleUsed, ...]:
    """List the rules a score rests on, each with its mark."""
    named: list[tuple[str, str, Rule]] = [
        ("items", "", scale.items),
        ("coding", coding, scale.codings[coding]),
        ("key", key, scale.keys[key]),
        ("method", method, cast(Mapping[str, Rule], scale.methods)[method]),
    ]
    if method == "converted" and scale.conversion:
        named.append(("conversion", "", scale.conversion))
    used = [RuleUsed(rule=r, choice=c, evidence=rule.mark, note=rule.note) for r, c, rule in named]
    own = choice.own_missing_rule
    missing = Evidence.DECIDED if own else scale.missing.mark
    return (*used, RuleUsed(rule="missing", choice=own, evidence=missing))


def _with_scores(plan: ScoringPlan, choice: ScaleChoice) -> ScoringPlan:
    """Add the scores that are asked for."""
    scale = plan.scale
    if unknown := sorted(set(choice.subscales) - set(scale.subscales)):
        known = ", ".join(scale.subscales) or "none"
        raise ParameterProblem(f"Scale {scale.name!r} has no subscale {unknown[0]!r}. It has: {known}.")
    subscales = tuple(s for s in scale.subscales if s in choice.subscales or not choice.subscales) or ("",)
    scores = tuple(_plan_score(plan, subscale, choice) for subscale in subscales)
    return replace(plan, scores=scores)


def _plan_score(plan: ScoringPlan, subscale: str, choice: ScaleChoice) -> ScorePlan:
    """Settle one score."""
    scale, key = plan.scale, plan.key
    numbers = key.items[subscale] if subscale else tuple(range(1, scale.items.count + 1))
    needed = _needed(scale, choice, len(numbers))
    if not 1 <= needed <= len(numbers):
        raise ParameterProblem(
            f"Scale {scale.name!r}: min_answered must be from 1 to {len(numbers)}, the items of a score."
        )
    if plan.method == "converted" and needed < len(numbers):
        raise ParameterProblem(
            f"Scale {scale.name!r}: the conversion is for whole sums, so every item must be answered."
        )
    low, high = _score_range(plan, len(numbers))
    return ScorePlan(
        name=scale.score_name(subscale),
        subscale=subscale,
        label=scale.subscales[subscale] if subscale else scale.label,
        items=tuple(scale.item(number) for number in numbers),
        turned=tuple((number in key.reversed) != plan.coding.flipped for number in numbers),
        min_answered=needed,
        low=low,
        high=high,
    )


def _needed(scale: Scale, choice: ScaleChoice, n_items: int) -> int:
    """Items that must be answered out of `n_items`."""
    if choice.min_share is not None:
        # A share that is a whole number of items must not be rounded up by floating point.
        return math.ceil(round(choice.min_share * n_items, 9))
    return scale.missing.needed(n_items) if choice.min_answered is None else choice.min_answered


def _score_range(plan: ScoringPlan, n_items: int) -> tuple[float, float]:
    """Lowest and highest score there can be."""
    if plan.method == "converted" and plan.scale.conversion:
        return plan.scale.conversion.values[0], plan.scale.conversion.values[-1]
    times = n_items if plan.method == "sum" else 1
    return float(plan.coding.low * times), float(plan.coding.high * times)
