"""Do the questions on motivation form the scales they should, for everybody and at every wave?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import get_args

import pandas as pd

from backtorule_eval.analyses.baseline import START
from backtorule_eval.analyses.describe import EVERYONE
from backtorule_eval.analyses.factors.comparison import scaled_difference
from backtorule_eval.analyses.factors.fit import FactorFit
from backtorule_eval.analyses.factors.indices import fit_indices
from backtorule_eval.analyses.factors.model import FactorModel, Level, across_groups, one_group, over_waves
from backtorule_eval.analyses.factors.supported import fit_supported
from backtorule_eval.analyses.motivation_items import (
    AMOTIVATION,
    EXTRINSIC,
    INTRINSIC,
    MotivationItems,
    motivation_items,
)
from backtorule_eval.analyses.quality import Quality, QualityRow, Quantity
from backtorule_eval.analyses.support import load_support, refusal
from backtorule_eval.analyses.tables import Refusal
from backtorule_eval.cohort.cohort import Cohort
from backtorule_eval.cohort.dictionary import Text, load_dictionary
from backtorule_eval.errors import NotEstimable, ParameterProblem

FIT = (
    Quantity.CHI2,
    Quantity.DF,
    Quantity.P_VALUE,
    Quantity.CFI,
    Quantity.TLI,
    Quantity.RMSEA,
    Quantity.RMSEA_LOW,
    Quantity.RMSEA_HIGH,
    Quantity.SRMR,
    Quantity.WORSE_P,
)
SEVEN = Text(nb="Sju faktorer, én for hver delskala", en="Seven factors, one for each subscale")
FIVE = Text(
    nb="Fem faktorer: de tre indre slått sammen", en="Five factors: the three intrinsic ones made one"
)
THREE = Text(
    nb="Tre faktorer: indre, ytre, amotivasjon", en="Three factors: intrinsic, extrinsic, amotivation"
)
LEVELS: Mapping[Level, Text] = {
    "configural": Text(nb="Samme spørsmål i samme skala", en="The same questions in the same scale"),
    "metric": Text(nb="Spørsmålene veier likt", en="The questions weigh alike"),
    "scalar": Text(nb="Samme nivå gir samme svar", en="The same level gives the same answers"),
}
PARTS = "confirmatory_factors"
PAIR = 2


def motivation_structure(cohort: Cohort) -> Quality | Refusal:
    """Do the answers at the start fall into seven scales, or would five or three say as much?

    Confirmatory factor models by maximum likelihood with Satorra and Bentler's correction, each a special
    case of the one above it (its factors merged), and the scaled difference test between them.

    Returns
    -------
    Quality or Refusal
        One row per model. All are refused when the seven-factor model has too few people.
    """
    try:
        items = motivation_items(cohort)
        of = {plan.name: plan.items for plan in items.subscales}
        outer = {name: of[name] for name in EXTRINSIC}
        intrinsic = {"intrinsic": tuple(item for name in INTRINSIC for item in of[name])}
        extrinsic = {"extrinsic": tuple(item for name in EXTRINSIC for item in of[name])}
        rest = {AMOTIVATION: of[AMOTIVATION]}
        models = (
            ("seven", SEVEN, one_group(of)),
            ("five", FIVE, one_group(intrinsic | outer | rest)),
            ("three", THREE, one_group(intrinsic | extrinsic | rest)),
        )
        rows = _fit_all(models, [items.answers[START]])
    except NotEstimable as reason:
        return refusal(reason, question="structure", population=EVERYONE, model=PARTS)
    return Quality(question="structure", population=EVERYONE, quantities=FIT, rows=tuple(rows))


def motivation_invariance(cohort: Cohort, *, by: str) -> Quality | Refusal:
    """Do the questions mean the same to all groups of people?

    Seven factors in every group: the same items (configural), loadings alike as well (metric), intercepts
    alike as well (scalar). Without the last, averages of the groups may not be compared.

    Parameters
    ----------
    cohort : Cohort
    by : str
        A column of `persons` with levels. Groups with too few people for a model of their own are left out
        when two others are large enough, and the table's notes say which are compared.

    Raises
    ------
    ParameterProblem
        `by` is no column of `persons` with levels.
    """
    column = load_dictionary().tables["persons"].columns.get(by)
    if column is None or column.type != "level":
        raise ParameterProblem(f"{by} is no column of persons that comes in categories.")
    try:
        items = motivation_items(cohort)
        group = cohort.table("persons").set_index("person")[by].reindex(items.answers[START].index)
        present = _groups_compared(items, group, tuple(column.levels))
        of = {plan.name: plan.items for plan in items.subscales}
        models = [
            (level, LEVELS[level], across_groups(of, groups=present, level=level))
            for level in get_args(Level)
        ]
        rows = _fit_all(models, [items.answers[START][group == level] for level in present])
    except NotEstimable as reason:
        return refusal(
            reason, question=f"invariance_{by}", population=EVERYONE, model="invariance", adjustment=by
        )
    labels = [column.levels[level] for level in present]
    note = Text(
        nb=f"{column.label.nb}. Grupper som sammenliknes: {'; '.join(label.nb for label in labels)}.",
        en=f"{column.label.en}. Groups compared: {'; '.join(label.en for label in labels)}.",
    )
    return Quality(
        question="invariance", population=EVERYONE, quantities=FIT, rows=tuple(rows), notes=(note,)
    )


def _groups_compared(items: MotivationItems, group: pd.Series, levels: tuple[str, ...]) -> list[str]:
    """Name the groups with people enough for a model of their own; with fewer than two, the two largest."""
    questions = [item for plan in items.subscales for item in plan.items]
    complete = items.answers[START][questions].dropna().index
    sizes = {level: int(group[complete].eq(level).sum()) for level in levels}
    least = next(row.at_least for row in load_support().models["invariance"] if row.fact == "smallest_group")
    large = [level for level in levels if sizes[level] >= least]
    if len(large) > 1:
        return large
    present = sorted((level for level in levels if sizes[level]), key=lambda level: -sizes[level])
    if len(present) < PAIR:
        raise NotEstimable("one_group")
    return present[:PAIR]


def motivation_over_waves(cohort: Cohort) -> Quality | Refusal:
    """Do the questions mean the same at every wave?

    Subscale by subscale, one factor per wave in one model, with the residuals of a question correlated over
    waves: the same persons answer, so waves are no groups. Of those who answered at every wave.

    Returns
    -------
    Quality or Refusal
        Rows of the subscales that can be fitted; the first reason when none can.
    """
    rows: list[QualityRow] = []
    reasons: list[NotEstimable] = []
    left_out: list[Text] = []
    try:
        items = motivation_items(cohort)
        if items.last == START:
            raise NotEstimable("one_wave")
        for plan in items.subscales:
            try:
                rows.extend(_over_waves(items, plan.name))
            except NotEstimable as reason:
                reasons.append(reason)
                left_out.append(plan.label)
        if not rows:
            raise reasons[0]
    except NotEstimable as reason:
        return refusal(reason, question="waves", population=EVERYONE, model=PARTS, adjustment="waves")
    notes = tuple(
        Text(
            nb=f"Kunne ikke beregnes med disse svarene: {label.nb}.",
            en=f"Could not be computed from these answers: {label.en}.",
        )
        for label in left_out
    )
    return Quality(question="waves", population=EVERYONE, quantities=FIT, rows=tuple(rows), notes=notes)


def _over_waves(items: MotivationItems, name: str) -> list[QualityRow]:
    """Rows of one subscale."""
    plan = next(plan for plan in items.subscales if plan.name == name)
    waves = [str(wave) for wave in items.answers]
    side_by_side = pd.concat(
        [frame[list(plan.items)].add_suffix(f".{wave}") for wave, frame in items.answers.items()], axis=1
    )
    factors = {name: plan.items}
    models = [
        (
            f"{name}_{level}",
            words,
            over_waves(factors, waves=waves, level=level),
        )
        for level, words in LEVELS.items()
    ]
    return [replace(row, label=plan.label, beside=row.label) for row in _fit_all(models, [side_by_side])]


def _fit_all(
    models: Sequence[tuple[str, Text, FactorModel]], data: Sequence[pd.DataFrame]
) -> list[QualityRow]:
    """Fit models from the freest to the most restricted, and test each against the one before."""
    rows: list[QualityRow] = []
    before: FactorFit | None = None
    for name, label, model in models:
        fit = fit_supported(model, data)
        rows.append(_row(name, label, fit, worse=_worse(fit, before)))
        before = fit
    return rows


def _worse(fit: FactorFit, before: FactorFit | None) -> float | None:
    """P-value of the step from the model before; None where there is none or it has no test."""
    with suppress(NotEstimable):
        return scaled_difference(fit, before).p_value if before else None
    return None


def _row(name: str, label: Text, fit: FactorFit, *, worse: float | None) -> QualityRow:
    """One model as a row."""
    found = fit_indices(fit)
    figures = tuple(float(getattr(found, q.value)) for q in FIT if q is not Quantity.WORSE_P)
    return QualityRow(name=name, label=label, n=fit.n, n_missing=fit.n_incomplete, figures=(*figures, worse))
