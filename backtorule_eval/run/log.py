"""What a run tells: one plain line per event on the terminal, one JSON line per event for a machine."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(slots=True)
class RunLog:
    """Events of one run, kept per cohort until its outputs are written.

    Events hold names, counts, seconds and exit codes; never anything from the data.
    """

    total: int = 0
    done: int = 0
    quiet: bool = False
    events: dict[str, list[dict[str, object]]] = field(default_factory=dict)

    def tell(self, text: str) -> None:
        """Write one line for a person, at once, to standard error."""
        if not self.quiet:
            sys.stderr.write(f"{text}\n")
            sys.stderr.flush()

    def event(self, cohort: str, name: str, **facts: object) -> None:
        """Keep one event of a cohort."""
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        self.events.setdefault(cohort, []).append({"time": at, "event": name, **facts})

    def finished(self, cohort: str, notebook: str, how: str, seconds: float) -> None:
        """Tell that one notebook is through, and how many remain."""
        self.done += 1
        width = len(str(self.total))
        spent = "" if how == "unchanged" else f" {seconds:.1f} s"
        self.tell(f"[{self.done:>{width}}/{self.total}] {cohort} {notebook}: {how}{spent}")
        self.event(cohort, "notebook", notebook=notebook, how=how, seconds=round(seconds, 3))

    def write(self, cohort: str, path: Path) -> None:
        """Write the cohort's events as JSON lines."""
        lines = [json.dumps(e, ensure_ascii=False, sort_keys=True) for e in self.events.get(cohort, [])]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
