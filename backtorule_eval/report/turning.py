"""Signs that turn the order of letters round for all after them: "exe.fdp" can be made to read "pdf.exe".

No format shows them; nothing in Norwegian or English needs them.
"""

from __future__ import annotations

import re

TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def unturned(text: str) -> str:
    """Return a text that reads in the order it was written."""
    return TURNING.sub("", text)
