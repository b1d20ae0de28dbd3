"""`backtorule run STUDY...`: execute, audit and render studies."""

from __future__ import annotations

import argparse
import importlib.util
import os

from backtorule_eval.errors import ParameterProblem
from backtorule_eval.run.log import RunLog
from backtorule_eval.run.matrix import Matrix, Options
from backtorule_eval.study.workspace import find_workspace


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("study", nargs="+", metavar="STUDY", help="a study file, e.g. params/demo.yaml")
    parser.add_argument(
        "--jobs",
        type=int,
        default=os.cpu_count() or 1,
        metavar="N",
        help="notebooks at a time (default: all cores)",
    )
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="NB",
        help="run only this notebook, by name or number; repeatable",
    )
    parser.add_argument("--force", action="store_true", help="execute again what is already up to date")
    parser.add_argument(
        "--dry-run", action="store_true", help="check study files and parameters, tell the plan, stop"
    )
    parser.add_argument(
        "--executor", choices=("local", "dask"), default="local", help="where notebooks are executed"
    )
    parser.add_argument(
        "--scheduler", metavar="ADDRESS", help="of a running Dask scheduler, e.g. tcp://host:8786"
    )
    parser.add_argument("--quiet", action="store_true", help="tell nothing but errors")


def run(arguments: argparse.Namespace) -> int:
    """Run the studies; errors carry their own exit codes."""
    if arguments.jobs < 1:
        raise ParameterProblem("--jobs must be at least 1.")
    if (arguments.executor == "dask") != (arguments.scheduler is not None):
        raise ParameterProblem("--executor dask and --scheduler ADDRESS go together.")
    if arguments.scheduler and importlib.util.find_spec("distributed") is None:
        raise ParameterProblem("--executor dask needs the extra: pip install 'backtorule-eval[cluster]'")
    options = Options(
        jobs=arguments.jobs,
        only=tuple(arguments.only),
        force=arguments.force,
        dry_run=arguments.dry_run,
        scheduler=arguments.scheduler,
    )
    matrix = Matrix(workspace=find_workspace(), options=options, log=RunLog(quiet=arguments.quiet))
    matrix.run(arguments.study)
    return 0
