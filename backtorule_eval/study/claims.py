"""The claim store: the exact figures each notebook wants to show, kept private until the audit."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from backtorule_eval.disclosure.claim import Claim, claim_from_json, claim_to_json
from backtorule_eval.errors import ParameterProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimStore:
    """Claims of one notebook's run, one file each, in a private folder."""

    folder: Path

    def clear(self) -> None:
        """Forget the claims of an earlier execution of the same notebook."""
        for file in self.folder.glob("*.json"):
            file.unlink()

    def add(self, claim: Claim) -> None:
        """Write one claim; the same key twice in one notebook is an error, for one would hide the other."""
        file = self.folder / f"{re.sub(r'[^a-z0-9_]+', '-', claim.key)}.json"
        if file.exists():
            raise ParameterProblem(
                f"Two outputs of this notebook are called {claim.key!r}. Pass name=... to one."
            )
        beside = file.with_suffix(".part")
        beside.write_text(claim_to_json(claim), encoding="utf-8")
        os.replace(beside, file)

    def read(self) -> list[Claim]:
        """Return all claims, sorted by key."""
        claims = [claim_from_json(f.read_text(encoding="utf-8")) for f in self.folder.glob("*.json")]
        return sorted(claims, key=lambda claim: claim.key)
