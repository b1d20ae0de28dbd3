"""Studies x notebooks: what is to be run, in what processes, and what one failure means for the rest."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from backtorule_eval.errors import (
    DataProblem,
    DisclosureRefused,
    EvaluationError,
    NotebookFailed,
    ParameterProblem,
    SomeCohortsFailed,
)
from backtorule_eval.run.broken import save_broken
from backtorule_eval.run.execute import Outcome, Stop, execute
from backtorule_eval.run.job import Job, make_job
from backtorule_eval.run.log import RunLog
from backtorule_eval.run.problem_page import write_problem_page
from backtorule_eval.run.publish import CohortRun, write_outputs
from backtorule_eval.run.swap import finish_swaps
from backtorule_eval.study.importing import ImportedStudy, import_study
from backtorule_eval.study.parameters import check_given, read_declared
from backtorule_eval.study.study import find_study
from backtorule_eval.study.study_file import StudyFile, read_study_file
from backtorule_eval.study.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One study that passed every check that needs no data."""

    path: Path
    file: StudyFile
    notebooks: tuple[Path, ...]


@dataclass(slots=True, kw_only=True)
class Progress:
    """One cohort on its way."""

    planned: Planned
    imported: ImportedStudy
    jobs: tuple[Job, ...]
    outcomes: dict[str, Outcome] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Tell whether every notebook has an outcome."""
        return len(self.outcomes) == len(self.jobs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the command line asks for."""

    jobs: int = 1
    only: tuple[str, ...] = ()
    force: bool = False
    dry_run: bool = False


def run_matrix(studies: Sequence[str], *, workspace: Workspace, options: Options, log: RunLog) -> None:
    """Run every study; a study that fails does not stop the others.

    Raises
    ------
    EvaluationError
        The one failure of a single study; `SomeCohortsFailed` when others are done.
    """
    finish_swaps(workspace.outputs)
    failures: dict[str, EvaluationError] = {}
    planned = list(_plan_all(studies, workspace, options, failures, log))
    _refuse_twice_the_same(planned)
    if options.dry_run:
        _tell_plan(planned, log)
    else:
        _run_planned(planned, workspace, options, failures, log)
    _raise(failures, n_done=len(studies) - len(failures))


def plan(study: str, *, workspace: Workspace, only: Sequence[str] = ()) -> Planned:
    """Check a study file and all parameters it sets, before any kernel starts."""
    path = find_study(study, workspace)
    file = read_study_file(path)
    available = {p.stem: p for p in sorted(workspace.notebooks.glob("[0-9][0-9]_*.ipynb"))}
    lines = list(_mistakes(file, path.name, available))
    lines += [f"--only {name}: there is no such notebook." for name in only if not _chosen(available, [name])]
    if lines:
        raise ParameterProblem("\n".join(lines))
    wanted = _chosen(available, only) if only else available
    notebooks = tuple(p for name, p in wanted.items() if not file.left_out(name))
    if not notebooks:
        raise ParameterProblem(f"{path.name}: no notebook is left to run.")
    return Planned(path=path, file=file, notebooks=notebooks)


def _mistakes(file: StudyFile, study: str, available: dict[str, Path]) -> Iterator[str]:
    """Yield one line per unknown notebook, unknown parameter or wrong type."""
    for name in file.notebooks:
        if name not in available:
            yield f"{study}: notebooks: there is no notebook {name}. There are: {', '.join(available)}."
        else:
            declared = read_declared(available[name])
            yield from check_given(declared, file.overrides(name), where=f"{study}, {name}")


def _chosen(available: dict[str, Path], only: Sequence[str]) -> dict[str, Path]:
    """Return the notebooks named in full or by number."""
    return {n: p for n, p in available.items() if any(n == o or n.split("_")[0] == o for o in only)}


def _plan_all(
    studies: Sequence[str],
    workspace: Workspace,
    options: Options,
    failures: dict[str, EvaluationError],
    log: RunLog,
) -> Iterator[Planned]:
    """Plan every study; those with mistakes are told and left out."""
    for study in studies:
        try:
            yield plan(study, workspace=workspace, only=options.only)
        except EvaluationError as problem:
            _fail(study, problem, failures, log)


def _run_planned(
    planned: Sequence[Planned],
    workspace: Workspace,
    options: Options,
    failures: dict[str, EvaluationError],
    log: RunLog,
) -> None:
    """Import, execute, audit and render."""
    started = []
    for one in planned:
        try:
            started.append(_start(one, workspace, log))
        except EvaluationError as problem:
            _fail(one.file.cohort, problem, failures, log)
    log.total = sum(len(p.jobs) for p in started)
    by_cohort = {p.planned.file.cohort: p for p in started}
    for outcome, how in _outcomes([j for p in started for j in p.jobs], options):
        log.finished(outcome.job.cohort, outcome.job.notebook, how, outcome.seconds)
        progress = by_cohort[outcome.job.cohort]
        progress.outcomes[outcome.job.notebook] = outcome
        if progress.complete:
            _finish(progress, workspace, failures, log)


def _start(planned: Planned, workspace: Workspace, log: RunLog) -> Progress:
    """Import a cohort's data and make its jobs."""
    cohort = planned.file.cohort
    log.tell(f"{cohort}: reading data")
    try:
        imported = import_study(planned.file, study=planned.path, workspace=workspace)
    except DataProblem as problem:
        if problem.problems:
            page = write_problem_page(problem, workspace.outputs, cohort=cohort, language=planned.file.language)
            log.tell(f"{cohort}: every problem is listed in {page}")
        raise
    log.event(cohort, "import", persons=imported.n_persons, content=imported.content_hash)
    store = workspace.private("jobs", cohort)
    study = os.path.relpath(planned.path, workspace.root)
    jobs = tuple(_job(planned, notebook, imported, store=store, study=study) for notebook in planned.notebooks)
    return Progress(planned=planned, imported=imported, jobs=jobs)


def _job(planned: Planned, notebook: Path, imported: ImportedStudy, *, store: Path, study: str) -> Job:
    """Make the job of one notebook; every declared parameter is passed, so that nothing is left to chance."""
    overrides = planned.file.overrides(notebook.stem)
    values: dict[str, Any] = {
        d.name: overrides.get(d.name, d.default) for d in read_declared(notebook) if d.name != "study"
    }
    return make_job(
        file=planned.file,
        study=study,
        notebook=notebook,
        parameters=values,
        data_key=imported.content_hash,
        store=store,
    )


def _outcomes(jobs: Iterable[Job], options: Options) -> Iterator[tuple[Outcome, str]]:
    """Yield every job's outcome as it comes; finished jobs are not executed again."""
    todo = []
    for job in jobs:
        if job.finished and not options.force:
            yield Outcome(job=job, seconds=0.0), "unchanged"
        else:
            todo.append(job)
    for outcome in execute_all(todo, workers=options.jobs):
        yield outcome, "done" if outcome.stop is None else "stopped"


def execute_all(jobs: Sequence[Job], *, workers: int) -> Iterator[Outcome]:
    """Execute jobs in processes; a process that dies costs its jobs one more try and nothing else."""
    waiting, tries = list(jobs), {job.key: 0 for job in jobs}
    while waiting:
        lost: list[Job] = []
        with _pool(min(workers, len(waiting))) as pool:
            running = {pool.submit(execute, job): job for job in waiting}
            while running:
                ready, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in ready:
                    job = running.pop(future)
                    outcome = _result(future, job, tries)
                    if outcome is None:
                        lost.append(job)
                    else:
                        yield outcome
        waiting = lost


def _result(future: Future[Outcome], job: Job, tries: dict[str, int]) -> Outcome | None:
    """Return a job's outcome, or None when its process died for the first time."""
    try:
        return future.result()
    except BrokenProcessPool:
        tries[job.key] += 1
        if tries[job.key] < 2:  # noqa: PLR2004 - one retry
            return None
        return Outcome(job=job, seconds=0.0, stop=Stop(cell=None, kind="ProcessDied", message="", exit_code=5))


def _pool(workers: int) -> ProcessPoolExecutor:
    """Make a pool of fresh processes; fork would copy threads and locks of this one."""
    return ProcessPoolExecutor(max_workers=workers, mp_context=multiprocessing.get_context("spawn"))


def _finish(
    progress: Progress, workspace: Workspace, failures: dict[str, EvaluationError], log: RunLog
) -> None:
    """Audit and render a cohort whose notebooks are through, or say which of them stopped."""
    file = progress.planned.file
    try:
        stopped = [o for o in progress.outcomes.values() if o.stop is not None]
        if stopped:
            raise _stopped(stopped, workspace, file, log)
        run = CohortRun(file=file, study=progress.planned.path, imported=progress.imported, jobs=progress.jobs)
        index = write_outputs(run, workspace=workspace, log=log)
        log.tell(f"{file.cohort}: {index}")
    except EvaluationError as problem:
        _fail(file.cohort, problem, failures, log)


def _stopped(outcomes: list[Outcome], workspace: Workspace, file: StudyFile, log: RunLog) -> EvaluationError:
    """Save the broken notebooks, then make the error that tells of them."""
    lines, codes = [], set()
    for outcome in sorted(outcomes, key=lambda o: o.job.notebook):
        folder = workspace.outputs / ".failed" / file.cohort
        path = save_broken(outcome, folder=folder, language=file.language)
        stop = outcome.stop
        codes.add(stop.exit_code if stop else 0)
        cell = f"cell {stop.cell}" if stop and stop.cell else "the kernel"
        lines.append(f"{outcome.job.notebook}: {cell} raised {stop.kind if stop else ''}. {stop.message if stop else ''}")
        lines.append(f"  saved without outputs: {path}")
        log.event(file.cohort, "stopped", notebook=outcome.job.notebook, kind=stop.kind if stop else "")
    lines.append(f"  tracebacks are kept in the private store: {workspace.store / 'jobs' / file.cohort}")
    kinds: dict[int, type[EvaluationError]] = {2: ParameterProblem, 3: DataProblem, 4: DisclosureRefused}
    kind = kinds.get(codes.pop(), NotebookFailed) if len(codes) == 1 else NotebookFailed
    return kind("\n".join(lines))


def _fail(name: str, problem: EvaluationError, failures: dict[str, EvaluationError], log: RunLog) -> None:
    """Tell of a failure and go on."""
    failures[name] = problem
    log.tell(f"{name}: failed\n{problem}")


def _refuse_twice_the_same(planned: Sequence[Planned]) -> None:
    """Two studies of one name would write to one folder."""
    slugs = [p.file.cohort for p in planned]
    twice = sorted({s for s in slugs if slugs.count(s) > 1})
    if twice:
        raise ParameterProblem(f"More than one of the study files is for cohort {', '.join(twice)}.")


def _tell_plan(planned: Sequence[Planned], log: RunLog) -> None:
    """Say what would be run."""
    for one in planned:
        for notebook in one.notebooks:
            values = one.file.overrides(notebook.stem)
            chosen = ", ".join(f"{k}={v!r}" for k, v in values.items()) or "defaults"
            log.tell(f"{one.file.cohort} {notebook.stem}: {chosen}")


def _raise(failures: dict[str, EvaluationError], *, n_done: int) -> None:
    """End with the exit code that says what happened."""
    if not failures:
        return
    if n_done:
        raise SomeCohortsFailed(f"{len(failures)} failed ({', '.join(failures)}); {n_done} done.")
    codes = {p.exit_code for p in failures.values()}
    if len(failures) == 1 or len(codes) == 1:
        kind = type(next(iter(failures.values())))
        raise kind(f"failed: {', '.join(failures)}")
    raise NotebookFailed(f"all failed: {', '.join(failures)}")
