"""What was released of a cohort before: one line per release, in a file that anyone may read.

A line holds the figures as they were released, with a mark where one was hidden; never an exact figure, and
nothing of a person. The private half of a release (`kept.py`) lies in the private store.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from backtorule_eval.disclosure.audit import Plain
from backtorule_eval.disclosure.claim import canonical, sha256
from backtorule_eval.disclosure.rounding import HIDDEN
from backtorule_eval.disclosure.rules import DisclosureRules, rules_from_plain, rules_to_plain
from backtorule_eval.errors import DisclosureRefused

FIELDS = ("number", "date", "cohort", "rules", "plan", "claims")
BAND = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One release, as anyone may know it.

    Attributes
    ----------
    number : int
        1 for the first.
    plan : str
        Digest of the audited plan that its pages carry.
    claims : mapping of claim key to mapping of figure to value
        As released: a number, two limits of a band, or "hidden".
    """

    number: int
    date: date
    cohort: str
    rules: DisclosureRules
    plan: str
    claims: Mapping[str, Mapping[str, Plain]]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """All releases of a cohort, the first one first."""

    releases: tuple[Release, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 of all its lines, in hexadecimal; "" when nothing was released."""
        return digest_of(self.releases)

    def of(self, number: int) -> Release:
        """Return one release."""
        return self.releases[number - 1]


def digest_of(releases: tuple[Release, ...]) -> str:
    """SHA-256 of the lines of releases; "" for none."""
    return sha256("".join(map(_to_line, releases))) if releases else ""


def read_history(path: Path, *, cohort: str) -> History:
    """Read what was released of a cohort; a file that does not exist tells of no release.

    Raises
    ------
    DisclosureRefused
        A line is not a release, is out of order or of another cohort; file and line are told.
    """
    if not path.is_file():
        return History()
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        raise DisclosureRefused(f"{path.name} is not text in UTF-8. {_remedy(path)}") from None
    releases = []
    for number, line in enumerate(lines, start=1):
        try:
            release = _from_line(line)
            _check(release, number=number, cohort=cohort)
        except DisclosureRefused as problem:
            raise DisclosureRefused(f"{path.name}, line {number}: {problem} {_remedy(path)}") from None
        releases.append(release)
    return History(releases=tuple(releases))


def write_history(history: History, path: Path) -> None:
    """Write all lines, whole or not at all."""
    beside = path.with_name(f"{path.name}.part")
    with beside.open("w", encoding="utf-8", newline="\n") as file:
        file.write("".join(map(_to_line, history.releases)))
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)


def _to_line(release: Release) -> str:
    """Write a release as one line of JSON with one spelling."""
    plain = {name: getattr(release, name) for name in FIELDS}
    rules = rules_to_plain(release.rules)
    return canonical({**plain, "date": release.date.isoformat(), "rules": rules}) + "\n"


def _from_line(line: str) -> Release:
    """Read one line.

    Raises
    ------
    DisclosureRefused
        It is not a release.
    """
    try:
        raw = json.loads(line)
    except ValueError:
        raise DisclosureRefused("is not JSON.") from None
    if not isinstance(raw, dict) or set(raw) != set(FIELDS):
        raise DisclosureRefused(f"a release has exactly: {', '.join(FIELDS)}.")
    if not _are_figures(raw["claims"]):
        raise DisclosureRefused("claims must hold, by key, figures that are numbers, bands or hidden.")
    try:
        return Release(
            number=raw["number"],
            date=date.fromisoformat(raw["date"]),
            cohort=raw["cohort"],
            rules=rules_from_plain(raw["rules"]),
            plan=raw["plan"],
            claims=raw["claims"],
        )
    except (ValueError, TypeError):
        raise DisclosureRefused("date must be written as 2026-06-30, and rules as a study file's.") from None


def _check(release: Release, *, number: int, cohort: str) -> None:
    """Refuse a release that does not belong here.

    Raises
    ------
    DisclosureRefused
    """
    if release.number != number:
        raise DisclosureRefused(f"the release's number must be {number}, since each line is one release.")
    if release.cohort != cohort:
        raise DisclosureRefused(f"is a release of another cohort than {cohort}.")
    if not isinstance(release.plan, str):
        raise DisclosureRefused("plan must be the digest that the pages carry.")


def _are_figures(claims: Any) -> bool:
    """Tell whether something is figures by claim."""
    return isinstance(claims, dict) and all(
        isinstance(figures, dict) and all(map(_is_figure, figures.values())) for figures in claims.values()
    )


def _is_figure(value: Any) -> bool:
    """Tell whether a value is a figure as released."""
    if isinstance(value, list):
        return len(value) == BAND and all(map(_is_number, value))
    return value == HIDDEN.value or _is_number(value)


def _is_number(value: Any) -> bool:
    """Tell whether a value is a number and not a truth value."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _remedy(path: Path) -> str:
    """Say what to do about a file that is not as it was written."""
    return f"Nobody edits this file: take {path.name} back as it was, from version control or a copy."
