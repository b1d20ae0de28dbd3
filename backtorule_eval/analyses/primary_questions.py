"""Pre-specified questions: p-values for several of them together, and what the data could have shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import inf

import numpy as np
from scipy.special import stdtrit

from backtorule_eval.analyses.estimate import Estimate

POWER = 0.80


def adjust_holm(estimates: Sequence[Estimate], *, n_declared: int) -> tuple[Estimate, ...]:
    """Which pre-specified answers stand when all declared questions are taken together?

    Holm's step-down p-values (Holm 1979): the chance of one or more false positives among the declared
    questions stays at the level, however they hang together. A declared question that could not be answered
    counts as one with p = 1, so that refusals make nothing else more certain.

    Parameters
    ----------
    estimates : sequence of Estimate
        One for each pre-specified question that was answered; others may stand among them and stay as they
        are.
    n_declared : int
        Pre-specified questions of the study file, answered or not.

    Returns
    -------
    tuple of Estimate
        In the same order, with `p_holm` where `prespecified`.

    Raises
    ------
    ValueError
        More pre-specified estimates than were declared, or one without a p-value.

    Notes
    -----
    Agrees with R's ``p.adjust(method = "holm")``;
    tests/analyses/test_primary_questions.py::test_agrees_with_r.
    """
    primary = [i for i, estimate in enumerate(estimates) if estimate.prespecified]
    p_values = [p for i in primary if (p := estimates[i].p_value) is not None]
    if len(primary) > n_declared or len(p_values) < len(primary):
        raise ValueError("Every pre-specified estimate needs a p-value and a question declared for it.")
    order = np.argsort(p_values, kind="stable")
    stepped = np.array(p_values)[order] * (n_declared - np.arange(len(primary)))
    adjusted = np.minimum(np.maximum.accumulate(stepped), 1.0)
    filled = {primary[place]: float(p) for place, p in zip(order, adjusted, strict=True)}
    return tuple(replace(e, p_holm=filled[i]) if i in filled else e for i, e in enumerate(estimates))


def smallest_detectable(*, std_error: float, df: float | None = None, level: float = 0.95) -> float:
    """How large would a difference have had to be for these data to show it, four times in five?

    (t of the interval's end + t of 80 % power) times the standard error (Bloom 1995): a property of the
    design and of the spread, not of the difference that was found, unlike power computed at the value
    found.

    Parameters
    ----------
    std_error : float
    df : float, optional
        Degrees of freedom behind the interval; without, the normal distribution.
    level : float
        Level of the interval.

    Returns
    -------
    float
        In the unit of the standard error.

    Notes
    -----
    Agrees with R's ``qt``; tests/analyses/test_primary_questions.py::test_agrees_with_r.
    """
    freedom = inf if df is None else df
    return float(stdtrit(freedom, 0.5 + level / 2) + stdtrit(freedom, POWER)) * std_error
