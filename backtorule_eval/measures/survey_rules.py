"""Do survey answers fit their scales? Rules that are handed to the building of a cohort."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from backtorule_eval.cohort.checks.site import told
from backtorule_eval.cohort.mapping.mapped import MappedTable
from backtorule_eval.errors import Problem
from backtorule_eval.measures.scales import Scale, load_catalogue

SurveyRule = Callable[[Mapping[str, MappedTable]], list[Problem]]
NUMBERED = re.compile(r"(?P<scale>[a-z0-9_]*?)_?\d+")


def survey_rules() -> tuple[SurveyRule, ...]:
    """Which rules does a cohort's table of surveys have to keep, beyond those of the dictionary?

    Returns
    -------
    tuple of callables
        Each takes the mapped tables by name and returns what is wrong; never an answer. Errors: an answer
        outside its scale's range or no whole number, answers in two codings, an item number the scale does
        not have. Warnings: an item of no scale, a scale that lacks items. The words are with the cohort's
        own, in `cohort/rules_scales.yaml`.
    """
    return check_answers, check_codings, check_items, check_completeness


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answers:
    """The answers to one scale: a value per row of the table, missing in rows of other items."""

    scale: Scale
    table: MappedTable
    values: pd.Series

    def told(self, broken: pd.Series, rule: str, **detail: object) -> list[Problem]:
        """Make problems of the rows that break a rule."""
        words = {"scale": self.scale.title} | {name: str(word) for name, word in detail.items()}
        return told(self.table, broken, rule=rule, column="value", detail=words)

    @property
    def range(self) -> tuple[int, int]:
        """Lowest and highest answer in any coding."""
        codings = self.scale.codings.values()
        return min(c.low for c in codings), max(c.high for c in codings)


def check_answers(tables: Mapping[str, MappedTable]) -> list[Problem]:
    """Which answers are outside their scale's range, or no whole numbers?"""
    problems = []
    for answers in _answered(tables):
        low, high = answers.range
        inside = answers.values.between(low, high)
        outside = answers.values.notna() & ~inside
        problems += answers.told(outside, "answer_outside_scale", low=low, high=high)
        problems += answers.told(inside & (answers.values % 1 != 0), "answer_not_whole")
    return problems


def check_codings(tables: Mapping[str, MappedTable]) -> list[Problem]:
    """Which scales have answers that no single coding allows?"""
    problems = []
    for answers in _answered(tables):
        codings = answers.scale.codings.values()
        inside = answers.values.between(*answers.range)
        possible = answers.values[inside]
        if not any(possible.between(coding.low, coding.high).all() for coding in codings):
            shared = max(c.low for c in codings), min(c.high for c in codings)
            telling = inside & ~answers.values.between(*shared)
            spans = ", ".join(f"{c.low}–{c.high}" for c in codings)
            problems += answers.told(telling, "answer_codings_mixed", codings=spans)
    return problems


def check_items(tables: Mapping[str, MappedTable]) -> list[Problem]:
    """Which items have a number their scale does not have, or belong to no scale?"""
    table = tables["surveys"]
    scales = load_catalogue().scales
    known = {item for scale in scales.values() for item in scale.item_names}
    items = table.frame["item"]
    strange = items[items.notna() & ~items.isin(known)]
    prefixes = strange.map({name: _prefix(name) for name in strange.unique()})
    # A raw column is told where each item has its own; otherwise the column that holds the items' names.
    column = "value" if table.item_columns else "item"
    problems = []
    for name, scale in scales.items():
        beyond = items.index.isin(prefixes.index[prefixes == name])
        detail = {"scale": scale.title, "count": str(scale.items.count)}
        problems += told(table, beyond, rule="item_beyond_scale", column=column, detail=detail)
    homeless = items.index.isin(prefixes.index[~prefixes.isin(list(scales))])
    return problems + told(table, homeless, rule="item_without_scale", column=column)


def check_completeness(tables: Mapping[str, MappedTable]) -> list[Problem]:
    """Which scales lack items altogether?"""
    problems = []
    for answers in _answered(tables):
        scale, table = answers.scale, answers.table
        own = table.frame["item"].isin(scale.item_names)
        if missing := sorted(set(scale.item_names) - set(table.frame["item"][own])):
            files = " / ".join(dict.fromkeys(table.origin["file"][own]))
            detail = {"scale": scale.title, "items": ", ".join(missing)}
            problems.append(Problem(rule="scale_incomplete", file=files, table=table.name, detail=detail))
    return problems


def _answered(tables: Mapping[str, MappedTable]) -> Iterator[_Answers]:
    """Answers to each scale that has items in the surveys."""
    table = tables["surveys"]
    for scale in load_catalogue().scales.values():
        own = table.frame["item"].isin(scale.item_names)
        if own.any():
            yield _Answers(scale=scale, table=table, values=table.frame["value"].where(own))


def _prefix(item: str) -> str:
    """Name of the scale an item's name points to, "" if it ends in no number."""
    match = NUMBERED.fullmatch(item)
    return match["scale"] if match else ""
