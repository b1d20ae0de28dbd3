"""`python -m backtorule_eval` is the same as the command `backtorule`."""

from __future__ import annotations

import sys

from backtorule_eval.run.cli import main

sys.exit(main())
