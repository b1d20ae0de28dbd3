"""Did people reach the sub-goals they set? The T score of goal attainment scaling."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from backtorule_eval.errors import DataProblem
from backtorule_eval.measures.scales import GoalAttainment, load_catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalScores:
    """T scores and what must be said beside them.

    Attributes
    ----------
    frame : pd.DataFrame
        One row per person with any goal: `person` (str), `t` (float64, NaN if no goal counts), `n_goals`
        (int64, goals that count) and `n_dropped` (int64, goals without a level or with weight 0). `t` depends
        on `n_goals`: the two are shown together.
    rule : GoalAttainment
        The constants, their mark and the notes a reader must see.
    n_dropped : int
        Goals left out.
    """

    frame: pd.DataFrame = field(repr=False)
    rule: GoalAttainment
    n_dropped: int


def gas_t(goals: pd.DataFrame) -> GoalScores:
    """How far did each person get with the sub-goals, all goals taken together?

    T = 50 + 10 sum(w x) / sqrt((1 - rho) sum(w^2) + rho (sum w)^2) with rho = .30 (Kiresuk & Sherman 1968, as
    given in Turner-Stokes' guide); 50 is "as expected". A goal without a level is dropped and T is made of
    the rest. Goals without weights weigh the same. Whether goals were set before they were scored is checked
    at import.

    Parameters
    ----------
    goals : pd.DataFrame
        The cohort's table `goals`: `person`, `level_reached` (-2 to 2, missing if not scored) and `weight`
        (0 or more; on all of a person's scored goals or on none). Not modified.

    Raises
    ------
    DataProblem
        A level is outside -2 to 2, a weight is below 0, or a person has weights on some scored goals only.

    Notes
    -----
    Agrees with values computed by hand; tests/measures/test_goals.py::test_published_formula.
    """
    rule = load_catalogue().goal_attainment
    scored = goals[goals["level_reached"].notna()]
    _refuse_misfits(scored, rule)
    weighted = scored.assign(
        w=scored["weight"].fillna(1.0).astype(float), x=scored["level_reached"].astype(float)
    )
    counted = weighted[weighted["w"] > 0]
    sums = counted.assign(wx=counted["w"] * counted["x"], ww=counted["w"] ** 2).groupby("person")
    parts = sums[["wx", "ww", "w"]].sum()
    spread = np.sqrt((1 - rule.rho) * parts["ww"] + rule.rho * parts["w"] ** 2)
    n_all = goals.groupby("person").size()
    frame = pd.DataFrame({"t": rule.centre + rule.spread * parts["wx"] / spread, "n_goals": sums.size()})
    frame = frame.reindex(n_all.index).fillna({"n_goals": 0}).astype({"n_goals": "int64"})
    frame["n_dropped"] = n_all - frame["n_goals"]
    return GoalScores(frame=frame.reset_index(), rule=rule, n_dropped=int(frame["n_dropped"].sum()))


def _refuse_misfits(scored: pd.DataFrame, rule: GoalAttainment) -> None:
    """Raise DataProblem for what the formula cannot take."""
    if n := int((~scored["level_reached"].isin(range(rule.low, rule.high + 1))).sum()):
        raise DataProblem(
            f"Table goals: {n} level(s) reached are not whole numbers from {rule.low} to {rule.high}."
        )
    if n := int((scored["weight"] < 0).sum()):
        raise DataProblem(f"Table goals: {n} weight(s) are below 0.")
    given = scored["weight"].notna().groupby(scored["person"]).mean()
    if n := int(given.between(0, 1, inclusive="neither").sum()):
        raise DataProblem(
            f"Table goals: {n} person(s) have a weight on some of their scored goals only. Give all of a "
            "person's goals a weight, or none."
        )
