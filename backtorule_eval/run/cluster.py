"""Jobs on the workers of a Dask cluster; needs the extra ``cluster`` and a folder that all machines see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import distributed

from backtorule_eval.run.execute import Outcome, execute
from backtorule_eval.run.job import Job
from backtorule_eval.run.pool import PROCESS_DIED

# distributed ships no types for what is used here.
DASK: Any = distributed


def execute_on_cluster(jobs: Sequence[Job], *, scheduler: str) -> Iterator[Outcome]:
    """Execute jobs on the workers of a running scheduler and yield their outcomes as they come.

    Workers must have one thread each (``dask worker --nthreads 1``): a notebook changes its process's working
    folder and environment. A worker that dies costs its job one more try, and nothing else.

    Parameters
    ----------
    jobs : sequence of Job
        Their folders must mean the same place on every machine.
    scheduler : str
        Address, e.g. ``tcp://10.0.0.1:8786`` or ``tls://...``.
    """
    with DASK.Client(scheduler) as client:
        futures = {client.submit(execute, job, key=job.key, pure=False, retries=1): job for job in jobs}
        for future in DASK.as_completed(list(futures)):
            died = future.status == "error"
            job = futures[future]
            yield Outcome(job=job, seconds=0.0, stop=PROCESS_DIED) if died else future.result()
