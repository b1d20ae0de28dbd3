"""The motivation contrast on a grid: `python -m tests.studies.motivation_contrast [--workers 2]`.

Two scales that correlate 0.5; log odds of the event fall by 0.3 on average of both, and the planted
contrast is what one scale has more than the other. Persons without clusters: log odds, by Firth's penalty
below 50 events. Persons in clusters (intraclass correlation 0.05 in the log odds, scales that differ
between clusters): shares, by CR2. One cluster is the one office that cannot be told from its programme.
What the support table refuses is refused here by the same rules.
"""

from __future__ import annotations

import argparse
from functools import cache, partial

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit

from backtorule_eval.analyses.cluster_robust import clustered_contrast
from backtorule_eval.analyses.contrast import Contrast, linear_contrast
from backtorule_eval.analyses.firth import fit_firth
from backtorule_eval.analyses.firth_profile import profile_contrast
from backtorule_eval.analyses.logit import fit_logit
from backtorule_eval.analyses.specification_curve import Specification, specification_curve
from backtorule_eval.analyses.support import find_shortfalls, require_support
from backtorule_eval.errors import NotEstimable
from tests.studies.grid import RESULTS, Answer, Cell, run_grid, write_results

CONTRAST, CURVE = RESULTS / "motivation_contrast.csv", RESULTS / "specification_curve.csv"
RUNS, CURVE_RUNS, PERMUTATIONS = 2000, 1000, 199
WEIGHTS = np.array([0.0, 1.0, -1.0])
AVERAGE, ICC, SCALE_SHIFT = -0.3, 0.05, 0.3
CLUSTER_SD = float(np.sqrt(ICC / (1 - ICC) * np.pi**2 / 3))
LARGE = 400_000
N_PARAMETERS = len(WEIGHTS)

CELLS = [
    *(
        Cell(estimator="log_odds", n=n, clusters=0, share=share, contrast=contrast)
        for n in (20, 30, 60, 100, 200, 400)
        for share in (0.15, 0.3, 0.5)
        for contrast in (0.0, 0.8)
    ),
    *(
        Cell(estimator="share_cr2", n=clusters * size, clusters=clusters, share=share, contrast=contrast)
        for clusters in (1, 4, 6, 8, 12, 30)
        for size in (10, 25)
        for share in (0.2, 0.5)
        for contrast in (0.0, 0.8)
    ),
]
CURVE_CELLS = [
    Cell(estimator="curve_median", n=n, clusters=0, share=share, contrast=contrast)
    for n in (60, 100, 200, 400)
    for share in (0.15, 0.3)
    for contrast in (0.0, 0.8)
]


def people(cell: Cell, chance: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw the design, the outcome and the clusters of n persons."""
    n_clusters = max(1, cell.clusters * n // cell.n)
    clusters = np.arange(n) % n_clusters
    shift = chance.normal(scale=SCALE_SHIFT, size=(n_clusters, 2))[clusters] if cell.clusters else 0.0
    common = chance.normal(size=(n, 1))
    scales = (common + chance.normal(size=(n, 2))) / np.sqrt(2) + shift
    x = np.column_stack([np.ones(n), scales])
    level = chance.normal(scale=CLUSTER_SD, size=n_clusters)[clusters] if cell.clusters else 0.0
    slopes = AVERAGE + cell.contrast / 2 * np.array([1.0, -1.0])
    log_odds = constant(cell.share, cell.contrast, bool(cell.clusters)) + scales @ slopes + level
    return x, (chance.random(n) < expit(log_odds)).astype(float), clusters


@cache
def constant(share: float, contrast: float, in_clusters: bool) -> float:
    """Find the constant at which so many have the event."""
    chance = np.random.default_rng(1)
    common = chance.normal(size=(LARGE, 1))
    shift = chance.normal(scale=SCALE_SHIFT, size=(LARGE, 2)) if in_clusters else 0.0
    scales = (common + chance.normal(size=(LARGE, 2))) / np.sqrt(2) + shift
    level = chance.normal(scale=CLUSTER_SD, size=LARGE) if in_clusters else 0.0
    rest = scales @ (AVERAGE + contrast / 2 * np.array([1.0, -1.0])) + level
    return float(brentq(lambda at: expit(at + rest).mean() - share, -8, 8, xtol=1e-6))


@cache
def marginal_truth(share: float, contrast: float) -> float:
    """The contrast in shares that least squares finds among very many persons in very many clusters."""
    if contrast == 0:
        return 0.0
    many = Cell(estimator="truth", n=LARGE, clusters=LARGE // 20, share=share, contrast=contrast)
    x, y, _clusters = people(many, np.random.default_rng(2), LARGE)
    return float(WEIGHTS @ np.linalg.lstsq(x, y, rcond=None)[0])


def contrast_run(cell: Cell, chance: np.random.Generator) -> Answer | None:
    """Draw people and answer, or refuse as the ladder does."""
    x, y, clusters = people(cell, chance, cell.n)
    rarer = float(min(y.sum(), len(y) - y.sum()))
    try:
        if cell.estimator == "log_odds":
            return _answer(_log_odds(x, y, rarer), cell.contrast)
        n_clusters = float(len(np.unique(clusters)))
        require_support(
            "linear_probability_contrast",
            clusters=n_clusters,
            clusters_with_variation=n_clusters,
            events=rarer,
            events_per_parameter=rarer / N_PARAMETERS,
        )
        found = clustered_contrast(x=x, y=y, clusters=clusters, weights=WEIGHTS)
        require_support("clustered_inference", satterthwaite_df=found.df)
    except NotEstimable:
        return None
    return _answer(found.contrast, marginal_truth(cell.share, cell.contrast))


def _log_odds(x: np.ndarray, y: np.ndarray, rarer: float) -> Contrast:
    """Fit as the ladder does."""
    require_support("logit", events=rarer, events_per_parameter=rarer / N_PARAMETERS)
    if find_shortfalls("logit_maximum_likelihood", events=rarer):
        return profile_contrast(fit_firth(x=x, y=y), x=x, y=y, weights=WEIGHTS)
    fit = fit_logit(x=x, y=y)
    return linear_contrast(coef=fit.coef, cov=fit.cov, weights=WEIGHTS)


def _answer(found: Contrast, truth: float) -> Answer:
    return Answer(truth=truth, value=found.value, low=found.low, high=found.high, p_value=found.p_value)


def curve_run(cell: Cell, chance: np.random.Generator) -> Answer | None:
    """Answer under four sets of choices: two measures of the scales, with and without a covariate."""
    x, y, _clusters = people(cell, chance, cell.n)
    rarer = float(min(y.sum(), len(y) - y.sum()))
    covariate = 0.5 * x[:, 1:2] + chance.normal(size=(len(y), 1))
    noise = chance.normal(scale=0.5, size=(len(y), 2))
    designs = [np.column_stack([x[:, :1], x[:, 1:] + k * noise]) for k in (0, 1)]
    made = [np.column_stack([d, covariate]) if with_it else d for d in designs for with_it in (False, True)]
    specifications = [
        Specification(choices=(), x=d, weights=np.concatenate([WEIGHTS, np.zeros(d.shape[1] - 3)]))
        for d in made
    ]
    try:
        require_support("logit", events=rarer, events_per_parameter=rarer / 4)
        require_support("logit_maximum_likelihood", events=rarer)
        found = specification_curve(
            specifications=specifications,
            y=y,
            n_permutations=PERMUTATIONS,
            seed=int(chance.integers(1 << 30)),
        )
    except NotEstimable:
        return None
    nothing = float("nan")
    value = found.median.value
    return Answer(truth=cell.contrast, value=value, low=nothing, high=nothing, p_value=found.median.p_value)


def main() -> None:
    """Run both grids and write their results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=2)
    workers = parser.parse_args().workers
    for cells, run, runs, path in (
        (CELLS, contrast_run, RUNS, CONTRAST),
        (CURVE_CELLS, curve_run, CURVE_RUNS, CURVE),
    ):
        write_results(run_grid(cells, partial(run), runs=runs, workers=workers), path)


if __name__ == "__main__":
    main()
