"""Prose as HTML: text is escaped, and only what Markdown means becomes an element."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from html import escape

from backtorule_eval.report.document.html_formula import formula_html
from backtorule_eval.report.document.prose import Token, link_parts, plain_text

# Elements that hold what is inside them and nothing more.
AROUND: Mapping[str, tuple[str, str]] = {
    "paragraph": ("<p>", "</p>\n"),
    "emphasis": ("<em>", "</em>"),
    "strong": ("<strong>", "</strong>"),
    "block_quote": ("<blockquote>\n", "</blockquote>\n"),
    "list_item": ("<li>", "</li>\n"),
    "table_body": ("<tbody>\n", "</tbody>\n"),
    "table_row": ("<tr>\n", "</tr>\n"),
}
FIXED: Mapping[str, str] = {
    "softbreak": "\n",
    "linebreak": "<br>\n",
    "thematic_break": "<hr>\n",
    "blank_line": "",
}


def prose_html(tokens: Iterable[Token], language: str) -> str:
    """Write tokens as HTML.

    Raw HTML becomes visible text; what this does not know is written as its words.
    """
    return "".join(_html(token, language) for token in tokens)


def _html(token: Token, language: str) -> str:
    """Write one token."""
    kind = token["type"]
    if kind in FIXED:
        return FIXED[kind]
    if kind in AROUND:
        before, after = AROUND[kind]
        return f"{before}{prose_html(token['children'], language)}{after}"
    writer = WRITERS.get(kind)
    return writer(token, language) if writer else escape(plain_text([token]))


def _heading(token: Token, language: str) -> str:
    """Write a heading with its anchor."""
    level, anchor = token["attrs"]["level"], token["attrs"]["anchor"]
    return f'<h{level} id="{escape(anchor)}">{prose_html(token["children"], language)}</h{level}>\n'


def _link(token: Token, language: str) -> str:
    """Write a link within these pages; any other address stays text."""
    href, address = link_parts(token)
    words = prose_html(token["children"], language)
    if href:
        return f'<a href="{escape(href)}">{words}</a>'
    return f"{words} ({escape(address)})" if address else words


def _list(token: Token, language: str) -> str:
    """Write a list."""
    tag = "ol" if token["attrs"]["ordered"] else "ul"
    start = token["attrs"].get("start")
    first = f' start="{int(start)}"' if start is not None and tag == "ol" else ""
    return f"<{tag}{first}>\n{prose_html(token['children'], language)}</{tag}>\n"


def _code(token: Token, language: str) -> str:
    """Write a block of code; it can be reached by keyboard, for it may scroll."""
    return f'<pre tabindex="0"><code>{escape(token["raw"])}</code></pre>\n'


def _paragraph_of_raw(token: Token, language: str) -> str:
    """Write raw HTML as the text it is."""
    return f"<p>{escape(token['raw'].strip())}</p>\n"


def _table(token: Token, language: str) -> str:
    """Write a table that scrolls by itself on a narrow screen."""
    heads = ", ".join(plain_text([c]) for part in token["children"][:1] for c in part["children"])
    region = f'<div class="scroll" role="region" tabindex="0" aria-label="{escape(heads)}">'
    return f"{region}<table>\n{prose_html(token['children'], language)}</table></div>\n"


def _table_head(token: Token, language: str) -> str:
    """Write the row of heads."""
    return f"<thead>\n<tr>\n{prose_html(token['children'], language)}</tr>\n</thead>\n"


def _table_cell(token: Token, language: str) -> str:
    """Write a cell; a head says that it heads its column."""
    css = ' class="number"' if token["attrs"].get("align") == "right" else ""
    words = prose_html(token["children"], language)
    return f'<th scope="col"{css}>{words}</th>\n' if token["attrs"]["head"] else f"<td{css}>{words}</td>\n"


def _words(token: Token, language: str) -> str:
    """Write what a token holds as code."""
    return f"<code>{escape(token['raw'])}</code>"


WRITERS: Mapping[str, Callable[[Token, str], str]] = {
    "heading": _heading,
    "link": _link,
    "list": _list,
    "block_text": lambda token, language: prose_html(token["children"], language),
    "block_code": _code,
    "block_html": _paragraph_of_raw,
    "codespan": _words,
    "inline_math": lambda token, language: formula_html(token["raw"], language, block=False),
    "block_math": lambda token, language: formula_html(token["raw"], language, block=True),
    "table": _table,
    "table_head": _table_head,
    "table_cell": _table_cell,
}
