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

    def __init__(self, prefix: str, after: int) -> None:
        super().__init__(escape=True)
        self.prefix = prefix
        self.above = after
        self.headings: list[Heading] = []

    def heading(self, text: str, level: int, **_: object) -> str:
        """Write a heading with an anchor: one h1 a page, and no level left out on the way down."""
        level = min(max(level, 2), self.above + 1) if self.above else 1
        self.above = level
        anchor = f"{self.prefix}-{len(self.headings) + 1}"
        self.headings.append(Heading(level=level, anchor=anchor, text=_plain(text)))
        return f'<h{level} id="{anchor}">{text}</h{level}>\n'

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """Write a link within these pages; any other address stays text, for a reader may be offline."""
        if SAFE_LINK.fullmatch(url):
            return f'<a href="{escape(url)}">{text}</a>'
        return f"{text} ({escape(url)})" if url != text else text

    def table(self, text: str) -> str:
        """Write a table that scrolls by itself on a narrow screen."""
        heads = ", ".join(_plain(head) for head in re.findall(r"<th\b.*?</th>", text))
        region = f'<div class="scroll" role="region" tabindex="0" aria-label="{escape(heads)}">'
        return f"{region}<table>\n{text}</table></div>\n"

    def table_cell(self, text: str, align: str | None = None, head: bool = False) -> str:
        """Write a cell; a head says that it heads its column."""
        css = ' class="number"' if align == "right" else ""
        return f'<th scope="col"{css}>{text}</th>\n' if head else f"<td{css}>{text}</td>\n"

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Write an image's words only: a picture that did not pass publish is not shown."""
        return text


def _plain(html: str) -> str:
    """Return the words of a piece of HTML."""
    return unescape(re.sub(r"<[^>]+>", "", html))


def prose_html(source: str, *, prefix: str, after: int = 0) -> tuple[Markup, Sequence[Heading]]:
    """Turn one Markdown cell into HTML, and return its headings.

    Parameters
    ----------
    source : str
        Markdown; raw HTML in it becomes visible text, pictures become their words.
    prefix : str
        Makes the anchors of a page's cells differ.
    after : int
        Level of the last heading before this cell, 0 if there is none: the first heading of a page is its h1.
    """
    renderer = _Renderer(prefix, after)
    html = mistune.create_markdown(renderer=renderer, plugins=["table"])(source)
    return Markup(html), tuple(renderer.headings)  # the renderer escapes all text
