"""A notebook's prose as a syntax tree in which nothing but Markdown has a meaning.

mistune reads the Markdown once; each format writes the same tree with its own escaper. Raw HTML is text, a
picture is its words (it did not pass `publish`), and an address outside these pages stays visible text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import mistune

Token = dict[str, Any]

# Within these pages, or to a person: everything else is written out, for a reader may be offline or on paper.
SAFE_LINK = re.compile(r"(#[\w-]+|(\.\./)*[\w-]+(/[\w.-]+)*\.html(#[\w-]+)?|mailto:[^\s]+)")
TEXTS = frozenset(
    {"text", "codespan", "inline_math", "inline_html", "block_html", "block_math", "block_code"}
)
BREAKS = frozenset({"softbreak", "linebreak", "blank_line"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading of a document: its level from 1, its anchor and its words."""

    level: int
    anchor: str
    words: tuple[Token, ...]

    @property
    def text(self) -> str:
        """The words without emphasis."""
        return plain_text(self.words)


def levelled(source: str, *, prefix: str, after: int) -> tuple[tuple[Token, ...], int]:
    """Read one Markdown cell and give its headings the level and anchor they have in the document.

    Parameters
    ----------
    source : str
    prefix : str
        Makes the anchors of a document's cells differ.
    after : int
        Level of the last heading before this cell, 0 if there is none: the first heading is level 1.

    Returns
    -------
    tokens, int
        The cell's syntax tree, and the level of its last heading.
    """
    tokens = [t for t in _parser()(source) if t["type"] != "blank_line"]
    number = 0
    for token in tokens:
        if token["type"] == "heading":
            number += 1
            after = min(max(token["attrs"]["level"], 2), after + 1) if after else 1
            token["attrs"] = {"level": after, "anchor": f"{prefix}-{number}"}
    return tuple(tokens), after


def headings_of(tokens: Sequence[Token]) -> Iterator[Heading]:
    """Yield the headings among the tokens."""
    for token in tokens:
        if token["type"] == "heading":
            yield Heading(**token["attrs"], words=tuple(token["children"]))


def plain_text(tokens: Iterable[Token]) -> str:
    """Return the words of some tokens."""
    return "".join(_plain(token) for token in tokens)


def _plain(token: Token) -> str:
    """Return the words of one token."""
    if token["type"] in TEXTS:
        return str(token["raw"])
    return " " if token["type"] in BREAKS else plain_text(token.get("children", ()))


def link_parts(token: Token) -> tuple[str, str]:
    """Return a link's address within these pages ("" if it leads elsewhere), and the address to write out.

    The second is "" where the words already are the address.
    """
    url = str(token["attrs"]["url"])
    if SAFE_LINK.fullmatch(url):
        return url, ""
    return "", "" if plain_text(token["children"]) == url else url


def _parser() -> Any:
    """Return a reader of Markdown with tables and formulas; one per cell, for it keeps state."""
    return mistune.create_markdown(renderer=None, plugins=["table", "math"])
