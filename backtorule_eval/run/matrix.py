"""Studies x notebooks: import, execute, audit, render; and what one failure means for the rest."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from backtorule_eval.errors import (
    DataProblem,
    DisclosureRefused,
    EvaluationError,
    NotebookFailed,
    ParameterProblem,
    SomeCohortsFailed,
)
from backtorule_eval.run.broken import save_broken
from backtorule_eval.run.cohort_run import CohortRun
from backtorule_eval.run.execute import Outcome, Stop
from backtorule_eval.run.fault import tell_fault
from backtorule_eval.run.job import Job
from backtorule_eval.run.job_key import make_job
from backtorule_eval.run.log import RunLog
from backtorule_eval.run.outputs import write_outputs
from backtorule_eval.run.planning import Planned, plan, refuse_one_name_twice
from backtorule_eval.run.pool import execute_all
from backtorule_eval.run.problem_page import write_problem_page
from backtorule_eval.run.swap import finish_swaps
from backtorule_eval.study.findings import FINDINGS
from backtorule_eval.study.importing import ImportedStudy, import_study
from backtorule_eval.study.parameters import read_declared
from backtorule_eval.study.study_file import StudyFile
from backtorule_eval.study.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the command line asks for."""

    jobs: int = 1
    only: tuple[str, ...] = ()
    force: bool = False
    dry_run: bool = False
    scheduler: str | None = None


@dataclass(slots=True, kw_only=True)
class Progress:
    """One cohort on its way.

    Attributes
    ----------
    jobs, findings : tuple of Job
        Notebooks in any order, and then those that show the claims of the others again.
    """

    planned: Planned
    imported: ImportedStudy
    jobs: tuple[Job, ...]
    findings: tuple[Job, ...] = ()
    outcomes: dict[str, Outcome] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Tell whether every notebook has an outcome, or one stopped before the findings could start."""
        n_awaited = len(self.jobs) + (0 if self.stops else len(self.findings))
        return len(self.outcomes) == n_awaited

    @property
    def stops(self) -> list[tuple[Outcome, Stop]]:
        """The notebooks that stopped, in order."""
        ordered = sorted(self.outcomes.values(), key=lambda o: o.job.notebook)
        return [(o, o.stop) for o in ordered if o.stop is not None]


@dataclass(slots=True, kw_only=True)
class Matrix:
    """One run of one or more studies."""

    workspace: Workspace
    options: Options
    log: RunLog
    failures: dict[str, EvaluationError] = field(default_factory=dict)

    def run(self, studies: Sequence[str]) -> None:
        """Run every study; a study that fails does not stop the others.

        Raises
        ------
        EvaluationError
            The failure of a single study, or of all of one kind; `SomeCohortsFailed` when others are done.
        """
        finish_swaps(self.workspace.outputs)
        planned = [p for p in (self._planned(study) for study in studies) if p is not None]
        refuse_one_name_twice(planned)
        if self.options.dry_run:
            self._tell(planned)
        else:
            self._run(planned)
        _raise(self.failures, n_done=len(studies) - len(self.failures))

    def _planned(self, study: str) -> Planned | None:
        """Plan one study, or tell its mistakes."""
        try:
            return plan(study, workspace=self.workspace, only=self.options.only)
        except EvaluationError as problem:
            self._fail(study, problem)
            return None

    def _run(self, planned: Sequence[Planned]) -> None:
        """Import, execute, audit and render."""
        started = [p for p in (self._started(one) for one in planned) if p is not None]
        self.log.total = sum(len(p.jobs) + len(p.findings) for p in started)
        by_cohort = {p.planned.file.cohort: p for p in started}
        self._go_through([job for p in started for job in p.jobs], by_cohort)
        self._go_through([job for p in started if not p.stops for job in p.findings], by_cohort)

    def _go_through(self, jobs: Sequence[Job], by_cohort: Mapping[str, Progress]) -> None:
        """Execute jobs and finish each cohort whose last notebook is through."""
        for outcome, how in self._outcomes(jobs):
            self.log.finished(outcome.job.cohort, outcome.job.notebook, how, outcome.seconds)
            progress = by_cohort[outcome.job.cohort]
            progress.outcomes[outcome.job.notebook] = outcome
            if progress.complete:
                self._finish(progress)

    def _started(self, planned: Planned) -> Progress | None:
        """Import a cohort's data and make its jobs, or tell what is wrong with the data."""
        cohort = planned.file.cohort
        self.log.tell(f"{cohort}: reading data")
        try:
            imported = import_study(planned.file, study=planned.path, workspace=self.workspace)
        except EvaluationError as problem:
            self._write_problems(problem, planned.file)
            self._fail(cohort, problem)
            return None
        except Exception as fault:
            self._fail(cohort, EvaluationError(tell_fault(fault)))
            return None
        self.log.event(cohort, "import", content=imported.content_hash)
        notebooks = [n for n in planned.notebooks if n.stem != FINDINGS]
        jobs = self._jobs(planned, imported, notebooks)
        last = [n for n in planned.notebooks if n.stem == FINDINGS]
        findings = self._jobs(planned, imported, last, earlier=jobs)
        return Progress(planned=planned, imported=imported, jobs=jobs, findings=findings)

    def _jobs(
        self,
        planned: Planned,
        imported: ImportedStudy,
        notebooks: Sequence[Path],
        *,
        earlier: Sequence[Job] = (),
    ) -> tuple[Job, ...]:
        """Make one job per notebook; every declared parameter is passed, so nothing is left to chance."""
        study = os.path.relpath(planned.path, self.workspace.root)
        store = self.workspace.private("jobs", planned.file.cohort)
        jobs = []
        for notebook in notebooks:
            overrides = planned.file.overrides(notebook.stem)
            values = {
                d.name: overrides.get(d.name, d.default) for d in read_declared(notebook) if d.name != "study"
            }
            job = make_job(
                file=planned.file,
                study=study,
                notebook=notebook,
                parameters=values,
                data_key=imported.content_hash,
                store=store,
                earlier=earlier,
            )
            jobs.append(job)
        return tuple(jobs)

    def _outcomes(self, jobs: Iterable[Job]) -> Iterator[tuple[Outcome, str]]:
        """Yield every job's outcome as it comes; finished jobs are not executed again."""
        todo = []
        for job in jobs:
            if job.finished and not self.options.force:
                yield Outcome(job=job, seconds=0.0), "unchanged"
            else:
                todo.append(job)
        for outcome in self._executed(todo):
            yield outcome, "done" if outcome.stop is None else "stopped"

    def _executed(self, todo: Sequence[Job]) -> Iterator[Outcome]:
        """Execute on this machine, or on the workers of a cluster."""
        if self.options.scheduler is None:
            return execute_all(todo, workers=self.options.jobs)
        # By name: the package that it needs is an extra.
        cluster = importlib.import_module("backtorule_eval.run.cluster")
        outcomes: Iterator[Outcome] = cluster.execute_on_cluster(todo, scheduler=self.options.scheduler)
        return outcomes

    def _finish(self, progress: Progress) -> None:
        """Audit and render a cohort whose notebooks are through, or say which of them stopped."""
        file = progress.planned.file
        try:
            if progress.stops:
                raise self._stopped(progress)
            run = CohortRun(
                file=file,
                study=progress.planned.path,
                imported=progress.imported,
                jobs=(*progress.jobs, *progress.findings),
            )
            index = write_outputs(run, workspace=self.workspace, log=self.log)
            self.log.tell(f"{file.cohort}: {index}")
        except EvaluationError as problem:
            self._fail(file.cohort, problem)
        except Exception as fault:
            # A fault of ours in one cohort does not stop the others either.
            self._fail(file.cohort, EvaluationError(tell_fault(fault)))

    def _stopped(self, progress: Progress) -> EvaluationError:
        """Save the broken notebooks, then make the error that tells of them."""
        file = progress.planned.file
        folder = self.workspace.outputs / ".failed" / file.cohort
        lines = []
        for outcome, stop in progress.stops:
            path = save_broken(outcome, stop, folder=folder, language=file.language)
            place = f"cell {stop.cell}" if stop.cell else "the kernel"
            lines.append(f"{outcome.job.notebook}: {place} raised {stop.kind}. {stop.message}".rstrip())
            lines.append(f"  saved without outputs: {path}")
            self.log.event(file.cohort, "stopped", notebook=outcome.job.notebook, kind=stop.kind)
        lines.append(f"  tracebacks are in the private store: {self.workspace.store / 'jobs' / file.cohort}")
        return _error_for({stop.exit_code for _, stop in progress.stops})("\n".join(lines))

    def _write_problems(self, problem: EvaluationError, file: StudyFile) -> None:
        """Write the page that lists what is wrong with the data; earlier outputs stay as they are."""
        if isinstance(problem, DataProblem) and problem.problems:
            page = write_problem_page(
                problem, self.workspace.outputs, cohort=file.cohort, language=file.language
            )
            self.log.tell(f"{file.cohort}: every problem is listed in {page}")

    def _fail(self, name: str, problem: EvaluationError) -> None:
        """Tell of a failure and go on."""
        self.failures[name] = problem
        self.log.tell(f"{name}: failed\n{problem}")

    def _tell(self, planned: Sequence[Planned]) -> None:
        """Say what would be run."""
        for one in planned:
            for notebook in one.notebooks:
                values = one.file.overrides(notebook.stem)
                chosen = ", ".join(f"{k}={v!r}" for k, v in values.items()) or "defaults"
                self.log.tell(f"{one.file.cohort} {notebook.stem}: {chosen}")


def _error_for(codes: set[int]) -> type[EvaluationError]:
    """Return the one kind of error that several notebooks stopped with, or the general one."""
    kinds: dict[int, type[EvaluationError]] = {2: ParameterProblem, 3: DataProblem, 4: DisclosureRefused}
    return kinds.get(min(codes), NotebookFailed) if len(codes) == 1 else NotebookFailed


def _raise(failures: dict[str, EvaluationError], *, n_done: int) -> None:
    """End with the exit code that says what happened; the messages were told as they came."""
    if not failures:
        return
    if n_done:
        raise SomeCohortsFailed(f"{len(failures)} failed ({', '.join(failures)}); {n_done} done.")
    kinds = {type(problem) for problem in failures.values()}
    kind = kinds.pop() if len(kinds) == 1 else NotebookFailed
    raise kind(f"failed: {', '.join(failures)}")
