"""Words for the identifiers of results: outcomes, groups, populations, methods.

A name that came with a study or its data carries its own words (`Term`); here are the package's own names.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from backtorule_eval.analyses.estimate import Term
from backtorule_eval.errors import ParameterProblem
from backtorule_eval.report.catalogue import N_, translator

SIDES = "_minus_"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeWords:
    """One outcome inside a sentence.

    Attributes
    ----------
    did : str
        What those who have it did, after "more" or "45 of 100": "passed".
    to_do : str
        The outcome itself, after "odds of": "passing".
    """

    did: str
    to_do: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """What is compared: the subject of a sentence, and what it is held against ("" if nothing is named)."""

    subject: str
    against: str


OUTCOMES: dict[str, OutcomeWords] = {
    "left": OutcomeWords(did=N_("left upper secondary school"), to_do=N_("leaving upper secondary school")),
    "ever_dropout": OutcomeWords(did=N_("dropped out at some point"), to_do=N_("dropping out at some point")),
    "completed": OutcomeWords(
        did=N_("completed upper secondary school"), to_do=N_("completing upper secondary school")
    ),
    "passed": OutcomeWords(did=N_("passed"), to_do=N_("passing")),
    "working": OutcomeWords(did=N_("were in work"), to_do=N_("being in work")),
}

# Groups people belong to; every other side of a contrast is a quantity of which one can have more.
GROUPS: dict[str, str] = {
    "programme": N_("being in the programme"),
    "comparison": N_("being in the comparison group"),
}

NAMES: dict[str, str] = {
    "unadjusted": N_("Unadjusted"),
    "everyone": N_("everyone in the data"),
    "participants": N_("everyone who took part"),
    "enrolled_at_start": N_("those who were at school at the start"),
}

METHODS: dict[str, str] = {
    "logit_maximum_likelihood": N_("logistic regression"),
    "logit_g_computation": N_("logistic regression, made into people per hundred by averaging over everyone"),
    "logit_firth": N_("logistic regression with Firth's penalty, because few had the outcome"),
    "logit_firth_flic": N_(
        "logistic regression with Firth's penalty, because few had the outcome, made into people per hundred "
        "by averaging over everyone"
    ),
    "general_dominance": N_(
        "general dominance of McFadden's R2 over all models, percentile interval by drawing people anew"
    ),
    "linear_probability_cr2": N_(
        "linear probability model with standard errors that allow for few clusters (CR2)"
    ),
}
# Methods that compare people one standard deviation of a scale apart.
PER_STANDARD_DEVIATION = frozenset({"logit_g_computation", "logit_firth_flic", "linear_probability_cr2"})


def name_of(identifier: str, terms: Iterable[Term], language: str) -> str:
    """How is this name said to a reader?

    Raises
    ------
    ParameterProblem
        Neither the result nor the report has words for it.
    """
    words = known_name(identifier, terms, language)
    if words is None:
        raise ParameterProblem(
            f"The report has no words for {identifier!r}. Give the result a Term with its label in nb and en."
        )
    return words


def known_name(identifier: str, terms: Iterable[Term], language: str) -> str | None:
    """Return the words for a name, or None."""
    for term in terms:
        if term.name == identifier:
            return term.label.in_language(language)
    if identifier in NAMES:
        return translator(language)(NAMES[identifier])
    return None


def outcome_words(identifier: str, terms: tuple[Term, ...], language: str) -> OutcomeWords:
    """How is an outcome said inside a sentence? One the report does not know is quoted by its label."""
    _ = translator(language)
    if identifier in OUTCOMES:
        known = OUTCOMES[identifier]
        return OutcomeWords(did=_(known.did), to_do=_(known.to_do))
    label = name_of(identifier, terms, language)
    return OutcomeWords(did=_("had “{label}”").format(label=label), to_do=_("“{label}”").format(label=label))


def sides_of(contrast: str, terms: tuple[Term, ...], language: str) -> Sides:
    """What is compared with what, inside a sentence about what goes together?

    A contrast is named "<side>" or "<side>_minus_<side>"; groups are something one is in, anything else is a
    quantity of which one has more.
    """
    _ = translator(language)
    first, _sign, second = contrast.partition(SIDES)
    if first in GROUPS:
        return Sides(subject=_(GROUPS[first]), against=_(GROUPS[second]) if second in GROUPS else "")
    subject = _("higher {quantity}").format(quantity=lower_first(name_of(first, terms, language)))
    if not second:
        return Sides(subject=subject, against="")
    other = lower_first(name_of(second, terms, language))
    return Sides(subject=subject, against=_("equally higher {quantity}").format(quantity=other))


def lower_first(words: str) -> str:
    """Begin a label in lower case, to stand inside a sentence; abbreviations stay (SWEMWBS)."""
    return words if words[:2].isupper() else words[:1].lower() + words[1:]


def upper_first(words: str) -> str:
    """Begin a sentence."""
    return words[:1].upper() + words[1:]
