"""Is the difference between both sides of motivation the same for everybody?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtorule_eval.analyses.contrast import Contrast, average_risk, wald
from backtorule_eval.analyses.design_matrix import Variable, build_design
from backtorule_eval.analyses.estimate import Caution, Estimand, Estimate, Measure, Term
from backtorule_eval.analyses.logit import LogitFit, fit_logit
from backtorule_eval.analyses.motivation_people import People, read_people
from backtorule_eval.analyses.motivation_plan import MotivationPlan, Step
from backtorule_eval.analyses.support import find_shortfalls, refusal
from backtorule_eval.analyses.tables import Refusal
from backtorule_eval.cohort.cohort import Cohort
from backtorule_eval.cohort.dictionary import Text
from backtorule_eval.errors import NotEstimable, ParameterProblem

Floats = NDArray[np.float64]

MODEL = "interaction"
QUARTERS = (
    Text(nb="Laveste fjerdedel", en="Lowest quarter"),
    Text(nb="Nest laveste fjerdedel", en="Second lowest quarter"),
    Text(nb="Nest høyeste fjerdedel", en="Second highest quarter"),
    Text(nb="Høyeste fjerdedel", en="Highest quarter"),
)
APART = Text(nb="Første gruppe minus siste", en="First group minus last")


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """Who is in which group.

    Attributes
    ----------
    member : (n,) array of int
        Position of each person's group.
    labels : tuple of Text
    are_levels : bool
        Whether they are the levels of a variable, and not quarters of a number.
    """

    member: NDArray[np.intp]
    labels: tuple[Text, ...]
    are_levels: bool


def motivation_by_group(
    cohort: Cohort, *, plan: MotivationPlan
) -> tuple[Estimate, ...] | tuple[Refusal, ...]:
    """Does the difference between both sides of motivation differ between groups, in people per hundred?

    The estimand in each group is that of `motivation_ladder` at its primary step (the last if none is): the
    average modelled risk in the group if everybody's scale on one side were one standard deviation higher,
    minus the same for the other side. One logistic model for all, in which each scale has a coefficient of
    its own in each group; the last estimate is the first group's minus the last group's. On the additive
    scale: equal log odds are not equal differences in risk (Knol & VanderWeele 2012). Exploratory.

    The groups are those of `plan.groups`: quarters of a number, or the levels of a variable.

    Returns
    -------
    tuple
        One estimate per group and their difference; or that the plan asks for no groups, or everything the
        data lack: 20 people, with 8 who had the outcome and 8 who had not, in each group.

    Raises
    ------
    ParameterProblem
        The plan does not hold the variable constant.
    """
    step = next((step for step in plan.steps if step.primary), plan.steps[-1])
    by = plan.groups
    if not by:
        return (_refuse(NotEstimable("not_asked"), plan, "everyone"),)
    if by not in plan.up_to(step):
        held = ", ".join(plan.up_to(step)) or "nothing"
        raise ParameterProblem(f"{by} is not held constant at the step {step.name}; that holds: {held}.")
    try:
        people, terms = read_people(cohort, plan=plan)
        groups = _groups(people, by)
        if lacking := _lacking(people, groups):
            return tuple(_refuse(reason, plan, people.outcome.population) for reason in lacking)
        found = _fit(people, plan, step, groups)
    except NotEstimable as reason:
        return (_refuse(reason, plan, "everyone"),)
    names = [f"{by}_{i}" for i in range(len(groups.labels))]
    words = [Term(name=n, label=label) for n, label in zip(names, groups.labels, strict=True)]
    words.append(Term(name=f"{by}_apart", label=APART))
    sizes = [*np.bincount(groups.member, minlength=len(names)), len(people.y)]
    events = [*np.bincount(groups.member, weights=people.y, minlength=len(names)), people.y.sum()]
    return tuple(
        Estimate(
            question=plan.question,
            population=word.name,
            outcome=people.outcome.name,
            contrast=plan.contrast,
            estimand=Estimand.ASSOCIATION,
            measure=Measure.RISK_DIFFERENCE,
            unit="points",
            value=one.value,
            low=one.low,
            high=one.high,
            std_error=one.std_error,
            p_value=one.p_value,
            n=int(n),
            n_events=int(n_events),
            n_missing=people.n_missing if word.label is APART else None,
            smallest_arm=int(n),
            horizon_months=people.outcome.horizon_months,
            method="logit_g_computation",
            adjustment=step.name,
            adjusted_for=plan.up_to(step),
            cautions=(*plan.cautions, Caution.RELIABILITY_UNCORRECTED, Caution.EXPLORATORY),
            terms=(*terms, *words),
        )
        for one, word, n, n_events in zip(found, words, sizes, events, strict=True)
    )


def _groups(people: People, by: str) -> Groups:
    """Divide people by the levels of a variable, or by the quarters of a number."""
    if not len(people.y):
        raise NotEstimable("outcome_does_not_vary")
    variable: Variable = people.variables[by]
    values = people.frame[by]
    if variable.levels:
        present = [level for level in variable.levels if values.eq(level).any()]
        member = pd.Categorical(values, categories=present).codes.astype(np.intp)
        return Groups(
            member=member, labels=tuple(Text(nb=level, en=level) for level in present), are_levels=True
        )
    edges = np.quantile(values.to_numpy(dtype=np.float64), [0.25, 0.5, 0.75])
    member = np.searchsorted(edges, values.to_numpy(dtype=np.float64), side="left")
    return Groups(member=member.astype(np.intp), labels=QUARTERS, are_levels=False)


def _lacking(people: People, groups: Groups) -> list[NotEstimable]:
    """Say what the smallest group lacks."""
    n_groups = len(groups.labels)
    sizes = np.bincount(groups.member, minlength=n_groups)
    events = np.bincount(groups.member, weights=people.y, minlength=n_groups)
    rarer = np.minimum(events, sizes - events)
    return [
        *find_shortfalls(MODEL, smallest_cell=float(sizes.min()), smallest_cell_events=float(rarer.min())),
        *find_shortfalls("logit_maximum_likelihood", events=float(min(people.y.sum(), (1 - people.y).sum()))),
    ]


def _fit(people: People, plan: MotivationPlan, step: Step, groups: Groups) -> list[Contrast]:
    """Fit one model with coefficients of each group's own; return each contrast and how far they differ."""
    names = (*plan.scales, *plan.up_to(step))
    design = build_design(people.frame, variables=[people.variables[name] for name in names])
    scales = [design.columns(name)[0] for name in plan.scales]
    within = [(groups.member == i).astype(np.float64) for i in range(1, len(groups.labels))]
    # A variable with levels is in the model already, with the same groups.
    levels = [] if groups.are_levels else [group[:, None] for group in within]
    columns = [design.x, *levels]
    columns += [design.x[:, scales] * group[:, None] for group in within]
    x = np.column_stack(columns)
    fit = fit_logit(
        x=x, y=people.y, names=(*design.names, *["group"] * len(levels), *(plan.scales * len(within)))
    )
    first = design.x.shape[1] + len(levels)
    risks = [
        _difference(
            fit, x[groups.member == i], scales, own=first + (i - 1) * len(scales) if i else None, plan=plan
        )
        for i in range(len(groups.labels))
    ]
    apart = (risks[0][0] - risks[-1][0], risks[0][1] - risks[-1][1])
    return [wald(value, slope, cov=fit.cov) for value, slope in [*risks, apart]]


def _difference(
    fit: LogitFit, x: Floats, scales: list[int], *, own: int | None, plan: MotivationPlan
) -> tuple[float, Floats]:
    """Return the contrast in one group and its slope; `own` is where the group's own coefficients begin."""

    def moves(names: tuple[str, ...]) -> list[tuple[int, ...]]:
        """The columns that one standard deviation more of each scale raises in this group."""
        places = [plan.scales.index(name) for name in names]
        return [(scales[at],) if own is None else (scales[at], own + at) for at in places]

    first, slope_first = average_risk(x, fit.coef, moves(plan.first.scales))
    second, slope_second = average_risk(x, fit.coef, moves(plan.second.scales))
    return first - second, slope_first - slope_second


def _refuse(reason: NotEstimable, plan: MotivationPlan, population: str) -> Refusal:
    """Turn a reason into the refusal a page shows."""
    return refusal(reason, question=plan.question, population=population, model=MODEL)
