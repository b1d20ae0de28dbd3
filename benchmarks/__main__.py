"""`python -m benchmarks [NAME ...]`: run the named benchmarks, or all of them, one after another."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

AVAILABLE = sorted(p.stem for p in Path(__file__).parent.glob("[a-z]*.py"))


def main(names: list[str]) -> int:
    """Run benchmarks as modules of their own, so that none measures what another loaded."""
    if unknown := sorted(set(names) - set(AVAILABLE)):
        sys.stderr.write(f"No benchmark {', '.join(unknown)}. There are: {', '.join(AVAILABLE)}.\n")
        return 2
    codes = [subprocess.call([sys.executable, "-m", f"benchmarks.{name}"]) for name in names or AVAILABLE]
    return max(codes, default=0)


sys.exit(main(sys.argv[1:]))
