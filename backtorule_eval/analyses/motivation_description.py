"""What can be said about motivation and an outcome at any number of people: means and counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from backtorule_eval.analyses.baseline import START, score_label
from backtorule_eval.analyses.describe import EVERYONE, MISSING, average
from backtorule_eval.analyses.motivation_plan import MotivationPlan
from backtorule_eval.analyses.motivation_scores import motivation_scores, score_notes, with_readings
from backtorule_eval.analyses.outcomes import LEFT, STATUSES, read_outcome, status_at
from backtorule_eval.analyses.tables import CountTable, Dimension, Level, MeanTable
from backtorule_eval.cohort.cohort import Cohort
from backtorule_eval.cohort.dictionary import Column, Text
from backtorule_eval.errors import ParameterProblem
from backtorule_eval.measures.scales import load_catalogue
from backtorule_eval.measures.scores import read_scores

HALVES = (
    Level(key="upper", label=Text(nb="Midtpunktet eller over", en="At or above the midpoint")),
    Level(key="lower", label=Text(nb="Under midtpunktet", en="Below the midpoint")),
    MISSING,
)
YES_NO = (
    Level(key="yes", label=Text(nb="Ja", en="Yes")),
    Level(key="no", label=Text(nb="Nei", en="No")),
    MISSING,
)


def average_scores(
    cohort: Cohort,
    *,
    scores: pd.DataFrame | None = None,
    names: Sequence[str] = (),
    words: Mapping[str, Text] | None = None,
) -> MeanTable:
    """What did people score at the start?

    Parameters
    ----------
    cohort : Cohort
        Everybody in it counts; without a score a person is missing.
    scores : pd.DataFrame, optional
        One row per person, `wave` and `scale`, with `value`; default: `motivation_scores`.
    names : sequence of str
        Scores in the order wanted; default: those of the catalogue's readings of motivation that were
        measured (the seven subscales first, the weighted index last), and without them every score there
        is.
    words : mapping of name to Text, optional
        Labels of scores the catalogue of scales does not know.

    Raises
    ------
    ParameterProblem
        A score was not measured at the start, or has no words.
    """
    made = read_scores(cohort) if scores is None else None
    table = _at_start(cohort, with_readings(made.frame) if made else scores)
    rows = []
    for name in names or _default_names(table):
        label = score_label(name, words or {})
        if name not in table or label is None:
            raise ParameterProblem(f"The score {name} was not measured at the start, or has no words.")
        column = Column(name=name, type="number", label=label, range=score_range(name))
        rows.append(average(table[name], column=column))
    notes = score_notes([row.name for row in rows], scored=made.scored if made else None)
    return MeanTable(question="scores_at_start", population=EVERYONE, rows=tuple(rows), notes=notes)


def outcome_by_score(
    cohort: Cohort, *, plan: MotivationPlan, scores: pd.DataFrame | None = None, names: Sequence[str] = ()
) -> list[CountTable]:
    """How many had the outcome among those at or above the midpoint of a scale, and among those below?

    For the outcome "left" the whole status at the horizon is counted (left, in education, completed,
    completed the years without passing, not known); for a recorded outcome yes, no and not known.

    Parameters
    ----------
    cohort : Cohort
    plan : MotivationPlan
        Names outcome and horizon.
    scores : pd.DataFrame, optional
        As in `average_scores`.
    names : sequence of str
        Scores to divide by, one table each; default: the plan's scales and what is read beside them
        (amotivation beside autonomous and controlled). A score whose range nobody has declared has no
        midpoint and gets no table; one beside the plan's that was not measured gets none either.

    Returns
    -------
    list of CountTable
        First the outcome by itself, then one table per score.

    Raises
    ------
    ParameterProblem
        As `read_outcome`; a score was not measured at the start; or words are lacking.
    NotEstimable
        "nobody_enrolled_at_start".
    """
    dimension, status, population = _outcome(cohort, plan)
    table = _at_start(cohort, scores)
    own = _count(status.to_frame("outcome"), (dimension,), question="outcome", population=population)
    tables = [own]
    for name in names or _compared(plan):
        label, limits = score_label(name, plan.words), score_range(name)
        if name not in table and name not in (*names, *plan.scales):
            continue
        if name not in table or label is None:
            raise ParameterProblem(f"The score {name} was not measured at the start, or has no words.")
        if limits is None:
            continue
        score = table[name].reindex(status.index)
        upper = pd.Series(np.where(score >= sum(limits) / 2, "upper", "lower"), index=status.index)
        cells = pd.DataFrame({name: upper.where(score.notna(), MISSING.key), "outcome": status})
        halves = Dimension(name=name, label=label, levels=HALVES, sensitive=True)
        tables.append(_count(cells, (halves, dimension), question="outcome_by_score", population=population))
    return tables


def score_range(name: str) -> tuple[float, float] | None:
    """Return the lowest and highest value of a score of the catalogue, or None if that takes a choice."""
    catalogue = load_catalogue()
    if name in catalogue.composites:
        return catalogue.composites[name].range
    for scale in catalogue.scales.values():
        own = {scale.score_name(part) for part in scale.subscales or ("",)}
        if name in own and len(scale.codings) == 1 and next(iter(scale.methods)) == "mean":
            coding = next(iter(scale.codings.values()))
            return float(coding.low), float(coding.high)
    return None


def _default_names(table: pd.DataFrame) -> list[str]:
    """Return the scores of the readings of motivation that were measured, else every score."""
    read = [name for reading in load_catalogue().readings.values() for name in reading.scores]
    measured = [name for name in dict.fromkeys(read) if name in table]
    return measured or [str(name) for name in table.columns]


def _compared(plan: MotivationPlan) -> tuple[str, ...]:
    """Return the plan's scales, and what else the reading that holds them all reads (amotivation)."""
    readings = [reading.scores for reading in load_catalogue().readings.values()]
    beside = next((scores for scores in readings if set(plan.scales) <= set(scores)), ())
    return tuple(dict.fromkeys([*plan.scales, *beside]))


def _outcome(cohort: Cohort, plan: MotivationPlan) -> tuple[Dimension, pd.Series, str]:
    """Return the outcome's categories, each person's category, and who the people are."""
    label = plan.label(plan.outcome)
    if label is None:
        raise ParameterProblem(f"The plan lacks words in nb and en for: {plan.outcome}.")
    outcome = read_outcome(cohort, name=plan.outcome, horizon_months=plan.horizon_months)
    if plan.outcome == LEFT:
        status = status_at(cohort, months=outcome.horizon_months or 0)
        words = Text(nb="Status ved horisonten", en="Status at the horizon")
        return Dimension(name="status", label=words, levels=STATUSES), status, outcome.population
    answer = pd.Series(np.where(outcome.values > 0, "yes", "no"), index=outcome.values.index)
    known = answer.where(outcome.values.notna(), MISSING.key)
    return Dimension(name=plan.outcome, label=label, levels=YES_NO), known, outcome.population


def _at_start(cohort: Cohort, scores: pd.DataFrame | None) -> pd.DataFrame:
    """Return one row per person of the cohort and one column per score at the start."""
    rows = motivation_scores(cohort) if scores is None else scores
    wide = rows[rows["wave"] == START].pivot(index="person", columns="scale", values="value")
    return wide.reindex(pd.Index(cohort.table("persons")["person"]))


def _count(
    cells: pd.DataFrame, dimensions: tuple[Dimension, ...], *, question: str, population: str
) -> CountTable:
    """Count persons over the dimensions; columns of `cells` in the order of the dimensions."""
    cell = pd.MultiIndex.from_product([[level.key for level in d.levels] for d in dimensions])
    counts = cells.value_counts().reindex(cell).fillna(0)
    if counts.sum() != len(cells):
        raise ValueError(f"{question}: a person is in no cell.")
    found = tuple(int(count) for count in counts)
    return CountTable(question=question, population=population, dimensions=dimensions, counts=found)
