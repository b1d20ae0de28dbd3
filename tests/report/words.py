"""Words that a sentence about what was only observed may not hold (Methods, rule 8)."""

from __future__ import annotations

import re

CAUSAL = re.compile(
    r"\b\w*effekt\w*|\bvirk(et|er|ning)\w*|førte til|takket være"
    r"|\bcaused|\bimpact|\bled to\b|thanks to|\beffect",
    re.IGNORECASE,
)
