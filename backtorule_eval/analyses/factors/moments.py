"""What a factor model says about covariances and means, how far the data are from it, and its slopes."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from backtorule_eval.analyses.factors.model import FactorModel, GroupPattern

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Answers of one group, complete: `answers` (n, p), `mean` (p,) and `covariance` (p, p; divisor n)."""

    answers: Floats = field(repr=False)
    mean: Floats
    covariance: Floats

    @classmethod
    def of(cls, answers: Floats) -> Sample:
        """Compute mean and covariance of these answers."""
        centred = answers - answers.mean(axis=0)
        return cls(answers=answers, mean=answers.mean(axis=0), covariance=centred.T @ centred / len(answers))

    @property
    def n(self) -> int:
        """Persons in the group."""
        return len(self.answers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Implied:
    """Covariance and mean of one group under the model, and their derivatives in the t parameters.

    `covariance` (p, p), `mean` (p,), `slopes` (t, p, p) and `mean_slopes` (t, p).
    """

    covariance: Floats
    mean: Floats
    slopes: Floats
    mean_slopes: Floats


def imply_covariance(pattern: GroupPattern, values: Floats) -> Floats:
    """Return the covariance of the items under the model."""
    loadings, factors = pattern.loadings.fill(values), pattern.factors.fill(values)
    result: Floats = loadings @ factors @ loadings.T + pattern.residuals.fill(values)
    return result


def imply(pattern: GroupPattern, values: Floats) -> Implied:
    """Return covariance, mean and derivatives of the items under the model."""
    loadings, factors = pattern.loadings.fill(values), pattern.factors.fill(values)
    means = pattern.factor_means.fill(values)
    p = len(loadings)
    slopes, mean_slopes = np.zeros((len(values), p, p)), np.zeros((len(values), p))
    weighted = loadings @ factors
    for parameter, (i, j) in pattern.loadings.free():
        slopes[parameter, i, :] += weighted[:, j]
        slopes[parameter, :, i] += weighted[:, j]
        mean_slopes[parameter, i] += means[j]
    for parameter, (j, k) in pattern.factors.free():
        slopes[parameter] += np.outer(loadings[:, j], loadings[:, k])
    for parameter, (i, j) in pattern.residuals.free():
        slopes[parameter, i, j] += 1
    for parameter, (i,) in pattern.intercepts.free():
        mean_slopes[parameter, i] += 1
    for parameter, (j,) in pattern.factor_means.free():
        mean_slopes[parameter] += loadings[:, j]
    return Implied(
        covariance=imply_covariance(pattern, values),
        mean=pattern.intercepts.fill(values) + loadings @ means,
        slopes=slopes,
        mean_slopes=mean_slopes,
    )


def misfit(model: FactorModel, samples: tuple[Sample, ...], values: Floats) -> float:
    """Distance of the data from the model: the maximum likelihood discrepancy, infinite where undefined.

    Per group log|Sigma| + tr(S Sigma^-1) - log|S| - p, and the squared distance of the means where they are
    modelled; groups weighted by their share of the persons.
    """
    total = sum(sample.n for sample in samples)
    result = 0.0
    for pattern, sample in zip(model.groups, samples, strict=True):
        covariance = imply_covariance(pattern, values)
        sign, size = np.linalg.slogdet(covariance)
        if sign <= 0 or np.linalg.eigvalsh(covariance)[0] <= 0:
            return float("inf")
        seen = sample.covariance
        if model.with_means:
            means = pattern.loadings.fill(values) @ pattern.factor_means.fill(values)
            off = sample.mean - pattern.intercepts.fill(values) - means
            seen = seen + np.outer(off, off)
        own = np.linalg.slogdet(sample.covariance)[1]
        distance = size - own + np.trace(np.linalg.solve(covariance, seen)) - len(covariance)
        result += sample.n / total * float(distance)
    return result


def slopes(model: FactorModel, samples: tuple[Sample, ...], values: Floats) -> tuple[Floats, Floats]:
    """Return the gradient of the misfit (t,), and the expected information of one person (t, t)."""
    total, t = sum(sample.n for sample in samples), len(values)
    gradient, information = np.zeros(t), np.zeros((t, t))
    for pattern, sample in zip(model.groups, samples, strict=True):
        share = sample.n / total
        at = imply(pattern, values)
        inverse = np.linalg.inv(at.covariance)
        turned = inverse @ at.slopes
        off = (sample.mean - at.mean) if model.with_means else np.zeros(len(inverse))
        rest = inverse @ (at.covariance - sample.covariance - np.outer(off, off)) @ inverse
        gradient += share * (np.einsum("ij,tij->t", rest, at.slopes) - 2 * at.mean_slopes @ inverse @ off)
        flipped = turned.transpose(0, 2, 1).reshape(t, -1)
        information += share * (turned.reshape(t, -1) @ flipped.T / 2)
        if model.with_means:
            information += share * (at.mean_slopes @ inverse @ at.mean_slopes.T)
    return gradient, information


def spread(model: FactorModel, samples: tuple[Sample, ...], values: Floats) -> tuple[Floats, float]:
    """Return what fourth moments make of the information: the scores' spread (t, t), and tr(W Gamma).

    W is the normal-theory weight of the sample moments at the model, Gamma their covariance estimated without
    taking the answers as normal (Satorra & Bentler 1994); both kept as sums over persons, never as matrices
    over all pairs of moments.
    """
    total, t = sum(sample.n for sample in samples), len(values)
    scores_spread, trace = np.zeros((t, t)), 0.0
    for pattern, sample in zip(model.groups, samples, strict=True):
        at = imply(pattern, values)
        inverse = np.linalg.inv(at.covariance)
        off = sample.answers - sample.mean
        turned = inverse @ at.slopes @ inverse
        quadratic = np.einsum("ni,tij,nj->nt", off, turned, off, optimize=True)
        scores = (quadratic - np.einsum("tij,ij->t", turned, sample.covariance)) / 2
        seen = inverse @ sample.covariance
        length = ((off @ inverse) * off).sum(axis=1)
        other = ((off @ inverse @ sample.covariance @ inverse) * off).sum(axis=1)
        trace += float((length**2 - 2 * other + np.trace(seen @ seen)).mean() / 2)
        if model.with_means:
            scores = scores + off @ inverse @ at.mean_slopes.T
            trace += float(length.mean())
        scores_spread += sample.n / total * (scores.T @ scores / sample.n)
    return scores_spread, trace
