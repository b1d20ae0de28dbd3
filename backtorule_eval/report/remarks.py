"""What stands beside a number: cautions, refusals, the rules it passed, and how sure we are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from backtorule_eval.analyses.estimate import Caution
from backtorule_eval.disclosure.released import ShownRefusal
from backtorule_eval.disclosure.rounding import Mark, Number
from backtorule_eval.disclosure.rules import DisclosureRules
from backtorule_eval.report.catalogue import N_, translator
from backtorule_eval.report.numbers import day, number

CAUTIONS: dict[Caution, str] = {
    Caution.ONE_TREATED_CLUSTER: N_(
        "Only one office had the programme, so the office and the programme cannot be told apart."
    ),
    Caution.FEW_CLUSTERS: N_("There are few offices or counsellors, so the interval is itself uncertain."),
    Caution.NO_CLUSTERS_IN_SOURCE: N_(
        "The source does not say who shared a school or a counsellor, so the interval is too narrow."
    ),
    Caution.NO_WEIGHTS_IN_SOURCE: N_(
        "The source has no sampling weights, so the figures are about these people and not about a country."
    ),
    Caution.SINGLE_IMPUTATION: N_(
        "The source filled in missing answers only once, so the interval is too narrow."
    ),
    Caution.LOW_OVERLAP: N_(
        "Few people in one group are like those in the other, so the comparison rests on few."
    ),
    Caution.BEFORE_AFTER_ONLY: N_(
        "This is a change over time without a comparison: we do not know what would have happened anyway."
    ),
    Caution.INVARIANCE_UNTESTED: N_("We have not tested whether the questions mean the same in all groups."),
    Caution.SEPARATION: N_(
        "One variable tells those with and without the outcome completely apart, "
        "so the figure hangs on a correction."
    ),
    Caution.RELIABILITY_UNCORRECTED: N_(
        "The scales are not measured with the same precision, and that alone can make one look stronger."
    ),
    Caution.EXPLORATORY: N_("This was not decided in advance, so it may be a chance finding."),
}

REFUSALS: dict[str, str] = {
    "persons": N_("there are too few people"),
    "events": N_("too few had the outcome, or too few were without it"),
    "events_per_parameter": N_("too few had the outcome for all that was to be held constant"),
    "clusters": N_("there are too few offices or counsellors"),
    "clusters_with_variation": N_("there are too few offices or counsellors whose participants differ"),
    "smallest_arm_clusters": N_("there are too few offices or counsellors in each group"),
    "satterthwaite_df": N_("there is too little to build the uncertainty on"),
    "office_and_programme": N_("the office and the programme cannot be told apart"),
    "comparison_offices": N_("there are too few offices to compare with"),
    "treated_offices": N_("the programme ran in more than one office"),
    "interval_open": N_("the figures cannot say how large the difference may be"),
    "at_risk": N_("there are too few left to follow"),
    "persons_with_two_waves": N_("too few answered at least twice"),
    "waves": N_("people were measured too few times each"),
    "smallest_cell": N_("there are too few in each group"),
    "smallest_cell_events": N_("too few in each group had the outcome, or were without it"),
    "smallest_arm": N_("there are too few in each group"),
    "effective_n": N_("the groups are so different that the comparison rests on too few"),
    "treated_per_covariate": N_("too few took part for all that was to be balanced"),
    "persons_per_free_parameter": N_("there are too few people for all that was to be estimated"),
    "smallest_group": N_("there are too few people in each group"),
    "cohorts": N_("there are too few cohorts"),
    "one_group": N_("there are not two groups to compare"),
    "one_wave": N_("people were asked only once"),
    "no_items": N_("the source does not hold the answers to each question about motivation"),
    "not_identified": N_("the answers do not tell apart what was to be estimated"),
    "improper_solution": N_("the calculation gave an impossible answer, so the model does not fit"),
    "boundary": N_("two questions were answered so alike that they cannot be told apart"),
    "items": N_("there are too few questions in the scale"),
    "separation": N_("one variable tells those with and without the outcome completely apart"),
    "collinear": N_("some variables say the same thing, so they cannot be told apart"),
    "not_asked": N_("the study did not ask for it in advance"),
    "clustered": N_("people share offices or counsellors, which this calculation cannot take into account"),
    "not_converged": N_("the calculation did not settle on an answer"),
    "outcome_does_not_vary": N_("everyone had the same outcome"),
    "variation": N_("the answers do not vary"),
    "nobody_enrolled_at_start": N_("nobody was at school at the start"),
    "no_categories": N_("the source holds nothing about people that comes in categories"),
    "no_numbers": N_("the source holds nothing about people that comes in numbers"),
    "no_waves": N_("the source holds no surveys and no scores"),
    "no_coverage": N_("the source does not say how long it follows people"),
}
# Their numbers count variables or steps of a calculation, which mean nothing to a reader.
PERSONS = "persons"
WITHOUT_NUMBERS = frozenset(
    {"clustered", "collinear", "improper_solution", "not_asked", "not_converged", "satterthwaite_df"}
)
UNKNOWN_REASON = N_("the data cannot carry the calculation")


# Whose rules they are, for each of `disclosure.rules.PRESETS`.
PRESET_WORDS: dict[str, str] = {
    "ssb": N_("The rules follow an example of Statistics Norway's."),
    "opensafely": N_("The rules are those of OpenSAFELY."),
    "acro": N_("The rules are those of the package ACRO."),
}


class Certainty(StrEnum):
    """How sure we are of an answer; four dots and a word, or a word alone for a description."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"
    VERY_LOW = "very_low"
    DESCRIPTION = "description"


CERTAINTY: dict[Certainty, tuple[str, int]] = {
    Certainty.HIGH: (N_("Certain"), 4),
    Certainty.MODERATE: (N_("Fairly certain"), 3),
    Certainty.LOW: (N_("Uncertain"), 2),
    Certainty.VERY_LOW: (N_("Very uncertain"), 1),
    Certainty.DESCRIPTION: (N_("A description"), 0),
}


def caution_sentence(caution: Caution, language: str) -> str:
    """What must a reader be told beside the number?"""
    return translator(language)(CAUTIONS[caution])


def refusal_sentences(refusals: Sequence[ShownRefusal], language: str, *, precise: bool) -> tuple[str, ...]:
    """Why is there no answer, and what would it take? Each reason once, the first as the answer.

    Parameters
    ----------
    refusals : sequence of ShownRefusal
        Of one question.
    precise : bool
        Whether the release holds every digit.
    """
    _ = translator(language)
    reasons = list(dict.fromkeys(_reason(refusal, language, precise=precise) for refusal in refusals))
    first, also = _("Cannot be answered: {reason}"), _("Besides: {reason}")
    return tuple((also if i else first).format(reason=reason) for i, reason in enumerate(reasons))


def _reason(refusal: ShownRefusal, language: str, *, precise: bool) -> str:
    """Say one reason, with what is needed and what there is where both mean something to a reader."""
    _ = translator(language)
    told = _(REFUSALS.get(refusal.reason, UNKNOWN_REASON))
    if refusal.reason in WITHOUT_NUMBERS or not _is_number(refusal.needed):
        return f"{told}."
    needed = _whole(refusal.needed, language)
    if not _is_number(refusal.found):
        size = _("(we need at least {needed}).")
        return f"{told} {size.format(needed=needed)}"
    size = _("(we need at least {needed}, and have {found}).")
    if refusal.unit == PERSONS and not precise:
        size = _("(we need at least {needed}, and have about {found}).")
    return f"{told} {size.format(needed=needed, found=_whole(refusal.found, language))}"


def _is_number(value: Number | None) -> bool:
    """Tell whether a figure is there and shown."""
    return value is not None and not isinstance(value, Mark)


def _whole(value: Number | None, language: str) -> str:
    """Write a number with a tenth only if it has one."""
    shown = 0.0 if value is None or isinstance(value, Mark) else float(value)
    return number(shown, 0 if shown == int(shown) else 1, language)


def rules_sentence(rules: DisclosureRules, language: str) -> str:
    """What was done to the figures so that nobody can be recognised?"""
    _ = translator(language)
    if rules.public:
        return _(
            "The data are public or synthetic, so the figures are shown in full: nobody is protected here."
        )
    template = _(
        "Counts from 1 to {most} are hidden and others rounded to the nearest {base}, so that nobody can be "
        "recognised. No mean or share is shown for fewer than {group} people."
    )
    told = template.format(most=rules.threshold - 1, base=rules.base, group=rules.smallest_group)
    if not rules.preset:
        return told
    return f"{told} {_(PRESET_WORDS[rules.preset])}"


def stands_sentence(when: date, language: str) -> str:
    """Say that figures are those of an earlier release, and why they are not newer."""
    _ = translator(language)
    template = _(
        "These figures were shared on {date}. Since then so few people have come, left or changed that newer "
        "figures could tell about them."
    )
    return template.format(date=day(when, language))


def provisional_sentence(language: str) -> str:
    """Say that a result was checked alone and may not be passed on."""
    _ = translator(language)
    return _("Provisional: not checked against the rest, not for sharing.")


def certainty_words(certainty: Certainty, language: str) -> str:
    """How sure are we, in a word?"""
    return translator(language)(CERTAINTY[certainty][0])


def certainty_dots(certainty: Certainty) -> str:
    """Return four dots, as many filled as we are sure; "" for a description."""
    filled = CERTAINTY[certainty][1]
    return "●" * filled + "○" * (4 - filled) if filled else ""
