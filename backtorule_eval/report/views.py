"""The named views: pure functions from what may be seen, and a language, to what is shown.

A view that is not in `VIEWS` does not exist, and one that does not fit a kind of result refuses it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from backtorule_eval.disclosure.never_shown import why_never
from backtorule_eval.disclosure.released import (
    Releasable,
    ShownBalance,
    ShownCalibration,
    ShownChoiceCurve,
    ShownCounts,
    ShownCurve,
    ShownEstimate,
    ShownFlow,
    ShownJointDisplay,
    ShownMeans,
    ShownQuality,
    ShownRefusal,
    ShownThing,
)
from backtorule_eval.errors import DisclosureRefused
from backtorule_eval.report.balance_view import balance_content
from backtorule_eval.report.baseline_view import baseline_counts_content, baseline_means_content
from backtorule_eval.report.calibration_view import calibration_content
from backtorule_eval.report.certainty import certainty_of
from backtorule_eval.report.choices_view import choices_content
from backtorule_eval.report.content import Content
from backtorule_eval.report.counts_view import counts_content
from backtorule_eval.report.curve_view import curve_content
from backtorule_eval.report.estimate_views import forest_content, sentence_content, table_content
from backtorule_eval.report.flow_view import flow_content
from backtorule_eval.report.joint_view import joint_content
from backtorule_eval.report.means_view import means_content
from backtorule_eval.report.quality_view import quality_content
from backtorule_eval.report.refusal_view import again_content, refusal_content
from backtorule_eval.report.rendered import Rendered
from backtorule_eval.report.states_view import states_content
from backtorule_eval.report.waves_view import waves_content

__all__ = ["VIEWS", "Rendered", "render"]


@dataclass(frozen=True, slots=True)
class View:
    """One view: the kind of result it shows, and how."""

    kind: type[ShownThing]
    content: Callable[[Releasable, str], Content]


VIEWS: dict[str, View] = {
    "forest": View(ShownEstimate, forest_content),
    "estimate_table": View(ShownEstimate, table_content),
    "sentence": View(ShownEstimate, sentence_content),
    "counts": View(ShownCounts, counts_content),
    "means": View(ShownMeans, means_content),
    "waves": View(ShownMeans, waves_content),
    "baseline_counts": View(ShownCounts, baseline_counts_content),
    "baseline_means": View(ShownMeans, baseline_means_content),
    "flow": View(ShownFlow, flow_content),
    "curve": View(ShownCurve, curve_content),
    "states": View(ShownCounts, states_content),
    "balance": View(ShownBalance, balance_content),
    "calibration": View(ShownCalibration, calibration_content),
    "joint": View(ShownJointDisplay, joint_content),
    "choices": View(ShownChoiceCurve, choices_content),
    "quality": View(ShownQuality, quality_content),
    "refusal": View(ShownRefusal, refusal_content),
    "refusal_again": View(ShownRefusal, again_content),
}


def render(releasable: Releasable, language: str) -> Rendered:
    """How is this result shown to a reader?

    Parameters
    ----------
    releasable : Releasable
        From `disclosure.audit.apply` (to share) or `provisional` (to look at inside); nothing else is shown.
    language : str
        "nb" or "en".

    Returns
    -------
    Rendered
        The same for the same releasable and language, byte for byte.

    Raises
    ------
    DisclosureRefused
        What was given has not passed the rules, the view is unknown, or it does not fit the result.
    ParameterProblem
        The language is unknown, or a name in the result has no words in it.
    """
    if not isinstance(releasable, Releasable):
        raise DisclosureRefused("Only what has passed the disclosure rules can be shown.")
    view = VIEWS.get(releasable.view)
    if view is None:
        why = why_never(releasable.view)
        raise DisclosureRefused(
            f"There is no view {releasable.view!r}; there are: {', '.join(sorted(VIEWS))}."
            + (f" Never shown: {why}." if why else "")
        )
    if not all(isinstance(thing, view.kind) for thing in releasable.things):
        fitting = [name for name, other in VIEWS.items() if isinstance(releasable.things[0], other.kind)]
        raise DisclosureRefused(
            f"{releasable.key}: view {releasable.view!r} does not show this kind of result; "
            f"these do: {', '.join(fitting)}."
        )
    return Rendered(
        key=releasable.key,
        language=language,
        content=view.content(releasable, language),
        claim=releasable.claim,
        plan=releasable.plan,
        provisional=releasable.provisional,
        certainty=certainty_of(releasable.things),
    )
