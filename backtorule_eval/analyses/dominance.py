"""How much of an outcome does each of several groups of variables explain, whatever else is in the model?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from backtorule_eval.analyses.logit import fit_logit
from backtorule_eval.analyses.refit import bootstrap_counts, refit_logit
from backtorule_eval.analyses.support import require_support

Floats = NDArray[np.float64]
Columns = tuple[int, ...]

# A resample's likelihood is summed over some resamples at a time.
BLOCK = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Dominance:
    """General dominance of groups of variables, with percentile intervals.

    Attributes
    ----------
    names : tuple of str, length k
    value, low, high : (k,) array
        Share of the deviance that the group explains, averaged over all models it can be added to; the
        groups' values add up to what they explain together.
    resampled : (n_resamples, k) array
        The same in each bootstrap resample that could be estimated.
    n_failed : int
        Resamples that could not.
    """

    names: tuple[str, ...]
    value: Floats
    low: Floats
    high: Floats
    resampled: Floats
    n_failed: int

    def difference(self, first: str, second: str, *, level: float = 0.95) -> tuple[float, float, float]:
        """How much more does one group explain than another: value, low, high."""
        a, b = self.names.index(first), self.names.index(second)
        apart = self.resampled[:, a] - self.resampled[:, b]
        low, high = np.quantile(apart, [(1 - level) / 2, (1 + level) / 2])
        return float(self.value[a] - self.value[b]), float(low), float(high)


def general_dominance(  # noqa: PLR0913 - the model, and how it is resampled
    *,
    x: Floats,
    y: Floats,
    groups: Mapping[str, Columns],
    n_resamples: int,
    seed: int,
    level: float = 0.95,
    workers: int = 1,
) -> Dominance:
    """Which group of variables explains more of a yes-or-no outcome?

    The estimand is general dominance (Azen & Budescu 2003) of McFadden's R2 in logistic regression (Azen &
    Traxel 2009): what adding the group adds to R2, averaged within each size of model and then over sizes.
    Columns that are in no group (a constant, what is held constant) are in every model, and R2 is counted
    from there.

    Parameters
    ----------
    x : (n, p) array
        The constant included.
    y : (n,) array
        1 with the event, 0 without.
    groups : mapping of name to columns
        At least two; 2 ** k models are fitted in every resample.
    n_resamples : int
        Of persons; percentile interval.

    Raises
    ------
    NotEstimable
        Fewer persons than the support table asks for, or a model cannot be fitted.

    Notes
    -----
    Agrees with all subsets by hand; tests/analyses/test_dominance.py.
    """
    require_support("dominance", persons=len(y))
    names = tuple(groups)
    counts = bootstrap_counts(n=len(y), n_resamples=n_resamples, seed=seed, workers=workers)
    everybody = np.ones((1, len(y)), dtype=np.int64)
    in_no_group = tuple(i for i in range(x.shape[1]) if all(i not in columns for columns in groups.values()))
    once: dict[frozenset[str], Floats] = {}
    again: dict[frozenset[str], Floats] = {}
    for chosen in _subsets(names):
        columns = sorted([*in_no_group, *(i for name in chosen for i in groups[name])])
        fit = fit_logit(x=x[:, columns], y=y)
        refits = refit_logit(x=x[:, columns], y=y, start=fit.coef, counts=counts, workers=workers)
        once[chosen] = logliks(x[:, columns], y, fit.coef[None, :], everybody)
        again[chosen] = logliks(x[:, columns], y, refits.coef, counts)
    value = _average_gain(_shares(once), names)[0]
    resampled = _average_gain(_shares(again), names)
    failed = np.isnan(resampled).any(axis=1)
    kept = resampled[~failed]
    low, high = np.quantile(kept, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return Dominance(names=names, value=value, low=low, high=high, resampled=kept, n_failed=int(failed.sum()))


def logliks(x: Floats, y: Floats, coef: Floats, counts: NDArray[np.integer]) -> Floats:
    """Log likelihood of each resample at its own coefficients; NaN where it has none."""
    found = np.full(len(coef), np.nan)
    sign = 1.0 - 2.0 * y
    estimated = np.flatnonzero(~np.isnan(coef).any(axis=1))
    for i in range(0, len(estimated), BLOCK):
        at = estimated[i : i + BLOCK]
        found[at] = -np.einsum("bn,bn->b", counts[at], np.logaddexp(0.0, sign * (coef[at] @ x.T)))
    return found


def _subsets(names: Sequence[str]) -> list[frozenset[str]]:
    """Return all subsets, the empty one first."""
    return [frozenset(some) for size in range(len(names) + 1) for some in combinations(names, size)]


def _shares(logliks: Mapping[frozenset[str], Floats]) -> dict[frozenset[str], Floats]:
    """Return McFadden's R2 of each subset, from the model without any group."""
    nothing = logliks[frozenset()]
    return {chosen: 1.0 - found / nothing for chosen, found in logliks.items()}


def _average_gain(shares: Mapping[frozenset[str], Floats], names: Sequence[str]) -> Floats:
    """Return each group's general dominance, one row per resample and one column per group."""
    gains = []
    for name in names:
        others = [other for other in names if other != name]
        by_size = [
            [
                shares[frozenset({*some, name})] - shares[frozenset(some)]
                for some in combinations(others, size)
            ]
            for size in range(len(names))
        ]
        gains.append(np.mean([np.mean(of_size, axis=0) for of_size in by_size], axis=0))
    return np.stack(gains, axis=1)
