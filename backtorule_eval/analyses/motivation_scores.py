"""All scores of a cohort in one frame, with the readings of motivation where they can be made."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from backtorule_eval.cohort.cohort import Cohort
from backtorule_eval.measures.composites import motivation_readings
from backtorule_eval.measures.plan import ScaleChoice
from backtorule_eval.measures.scales import load_catalogue
from backtorule_eval.measures.scores import read_scores


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
    frame = read_scores(cohort, choices=choices).frame[["person", "wave", "scale", "value"]]
    catalogue = load_catalogue()
    parts = {part for reading in catalogue.readings.values() for part in reading.scores}
    composites = parts & set(catalogue.composites)
    needed = (parts - composites).union(*(catalogue.composites[name].parts for name in composites))
    if not needed <= set(frame["scale"]):
        return frame
    made = motivation_readings(frame).frame
    return pd.concat([frame, made[made["scale"].isin(composites)]], ignore_index=True)
