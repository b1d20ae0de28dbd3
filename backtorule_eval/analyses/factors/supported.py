"""Fit a factor model where the data can carry it, and refuse it where they cannot."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import pandas as pd

from backtorule_eval.analyses.factors.fit import FactorFit, fit_factors
from backtorule_eval.analyses.factors.model import FactorModel
from backtorule_eval.analyses.support import load_support, require_support
from backtorule_eval.errors import NotEstimable

PER_PARAMETER = "persons_per_free_parameter"


def fit_supported(model: FactorModel, data: Sequence[pd.DataFrame]) -> FactorFit:
    """How well does the model account for the answers, if there are enough of them to say?

    Parameters and result as for `fit_factors`. Rows of ``support.yaml``: ``confirmatory_factors``, and with
    several groups ``invariance``.

    Raises
    ------
    NotEstimable
        As `fit_factors`; "persons" or "smallest_group", with all it would take: the fixed minimum or the
        minimum per free parameter, whichever is more; or "improper_solution": an estimate that cannot be.
    """
    complete = [len(frame.loc[:, list(model.items)].dropna()) for frame in data]
    row, fact = ("invariance", "smallest_group") if len(data) > 1 else ("confirmatory_factors", "persons")
    per_parameter = sum(complete) / len(model.parameters)
    try:
        require_support(row, **{fact: min(complete), PER_PARAMETER: per_parameter})
    except NotEstimable:
        least = {need.fact: need.at_least for need in load_support().models[row]}
        needed = max(least[fact], ceil(least[PER_PARAMETER] * len(model.parameters) / len(data)))
        raise NotEstimable(fact, needed=needed, found=min(complete)) from None
    fit = fit_factors(model, data)
    if fit.improper:
        raise NotEstimable("improper_solution", columns=fit.improper)
    return fit
