"""Support first: what the data must have before a model is fitted, and the refusal when they have not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import ceil

import yaml

from backtorule_eval.analyses.tables import Refusal
from backtorule_eval.errors import NotEstimable

# Enough for a fact that is computed, such as 6 clusters / 1 or a Satterthwaite df, to reach its own minimum.
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """The least one fact about the data may be."""

    fact: str
    at_least: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportTable:
    """What each model asks for, and the unit of each fact."""

    models: Mapping[str, tuple[Requirement, ...]]
    units: Mapping[str, str]


@cache
def load_support() -> SupportTable:
    """Read the table of minimums that this version of the package carries."""
    text = resources.files(__package__).joinpath("support.yaml").read_text(encoding="utf-8")
    raw = yaml.safe_load(text)
    models = {model: tuple(Requirement(**row) for row in rows) for model, rows in raw["models"].items()}
    return SupportTable(models=models, units=raw["facts"])


def require_support(model: str, **facts: float) -> None:
    """Can the data carry this model?

    Parameters
    ----------
    model : str
        A row of ``support.yaml``.
    **facts : float
        Every fact that row asks for, and no other; one that is not known is not left out but is 0.

    Raises
    ------
    NotEstimable
        With the first requirement that fails as its reason, what is needed and what was found.
    ValueError
        There is no such model, or the facts are not those its row asks for.
    """
    for shortfall in find_shortfalls(model, **facts):
        raise shortfall


def find_shortfalls(model: str, **facts: float) -> list[NotEstimable]:
    """Which requirements of this model do the data fail? Empty when they carry it.

    Parameters and ValueError as for `require_support`.
    """
    models = load_support().models
    if model not in models:
        raise ValueError(f"There is no model {model!r} in support.yaml.")
    rows = models[model]
    if {row.fact for row in rows} != set(facts):
        raise ValueError(f"{model} asks for {[row.fact for row in rows]}, not {sorted(facts)}.")
    failed = [row for row in rows if not facts[row.fact] >= row.at_least - ROUNDING]
    return [NotEstimable(row.fact, needed=row.at_least, found=facts[row.fact]) for row in failed]


def persons_needed(*models: str, n_parameters: int, event_share: float) -> int:
    """How many people would a model of a yes-or-no outcome need?

    Parameters
    ----------
    *models : str
        Rows of ``support.yaml`` that all must be met.
    n_parameters : int
        Coefficients, the constant included.
    event_share : float
        Share with the event, between 0 and 1 (both excluded).

    Returns
    -------
    int
        Persons at which the rarer outcome is expected to meet every requirement on events.
    """
    if not 0 < event_share < 1:
        raise ValueError("event_share must lie between 0 and 1.")
    times = {"events": 1, "events_per_parameter": n_parameters}
    rows = [row for model in models for row in load_support().models[model] if row.fact in times]
    rarer = max(row.at_least * times[row.fact] for row in rows)
    return ceil(rarer / min(event_share, 1 - event_share) - ROUNDING)


def refusal(
    reason: NotEstimable, *, question: str, population: str, model: str, adjustment: str = ""
) -> Refusal:
    """Turn what stopped a model into the result that a page shows in its place."""
    return Refusal(
        question=question,
        population=population,
        model=model,
        reason=reason.reason,
        needed=reason.needed,
        found=reason.found,
        unit=load_support().units.get(reason.reason, ""),
        columns=reason.columns,
        adjustment=adjustment,
    )
