"""`backtorule check STUDY`: list every problem of a study's data, with what to do."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path

from backtorule_eval.cohort.problems import stops
from backtorule_eval.errors import DataProblem, ParameterProblem
from backtorule_eval.run.problem_page import (
    FOLDER,
    Checked,
    problem_page,
    problem_table,
    summary,
    where_it_is,
    write_page,
)
from backtorule_eval.study.importing import import_cohort
from backtorule_eval.study.study_file import StudyFile, read_study_file
from backtorule_eval.study.workspace import Workspace, find_study, find_workspace

DEFAULT_WIDTH = 100


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("study", metavar="STUDY", help="a study file, e.g. params/demo.yaml")
    parser.add_argument("--language", choices=("nb", "en"), help="of the report (default: the study's)")
    parser.add_argument(
        "--page",
        type=Path,
        metavar="PATH",
        help=f"where to write the HTML page (default: outputs/{FOLDER}/COHORT.html)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Read and check the data, tell all problems, write the page; 3 if the data cannot be used, else 0."""
    workspace = find_workspace()
    path = find_study(arguments.study, workspace)
    file = read_study_file(path)
    language = arguments.language or file.language
    checked = check_study(file, study=path, workspace=workspace)
    page = arguments.page or workspace.outputs / FOLDER / f"{file.cohort}.html"
    try:
        write_page(problem_page(checked, language=language), page)
    except OSError as problem:
        raise ParameterProblem(f"The page {page} cannot be written: {problem.strerror}.") from None
    _tell(checked, page, language)
    return DataProblem.exit_code if stops(checked.problems) else 0


def check_study(file: StudyFile, *, study: Path, workspace: Workspace) -> Checked:
    """What is wrong with the data of a study?

    Raises
    ------
    DataProblem
        The data cannot be read at all, and there is no list of problems.
    """
    try:
        report = import_cohort(file, study=study, workspace=workspace).report
    except DataProblem as problem:
        if not problem.problems:
            raise
        return Checked(name=file.cohort, problems=problem.problems)
    return Checked(
        name=file.cohort,
        problems=report.warnings,
        n_files=len(report.files),
        n_rows=sum(one.rows for one in report.files),
    )


def _tell(checked: Checked, page: Path, language: str) -> None:
    """Write the table, the sentence and the page's place to the terminal."""
    width = shutil.get_terminal_size((DEFAULT_WIDTH, 24)).columns
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    table = problem_table(checked.problems, language=language, width=width, colour=colour)
    sentences = (summary(checked, language=language), where_it_is(page, language=language))
    sys.stdout.write("\n".join([*([table] if table else []), *sentences]) + "\n")
