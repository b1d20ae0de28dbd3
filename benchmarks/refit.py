"""How much faster are refits in blocks than one after another?

    OPENBLAS_NUM_THREADS=1 python -m benchmarks.refit [--refits 2000] [--workers 2] [--alone 100]

Bootstrap resamples of a logistic regression of 13,865 people on 20 columns (invented), the size of HSLS:09.
One after another: statsmodels' Logit, and R's `boot` of `glm.fit` where R is installed, on fewer refits, in
milliseconds per refit. docs/evidence.md holds one run.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
from statsmodels.discrete.discrete_model import Logit

from backtorule_eval.analyses.logit import fit_logit
from backtorule_eval.analyses.refit import bootstrap_counts, refit_logit

PEOPLE, COLUMNS, SEED = 13_865, 20, 20240801
IN_R = """
suppressPackageStartupMessages(library(boot))
people <- as.matrix(read.csv("people.csv"))
y <- people[, 1]; x <- people[, -1]
set.seed(1)
one <- function(rows, at) glm.fit(x[at, ], y[at], family = binomial())$coefficients
started <- proc.time()[["elapsed"]]
found <- boot(seq_along(y), one, R = REFITS)
cat((proc.time()[["elapsed"]] - started) / REFITS)
"""


def main() -> None:
    """Print seconds per refit and the ratios."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--refits", type=int, default=2000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--alone", type=int, default=100, help="refits that are made one after another")
    given = parser.parse_args()
    if os.environ.get("OPENBLAS_NUM_THREADS") != "1":
        parser.error("set OPENBLAS_NUM_THREADS=1, as runs do: threads within threads wait for each other")
    x, y = invented()
    started = time.perf_counter()
    start = fit_logit(x=x, y=y).coef
    counts = bootstrap_counts(n=len(y), n_resamples=given.refits, seed=SEED, workers=given.workers)
    blocks = refit_logit(x=x, y=y, start=start, counts=counts, workers=given.workers)
    ours = (time.perf_counter() - started) / given.refits
    print(f"in blocks, {given.workers} workers: {ours * 1e3:.2f} ms per refit ({given.refits} refits)")
    theirs, difference = by_statsmodels(x, y, counts[: given.alone], blocks.coef)
    print(f"statsmodels Logit: {theirs * 1e3:.1f} ms, {theirs / ours:.0f} times as long; ", end="")
    print(f"largest difference of a coefficient {difference:.1e}")
    if shutil.which("Rscript"):
        r = by_r(x, y, given.alone)
        print(f"R boot of glm.fit: {r * 1e3:.1f} ms, {r / ours:.0f} times as long")


def invented() -> tuple[np.ndarray, np.ndarray]:
    """Return people with a constant and 19 columns, about one in six with the outcome."""
    chance = np.random.default_rng(SEED)
    x = np.column_stack([np.ones(PEOPLE), chance.normal(size=(PEOPLE, COLUMNS - 1))])
    log_odds = x @ np.concatenate([[-1.8], chance.normal(scale=0.2, size=COLUMNS - 1)])
    return x, (chance.random(PEOPLE) < 1 / (1 + np.exp(-log_odds))).astype(np.float64)


def by_statsmodels(x: np.ndarray, y: np.ndarray, counts: np.ndarray, ours: np.ndarray) -> tuple[float, float]:
    """Return seconds per refit, and the largest difference of a coefficient from ours."""
    started, largest = time.perf_counter(), 0.0
    for one, coef in zip(counts, ours, strict=False):
        rows = np.repeat(np.arange(len(y)), one)
        found = Logit(y[rows], x[rows]).fit(disp=0).params
        largest = max(largest, float(np.abs(found - coef).max()))
    return (time.perf_counter() - started) / len(counts), largest


def by_r(x: np.ndarray, y: np.ndarray, n_refits: int) -> float:
    """Return seconds per refit of R's boot, reading and starting apart."""
    with tempfile.TemporaryDirectory() as folder:
        names = ",".join(["y", *(f"x{i}" for i in range(x.shape[1]))])
        np.savetxt(
            Path(folder) / "people.csv",
            np.column_stack([y, x]),
            delimiter=",",
            header=names,
            comments="",
            fmt="%.17g",
        )
        script = IN_R.replace("REFITS", str(n_refits))
        done = subprocess.run(
            ["Rscript", "-e", script], cwd=folder, capture_output=True, text=True, check=True
        )
    return float(done.stdout)


if __name__ == "__main__":
    main()
