"""Whose motivation changed by more than the scales' own error, and which kinds of motivation go together?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from backtorule_eval.analyses.baseline import START
from backtorule_eval.analyses.describe import EVERYONE, MISSING, average, count_persons
from backtorule_eval.analyses.mixture import Mixture, find_profiles
from backtorule_eval.analyses.motivation_description import HALVES, score_range
from backtorule_eval.analyses.motivation_items import MotivationItems, motivation_items
from backtorule_eval.analyses.motivation_scores import motivation_scores
from backtorule_eval.analyses.quality import Quality, QualityRow, Quantity
from backtorule_eval.analyses.support import refusal
from backtorule_eval.analyses.tables import CountTable, Dimension, Level, MeanTable, Refusal
from backtorule_eval.cohort.cohort import Cohort
from backtorule_eval.cohort.dictionary import Column, Text
from backtorule_eval.errors import NotEstimable, ParameterProblem
from backtorule_eval.measures.reliability import cronbach_alpha
from backtorule_eval.measures.reliable_change import HIGHER, LOWER, UNCHANGED, ChangeRule, reliable_change
from backtorule_eval.measures.scales import load_catalogue

CHANGES = (
    Level(key=HIGHER, label=Text(nb="Sikkert høyere", en="Reliably higher")),
    Level(key=UNCHANGED, label=Text(nb="Ingen sikker endring", en="No reliable change")),
    Level(key=LOWER, label=Text(nb="Sikkert lavere", en="Reliably lower")),
    MISSING,
)
# The two that went with completing among Norwegian vocational pupils (Utvær & Haugan 2016).
DEFAULT_SCALES = ("ams_identified", "ams_amotivation")
HERE = Text(nb="de som svarte ved start i disse dataene", en="those who answered at the start in these data")
CHANGE_QUANTITIES = (Quantity.RELIABILITY, Quantity.SPREAD, Quantity.SMALLEST_CHANGE)
AUTONOMOUS, CONTROLLED = "ams_autonomous", "ams_controlled"
MOST_PROFILES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class MotivationChange:
    """How many changed on each scale, and by which rules that was decided."""

    counts: tuple[CountTable, ...] | tuple[Refusal, ...]
    rules: Quality | Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class MotivationProfiles:
    """How many have which profile, and what the profiles are like; or why no mixture was fitted."""

    counts: CountTable | Refusal
    means: tuple[MeanTable, ...] | tuple[Refusal, ...]


def motivation_change(cohort: Cohort, *, rules: Mapping[str, Mapping[str, object]]) -> MotivationChange:
    """How many changed from the start to the last wave by more than the scale's own error?

    Parameters
    ----------
    cohort : Cohort
    rules : mapping of subscale to rule
        What `ChangeRule` takes, with both sources as words in nb and en. Empty: identified regulation and
        amotivation, by alpha and standard deviation of those who answered at the start, which is no more
        than these few people can give.

    Raises
    ------
    ParameterProblem
        A rule is for no subscale of motivation, or incomplete.
    """
    try:
        items = motivation_items(cohort)
        if items.last == START:
            raise NotEstimable("one_wave")
        known = {name: _read_rule(name, rule, items) for name, rule in rules.items()}
        used = known or {name: _own_rule(name, items) for name in DEFAULT_SCALES}
    except NotEstimable as reason:
        no = refusal(reason, question="reliable_change", population=EVERYONE, model="reliability")
        return MotivationChange(counts=(no,), rules=no)
    counts = tuple(_count_change(items, name, rule) for name, rule in used.items())
    return MotivationChange(counts=counts, rules=_rules_table(items, used))


def motivation_profiles(cohort: Cohort, *, seed: int) -> MotivationProfiles:
    """Which kinds of motivation do people have, taken together?

    With people enough, a mixture over the seven subscales in standard deviations. Otherwise the fixed rule:
    autonomous and controlled motivation, each at or above the scale's midpoint or below it.

    Parameters
    ----------
    cohort : Cohort
    seed : int
        Of the study; the mixture's starts are drawn with it.
    """
    rng = np.random.default_rng(seed)
    try:
        items = motivation_items(cohort)
        scores = items.scores_at(START)
        complete = scores.dropna()
        standardised = (complete - complete.mean()) / complete.std()
        found = find_profiles(standardised.to_numpy(), most=MOST_PROFILES, rng=rng)
    except NotEstimable as reason:
        no = refusal(reason, question="profiles", population=EVERYONE, model="profiles")
        return MotivationProfiles(counts=no if reason.reason == "no_items" else _fixed(cohort), means=(no,))
    return _mixture_tables(items, complete, len(scores), found)


def _read_rule(name: str, rule: Mapping[str, object], items: MotivationItems) -> ChangeRule:
    """Make a rule of what the study says."""
    if name not in items.labels():
        raise ParameterProblem(f"Reliable change: {name} is no subscale of motivation.")
    given = dict(rule)
    try:
        words = {key: Text(**given.pop(key)) for key in ("reliability_source", "sd_source")}  # type: ignore[arg-type]
        return ChangeRule(**given, **words)  # type: ignore[arg-type]
    except (KeyError, TypeError, ValueError):
        raise ParameterProblem(
            f"Reliable change of {name} needs reliability, kind, sd, and reliability_source and sd_source, "
            "each in nb and en."
        ) from None


def _own_rule(name: str, items: MotivationItems) -> ChangeRule:
    """Make a rule of what these people answered at the start."""
    plan = next(plan for plan in items.subscales if plan.name == name)
    alpha = cronbach_alpha(items.answers[START][list(plan.items)]).value
    spread = float(items.scores_at(START)[name].std())
    if not 0 < alpha < 1:
        raise NotEstimable("variation")
    return ChangeRule(reliability=alpha, kind="alpha", sd=spread, reliability_source=HERE, sd_source=HERE)


def _count_change(items: MotivationItems, name: str, rule: ChangeRule) -> CountTable:
    """Count who changed on one scale."""
    first, last = (items.scores_at(wave)[name] for wave in (START, items.last))
    dimension = Dimension(
        name=f"change_{name}", label=items.labels()[name], levels=CHANGES, sensitive=True, ordered=True
    )
    return count_persons(
        reliable_change(first, last, rule=rule).status, dimension=dimension, question="reliable_change"
    )


def _rules_table(items: MotivationItems, rules: Mapping[str, ChangeRule]) -> Quality:
    """Say by which numbers a change was called reliable, and whose they are."""
    scores = items.scores_at(START)
    rows, notes = [], []
    for name, rule in rules.items():
        label, n = items.labels()[name], int(scores[name].notna().sum())
        figures = (rule.reliability, rule.sd, rule.smallest)
        rows.append(QualityRow(name=name, label=label, n=n, n_missing=len(scores) - n, figures=figures))
        notes.append(_source_note(label, rule))
    return Quality(
        question="change_rules",
        population=EVERYONE,
        quantities=CHANGE_QUANTITIES,
        rows=tuple(rows),
        notes=tuple(notes),
    )


def _source_note(label: Text, rule: ChangeRule) -> Text:
    """Say whose reliability and spread a rule takes."""
    kinds = {
        "retest": ("gjentatt måling", "a second measurement"),
        "alpha": ("alfa", "alpha"),
        "omega": ("omega", "omega"),
    }
    nb, en = kinds[rule.kind]
    return Text(
        nb=f"{label.nb}: pålitelighet ved {nb} fra {rule.reliability_source.nb}; "
        f"standardavvik fra {rule.sd_source.nb}.",
        en=f"{label.en}: reliability by {en} from {rule.reliability_source.en}; "
        f"standard deviation from {rule.sd_source.en}.",
    )


def _fixed(cohort: Cohort) -> CountTable:
    """Count by the fixed rule: two scales, each at or above its midpoint or below."""
    rows = motivation_scores(cohort)
    wide = rows[rows["wave"] == START].pivot(index="person", columns="scale", values="value")
    scores = wide.reindex(pd.Index(cohort.table("persons")["person"]))[[AUTONOMOUS, CONTROLLED]]
    dimensions = tuple(_halves(name) for name in (AUTONOMOUS, CONTROLLED))
    cells = pd.DataFrame({name: _half(scores[name]) for name in scores})
    order = pd.MultiIndex.from_product([[level.key for level in HALVES]] * 2)
    counts = tuple(int(count) for count in cells.value_counts().reindex(order).fillna(0))
    return CountTable(question="profiles", population=EVERYONE, dimensions=dimensions, counts=counts)


def _halves(name: str) -> Dimension:
    """One scale in two halves."""
    label = load_catalogue().composites[name].label
    return Dimension(name=name, label=label, levels=HALVES, sensitive=True)


def _half(score: pd.Series) -> pd.Series:
    """Which half of the scale each person is in."""
    low, high = score_range(str(score.name)) or (1.0, 7.0)
    upper, lower, missing = (level.key for level in HALVES)
    return score.ge((low + high) / 2).map({True: upper, False: lower}).where(score.notna(), missing)


def _mixture_tables(
    items: MotivationItems, complete: pd.DataFrame, n_all: int, found: Mixture
) -> MotivationProfiles:
    """How many are likeliest of each kind, and what those answered."""
    names = [Text(nb=f"Profil {i + 1}", en=f"Profile {i + 1}") for i in range(found.k)]
    levels = (*(Level(key=str(i), label=name) for i, name in enumerate(names)), MISSING)
    kinds = pd.Series(found.assigned.astype(str), index=complete.index)
    everyone = pd.concat([kinds, pd.Series([MISSING.key] * (n_all - len(kinds)))])
    dimension = Dimension(
        name="profile", label=Text(nb="Profil", en="Profile"), levels=levels, sensitive=True
    )
    counts = count_persons(everyone, dimension=dimension, question="profiles")
    tables = [
        _profile_means(items, complete[kinds == level.key], level.key, level.label) for level in levels[:-1]
    ]
    return MotivationProfiles(counts=counts, means=tuple(tables))


def _profile_means(items: MotivationItems, scores: pd.DataFrame, kind: str, label: Text) -> MeanTable:
    """Averages of those of one kind."""
    rows = [
        average(
            scores[plan.name],
            # Everybody of a kind has every score, so the name need not be that of the scale for everyone,
            # which would tie the kinds' tables into more unknowns than the audit can search.
            column=Column(
                name=f"{plan.name}_{kind}", type="number", label=plan.label, range=(plan.low, plan.high)
            ),
        )
        for plan in items.subscales
    ]
    # A population of its own: its numbers are of these people, and not of everyone.
    return MeanTable(question="profile_means", population=f"profile_{kind}", rows=tuple(rows), label=label)
