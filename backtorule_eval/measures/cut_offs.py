"""Who is above or below a published cut-off? Only cut-offs that were read in their source can be applied."""

from __future__ import annotations

import pandas as pd

from backtorule_eval.errors import ParameterProblem
from backtorule_eval.measures.evidence import Evidence
from backtorule_eval.measures.plan import ScoringPlan
from backtorule_eval.measures.scales import CutOff
from backtorule_eval.measures.scoring import ScaleScores


def usable_cut_offs(plan: ScoringPlan) -> tuple[CutOff, ...]:
    """Which cut-offs may a report use for a scale scored this way?"""
    return tuple(c for c in plan.scale.cut_offs if c.usable and _holds_for(c, plan))


def meets_cut_off(scores: ScaleScores, name: str) -> pd.DataFrame:
    """Does each person's score lie in the named part of the range?

    Parameters
    ----------
    scores : ScaleScores
        Scores of a scale without subscales.
    name : str
        The cut-off's name in the scale's data, e.g. "high_distress".

    Returns
    -------
    pd.DataFrame
        `person`, `wave`, `meets` (boolean; missing where there is no score). It is for counting in groups.

    Raises
    ------
    ParameterProblem
        There is no such cut-off, it was not read in its source, it needs another question beside the score,
        or it does not hold for the way the scale was scored.
    """
    scale = scores.plan.scale
    found = {cut_off.name: cut_off for cut_off in scale.cut_offs}
    if name not in found:
        known = ", ".join(found) or "none"
        raise ParameterProblem(f"Scale {scale.name!r} has no cut-off {name!r}. It has: {known}.")
    cut_off = found[name]
    _refuse_unusable(cut_off, scores.plan)
    values = scores.frame["value"]
    meets = _in_part(values, cut_off).astype("boolean").mask(values.isna())
    return scores.frame[["person", "wave"]].assign(meets=meets)


def _refuse_unusable(cut_off: CutOff, plan: ScoringPlan) -> None:
    """Raise ParameterProblem if the cut-off may not be used here."""
    title = f"Scale {plan.scale.name!r}, cut-off {cut_off.name!r}"
    if cut_off.mark is not Evidence.READ:
        raise ParameterProblem(f"{title}: not verified (evidence {cut_off.mark}), so no report may use it.")
    if cut_off.also:
        raise ParameterProblem(f"{title}: the score alone does not decide; it needs: {cut_off.also.en}.")
    if not _holds_for(cut_off, plan):
        coding = f", coding={cut_off.coding!r}" if cut_off.coding else ""
        raise ParameterProblem(f"{title}: holds for method={cut_off.method!r}{coding} only. Score it so.")


def _holds_for(cut_off: CutOff, plan: ScoringPlan) -> bool:
    """Whether the cut-off belongs to this method and coding."""
    return cut_off.method == plan.method and cut_off.coding in {"", plan.coding_name}


def _in_part(values: pd.Series, cut_off: CutOff) -> pd.Series:
    """Whether each value lies in the part of the range."""
    inside = values.notna()
    if cut_off.at_least is not None:
        inside &= values >= cut_off.at_least
    if cut_off.below is not None:
        inside &= values < cut_off.below
    if cut_off.at_most is not None:
        inside &= values <= cut_off.at_most
    return inside
