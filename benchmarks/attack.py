"""What can a reader with a solver work out from a report, and what does it cost to prevent that?

    python -m benchmarks.attack [--reports 200] [--readers 1]

Simulated reports of 3 to 6 linked tables each, drawn from seeds 0, 1, 2 ..., released in three ways: audited
as a whole; each table by itself (small counts hidden, all rounded); and simple suppression (exact tables and
margins, small counts hidden). One reader, who is a member of the cohort, attacks every hidden count of each.
docs/disclosure.md holds the figures of one run.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tests.disclosure.attack import (
    Attack,
    Report,
    Sight,
    as_audited,
    as_each_alone,
    as_simply_suppressed,
    attack,
    simulate,
)

WAYS: dict[str, Callable[[Report], Sequence[Sight]]] = {
    "audited as a whole": as_audited,
    "each table by itself": as_each_alone,
    "simple suppression": as_simply_suppressed,
}


@dataclass
class Tally:
    """Attacks on all reports released in one way, and the time their release took."""

    attacks: list[Attack] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def row(self) -> str:
        """Return one line of the table."""
        hidden = sum(a.hidden for a in self.attacks)
        figures = sum(a.figures for a in self.attacks)
        exact, narrowed = sum(a.exact for a in self.attacks), sum(a.narrowed for a in self.attacks)
        reports = sum(a.narrowed > 0 for a in self.attacks)
        lost = sum(a.persons_lost for a in self.attacks) / len(self.attacks)
        return (
            f"{figures:>9}{hidden:>9}{hidden / figures:>9.1%}{lost:>9.1%}{exact:>9}{narrowed:>10}"
            f"{reports:>9}{sum(self.seconds) / len(self.seconds):>10.2f}{max(self.seconds):>9.2f}"
        )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=200)
    parser.add_argument("--readers", type=int, default=1)
    arguments = parser.parse_args()
    tallies = {name: Tally() for name in WAYS}
    for seed in range(arguments.reports):
        report = simulate(seed)
        for name, release in WAYS.items():
            _add(tallies[name], report, release, readers=arguments.readers, seed=seed)
    print(f"{arguments.reports} reports, seeds 0 to {arguments.reports - 1}; processor seconds per report\n")
    head = "  figures   hidden    share  persons    exact  narrowed  reports   seconds     most"
    print(" " * 22 + head)
    for name, tally in tallies.items():
        print(f"{name:<22}{tally.row()}")


def _add(
    tally: Tally, report: Report, release: Callable[[Report], Sequence[Sight]], *, readers: int, seed: int
) -> None:
    """Release one report in one way and attack it."""
    start = time.process_time()
    seen = release(report)
    tally.seconds.append(time.process_time() - start)
    tally.attacks.append(attack(report, lambda _: seen, readers=readers, seed=seed))


if __name__ == "__main__":
    main()
