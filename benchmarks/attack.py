"""What can a reader with a solver work out from a report, and what does it cost to prevent that?

    python -m benchmarks.attack [--reports 200] [--readers 1] [--acro PYTHON] [--argus PYTHON]

Simulated reports of 3 to 6 linked tables each, drawn from seeds 0, 1, 2 ..., released in several ways:
audited as a whole; each table by itself (small counts hidden, all rounded); simple suppression (exact tables
and margins, small counts hidden); and by the packages `acro`, suppressing, and `pytauargus`, table by table
with its optimal method, where PYTHON is one that has them. They live in environments of their own:

    python -m venv acro && acro/bin/pip install acro==1.0.2
    python -m venv argus && argus/bin/pip install pytauargus==0.6.0

One reader, who is a member of the cohort, attacks every hidden count of each, and every small count that
became part of a merged category. docs/disclosure.md holds the figures of one run.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.disclosure.attack import (
    Attack,
    Report,
    Sight,
    as_audited,
    as_each_alone,
    as_protected_elsewhere,
    as_simply_suppressed,
    as_suppressed_elsewhere,
    attack,
    microdata,
    simulate,
)

Way = Callable[[Report], Sequence[Sight]]
WAYS: dict[str, Way] = {
    "audited as a whole": as_audited,
    "each table by itself": as_each_alone,
    "simple suppression": as_simply_suppressed,
}
IN_ACRO = Path(__file__).parent / "elsewhere" / "acro_release.py"
IN_ARGUS = IN_ACRO.with_name("argus_release.py")
ACRO_THRESHOLD = 10  # as it comes


@dataclass
class Tally:
    """Attacks on all reports released in one way, and the time their release took."""

    attacks: list[Attack] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def row(self) -> str:
        """Return one line of the table."""
        claimed, shown = self._sum("claimed"), self._sum("shown")
        persons = sum(a.persons_lost for a in self.attacks) / len(self.attacks)
        reports = sum(a.narrowed > 0 for a in self.attacks)
        return (
            f"{claimed:>9}{shown:>7}{1 - shown / claimed:>7.1%}{persons:>9.1%}{self._sum('hidden'):>8}"
            f"{self._sum('exact'):>6}{self._sum('narrowed'):>10}{reports:>9}"
            f"{self._sum('merged'):>8}{self._sum('merged_told'):>6}"
            f"{sum(self.seconds) / len(self.seconds):>9.2f}{max(self.seconds):>7.2f}"
        )

    def _sum(self, name: str) -> int:
        """Add one number up over all attacks."""
        return sum(getattr(a, name) for a in self.attacks)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--reports", type=int, default=200)
    parser.add_argument("--readers", type=int, default=1)
    parser.add_argument("--acro", metavar="PYTHON", help="a Python that has acro")
    parser.add_argument("--argus", metavar="PYTHON", help="a Python that has pytauargus")
    arguments = parser.parse_args()
    reports = [simulate(seed) for seed in range(arguments.reports)]
    print(f"{len(reports)} reports, seeds 0 to {len(reports) - 1}; processor seconds per report\n")
    head = "cells  shown   lost  persons  hidden  told  narrowed  reports  merged  told  seconds   most"
    print(" " * 24 + f"{head:>92}", flush=True)
    ways = WAYS | (_by_acro(arguments.acro, reports) if arguments.acro else {})
    ways |= _by_argus(arguments.argus, reports) if arguments.argus else {}
    for name, release in ways.items():
        tally = Tally()
        for seed, report in enumerate(reports):
            _add(tally, report, release, readers=arguments.readers, seed=seed)
        print(f"{name:<24}{tally.row()}", flush=True)


def _add(tally: Tally, report: Report, release: Way, *, readers: int, seed: int) -> None:
    """Release one report in one way and attack it."""
    start = time.process_time()
    seen = release(report)
    tally.seconds.append(time.process_time() - start)
    tally.attacks.append(attack(report, lambda _: seen, readers=readers, seed=seed))


def _by_acro(python: str, reports: Sequence[Report]) -> dict[str, Way]:
    """Return what `acro` makes of all reports, with our threshold and with its own."""
    return {
        f"acro, threshold {threshold}": _released_before(
            _elsewhere(IN_ACRO, python, reports, threshold), reports, threshold=threshold
        )
        for threshold in (reports[0].rules.threshold, ACRO_THRESHOLD)
    }


def _released_before(tables: Sequence[Any], reports: Sequence[Report], *, threshold: int) -> Way:
    """Return a way to release that finds what was released before."""
    known = {id(report): cells for report, cells in zip(reports, tables, strict=True)}
    return lambda report: as_suppressed_elsewhere(report, known[id(report)], threshold=threshold)


def _by_argus(python: str, reports: Sequence[Report]) -> dict[str, Way]:
    """Return what `pytauargus` makes of all reports."""
    tables = _elsewhere(IN_ARGUS, python, reports, reports[0].rules.threshold)
    known = {id(report): cells for report, cells in zip(reports, tables, strict=True)}
    return {"pytauargus": lambda report: as_protected_elsewhere(report, known[id(report)])}


def _elsewhere(program: Path, python: str, reports: Sequence[Report], threshold: int) -> list[Any]:
    """Send all microdata to the other Python and return the tables that come back."""
    sent = [{"threshold": threshold, "tables": list(microdata(report))} for report in reports]
    done = subprocess.run(
        [python, str(program)], input=json.dumps(sent), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{python} could not release the reports:\n{done.stderr[-2000:]}")
    released: list[Any] = json.loads(done.stdout)
    return released


if __name__ == "__main__":
    main()
