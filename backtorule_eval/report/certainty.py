"""How sure are we of an answer? Computed from what it is, never typed."""

from __future__ import annotations

from collections.abc import Sequence

from backtorule_eval.disclosure.released import ShownEstimate, ShownRefusal, ShownThing
from backtorule_eval.report.remarks import Certainty


def certainty_of(things: Sequence[ShownThing]) -> Certainty | None:
    """How sure are we of what these things say?

    Counts and means describe. What was only observed together is never more than very uncertain as an answer
    to what would help (METHODS, 11). A declared comparison gets its certainty from its own analysis, and a
    refusal has none.
    """
    if any(isinstance(thing, ShownRefusal) for thing in things):
        return None
    estimates = [thing for thing in things if isinstance(thing, ShownEstimate)]
    if not estimates:
        return Certainty.DESCRIPTION
    return None if any(estimate.causal for estimate in estimates) else Certainty.VERY_LOW
