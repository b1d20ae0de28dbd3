"""Are there kinds of people who answer alike? Normal mixtures with equal, diagonal covariances."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from backtorule_eval.analyses.support import require_support
from backtorule_eval.errors import NotEstimable

Floats = NDArray[np.float64]

STARTS, SHORT, KEPT = 40, 25, 5
# The loglikelihood rises by less than this share of itself.
CLOSE = 1e-14
MAX_STEPS = 20_000
# A profile with less than this share of the persons is a handful of outliers.
SMALLEST_SHARE = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixture:
    """A mixture of k kinds of people.

    Attributes
    ----------
    shares : (k,) array
        Share of each kind, largest first.
    means : (k, p) array
    variances : (p,) array
        Within every kind alike.
    memberships : (n, k) array
        How likely each person is of each kind; rows add up to 1.
    loglik, bic : float
        BIC as -2 loglik + parameters log n: the smaller the better.
    """

    shares: Floats
    means: Floats
    variances: Floats
    memberships: Floats = field(repr=False)
    loglik: float
    bic: float

    @property
    def k(self) -> int:
        """How many kinds."""
        return len(self.shares)

    @property
    def assigned(self) -> NDArray[np.intp]:
        """The likeliest kind of each person, counted from 0."""
        likeliest: NDArray[np.intp] = self.memberships.argmax(axis=1)
        return likeliest

    @property
    def entropy(self) -> float:
        """How clearly persons belong to one kind: 1 is certain, 0 is by chance. 1 with one kind."""
        if self.k == 1:
            return 1.0
        z = np.maximum(self.memberships, np.finfo(float).tiny)
        return float(1 + (z * np.log(z)).sum() / (len(z) * np.log(self.k)))


def find_profiles(answers: Floats, *, most: int, rng: np.random.Generator) -> Mixture:
    """How many kinds of people are there on these scales, and what are they like?

    Latent profile analysis: local independence, variances equal over kinds (Mplus' default, mclust's "EEI"),
    by EM from many starts; the number of kinds with the smallest BIC among those whose kinds all hold 5 % or
    more. Kinds found this way describe; whether they exist outside the data takes other data.

    Parameters
    ----------
    answers : (n, p) array
        One row per person, complete.
    most : int
        Largest number of kinds to try, from 1 upwards.
    rng : np.random.Generator
        Draws the starts.

    Raises
    ------
    NotEstimable
        "persons", by the row ``profiles`` of ``support.yaml``. "variation".

    Notes
    -----
    Agrees with R's ``mclust::me`` from the same start, and is never below ``mclust::Mclust``;
    tests/analyses/test_mixture.py.
    """
    require_support("profiles", persons=len(answers))
    if not (answers.std(axis=0) > 0).all():
        raise NotEstimable("variation")
    found = [fit_mixture(answers, k=k, rng=rng) for k in range(1, most + 1)]
    sound = [mixture for mixture in found if mixture.shares.min() >= SMALLEST_SHARE]
    return min(sound, key=lambda mixture: mixture.bic)


def fit_mixture(answers: Floats, *, k: int, rng: np.random.Generator) -> Mixture:
    """Fit a mixture of `k` kinds: short runs from many starts, the best of them to the end."""
    if k == 1:
        return _end(answers, np.ones((len(answers), 1)))
    started = [_run(answers, _start(answers, k, rng), steps=SHORT) for _ in range(STARTS)]
    best = sorted(started, key=lambda pair: -pair[1])[:KEPT]
    ended = [_end(answers, memberships) for memberships, _ in best]
    return max(ended, key=lambda mixture: mixture.loglik)


def expect(answers: Floats, *, shares: Floats, means: Floats, variances: Floats) -> tuple[Floats, float]:
    """Return memberships (n, k) and the loglikelihood at these parameters."""
    off = ((answers[:, None, :] - means) ** 2 / variances).sum(axis=2)
    constant = answers.shape[1] * np.log(2 * np.pi) + np.log(variances).sum()
    densities = np.log(shares) - (constant + off) / 2
    total = logsumexp(densities, axis=1, keepdims=True)
    return np.exp(densities - total), float(total.sum())


def maximise(answers: Floats, memberships: Floats) -> tuple[Floats, Floats, Floats]:
    """Return shares, means and variances at these memberships."""
    sizes = memberships.sum(axis=0)
    means = memberships.T @ answers / sizes[:, None]
    squares = (memberships[:, :, None] * (answers[:, None, :] - means) ** 2).sum(axis=(0, 1))
    return sizes / len(answers), means, squares / len(answers)


def _start(answers: Floats, k: int, rng: np.random.Generator) -> Floats:
    """Give everybody to the nearest of `k` persons drawn at random."""
    centres = answers[rng.choice(len(answers), size=k, replace=False)]
    nearest = (((answers[:, None, :] - centres) / answers.std(axis=0)) ** 2).sum(axis=2).argmin(axis=1)
    # Softened, so that no kind starts empty when drawn persons answered alike.
    soft: Floats = 0.9 * np.eye(k)[nearest] + 0.1 * rng.dirichlet(np.ones(k), size=len(answers))
    return soft


def _run(answers: Floats, memberships: Floats, *, steps: int) -> tuple[Floats, float]:
    """Take this many steps, or fewer when the loglikelihood no longer rises."""
    before = -np.inf
    for _ in range(steps):
        shares, means, variances = maximise(answers, memberships)
        memberships, now = expect(answers, shares=shares, means=means, variances=variances)
        if now - before < CLOSE * abs(now):
            break
        before = now
    return memberships, now


def _end(answers: Floats, memberships: Floats) -> Mixture:
    """Run to the end and describe what was found, the largest kind first."""
    memberships, _ = _run(answers, memberships, steps=MAX_STEPS)
    shares, means, variances = maximise(answers, memberships)
    order = np.argsort(-shares, kind="stable")
    shares, means = shares[order], means[order]
    memberships, loglik = expect(answers, shares=shares, means=means, variances=variances)
    n, p = answers.shape
    parameters = len(shares) - 1 + len(shares) * p + p
    return Mixture(
        shares=shares,
        means=means,
        variances=variances,
        memberships=memberships,
        loglik=loglik,
        bic=-2 * loglik + parameters * float(np.log(n)),
    )
