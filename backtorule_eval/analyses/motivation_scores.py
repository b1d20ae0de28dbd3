"""All scores of a cohort in one frame, with the readings of motivation where they can be made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from backtorule_eval.cohort.cohort import Cohort
from backtorule_eval.cohort.dictionary import Text
from backtorule_eval.measures.composites import motivation_readings
from backtorule_eval.measures.plan import ScaleChoice
from backtorule_eval.measures.scales import load_catalogue
from backtorule_eval.measures.scores import read_scores
from backtorule_eval.measures.scoring import ScaleScores


def motivation_scores(cohort: Cohort, *, choices: Mapping[str, ScaleChoice] | None = None) -> pd.DataFrame:
    """What does everybody score, on each scale and on each reading of motivation?

    Parameters
    ----------
    cohort : Cohort
    choices : mapping of scale name to ScaleChoice
        As `read_scores` takes them.

    Returns
    -------
    pd.DataFrame
        One row per person (str), wave (Int64) and scale (str), with value (float64, NaN without a score). The
        readings (autonomous, controlled ...) are there when all their subscales are.

    Raises
    ------
    ParameterProblem, DataProblem
        As `read_scores`.
    """
    return with_readings(read_scores(cohort, choices=choices).frame)


def with_readings(scores: pd.DataFrame) -> pd.DataFrame:
    """Add the readings of motivation to scores, when all their subscales are among them."""
    frame = scores[["person", "wave", "scale", "value"]]
    catalogue = load_catalogue()
    parts = {part for reading in catalogue.readings.values() for part in reading.scores}
    composites = parts & set(catalogue.composites)
    needed = (parts - composites).union(*(catalogue.composites[name].parts for name in composites))
    if not needed <= set(frame["scale"]):
        return frame
    made = motivation_readings(frame).frame
    return pd.concat([frame, made[made["scale"].isin(composites)]], ignore_index=True)


def score_notes(names: Sequence[str], *, scored: Mapping[str, ScaleScores] | None = None) -> tuple[Text, ...]:
    """What must a reader be told about these scores?

    Parameters
    ----------
    names : sequence of str
        Scores, as in the frames above.
    scored : mapping of scale name to ScaleScores, optional
        How scores were made here (`CohortScores.scored`): the notes of the rules that took part.

    Returns
    -------
    tuple of Text
        Notes of the rules of each scale, then the warnings of composites; each once.
    """
    catalogue = load_catalogue()
    shown = [catalogue.composites[name] for name in names if name in catalogue.composites]
    parts = {*names, *(part for composite in shown for part in composite.parts)}
    made = [s for s in (scored or {}).values() if parts & {plan.name for plan in s.plan.scores}]
    notes = [rule.note for scores in made for rule in scores.rules if rule.note]
    notes += [
        Text(nb=f"{c.label.nb}: {c.warning.nb}", en=f"{c.label.en}: {c.warning.en}")
        for c in shown
        if c.warning
    ]
    return tuple(dict.fromkeys(notes))
