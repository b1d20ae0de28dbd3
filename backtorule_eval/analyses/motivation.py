"""Extrinsic or intrinsic: is one side of motivation tied to an outcome more strongly than the other?"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from backtorule_eval.analyses.estimate import Estimate, Measure
from backtorule_eval.analyses.motivation_people import read_people
from backtorule_eval.analyses.motivation_plan import MotivationPlan
from backtorule_eval.analyses.motivation_rung import Rung, model_of
from backtorule_eval.analyses.support import refusal
from backtorule_eval.analyses.tables import Refusal
from backtorule_eval.cohort.cohort import Cohort
from backtorule_eval.errors import NotEstimable, ParameterProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """One question answered with more and more held constant; every step is an answer or a refusal.

    Attributes
    ----------
    estimates : tuple of Estimate
        In the order of the steps; the field `adjustment` names the step. For each step that the data carry:
        the contrast on the log odds scale (not with clusters), the contrast in percentage points, and each
        side's own difference in percentage points.
    refusals : tuple of Refusal
        Everything that is lacking, for each step that the data do not carry.
    """

    estimates: tuple[Estimate, ...]
    refusals: tuple[Refusal, ...]

    def shown(self, **fields: object) -> tuple[Estimate, ...] | tuple[Refusal, ...]:
        """Return the estimates that have these fields, or every refusal where no such step was answered.

        Parameters
        ----------
        **fields
            Names and values of `Estimate`'s fields, e.g. ``contrast=plan.contrast, measure="log_odds"``.

        Raises
        ------
        ParameterProblem
            There is neither: no step is primary, or no estimate has such fields.
        """
        wanted = fields.items()
        found = tuple(e for e in self.estimates if all(getattr(e, name) == value for name, value in wanted))
        if not found and not self.refusals:
            asked = ", ".join(f"{name} {value}" for name, value in wanted)
            raise ParameterProblem(f"The plan gives no estimate with {asked}.")
        return found or self.refusals

    @property
    def answer(self) -> tuple[Estimate, ...] | tuple[Refusal, ...]:
        """The pre-specified contrast on every scale, people per hundred first; or every refusal."""
        (main, *_) = self.shown(prespecified=True)
        if isinstance(main, Refusal):
            return self.refusals
        same = [e for e in self.estimates if (e.adjustment, e.contrast) == (main.adjustment, main.contrast)]
        return tuple(sorted(same, key=lambda e: e.measure is not Measure.RISK_DIFFERENCE))


def motivation_ladder(cohort: Cohort, *, plan: MotivationPlan, scores: pd.DataFrame | None = None) -> Ladder:
    """Which side of motivation is tied to the outcome more strongly, and does that last?

    Each scale at the start (wave 0) is put in units of its standard deviation among the people analysed,
    and all scales of both sides enter one model together. A side's association is the mean of its scales'
    coefficients, and the estimand of the contrast is the first side's minus the second's: the log odds of
    the outcome per standard deviation. In percentage points: the average modelled risk if everybody's value
    of a scale were one standard deviation higher than it is, averaged over the side's scales, minus the
    same for the other side (`risk_contrast`). The null is that both sides are tied to the outcome alike.
    All of it is association.

    People with every variable of the last step and a known outcome are analysed at every step, so that the
    steps differ in what is held constant and in nothing else.

    Parameters
    ----------
    cohort : Cohort
    plan : MotivationPlan
    scores : pd.DataFrame, optional
        Scores as `read_baseline` takes them.

    Returns
    -------
    Ladder
        Without clusters in the source: logistic regression by maximum likelihood, below 50 events with
        Firth's penalty and, for risks, the intercept put right (FLIC). With a cluster column:
        linear probability model with CR2 standard errors. A step below its minimum (``support.yaml``) is
        refused.

    Raises
    ------
    ParameterProblem
        The plan names something that is not there, was measured after the start, or has no words.

    Notes
    -----
    Agrees with R's ``glm``; tests/analyses/test_motivation.py::test_agrees_with_r_on_hsls.
    """
    try:
        people, terms = read_people(cohort, plan=plan, scores=scores)
    except NotEstimable as reason:
        refused = refusal(reason, question=plan.question, population="everyone", model=model_of(plan))
        return Ladder(estimates=(), refusals=(refused,))
    rungs = [Rung(plan=plan, step=step, people=people, terms=terms) for step in plan.steps]
    answers = [_answer(rung) for rung in rungs]
    return Ladder(
        estimates=tuple(estimate for answer in answers for estimate in answer.estimates),
        refusals=tuple(refusal for answer in answers for refusal in answer.refusals),
    )


def _answer(rung: Rung) -> Ladder:
    """Answer one step, or say everything that keeps it from being answered."""
    if lacking := rung.lacking():
        return Ladder(estimates=(), refusals=tuple(lacking))
    try:
        return Ladder(estimates=tuple(rung.fit()), refusals=())
    except NotEstimable as reason:
        return Ladder(estimates=(), refusals=(rung.refuse(reason),))
