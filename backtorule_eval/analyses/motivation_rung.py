"""One step of the motivation ladder: what the data lack for it, or its model and the estimates made of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backtorule_eval.analyses.cluster_robust import clustered_contrast
from backtorule_eval.analyses.contrast import Contrast, linear_contrast, risk_contrast
from backtorule_eval.analyses.design_matrix import Design, build_design
from backtorule_eval.analyses.estimate import Caution, Estimand, Estimate, Measure, Term
from backtorule_eval.analyses.firth import correct_intercept, fit_firth
from backtorule_eval.analyses.firth_profile import profile_contrast
from backtorule_eval.analyses.logit import LogitFit, fit_logit, is_separated, refuse_collinear
from backtorule_eval.analyses.motivation_people import People
from backtorule_eval.analyses.motivation_plan import MotivationPlan, Side, Step
from backtorule_eval.analyses.support import find_shortfalls, persons_needed, refusal, require_support
from backtorule_eval.analyses.tables import Refusal
from backtorule_eval.errors import NotEstimable

Floats = NDArray[np.float64]

LOGIT, CLUSTERED = "logit", "linear_probability_contrast"
FEW_CLUSTERS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How a number of the ladder was made; `primary` if a pre-specified step is decided on it."""

    measure: Measure
    unit: str
    method: str
    primary: bool
    df: float | None = None
    n_clusters: int | None = None
    separated: bool = False

    @property
    def cautions(self) -> tuple[Caution, ...]:
        """What the method leaves to be told."""
        few = self.n_clusters is not None and self.n_clusters < FEW_CLUSTERS
        told = {Caution.FEW_CLUSTERS: few, Caution.SEPARATION: self.separated}
        return (*(caution for caution, holds in told.items() if holds), Caution.RELIABILITY_UNCORRECTED)


ODDS = How(measure=Measure.LOG_ODDS, unit="log odds per sd", method="logit_maximum_likelihood", primary=True)
STANDARDISED = How(
    measure=Measure.RISK_DIFFERENCE, unit="points", method="logit_g_computation", primary=False
)
PENALISED_ODDS = replace(ODDS, method="logit_firth")
PENALISED_RISKS = replace(STANDARDISED, method="logit_firth_flic")
LINEAR = How(measure=Measure.RISK_DIFFERENCE, unit="points", method="linear_probability_cr2", primary=True)


def model_of(plan: MotivationPlan) -> str:
    """Return the row of the support table that the plan's model has to meet."""
    return CLUSTERED if plan.cluster else LOGIT


@dataclass(frozen=True, kw_only=True)
class Rung:
    """One step, ready to be judged and fitted."""

    plan: MotivationPlan
    step: Step
    people: People
    terms: tuple[Term, ...]

    @cached_property
    def design(self) -> Design:
        """The step's design matrix."""
        names = (*self.plan.scales, *self.plan.up_to(self.step))
        return build_design(self.people.frame, variables=[self.people.variables[name] for name in names])

    @property
    def rarer(self) -> int:
        """People with the outcome, or without it if they are fewer."""
        n_events = int(self.people.y.sum())
        return min(n_events, len(self.people.y) - n_events)

    def weights(self, *sides: Side) -> Floats:
        """Return contrast weights: the mean over one side's columns, minus that over another's if given."""
        weights = np.zeros(len(self.design.names))
        for side, sign in zip(sides, (1.0, -1.0), strict=False):
            weights[list(self.design.columns(*side.scales))] = sign / len(side.scales)
        return weights

    def lacking(self) -> list[Refusal]:
        """Say everything the data lack for this step; empty when they carry it."""
        rows = self._facts()
        # Two rows may ask for the same fact; the later one is the stricter.
        reasons = {r.reason: r for row, facts in rows.items() for r in find_shortfalls(row, **facts)}
        if self.rarer and any(reason.startswith("events") for reason in reasons):
            n, n_parameters = len(self.people.y), len(self.design.names)
            needed = persons_needed(*rows, n_parameters=n_parameters, event_share=self.rarer / n)
            reasons["persons"] = NotEstimable("persons", needed=needed, found=n)
        return [self.refuse(reason) for reason in reasons.values()]

    def refuse(self, reason: NotEstimable) -> Refusal:
        """Turn a reason into this step's refusal."""
        return refusal(
            reason,
            question=self.plan.question,
            population=self.people.outcome.population,
            model=model_of(self.plan),
            adjustment=self.step.name,
        )

    def fit(self) -> list[Estimate]:
        """Fit the step's model and make its estimates."""
        refuse_collinear(self.design.x, self.design.names)
        return self._fit_clustered() if self.plan.cluster else self._fit_logit()

    def _facts(self) -> dict[str, dict[str, float]]:
        """Return what each row of the support table that the step has to meet asks for."""
        rarer = float(self.rarer)
        facts = {"events": rarer, "events_per_parameter": rarer / len(self.design.names)}
        if not self.plan.cluster:
            return {LOGIT: facts}
        compared = pd.Series(self.design.x @ self.weights(self.plan.first, self.plan.second))
        different = compared.groupby(self.people.clusters).nunique()
        own = {"clusters": len(different), "clusters_with_variation": int((different > 1).sum())}
        return {CLUSTERED: facts | own}

    def _fit_logit(self) -> list[Estimate]:
        """Make the contrast in log odds and in risk, and each side's own difference in risk."""
        if find_shortfalls("logit_maximum_likelihood", events=float(self.rarer)):
            return self._fit_penalised()
        fit = fit_logit(x=self.design.x, y=self.people.y, names=self.design.names)
        odds = linear_contrast(
            coef=fit.coef, cov=fit.cov, weights=self.weights(self.plan.first, self.plan.second)
        )
        return [self._estimate(odds, self.plan.contrast, ODDS), *self._risks(fit, STANDARDISED)]

    def _fit_penalised(self) -> list[Estimate]:
        """Make the same with Firth's penalty, which few events need; risks with the intercept put right."""
        x, y = self.design.x, self.people.y
        fit = fit_firth(x=x, y=y, names=self.design.names)
        odds = profile_contrast(fit, x=x, y=y, weights=self.weights(self.plan.first, self.plan.second))
        separated = is_separated(x=x, sign=2.0 * y - 1.0)
        return [
            self._estimate(odds, self.plan.contrast, replace(PENALISED_ODDS, separated=separated)),
            *self._risks(correct_intercept(fit, x=x, y=y), replace(PENALISED_RISKS, separated=separated)),
        ]

    def _risks(self, fit: LogitFit, how: How) -> list[Estimate]:
        """Make the contrast in risk, and each side's own difference in risk."""
        plan, x = self.plan, self.design.x
        first, second = self.design.columns(*plan.first.scales), self.design.columns(*plan.second.scales)
        return [
            self._estimate(risk_contrast(fit, x=x, up=first, against=second), plan.contrast, how),
            self._estimate(risk_contrast(fit, x=x, up=first), plan.first.name, how),
            self._estimate(risk_contrast(fit, x=x, up=second), plan.second.name, how),
        ]

    def _fit_clustered(self) -> list[Estimate]:
        """Make the contrast in shares, and each side's own, with standard errors for few clusters."""
        plan = self.plan
        own: dict[str, tuple[Side, ...]] = {side.name: (side,) for side in (plan.first, plan.second)}
        estimates = []
        for name, sides in ({plan.contrast: (plan.first, plan.second)} | own).items():
            found = clustered_contrast(
                x=self.design.x, y=self.people.y, clusters=self.people.clusters, weights=self.weights(*sides)
            )
            require_support("clustered_inference", satterthwaite_df=found.df)
            how = replace(LINEAR, df=found.df, n_clusters=found.n_clusters)
            estimates.append(self._estimate(found.contrast, name, how))
        return estimates

    def _estimate(self, found: Contrast, contrast: str, how: How) -> Estimate:
        """Fill in an estimate of this step."""
        plan, outcome = self.plan, self.people.outcome
        main = self.step.primary and contrast == plan.contrast
        return Estimate(
            question=plan.question,
            population=outcome.population,
            outcome=outcome.name,
            contrast=contrast,
            estimand=Estimand.ASSOCIATION,
            measure=how.measure,
            unit=how.unit,
            value=found.value,
            low=found.low,
            high=found.high,
            std_error=found.std_error,
            p_value=found.p_value,
            n=len(self.people.y),
            n_events=int(self.people.y.sum()),
            n_missing=self.people.n_missing,
            n_clusters=how.n_clusters,
            df=how.df,
            # Everybody stands somewhere along the scales: no group is told apart from another.
            smallest_arm=len(self.people.y),
            horizon_months=outcome.horizon_months,
            method=how.method,
            adjustment=self.step.name,
            adjusted_for=plan.up_to(self.step),
            prespecified=main and how.primary,
            cautions=(*plan.cautions, *how.cautions, *(() if main else (Caution.EXPLORATORY,))),
            terms=self.terms,
        )
