"""The private half of a release: whose figures they are, and the exact ones. It stays in the private store.

A run keeps what it would release (`keep_candidate`). `release` makes a release of it (`append`): a line in
the history, and the candidate under the release's number. A number in the private store is the mark that a
cohort was released from here.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from backtorule_eval.disclosure.audit import Plain, as_released
from backtorule_eval.disclosure.claim import Claim, canonical, claim_to_json, digest, older_claim_from_json
from backtorule_eval.disclosure.history import History, Release, digest_of, read_history, write_history
from backtorule_eval.disclosure.people import People
from backtorule_eval.disclosure.plan import ClaimPlan, Plan
from backtorule_eval.disclosure.rules import DisclosureRules, rules_from_plain, rules_to_plain
from backtorule_eval.errors import DisclosureRefused

CANDIDATE = "next.json"
CLAIM_PLAN: TypeAdapter[ClaimPlan] = TypeAdapter(ClaimPlan)
PEOPLE: TypeAdapter[People] = TypeAdapter(People)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is kept of a release, or of what may become one.

    Attributes
    ----------
    plan : str
        Digest of the audited plan.
    history : str
        Digest of the history: before it for what may become a release, with it for a release.
    content : str
        Content hash of the cohort that the figures are of.
    claims : tuple of Claim
        The exact figures.
    decided : tuple of ClaimPlan
        What was decided on each of the claims, in the same order.
    """

    cohort: str
    plan: str
    history: str
    rules: DisclosureRules
    content: str
    people: People
    claims: tuple[Claim, ...]
    decided: tuple[ClaimPlan, ...]

    def as_plan(self) -> Plan:
        """Return the decisions as a plan."""
        return Plan(cohort=self.cohort, rules=self.rules, claims=self.decided)

    def released(self) -> Mapping[str, Mapping[str, Plain]]:
        """Return the figures as they are released."""
        return as_released(self.claims, self.as_plan())


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """What was released of a cohort before; `kept` holds the private half of each release, in order."""

    history: History = field(default_factory=History)
    kept: tuple[Kept, ...] = ()


def read_earlier(folder: Path, path: Path, *, cohort: str) -> Earlier:
    """Read what was released of a cohort before, from the history and from the private store.

    Parameters
    ----------
    folder : Path
        The cohort's folder in the private store.
    path : Path
        The history, ``params/<cohort>.releases.jsonl``.

    Raises
    ------
    DisclosureRefused
        The history cannot be read, one half is missing, or the two do not belong together.
    """
    history = read_history(path, cohort=cohort)
    n_releases = len(history.releases)
    if _kept_file(folder, n_releases + 1, False):
        raise DisclosureRefused(
            f"{cohort}: release {n_releases + 1} was made from here, but {path.name} does not tell of it. "
            "What was released must be known before anything new is shown. "
            f"Take {path.name} back from version control or a copy."
        )
    kept = tuple(_read_kept(folder, number, history, cohort) for number in range(1, n_releases + 1))
    return Earlier(history=history, kept=kept)


def keep_candidate(kept: Kept, folder: Path) -> None:
    """Keep what the outputs show, so that `append` can make a release of it.

    Parameters
    ----------
    kept : Kept
        Its `history` is that of the releases before.
    folder : Path
        The cohort's folder in the private store.
    """
    _write(kept, folder / CANDIDATE)


def append(folder: Path, path: Path, *, cohort: str, plan: str, on: date) -> Release:
    """Make a release of what the last run kept; to be called before anything leaves.

    The same plan again is the same release: nothing is appended then. Interrupted, it leaves either the
    history as it was, or the release complete.

    Parameters
    ----------
    folder : Path
        The cohort's folder in the private store.
    path : Path
        The history, ``params/<cohort>.releases.jsonl``.
    plan : str
        Digest of the plan that the pages carry, as in their manifest.
    on : date
        Day of the release.

    Raises
    ------
    DisclosureRefused
        The history is not in order, or the pages are not those of the last run, or were made before the last
        release.
    """
    earlier = read_earlier(folder, path, cohort=cohort)
    releases = earlier.history.releases
    if releases and releases[-1].plan == plan:
        return releases[-1]
    candidate = _candidate(folder, cohort)
    if candidate is None or candidate.plan != plan or candidate.history != earlier.history.digest:
        raise DisclosureRefused(
            f"{cohort}: these pages were not made by the last run, or made before the last release. "
            "Run the study again."
        )
    number = len(releases) + 1
    release = Release(
        number=number, date=on, cohort=cohort, rules=candidate.rules, plan=plan, claims=candidate.released()
    )
    history = History(releases=(*releases, release))
    private = folder / f"{number}.json"
    # In this order: a history without its private half is completed from the part when it is read next.
    _write(replace(candidate, history=history.digest), private.with_suffix(".part"))
    write_history(history, path)
    os.replace(private.with_suffix(".part"), private)
    return release


def _kept_file(folder: Path, number: int, part: bool) -> Path | None:
    """Return a release's private half, or its part; None if there is no such file."""
    file = folder / f"{number}.{'part' if part else 'json'}"
    return file if file.is_file() else None


def _read_kept(folder: Path, number: int, history: History, cohort: str) -> Kept:
    """Read the private half of one release.

    Raises
    ------
    DisclosureRefused
        It is missing, or belongs to another history.
    """
    file = _kept_file(folder, number, False) or _kept_file(folder, number, True)
    if file is None:
        raise DisclosureRefused(
            f"{cohort}: release {number} was made elsewhere, or the private store was emptied. Who was in it "
            "must be known before anything new is shown. Copy the folder .backtorule/releases/"
            f"{cohort} from where it was released; where nobody has it, only what was released before stands."
        )
    kept = _read(file)
    if kept.cohort != cohort or kept.history != digest_of(history.releases[:number]):
        raise DisclosureRefused(
            f"{cohort}: what the history tells of release {number} is not what was released from here. "
            "Take the history back from version control."
        )
    return kept


def _candidate(folder: Path, cohort: str) -> Kept | None:
    """Return what the last run kept; None if it kept nothing."""
    file = folder / CANDIDATE
    kept = _read(file) if file.is_file() else None
    return kept if kept is not None and kept.cohort == cohort else None


def _write(kept: Kept, file: Path) -> None:
    """Write it whole or not at all."""
    plain = {
        "cohort": kept.cohort,
        "plan": kept.plan,
        "history": kept.history,
        "rules": rules_to_plain(kept.rules),
        "content": kept.content,
        "people": asdict(kept.people),
        "claims": [claim_to_json(claim) for claim in kept.claims],
        "decided": [asdict(entry) for entry in kept.decided],
    }
    beside = file.with_suffix(".writing")
    with beside.open("w", encoding="utf-8") as open_file:
        open_file.write(canonical(plain))
        open_file.flush()
        os.fsync(open_file.fileno())
    os.replace(beside, file)


def _read(file: Path) -> Kept:
    """Read what was kept, by this or an older version.

    Raises
    ------
    DisclosureRefused
        It cannot be read.
    """
    try:
        raw: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        claims = tuple(older_claim_from_json(text) for text in raw["claims"])
        decided = [CLAIM_PLAN.validate_python(entry) for entry in raw["decided"]]
        return Kept(
            cohort=raw["cohort"],
            plan=raw["plan"],
            history=raw["history"],
            rules=rules_from_plain(raw["rules"]),
            content=raw["content"],
            people=PEOPLE.validate_python(raw["people"]),
            claims=claims,
            decided=tuple(
                replace(entry, claim=digest(claim)) for entry, claim in zip(decided, claims, strict=True)
            ),
        )
    except (ValueError, TypeError, KeyError):
        raise DisclosureRefused(
            f"The private store's {file.name} of a release cannot be read. Take it back from a copy."
        ) from None
