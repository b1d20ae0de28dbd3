"""What is wrong with the words that stand in for a picture or a formula? Rules alone pass useless ones."""

from __future__ import annotations

import re
from collections.abc import Iterable

SHORTEST = 30
TEX = re.compile(r"\\[A-Za-z]+|\$|[_^]\{|\\[()\[\]]")
FILE = re.compile(r"\.(png|svg|jpe?g|gif|pdf)\b", re.IGNORECASE)
# What a picture without a number can have found.
FINDING = re.compile(
    r"\d|\b(skjult|ingen|hidden|none|flere|færre|høyere|lavere|mer|mindre|like|more|fewer|less|higher|lower|same)\b",
    re.IGNORECASE,
)
SENTENCE = re.compile(r"[^a-zæøå\s].*[.!?]", re.DOTALL)


def faults_of_alt(alt: str, *, beside: Iterable[str] = ()) -> list[str]:
    """What is wrong with a picture's words; `beside` is what a reader hears anyway: caption, title."""
    faults = faults_of_spoken(alt, beside=beside)
    if faults:
        return faults
    if len(alt) < SHORTEST:
        faults.append("too short to say anything")
    if FILE.search(alt):
        faults.append("names a file")
    if not SENTENCE.fullmatch(alt.strip()):
        faults.append("not a sentence")
    if not FINDING.search(_without(alt, beside)):
        faults.append("no figure and no finding")
    return faults


def faults_of_spoken(spoken: str, *, beside: Iterable[str] = ()) -> list[str]:
    """What is wrong with a formula's words."""
    if not spoken.strip():
        return ["empty"]
    if TEX.search(spoken):
        return ["TeX"]
    bare = _bare(spoken)
    return ["the caption again"] if any(bare in _bare(text) for text in beside) or not bare else []


def _without(alt: str, beside: Iterable[str]) -> str:
    """The words without those that are heard beside them."""
    for text in beside:
        alt = alt.replace(text.strip().rstrip("."), "")
    return alt


def _bare(text: str) -> str:
    """Letters and digits only."""
    return "".join(character for character in text.casefold() if character.isalnum())
