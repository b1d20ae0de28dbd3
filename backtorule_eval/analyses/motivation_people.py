"""Everybody whom the question of motivation is asked about: scales at the start, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtorule_eval.analyses.baseline import Baseline, read_baseline
from backtorule_eval.analyses.design_matrix import Variable
from backtorule_eval.analyses.estimate import Term
from backtorule_eval.analyses.motivation_plan import MotivationPlan
from backtorule_eval.analyses.outcomes import Outcome, read_outcome
from backtorule_eval.cohort.cohort import Cohort

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Everybody analysed, at every step alike.

    Attributes
    ----------
    frame : pd.DataFrame
        One row per person: scales in standard deviations, covariates as they are; nothing missing.
    y : (n,) array
        1 with the outcome, 0 without.
    clusters : (n,) array of str
        Empty texts when the source has no clusters.
    n_missing : int
        People of the population left out: no known outcome, or no value in a variable.
    """

    frame: pd.DataFrame = field(repr=False)
    y: Floats = field(repr=False)
    clusters: NDArray[np.object_] = field(repr=False)
    n_missing: int
    outcome: Outcome
    variables: Mapping[str, Variable]


def read_people(
    cohort: Cohort, *, plan: MotivationPlan, scores: pd.DataFrame | None = None
) -> tuple[People, tuple[Term, ...]]:
    """Who is asked about, and which words go with the plan's names?

    Raises
    ------
    NotEstimable
        The outcome cannot be told of anybody.
    ParameterProblem
        The plan names something that is not there, was measured after the start, or has no words.
    """
    terms = plan.terms()
    names = [*plan.scales, *plan.covariates]
    baseline = read_baseline(cohort, names=names, scores=scores, words=plan.words)
    terms += tuple(Term(name=name, label=baseline.variables[name].label) for name in plan.covariates)
    outcome = read_outcome(cohort, name=plan.outcome, horizon_months=plan.horizon_months)
    return _gather(cohort, plan, baseline, outcome), terms


def _gather(cohort: Cohort, plan: MotivationPlan, baseline: Baseline, outcome: Outcome) -> People:
    """Keep those with a known outcome and every variable of the last step; scales in standard deviations."""
    frame = baseline.frame.loc[outcome.values.index]
    clusters = pd.Series("", index=frame.index, dtype="str")
    if plan.cluster:
        clusters = cohort.table("persons").set_index("person")[plan.cluster].reindex(frame.index)
    complete = frame.notna().all(axis=1) & outcome.values.notna() & clusters.notna()
    kept = frame[complete]
    spread = kept[list(plan.scales)].std(ddof=1)
    # A scale that does not vary stays a column of zeros, and is refused by name as collinear with the
    # constant.
    scaled = (kept[list(plan.scales)] - kept[list(plan.scales)].mean()) / spread.where(spread > 0, 1.0)
    return People(
        frame=kept.assign(**{name: scaled[name] for name in plan.scales}),
        y=outcome.values[complete].to_numpy(dtype=np.float64),
        clusters=clusters[complete].to_numpy(dtype=object),
        n_missing=int((~complete).sum()),
        outcome=outcome,
        variables=baseline.variables,
    )
