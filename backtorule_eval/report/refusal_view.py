"""View of refusals: what cannot be answered, why, and what it would take."""

from __future__ import annotations

from backtorule_eval.disclosure.released import Releasable, ShownRefusal
from backtorule_eval.report.catalogue import translator
from backtorule_eval.report.content import Content
from backtorule_eval.report.remarks import refusal_sentences

DESCRIPTION = "description"


def again_content(releasable: Releasable, language: str) -> Content:
    """Refer to the same refusal above, where a page would otherwise say it a second time."""
    _ = translator(language)
    return Content(sentences=(_("Cannot be answered, for the reasons given above."),))


def refusal_content(releasable: Releasable, language: str) -> Content:
    """Say every refusal once, and that it is no finding."""
    _ = translator(language)
    refusals = [thing for thing in releasable.things if isinstance(thing, ShownRefusal)]
    # A description that the source holds nothing for was no question with a difference as its answer.
    asked = any(refusal.model != DESCRIPTION for refusal in refusals)
    return Content(
        sentences=refusal_sentences(refusals, language, precise=releasable.rules.public),
        cautions=(_("No answer is not the same as no difference: these data cannot tell."),) * asked,
    )
