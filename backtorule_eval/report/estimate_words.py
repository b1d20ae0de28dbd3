"""Names around estimates: of rows, titles, axes, and how the figures came about."""

from __future__ import annotations

from collections.abc import Sequence

from backtorule_eval.analyses.estimate import Caution, Measure
from backtorule_eval.disclosure.released import ShownEstimate
from backtorule_eval.report.catalogue import N_, translator
from backtorule_eval.report.numbers import count, listed, per_cent
from backtorule_eval.report.remarks import caution_sentence
from backtorule_eval.report.vocabulary import (
    METHODS,
    known_name,
    lower_first,
    name_of,
    outcome_words,
    sides_of,
    upper_first,
)

# Below zero is fewer: an axis says what its direction means, so that nobody needs to know what log odds are.
AXES: dict[Measure, str] = {
    Measure.LOG_ODDS: N_("Difference in log odds; below zero means fewer who {did}"),
    Measure.RISK_DIFFERENCE: N_("More (+) or fewer (−) per 100 who {did}"),
    Measure.RISK: N_("Of 100, how many {did}"),
    Measure.MEAN: N_("Average on the scale"),
    Measure.MEAN_DIFFERENCE: N_("Higher (+) or lower (−) on the scale"),
    Measure.EXPLAINED: N_("How many per cent better one guesses who {did}"),
}
# For rows with several outcomes, where an axis can name none of them.
AXES_OF_ANY: dict[Measure, str] = {
    Measure.LOG_ODDS: N_("Difference in log odds; below zero means fewer"),
    Measure.RISK_DIFFERENCE: N_("More (+) or fewer (−) per 100"),
    Measure.RISK: N_("Of 100, how many"),
    Measure.EXPLAINED: N_("How many per cent better one guesses"),
}
# What can tell one row of a figure from another, in the order in which it is said.
TELLING = ("population", "outcome", "contrast", "adjustment", "horizon_months", "measure")
# Rows of several scales in one table say which is which.
SCALES: dict[Measure, str] = {
    Measure.LOG_ODDS: N_("log odds"),
    Measure.RISK_DIFFERENCE: N_("difference per 100"),
    Measure.RISK: N_("of 100"),
    Measure.MEAN: N_("average"),
    Measure.MEAN_DIFFERENCE: N_("difference on the scale"),
    Measure.EXPLAINED: N_("per cent better guesses"),
}


def axis_words(estimates: Sequence[ShownEstimate], language: str) -> str:
    """What does the axis of these estimates, all of one measure, measure, and which way is more?"""
    _ = translator(language)
    first = estimates[0]
    if first.measure not in AXES_OF_ANY:
        return _(AXES[first.measure])
    if len({e.outcome for e in estimates}) > 1:
        return _(AXES_OF_ANY[first.measure])
    return _(AXES[first.measure]).format(did=outcome_words(first.outcome, first.terms, language).did)


def contrast_title(estimate: ShownEstimate, language: str) -> str:
    """What is compared, as a title?"""
    _ = translator(language)
    if known := known_name(estimate.contrast, estimate.terms, language):
        return upper_first(known)
    if not estimate.contrast:
        return outcome_title(estimate, language)
    sides = sides_of(estimate.contrast, estimate.terms, language)
    if not sides.against:
        return upper_first(sides.subject)
    template = _("{first}, compared with {second}")
    return upper_first(template.format(first=sides.subject, second=sides.against))


def title_of(estimates: Sequence[ShownEstimate], language: str) -> str:
    """What are these estimates about, as a title?"""
    main = main_estimate(estimates)
    parts_of_one = main.measure is Measure.EXPLAINED and len({e.contrast for e in estimates}) > 1
    return outcome_title(main, language) if parts_of_one else contrast_title(main, language)


def outcome_title(estimate: ShownEstimate, language: str) -> str:
    """What is the outcome, as a title?"""
    known = known_name(estimate.outcome, estimate.terms, language)
    return known or upper_first(outcome_words(estimate.outcome, estimate.terms, language).to_do)


def row_labels(estimates: Sequence[ShownEstimate], language: str) -> list[str]:
    """Name each estimate by what tells it from the others."""
    telling = [name for name in TELLING if len({getattr(e, name) for e in estimates}) > 1] or ["outcome"]
    return [upper_first(", ".join(_label_parts(e, telling, language))) for e in estimates]


def _label_parts(estimate: ShownEstimate, telling: Sequence[str], language: str) -> list[str]:
    """Say the telling fields of one estimate."""
    said = {
        "population": lambda: name_of(estimate.population, estimate.terms, language),
        "outcome": lambda: outcome_title(estimate, language),
        "contrast": lambda: contrast_title(estimate, language),
        "adjustment": lambda: name_of(estimate.adjustment, estimate.terms, language),
        "horizon_months": lambda: horizon_words(estimate, language),
        "measure": lambda: translator(language)(SCALES[estimate.measure]),
    }
    parts = [said[name]() for name in telling if getattr(estimate, name) not in ("", None)]
    return parts or [contrast_title(estimate, language)]


def horizon_words(estimate: ShownEstimate, language: str) -> str:
    """Say the horizon."""
    _ = translator(language)
    return _("{n} months after the start").format(n=estimate.horizon_months)


def main_estimate(estimates: Sequence[ShownEstimate]) -> ShownEstimate:
    """Return the one that was decided in advance, else the first that is not exploratory, else the first."""
    planned = [e for e in estimates if Caution.EXPLORATORY not in e.cautions]
    return next((e for e in estimates if e.prespecified), (planned or list(estimates))[0])


def caution_sentences(estimates: Sequence[ShownEstimate], language: str) -> tuple[str, ...]:
    """What must be said beside the main estimate?"""
    return tuple(caution_sentence(caution, language) for caution in main_estimate(estimates).cautions)


def reading_notes(estimates: Sequence[ShownEstimate], language: str) -> tuple[str, ...]:
    """How is a figure of these estimates read: which was decided in advance?"""
    _ = translator(language)
    planned = [e for e in estimates if Caution.EXPLORATORY not in e.cautions]
    if len(planned) != 1 or len(estimates) == 1:
        return ()
    return (_("Only the answer with the filled dot was decided in advance; the others are exploratory."),)


def method_sentences(estimate: ShownEstimate, language: str) -> tuple[str, ...]:
    """How was the estimate made, of whom, with what held constant?"""
    _ = translator(language)
    lines = [people_sentence(estimate, language)]
    if estimate.horizon_months is not None:
        lines.append(_("Followed until {horizon}.").format(horizon=horizon_words(estimate, language)))
    if estimate.method:
        method = _(METHODS[estimate.method]) if estimate.method in METHODS else estimate.method
        lines.append(_("Method: {method}.").format(method=method))
    lines.append(_held_constant(estimate, language))
    level = per_cent(estimate.level, language)
    lines.append(_("The intervals are {level} intervals.").format(level=level))
    return tuple(lines)


def people_sentence(estimate: ShownEstimate, language: str) -> str:
    """Of how many people is the estimate, and how many are left out?"""
    _ = translator(language)
    parts = [_("{n} people").format(n=count(estimate.n, language))]
    if estimate.n_events is not None:
        parts.append(_("with the outcome: {n}").format(n=count(estimate.n_events, language)))
    if estimate.n_missing is not None:
        parts.append(_("left out for missing values: {n}").format(n=count(estimate.n_missing, language)))
    who = known_name(estimate.population, estimate.terms, language)
    about = _("About {who}: {parts}.") if who else _("{parts}.")
    return about.format(who=who, parts="; ".join(parts))


def held_constant_by_row(
    estimates: Sequence[ShownEstimate], labels: Sequence[str], language: str
) -> tuple[str, ...]:
    """What is held constant in each row, where that is not the same in all?"""
    if len({e.adjusted_for for e in estimates}) == 1:
        return ()
    # Rows of one step differ in what is compared or in the scale, and hold the same constant: said once.
    told = {
        f"{_step_words(e, label, language)}: {lower_first(_held_constant(e, language))}": None
        for label, e in zip(labels, estimates, strict=True)
    }
    return tuple(told)


def _step_words(estimate: ShownEstimate, label: str, language: str) -> str:
    """Name a row by its step, where it has one."""
    if not estimate.adjustment:
        return label
    return upper_first(name_of(estimate.adjustment, estimate.terms, language))


def _held_constant(estimate: ShownEstimate, language: str) -> str:
    """Say what was held constant."""
    _ = translator(language)
    if not estimate.adjusted_for:
        return _("Nothing else is held constant.")
    names = [lower_first(name_of(name, estimate.terms, language)) for name in estimate.adjusted_for]
    return _("Held constant: {names}.").format(names=listed(names, language))
