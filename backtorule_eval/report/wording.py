"""Sentences from estimates: direction, size in people per hundred, interval in words, what cannot be said.

Every sentence follows from the released figures and nothing else: an interval that is rounded onto zero says
that we cannot say. What is observed together is said to go together, never more.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from backtorule_eval.analyses.estimate import Estimand, Measure
from backtorule_eval.disclosure.claim import Direction
from backtorule_eval.disclosure.released import Releasable, ShownEstimate
from backtorule_eval.report.catalogue import translator
from backtorule_eval.report.numbers import Figures, number, read_figures
from backtorule_eval.report.templates import (
    ABOUT,
    DOWN,
    NOT_SHOWN,
    PLAIN,
    SMALL,
    SOMEWHAT,
    UNKNOWN,
    UP,
    Family,
)
from backtorule_eval.report.vocabulary import (
    PER_STANDARD_DEVIATION,
    Sides,
    lower_first,
    name_of,
    outcome_words,
    sides_of,
    upper_first,
)


class Branch(StrEnum):
    """What an estimate lets us say; METHODS rule 4 names five, `DIFFERENT` is for no declared size."""

    WORTHWHILE = "worthwhile"
    SOME = "some"
    SMALL = "small"
    UNKNOWN = "unknown"
    WORSE = "worse"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What a study declared in advance about a question: the least difference worth having, and which way."""

    worthwhile: float | None = None
    direction: Direction | None = None


def sentence(estimate: ShownEstimate, declared: Declared, *, language: str, precise: bool) -> str:
    """What does this estimate say, in one or two plain sentences?

    Parameters
    ----------
    estimate : ShownEstimate
    declared : Declared
        In the unit of the words: people per hundred, or points of the scale.
    language : str
        "nb" or "en".
    precise : bool
        Whether the release holds every digit.

    Raises
    ------
    ParameterProblem
        A name in the estimate has no words in the language.
    """
    _ = translator(language)
    figures = read_figures(estimate, precise=precise)
    if figures is None:
        return _(NOT_SHOWN)
    if estimate.measure in (Measure.RISK, Measure.MEAN, Measure.EXPLAINED):
        return _level(estimate, figures, language)
    said = [_difference(estimate, figures, branch(estimate, figures, declared), language)]
    if estimate.method in PER_STANDARD_DEVIATION:
        said.append(_("(For one standard deviation of the scale.)"))
    if about := ABOUT.get(estimate.estimand):
        said.append(_(about))
    return " ".join(said)


def sentences(releasable: Releasable, language: str) -> tuple[str, ...]:
    """Return the sentence of every estimate of a releasable."""
    declared = Declared(worthwhile=releasable.worthwhile, direction=releasable.direction)
    return tuple(
        sentence(thing, declared, language=language, precise=releasable.rules.public)
        for thing in releasable.things
        if isinstance(thing, ShownEstimate)
    )


def branch(estimate: ShownEstimate, figures: Figures, declared: Declared) -> Branch:
    """Which of the wordings do the released figures allow?

    "Worthwhile" needs the whole interval on the good side and at least as far out as the declared size; "too
    small to matter" needs the whole interval nearer to zero than that, on either side.
    """
    _value, low, high = figures.rounded()
    if declared.worthwhile is None or declared.direction is None or estimate.measure is Measure.LOG_ODDS:
        return Branch.UNKNOWN if low <= 0 <= high else Branch.DIFFERENT
    if -declared.worthwhile < low and high < declared.worthwhile:
        return Branch.SMALL
    if low <= 0 <= high:
        return Branch.UNKNOWN
    least = low if declared.direction == "up" else -high
    if least >= declared.worthwhile:
        return Branch.WORTHWHILE
    return Branch.SOME if least > 0 else Branch.WORSE


def family(estimate: ShownEstimate) -> Family:
    """Which sentences an estimate speaks in: what is only observed together never says more than that."""
    compared = estimate.causal or estimate.estimand is Estimand.CHANGE
    if estimate.measure is Measure.LOG_ODDS:
        return Family.ODDS_TOGETHER
    if estimate.measure is Measure.RISK_DIFFERENCE:
        return Family.PEOPLE if compared else Family.PEOPLE_TOGETHER
    return Family.MEANS if compared else Family.MEANS_TOGETHER


def _level(estimate: ShownEstimate, figures: Figures, language: str) -> str:
    """Say a share or a mean of one group."""
    _ = translator(language)
    value, low, high = (number(x, figures.decimals, language) for x in figures.rounded())
    if estimate.measure is Measure.RISK:
        did = outcome_words(estimate.outcome, estimate.terms, language).did
        template = _("About {value} of 100 {did} (between {low} and {high} of 100).")
        return template.format(value=value, low=low, high=high, did=did)
    if estimate.measure is Measure.EXPLAINED:
        did = outcome_words(estimate.outcome, estimate.terms, language).did
        template = _(
            "Knowing {side} makes guesses of who {did} about {value} per cent better "
            "(between {low} and {high})."
        )
        side = lower_first(name_of(estimate.contrast, estimate.terms, language))
        return template.format(side=side, value=value, low=low, high=high, did=did)
    outcome = lower_first(name_of(estimate.outcome, estimate.terms, language))
    template = _("The average of {outcome} is {value} (between {low} and {high}).")
    return template.format(outcome=outcome, value=value, low=low, high=high)


def _difference(estimate: ShownEstimate, figures: Figures, said: Branch, language: str) -> str:
    """Say a difference in the words of its branch."""
    _ = translator(language)
    kind = family(estimate)
    if said is Branch.SMALL:
        template = SMALL[kind]
    elif said is Branch.UNKNOWN:
        template = UNKNOWN[kind]
    else:
        signed = UP if figures.value > 0 else DOWN
        template = signed[kind, SOMEWHAT if said is Branch.SOME else PLAIN]
    return _(template).format(**_parts(estimate, figures, kind, language))


def _parts(estimate: ShownEstimate, figures: Figures, kind: Family, language: str) -> dict[str, str]:
    """Everything a template may name."""
    _ = translator(language)
    value, low, high = figures.rounded()
    near, far = sorted((abs(low), abs(high)))
    parts = {
        name: number(x, figures.decimals, language)
        for name, x in {"value": abs(value), "low": near, "high": far}.items()
    }
    parts |= {
        "from_end": _end(low, figures.decimals, kind, language),
        "to_end": _end(high, figures.decimals, kind, language),
    }
    if kind in (Family.MEANS, Family.MEANS_TOGETHER):
        outcome = lower_first(name_of(estimate.outcome, estimate.terms, language))
        parts |= {"outcome": outcome, "Outcome": upper_first(outcome)}
    else:
        parts["did"] = outcome_words(estimate.outcome, estimate.terms, language).did
    if kind in (Family.PEOPLE, Family.MEANS):
        return parts
    parts["scale"] = _odds_scale(figures, language)
    return parts | _side_parts(sides_of(estimate.contrast, estimate.terms, language), language)


def _side_parts(sides: Sides, language: str) -> dict[str, str]:
    """What is compared, as parts of a template."""
    _ = translator(language)
    than = _(", compared with {other}").format(other=sides.against) if sides.against else ""
    return {"subject": sides.subject, "Subject": upper_first(sides.subject), "than": than}


def _odds_scale(figures: Figures, language: str) -> str:
    """Say the figures of a log odds, which nobody sees before them, after what they mean."""
    _ = translator(language)
    value, low, high = (number(x, figures.decimals, language) for x in figures.rounded())
    template = _("(Difference in log odds per standard deviation: {value}, between {low} and {high}.)")
    return template.format(value=value, low=low, high=high)


def _end(x: float, decimals: int, kind: Family, language: str) -> str:
    """Say one end of an interval with its direction."""
    _ = translator(language)
    size = number(abs(x), decimals, language)
    if kind in (Family.MEANS, Family.MEANS_TOGETHER):
        return (_("{size} lower") if x < 0 else _("{size} higher")).format(size=size)
    return (_("{size} fewer") if x < 0 else _("{size} more")).format(size=size)
