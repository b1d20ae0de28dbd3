"""Jobs in processes: as many at a time as asked for, and a process that dies takes nothing else with it."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool

from backtorule_eval.run.execute import Outcome, Stop, execute
from backtorule_eval.run.job import Job

PROCESS_DIED = Stop(cell=None, kind="ProcessDied", message="", exit_code=5)


def execute_all(jobs: Sequence[Job], *, workers: int) -> Iterator[Outcome]:
    """Execute jobs and yield their outcomes as they come.

    A process that dies (out of memory, killed) breaks the pool for every job under way; each of them is then
    tried once more in a pool of its own, so that the one at fault fails alone.
    """
    lost: list[Job] = []
    for job, outcome in _tried(jobs, workers=workers):
        if outcome is None:
            lost.append(job)
        else:
            yield outcome
    for job in lost:
        for _, outcome in _tried([job], workers=1):
            yield outcome or Outcome(job=job, seconds=0.0, stop=PROCESS_DIED)


def _tried(jobs: Sequence[Job], *, workers: int) -> Iterator[tuple[Job, Outcome | None]]:
    """Execute jobs in one pool; None for those whose process died."""
    if not jobs:
        return
    with _pool(min(workers, len(jobs))) as pool:
        running = {pool.submit(execute, job): job for job in jobs}
        for future in as_completed(running):
            yield running[future], _result(future)


def _result(future: Future[Outcome]) -> Outcome | None:
    """Return a job's outcome, or None when its process died."""
    try:
        return future.result()
    except BrokenProcessPool:
        return None


def _pool(workers: int) -> ProcessPoolExecutor:
    """Make a pool of fresh processes; fork would copy threads and locks of this one."""
    return ProcessPoolExecutor(max_workers=workers, mp_context=multiprocessing.get_context("spawn"))
