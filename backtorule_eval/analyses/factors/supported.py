"""Fit a factor model where the data can carry it, and refuse it where they cannot."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from backtorule_eval.analyses.factors.fit import FactorFit, fit_factors
from backtorule_eval.analyses.factors.model import FactorModel
from backtorule_eval.analyses.support import require_support
from backtorule_eval.errors import NotEstimable


def fit_supported(model: FactorModel, data: Sequence[pd.DataFrame]) -> FactorFit:
    """How well does the model account for the answers, if there are enough of them to say?

    Parameters and result as for `fit_factors`. Rows of ``support.yaml``: ``confirmatory_factors``, and with
    several groups ``invariance``.

    Raises
    ------
    NotEstimable
        As `fit_factors`; too few persons; or "improper_solution": an estimate that cannot be.
    """
    complete = [len(frame.loc[:, list(model.items)].dropna()) for frame in data]
    per_parameter = sum(complete) / len(model.parameters)
    if len(data) > 1:
        require_support("invariance", smallest_group=min(complete), persons_per_free_parameter=per_parameter)
    else:
        require_support("confirmatory_factors", persons=complete[0], persons_per_free_parameter=per_parameter)
    fit = fit_factors(model, data)
    if fit.improper:
        raise NotEstimable("improper_solution", columns=fit.improper)
    return fit
