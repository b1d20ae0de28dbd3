"""All scale scores of a cohort under one vocabulary: made here from answers, or made at the source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from backtorule_eval.cohort.cohort import Cohort
from backtorule_eval.errors import DataProblem, NotEstimable
from backtorule_eval.measures.plan import AS_PUBLISHED, ScaleChoice, plan_scoring
from backtorule_eval.measures.scales import Coding, Key, Scale, find_scale, load_catalogue
from backtorule_eval.measures.scoring import SCORED, ScaleScores, score_scale

SOURCE_MISSING = "source_missing"
CHOICE_NEEDED, ITEMS_MISSING = "choice_needed", "items_missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unscored:
    """A score that could have been made and was not.

    `reason` is "choice_needed" (several keys or codings are possible, or the key is used only by name) or
    "items_missing" (the form lacks items of it).
    """

    score: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortScores:
    """Every score of a cohort.

    Attributes
    ----------
    frame : pd.DataFrame
        One row per person, wave and scale: `person` (str), `wave` (Int64), `scale` (str), `value` (float64,
        NaN if there is none), `status` (str: "scored", or why not) and `made` (str: "here" or "source").
    scored : mapping of str to ScaleScores
        By scale, what was scored here: rules with their evidence, counts, labels and ranges.
    unscored : tuple of Unscored
        What has answers but no score.
    """

    frame: pd.DataFrame = field(repr=False)
    scored: Mapping[str, ScaleScores]
    unscored: tuple[Unscored, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standardised:
    """Values in standard deviations from the mean of a population of `n` persons with a value."""

    values: pd.Series = field(repr=False)
    mean: float
    sd: float
    n: int


def read_scores(cohort: Cohort, *, choices: Mapping[str, ScaleChoice] | None = None) -> CohortScores:
    """What does everybody score, on every scale the cohort has answers or scores for?

    Parameters
    ----------
    cohort : Cohort
    choices : mapping of scale name to ScaleChoice
        What the user says about scales whose published rules leave a choice.

    Raises
    ------
    ParameterProblem
        A choice is for a scale that does not exist, or does not fit it.
    DataProblem
        Answers do not fit their scale (see `score_scale`), or a score made here is in the source as well.
    """
    choices = choices or {}
    for name in choices:
        find_scale(name)
    surveys = cohort.table("surveys")
    present = set(surveys["item"])
    scored: dict[str, ScaleScores] = {}
    unscored: list[Unscored] = []
    for scale in load_catalogue().scales.values():
        if present.isdisjoint(scale.item_names):
            continue
        choice, left_out = _possible(scale, choices.get(scale.name, AS_PUBLISHED), present)
        unscored.extend(left_out)
        if choice is not None:
            scored[scale.name] = score_scale(surveys, scale, choice=choice)
    frame = _together(scored, cohort.table("scores"))
    return CohortScores(frame=frame, scored=scored, unscored=tuple(unscored))


def standardise(values: pd.Series, *, population: pd.Series | None = None) -> Standardised:
    """How many standard deviations is each value from the mean of the population analysed?

    Parameters
    ----------
    values : pd.Series
        Numbers; NaN stays NaN. Not modified.
    population : pd.Series of bool or None
        Same index; whose mean and standard deviation (n - 1) are used. None: all with a value.

    Raises
    ------
    NotEstimable
        "persons": fewer than two with a value. "variation": they are all alike.
    """
    among = values if population is None else values[population]
    n = int(among.notna().sum())
    minimum = 2
    if n < minimum:
        raise NotEstimable("persons", needed=minimum, found=n)
    mean, sd = float(among.mean()), float(among.std())
    if sd == 0:
        raise NotEstimable("variation")
    return Standardised(values=(values - mean) / sd, mean=mean, sd=sd, n=n)


def _possible(
    scale: Scale, choice: ScaleChoice, present: set[str]
) -> tuple[ScaleChoice | None, list[Unscored]]:
    """Narrow the choice to the scores that can be made, None if there are none; and say which cannot."""
    if _needs(scale.codings, choice.coding) or _needs(scale.keys, choice.key):
        return None, [Unscored(score=scale.name, reason=CHOICE_NEEDED)]
    plans = plan_scoring(scale, choice=choice).scores
    whole = tuple(plan.subscale for plan in plans if present.issuperset(plan.items))
    lacking = [Unscored(score=p.name, reason=ITEMS_MISSING) for p in plans if p.subscale not in whole]
    possible = replace(choice, subscales=tuple(s for s in whole if s)) if whole else None
    return possible, lacking


def _needs(named: Mapping[str, Coding] | Mapping[str, Key], wanted: str) -> bool:
    """Whether the user must name one and has not."""
    return not wanted and (len(named) > 1 or any(getattr(rule, "by_name", False) for rule in named.values()))


def _together(scored: Mapping[str, ScaleScores], source: pd.DataFrame) -> pd.DataFrame:
    """Scores made here and at the source in one frame, sorted by person, wave and scale."""
    columns = ["person", "wave", "scale", "value", "status"]
    status = source["missing_reason"].fillna(SOURCE_MISSING).mask(source["value"].notna(), SCORED)
    there = source.assign(status=status.astype("str"))[columns].assign(made="source")
    here = [scores.frame[columns].assign(made="here") for scores in scored.values()]
    frame = pd.concat([*here, there], ignore_index=True).astype({"made": "str"})
    if twice := sorted({s for f in here for s in f["scale"]} & set(there["scale"])):
        raise DataProblem(
            f"Scored here and at the source as well: {', '.join(twice)}. Give the source's score another "
            "name in the mapping, or leave the answers out."
        )
    return frame.sort_values(["person", "wave", "scale"], ignore_index=True)
