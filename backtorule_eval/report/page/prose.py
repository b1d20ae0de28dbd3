"""A notebook's prose: Markdown to HTML in which nothing but Markdown has a meaning."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape, unescape

import mistune
from markupsafe import Markup

SAFE_LINK = re.compile(r"(#[\w-]+|[\w.-]+(/[\w.-]+)*\.html(#[\w-]+)?|mailto:[^\s]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading of a page: its level, its anchor and its words."""

    level: int
    anchor: str
    text: str


class _Renderer(mistune.HTMLRenderer):
    """HTML without raw HTML, without images, with anchors on headings and links that stay on this site."""

    def __init__(self, prefix: str) -> None:
        super().__init__(escape=True)
        self.prefix = prefix
        self.headings: list[Heading] = []

    def heading(self, text: str, level: int, **_: object) -> str:
        """Write a heading with an anchor."""
        anchor = f"{self.prefix}-{len(self.headings) + 1}"
        plain = unescape(re.sub(r"<[^>]+>", "", text))
        self.headings.append(Heading(level=level, anchor=anchor, text=plain))
        return f'<h{level} id="{anchor}">{text}</h{level}>\n'

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """Write a link within these pages; any other address stays text, for a reader may be offline."""
        if SAFE_LINK.fullmatch(url):
            return f'<a href="{escape(url)}">{text}</a>'
        return f"{text} ({escape(url)})" if url != text else text

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Write an image's words only: a picture that did not pass publish is not shown."""
        return text


def prose_html(source: str, *, prefix: str) -> tuple[Markup, Sequence[Heading]]:
    """Turn one Markdown cell into HTML, and return its headings.

    Parameters
    ----------
    source : str
        Markdown; raw HTML in it becomes visible text, pictures become their words.
    prefix : str
        Makes the anchors of a page's cells differ.
    """
    renderer = _Renderer(prefix)
    html = mistune.create_markdown(renderer=renderer, plugins=["table"])(source)
    return Markup(html), tuple(renderer.headings)  # the renderer escapes all text
