"""Interviews with invented words: who was interviewed, and what was highlighted with which tags."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import yaml

from backtorule_eval.cohort.dictionary import Text

WORDS = "interviews.yaml"
_MOST_PARTICIPANTS, _STAFF = 12, ("counsellor", "counsellor", "school")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A tag of the codebook: its path and what it is about."""

    path: Text
    about: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Something that can be said: by whom, under which tags."""

    role: str
    tags: tuple[Tag, ...]
    words: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Interview:
    """One interview and what was highlighted in it; `person` is a position, -1 for staff."""

    document: str
    person: int
    wave: int
    role: str
    quotes: tuple[Quote, ...]


@cache
def load_quotes() -> tuple[Quote, ...]:
    """Read everything that can be said."""
    raw = yaml.safe_load(resources.files(__package__).joinpath(WORDS).read_text(encoding="utf-8"))
    tags = {entry["path"]: _tag(entry) for entry in raw["tags"]}
    return tuple(
        Quote(role=q["role"], tags=tuple(tags[t] for t in q["tags"]), words=Text(nb=q["nb"], en=q["en"]))
        for q in raw["quotes"]
    )


def _tag(entry: dict[str, Any]) -> Tag:
    """Read one tag."""
    return Tag(path=Text(nb=entry["nb"], en=entry["en"]), about=Text(**entry["about"]))


def draw_interviews(rng: np.random.Generator, *, people: int) -> tuple[Interview, ...]:
    """Draw up to twelve participants and three members of staff, and what each of them said."""
    chosen = np.sort(rng.permutation(people)[: min(people, _MOST_PARTICIPANTS)]).tolist()
    said = [("participant", person) for person in chosen] + [(role, -1) for role in _STAFF]
    return tuple(
        Interview(
            document=f"I-{number + 1:02d}",
            person=person,
            wave=int(rng.integers(1, 3)),
            role=role,
            quotes=_said(rng, role),
        )
        for number, (role, person) in enumerate(said)
    )


def _said(rng: np.random.Generator, role: str) -> tuple[Quote, ...]:
    """Draw two to six things that somebody in this role can say."""
    possible = [q for q in load_quotes() if q.role == role]
    most = min(len(possible), 6)
    picked = np.sort(rng.permutation(len(possible))[: int(rng.integers(2, most + 1))])
    return tuple(possible[i] for i in picked.tolist())
