"""A claim: the exact figures that a notebook wants to show, before anyone has decided what may be seen."""

from __future__ import annotations

from dataclasses import dataclass

from backtorule_eval.analyses.estimate import Estimate
from backtorule_eval.analyses.tables import CountTable, Flow, MeanTable, Refusal

Publishable = Estimate | CountTable | MeanTable | Flow | Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What one published output states, exactly.

    Attributes
    ----------
    key : str
        Stable name, "<notebook>/<question>" or "<notebook>/<question>/<view>"; unique within a study.
    cohort : str
        Slug of the cohort.
    view : str
        Name of the view that will show it.
    things : tuple of Publishable
        The figures; several estimates make one forest plot. All of one type.
    """

    key: str
    cohort: str
    view: str
    things: tuple[Publishable, ...]
