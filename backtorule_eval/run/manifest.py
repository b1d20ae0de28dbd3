"""Where every number comes from: hashes, parameters, versions, seed and times."""

from __future__ import annotations

import hashlib
import json
import platform
import time
from pathlib import Path
from typing import Any

from backtorule_eval.disclosure.plan import Plan, plan_digest
from backtorule_eval.disclosure.rules import rules_to_plain
from backtorule_eval.report.page import Fact
from backtorule_eval.run.cohort_run import CohortRun
from backtorule_eval.run.job import DONE
from backtorule_eval.run.job_key import versions

NAMES = {
    "nb": {
        "cohort": "Kull",
        "data": "Datainnhold (SHA-256)",
        "study": "Studiefil (SHA-256)",
        "plan": "Kontrollert plan (SHA-256)",
        "rules": "Regler for avsløring",
        "seed": "Frø",
        "as_of": "Data til og med",
        "versions": "Versjoner",
        "public": "ingen: dataene er offentlige eller oppdiktede",
        "threshold": "antall fra 1 til {below} vises ikke, resten avrundes til nærmeste {base}",
    },
    "en": {
        "cohort": "Cohort",
        "data": "Content of the data (SHA-256)",
        "study": "Study file (SHA-256)",
        "plan": "Audited plan (SHA-256)",
        "rules": "Disclosure rules",
        "seed": "Seed",
        "as_of": "Data up to",
        "versions": "Versions",
        "public": "none: the data are public or invented",
        "threshold": "counts from 1 to {below} are not shown, others are rounded to the nearest {base}",
    },
}


def provenance(run: CohortRun, *, plan: Plan) -> tuple[Fact, ...]:
    """Return what a page says of how it was made; no times, so that the same inputs give the same bytes."""
    words = NAMES[run.file.language]
    rules = plan.rules
    told = words["threshold"].format(below=rules.threshold - 1, base=rules.base)
    values = {
        "cohort": run.file.cohort,
        "as_of": run.file.as_of.isoformat() if run.file.as_of else "",
        "data": run.imported.content_hash,
        "study": _file_hash(run.study),
        "plan": plan_digest(plan),
        "rules": words["public"] if rules.public else told,
        "seed": str(run.file.seed),
        "versions": ", ".join(
            f"{n} {v}" for n, v in {"Python": platform.python_version(), **versions()}.items()
        ),
    }
    return tuple(Fact(name=words[name], value=value) for name, value in values.items() if value)


def manifest(run: CohortRun, *, plan: Plan, folder: Path) -> dict[str, Any]:
    """Return everything a later reader needs to make the same outputs again, and when these were made."""
    done = {job.notebook: json.loads((Path(job.folder) / DONE).read_text("utf-8")) for job in run.jobs}
    return {
        "cohort": run.file.cohort,
        "title": run.file.title.model_dump(),
        "finished": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "data": run.file.data,
        "content": run.imported.content_hash,
        "study": {"file": run.study.name, "sha256": _file_hash(run.study)},
        "disclosure": rules_to_plain(plan.rules),
        "plan": plan_digest(plan),
        "history": plan.history,
        "stands": plan.stands,
        "seed": run.file.seed,
        "language": run.file.language,
        "versions": {"python": platform.python_version(), **versions()},
        "platform": platform.platform(),
        "notebooks": {
            name: {"key": entry["key"], "parameters": entry["parameters"], "seconds": entry["seconds"]}
            for name, entry in done.items()
        },
        "files": {
            p.relative_to(folder).as_posix(): _file_hash(p) for p in sorted(folder.rglob("*")) if p.is_file()
        },
    }


def _file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
