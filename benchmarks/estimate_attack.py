"""Can the counts behind a published comparison of two groups be told from it, and how coarse must it be?

    python -m benchmarks.estimate_attack [--estimates 300]

Invented comparisons of two groups (seeds 0, 1, 2 ...), as differences of risks and as log odds ratios. A
reader knows each group's size and the events as they are rounded, both groups together within one, the
formula of the interval and how the figures were rounded, and tries every pair of counts. docs/disclosure.md
holds one run.
"""

from __future__ import annotations

import argparse

from backtorule_eval.analyses.estimate import Measure
from tests.disclosure.estimate_attack import tally

SIZES = ((10, 29), (30, 59), (60, 99), (100, 200))


def main() -> None:
    """Print one line per size of group and measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--estimates", type=int, default=300)
    n = parser.parse_args().estimates
    for measure in (Measure.RISK_DIFFERENCE, Measure.LOG_ODDS):
        for smallest, largest in SIZES:
            shown, told = tally(range(n), measure, smallest=smallest, largest=largest)
            ways = "; ".join(f"{how} {times / n:.0%}" for how, times in sorted(shown.items()))
            print(f"{measure}, groups of {smallest} to {largest}: told {told} of {n}. {ways}", flush=True)


if __name__ == "__main__":
    main()
