"""Monte Carlo on a grid: how often an estimator refuses, rejects a true null, covers the truth, and its bias.

Each cell has a stream of chance of its own, so that one cell can be run again alone. An estimator is
released in a cell when the lower 97.5 % Monte Carlo bound of its false positives is at most 5 % and the
upper bound of its coverage at least 93 % (METHODS, rule 6). A cell in which everything is refused is
released too.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from statistics import fmean

import numpy as np

RESULTS = Path(__file__).parent / "results"
SEED = 20240801
Z = 1.96
MOST_FALSE, LEAST_COVERAGE = 0.05, 0.93
# Fewer answered runs than this say nothing of an estimator: it refuses nearly always.
FEWEST_ANSWERS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell: estimator, persons, clusters (0: none), share with the event, planted contrast."""

    estimator: str
    n: int
    clusters: int
    share: float
    contrast: float

    @property
    def stream(self) -> list[int]:
        """What the cell's chance is made from."""
        name = int.from_bytes(self.estimator.encode()[:7])
        return [SEED, name, self.n, self.clusters, round(1000 * self.share), round(1000 * self.contrast)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One run that was answered; NaN where there is no interval."""

    truth: float
    value: float
    low: float
    high: float
    p_value: float


Run = Callable[[Cell, np.random.Generator], Answer | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of one cell; shares of the answered runs, NaN where there are too few or no such thing."""

    cell: Cell
    runs: int
    refused: int
    rejected: float
    coverage: float
    bias: float

    @property
    def answered(self) -> int:
        return self.runs - self.refused

    @property
    def is_released(self) -> bool:
        """Whether the estimator may be used in the cell."""
        if self.answered < FEWEST_ANSWERS:
            return True
        too_often = self.cell.contrast == 0 and self.rejected - self.reach(self.rejected) > MOST_FALSE
        too_seldom = self.coverage + self.reach(self.coverage) < LEAST_COVERAGE
        return not (too_often or too_seldom)

    def reach(self, share: float) -> float:
        """Half the width of a share's Monte Carlo interval."""
        return Z * sqrt(share * (1 - share) / self.answered)


def run_cell(cell: Cell, run: Run, runs: int) -> Result:
    """Run one cell."""
    chance = np.random.default_rng(cell.stream)
    answers = [answer for _ in range(runs) if (answer := run(cell, chance)) is not None]
    refused = runs - len(answers)
    if not answers:
        nothing = float("nan")
        return Result(cell=cell, runs=runs, refused=refused, rejected=nothing, coverage=nothing, bias=nothing)
    covers = [a.low <= a.truth <= a.high for a in answers if not np.isnan(a.low)]
    return Result(
        cell=cell,
        runs=runs,
        refused=refused,
        rejected=fmean(a.p_value <= MOST_FALSE for a in answers),
        coverage=fmean(covers) if covers else float("nan"),
        bias=fmean(a.value - a.truth for a in answers),
    )


def run_grid(cells: Sequence[Cell], run: Run, *, runs: int, workers: int) -> list[Result]:
    """Run all cells, several at a time; the same numbers for any number of workers."""
    with ProcessPoolExecutor(max_workers=workers) as pool:
        return list(pool.map(run_cell, cells, [run] * len(cells), [runs] * len(cells)))


HEAD = ("estimator", "n", "clusters", "share", "contrast", "runs", "refused", "rejected", "coverage", "bias")


def write_results(results: Iterable[Result], path: Path) -> None:
    """Write results with the seed they come from."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(f"# seed {SEED}; shares of the answered runs; contrast 0 is a true null\n")
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(HEAD)
        for r in results:
            cell = (r.cell.estimator, r.cell.n, r.cell.clusters, r.cell.share, r.cell.contrast)
            rows.writerow([*cell, r.runs, r.refused, *(f"{x:.4f}" for x in (r.rejected, r.coverage, r.bias))])


def read_results(path: Path) -> list[Result]:
    """Read results."""
    with path.open(encoding="utf-8", newline="") as file:
        next(file)
        return [
            Result(
                cell=Cell(
                    estimator=row["estimator"],
                    n=int(row["n"]),
                    clusters=int(row["clusters"]),
                    share=float(row["share"]),
                    contrast=float(row["contrast"]),
                ),
                runs=int(row["runs"]),
                refused=int(row["refused"]),
                rejected=float(row["rejected"]),
                coverage=float(row["coverage"]),
                bias=float(row["bias"]),
            )
            for row in csv.DictReader(file)
        ]
