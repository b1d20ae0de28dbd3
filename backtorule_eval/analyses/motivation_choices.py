"""Does the answer about motivation hang on our choices, and which side explains more?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backtorule_eval.analyses.choices import ChoiceCurve, ChoiceRow
from backtorule_eval.analyses.contrast import risk_contrast
from backtorule_eval.analyses.design_matrix import Design, build_design
from backtorule_eval.analyses.dominance import general_dominance
from backtorule_eval.analyses.estimate import Caution, Estimand, Estimate, Measure, Term
from backtorule_eval.analyses.logit import fit_logit
from backtorule_eval.analyses.motivation_people import People, read_people
from backtorule_eval.analyses.motivation_plan import MotivationPlan, Step
from backtorule_eval.analyses.specification_curve import Specification, specification_curve
from backtorule_eval.analyses.support import find_shortfalls, refusal
from backtorule_eval.analyses.tables import Refusal
from backtorule_eval.cohort.cohort import Cohort
from backtorule_eval.cohort.dictionary import Text
from backtorule_eval.errors import NotEstimable

Floats = NDArray[np.float64]

CURVE, DOMINANCE = "specification_curve", "dominance"
ON_AVERAGE = Text(nb="Gjennomsnittet av alle skalaer", en="The average of all scales")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One set of choices: scales of each side, and the steps held constant."""

    first: tuple[str, ...]
    second: tuple[str, ...]
    steps: tuple[Step, ...]

    @property
    def covariates(self) -> tuple[str, ...]:
        """Variables held constant."""
        return tuple(name for step in self.steps for name in step.add)


def motivation_choices(
    cohort: Cohort,
    *,
    plan: MotivationPlan,
    n_permutations: int = 499,
    seed: int = 1,
    workers: int = 1,
) -> tuple[ChoiceCurve] | tuple[Refusal, ...]:
    """Does the difference between both sides of motivation hang on our choices?

    The choices answer one estimand, that of `motivation_ladder`: which scales stand for a side (each pair by
    itself, or the average of all), and which steps of the plan are held constant (every subset of them).
    Values are differences in risk; the test is of the log odds (`specification_curve`).

    Returns
    -------
    tuple
        One curve, or everything the data lack for it: fewer than 100 persons, clusters, too few events.
    """
    try:
        people, terms = read_people(cohort, plan=plan)
    except NotEstimable as reason:
        return (_refuse(reason, plan, "everyone", CURVE),)
    if lacking := _lacking(people, plan, CURVE):
        return lacking
    made = [(choice, _design(people, choice)) for choice in _choices(plan)]
    specifications = [
        Specification(choices=(), x=design.x, weights=_weights(design, choice)) for choice, design in made
    ]
    try:
        found = specification_curve(
            specifications=specifications,
            y=people.y,
            n_permutations=n_permutations,
            seed=seed,
            workers=workers,
        )
        estimates = [_estimate(people, plan, choice, design, terms) for choice, design in made]
    except NotEstimable as reason:
        return (_refuse(reason, plan, people.outcome.population, CURVE),)
    options = _options(plan)
    rows = [
        ChoiceRow(taken=tuple(options.index(o) for o in _taken(plan, choice)), estimate=estimate)
        for (choice, _), estimate in zip(made, estimates, strict=True)
    ]
    curve = ChoiceCurve(
        question=plan.question,
        population=people.outcome.population,
        outcome=people.outcome.name,
        contrast=plan.contrast,
        options=tuple(options),
        rows=tuple(sorted(rows, key=lambda row: row.estimate.value)),
        same_sign=found.same_sign.value,
        significant=found.significant.value,
        p_median=found.median.p_value,
        p_same_sign=found.same_sign.p_value,
        p_significant=found.significant.p_value,
        n_permutations=n_permutations,
        terms=terms,
    )
    return (curve,)


def motivation_dominance(
    cohort: Cohort,
    *,
    plan: MotivationPlan,
    n_resamples: int = 500,
    seed: int = 1,
    workers: int = 1,
) -> tuple[Estimate, ...] | tuple[Refusal, ...]:
    """How much better does each side of motivation, and each step held constant, let one guess the outcome?

    Returns
    -------
    tuple of Estimate or of Refusal
        General dominance (`general_dominance`) of both sides and of every step of the plan, largest first; or
        everything the data lack.
    """
    try:
        people, terms = read_people(cohort, plan=plan)
    except NotEstimable as reason:
        return (_refuse(reason, plan, "everyone", DOMINANCE),)
    if lacking := _lacking(people, plan, DOMINANCE):
        return lacking
    whole = Choice(first=plan.first.scales, second=plan.second.scales, steps=plan.steps)
    design = _design(people, whole)
    groups = {side.name: design.columns(*side.scales) for side in (plan.first, plan.second)}
    groups |= {step.name: design.columns(*step.add) for step in plan.steps if step.add}
    try:
        found = general_dominance(
            x=design.x, y=people.y, groups=groups, n_resamples=n_resamples, seed=seed, workers=workers
        )
    except NotEstimable as reason:
        return (_refuse(reason, plan, people.outcome.population, DOMINANCE),)
    estimates = [
        Estimate(
            **_who(people, plan, _parts(plan, terms)),
            contrast=name,
            measure=Measure.EXPLAINED,
            unit="share of the deviance",
            value=float(value),
            low=min(float(low), float(value)),
            high=max(float(high), float(value)),
            std_error=float(found.resampled[:, i].std(ddof=1)),
            method="general_dominance",
        )
        for i, (name, value, low, high) in enumerate(
            zip(found.names, found.value, found.low, found.high, strict=True)
        )
    ]
    return tuple(sorted(estimates, key=lambda estimate: -estimate.value))


def _parts(plan: MotivationPlan, terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """Return the words of the parts: a step by itself is no step more."""
    steps = {step.name for step in plan.steps}
    return tuple(
        Term(name=t.name, label=Text(nb=t.label.nb.removeprefix("+ "), en=t.label.en.removeprefix("+ ")))
        if t.name in steps
        else t
        for t in terms
    )


def _choices(plan: MotivationPlan) -> Iterator[Choice]:
    """Yield every set of choices: pairs of scales by every subset of the steps."""
    first, second = plan.first.scales, plan.second.scales
    pairs = [(first, second)]
    if len(first) == len(second) > 1:
        pairs += [((a,), (b,)) for a, b in zip(first, second, strict=True)]
    steps = [step for step in plan.steps if step.add]
    for (one, other), taken in product(pairs, product((False, True), repeat=len(steps))):
        held = tuple(step for step, is_in in zip(steps, taken, strict=True) if is_in)
        yield Choice(first=one, second=other, steps=held)


def _options(plan: MotivationPlan) -> list[Text]:
    """Return everything that can be chosen."""
    found: dict[Text, None] = {}
    for choice in _choices(plan):
        found |= dict.fromkeys(_taken(plan, choice))
    return list(found)


def _taken(plan: MotivationPlan, choice: Choice) -> list[Text]:
    """Return the options that a set of choices takes."""
    several = len(plan.first.scales) > 1
    taken = [ON_AVERAGE] if several and choice.first == plan.first.scales else []
    if several and not taken:
        a, b = (plan.label(name) or Text(nb=name, en=name) for name in (*choice.first, *choice.second))
        taken = [Text(nb=f"{a.nb} mot {b.nb}", en=f"{a.en} against {b.en}")]
    labels = (plan.label(step.name) for step in choice.steps)
    return [*taken, *(label for label in labels if label)]


def _design(people: People, choice: Choice) -> Design:
    """Return the design matrix of a set of choices."""
    names = (*choice.first, *choice.second, *choice.covariates)
    return build_design(people.frame, variables=[people.variables[name] for name in names])


def _weights(design: Design, choice: Choice) -> Floats:
    """Return the weights of the contrast."""
    weights = np.zeros(len(design.names))
    weights[list(design.columns(*choice.first))] = 1 / len(choice.first)
    weights[list(design.columns(*choice.second))] = -1 / len(choice.second)
    return weights


def _estimate(
    people: People, plan: MotivationPlan, choice: Choice, design: Design, terms: tuple[Term, ...]
) -> Estimate:
    """Return the difference in risk under a set of choices."""
    fit = fit_logit(x=design.x, y=people.y, names=design.names)
    first, second = design.columns(*choice.first), design.columns(*choice.second)
    found = risk_contrast(fit, x=design.x, up=first, against=second)
    return Estimate(
        **_who(people, plan, terms),
        contrast=plan.contrast,
        measure=Measure.RISK_DIFFERENCE,
        unit="points",
        value=found.value,
        low=found.low,
        high=found.high,
        std_error=found.std_error,
        p_value=found.p_value,
        method="logit_g_computation",
        adjusted_for=choice.covariates,
    )


def _who(people: People, plan: MotivationPlan, terms: tuple[Term, ...]) -> dict[str, Any]:
    """Return what every estimate here says of its persons."""
    return {
        "question": plan.question,
        "population": people.outcome.population,
        "outcome": people.outcome.name,
        "estimand": Estimand.ASSOCIATION,
        "n": len(people.y),
        "n_events": int(people.y.sum()),
        "n_missing": people.n_missing,
        "smallest_arm": len(people.y),
        "horizon_months": people.outcome.horizon_months,
        "cautions": (*plan.cautions, Caution.EXPLORATORY),
        "terms": terms,
    }


def _lacking(people: People, plan: MotivationPlan, model: str) -> tuple[Refusal, ...]:
    """Say everything the data lack: persons, persons with the outcome, or people who share nobody."""
    rarer = float(min(people.y.sum(), len(people.y) - people.y.sum()))
    n_parameters = 1 + len(plan.scales) + len(plan.covariates)
    reasons = [
        *find_shortfalls(model, persons=float(len(people.y))),
        *find_shortfalls("logit", events=rarer, events_per_parameter=rarer / n_parameters),
        *find_shortfalls("logit_maximum_likelihood", events=rarer),
    ]
    if plan.cluster:
        reasons.append(NotEstimable("clustered"))
    told = {reason.reason: reason for reason in reasons}
    return tuple(_refuse(reason, plan, people.outcome.population, model) for reason in told.values())


def _refuse(reason: NotEstimable, plan: MotivationPlan, population: str, model: str) -> Refusal:
    """Turn a reason into the refusal a page shows."""
    return refusal(reason, question=plan.question, population=population, model=model)
