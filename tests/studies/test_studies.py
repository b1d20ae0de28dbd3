"""What the Monte Carlo studies found: committed, complete, and no estimator released where it fails."""

from __future__ import annotations

import numpy as np
import pytest

from tests.studies.grid import SEED, Answer, Cell, Result, read_results, run_cell, write_results
from tests.studies.motivation_contrast import (
    CELLS,
    CONTRAST,
    CURVE,
    CURVE_CELLS,
    CURVE_RUNS,
    RUNS,
    contrast_run,
    curve_run,
)

GRIDS = {CONTRAST: (CELLS, RUNS), CURVE: (CURVE_CELLS, CURVE_RUNS)}
CELL = Cell(estimator="log_odds", n=60, clusters=0, share=0.5, contrast=0.0)


def result(**given) -> Result:
    shown = dict(cell=CELL, runs=2000, refused=0, rejected=0.05, coverage=0.95, bias=0.0)
    return Result(**shown | given)


@pytest.mark.parametrize("path", GRIDS, ids=lambda path: path.stem)
def test_every_cell_has_its_runs_and_is_released(path):
    cells, runs = GRIDS[path]
    results = read_results(path)
    assert [r.cell for r in results] == cells
    assert {r.runs for r in results} == {runs}
    assert [r.cell for r in results if not r.is_released] == []


def test_one_office_is_always_refused():
    for r in read_results(CONTRAST):
        if r.cell.clusters in (1, 4) or r.cell.n == 20:
            assert r.refused == r.runs


def test_a_planted_contrast_is_found_without_bias_where_many_answer():
    many = [r for r in read_results(CONTRAST) if r.cell.n >= 400 and r.cell.contrast]
    assert many
    assert all(abs(r.bias) < 0.03 for r in many)


@pytest.mark.parametrize(
    ("found", "released"),
    [
        ({}, True),
        ({"rejected": 0.058}, True),
        ({"rejected": 0.065}, False),
        ({"coverage": 0.925}, True),
        ({"coverage": 0.9}, False),
        ({"rejected": 0.9, "refused": 1950}, True),
        ({"coverage": float("nan")}, True),
    ],
)
def test_a_cell_is_released_by_its_bounds(found, released):
    assert result(**found).is_released == released


def test_power_is_no_false_positive():
    assert result(
        cell=Cell(estimator="x", n=9, clusters=0, share=0.5, contrast=0.8), rejected=0.9
    ).is_released


def test_refusals_and_answers_are_counted(tmp_path):
    def run(cell, chance):
        if chance.random() < 0.25:
            return None
        return Answer(
            truth=0.0, value=0.5, low=-1.0, high=1.0 if chance.random() < 0.5 else -0.5, p_value=0.04
        )

    found = run_cell(CELL, run, 400)
    assert 70 < found.refused < 130
    assert (found.rejected, found.bias) == (1.0, 0.5)
    assert 0.4 < found.coverage < 0.6
    write_results([found], tmp_path / "x.csv")
    (again,) = read_results(tmp_path / "x.csv")
    assert (again.cell, again.refused) == (found.cell, found.refused)
    assert str(SEED) in (tmp_path / "x.csv").read_text(encoding="utf-8").splitlines()[0]


def test_a_cell_that_refuses_all_has_no_numbers():
    assert np.isnan(run_cell(CELL, lambda cell, chance: None, 5).rejected)


@pytest.mark.study
@pytest.mark.parametrize("path", GRIDS, ids=lambda path: path.stem)
def test_the_committed_results_are_those_of_the_grid(path):
    run = contrast_run if path == CONTRAST else curve_run
    for committed in read_results(path)[:: 7 if path == CONTRAST else 3]:
        again = run_cell(committed.cell, run, committed.runs)
        assert again.refused == committed.refused
        for name in ("rejected", "coverage", "bias"):
            # Another processor may round a p-value across 5 %.
            assert getattr(again, name) == pytest.approx(getattr(committed, name), abs=2e-3, nan_ok=True)
