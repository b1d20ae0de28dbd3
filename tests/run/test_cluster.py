"""The same study on the workers of a Dask cluster gives the same outputs as on this machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from distributed import LocalCluster

from backtorule_eval.run import cli

FLOW = 'study.publish(describe_flow(study.cohort), view="flow")'
TIMED = {"manifest.json", "run.log.jsonl"}


def outputs(workspace: Path) -> dict[str, bytes]:
    folder = workspace / "outputs" / "tiny"
    return {p.name: p.read_bytes() for p in folder.rglob("*") if p.is_file() and p.name not in TIMED}


@pytest.mark.slow
@pytest.mark.notebooks
def test_a_cluster_gives_the_same_bytes_and_tells_of_a_broken_notebook(workspace, notebook, capsys):
    notebook("01_a", FLOW)
    assert cli.main(["run", "params/tiny.yaml"]) == 0
    here = outputs(workspace)
    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster:
        address = ["--executor", "dask", "--scheduler", cluster.scheduler_address]
        assert cli.main(["run", "params/tiny.yaml", "--force", *address]) == 0
        assert outputs(workspace) == here
        notebook("01_a", "1 / 0")
        assert cli.main(["run", "params/tiny.yaml", *address]) == 5
    assert "raised ZeroDivisionError" in capsys.readouterr().err


@pytest.mark.parametrize("options", [["--executor", "dask"], ["--scheduler", "tcp://127.0.0.1:1"]])
def test_executor_and_scheduler_go_together(workspace, capsys, options):
    assert cli.main(["run", "params/tiny.yaml", *options]) == 2
    assert "go together" in capsys.readouterr().err
