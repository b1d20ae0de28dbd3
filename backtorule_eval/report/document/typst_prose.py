"""Prose as data for the printed page: what Markdown means becomes a node, every other text stays a string."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from backtorule_eval.report.document.prose import Token, link_parts, plain_text
from backtorule_eval.report.formulas import find_formula
from backtorule_eval.report.numbers import NOTHING
from backtorule_eval.report.turning import unturned

Node = str | dict[str, Any]

MAIL = "mailto:"
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# Control characters, halves of a pair and private signs: nobody can see them, and the standards refuse them.
UNPRINTABLE = frozenset({"Cc", "Cs", "Co"})
NO_CHARACTERS = frozenset({"\ufeff", "\ufffe", "\uffff"})


def printable(text: str) -> str:
    """Return a text with a visible sign in place of what cannot be printed; line ends and tabs stay."""
    return "".join(c if _is_printable(c) else REPLACEMENT for c in unturned(text))


def words(text: str) -> str:
    """Return a text for one line: white space is a space (one that does not break stays itself)."""
    return printable(text.translate(SPACES))


SPACES = str.maketrans(dict.fromkeys("\t\n\r\v\f\u0085\u2028\u2029", " "))


def paragraph(text: str) -> Node:
    """Return a paragraph of plain words."""
    return {"kind": "paragraph", "body": words(text)}


def prose_nodes(tokens: Iterable[Token]) -> list[Node]:
    """Write tokens as nodes; raw HTML is visible text, and what this does not know is its words."""
    return [_node(token) for token in tokens]


def _is_printable(character: str) -> bool:
    """Tell whether a character can stand in a PDF that follows the standards."""
    if character in "\n\t" or character.isascii():
        return character in "\n\t" or character.isprintable()
    return character not in NO_CHARACTERS and unicodedata.category(character) not in UNPRINTABLE


def _node(token: Token) -> Node:
    """Write one token."""
    writer = WRITERS.get(token["type"])
    return writer(token) if writer else words(plain_text([token]))


def _around(kind: str) -> Callable[[Token], Node]:
    """Return a writer of a node that holds what is inside it and nothing more."""
    return lambda token: {"kind": kind, "body": prose_nodes(token["children"])}


def _heading(token: Token) -> Node:
    """Write a heading with the level it has in the document; one without words is a dash."""
    body = prose_nodes(token["children"]) if plain_text(token["children"]).strip() else [NOTHING]
    return {"kind": "heading", "level": token["attrs"]["level"], "body": body}


def _link(token: Token) -> Node:
    """Write a link as its words and its address; on paper only a letter can be followed."""
    href, address = link_parts(token)
    body = prose_nodes(token["children"])
    if href.startswith(MAIL):
        shown = href.removeprefix(MAIL)
        after = "" if plain_text(token["children"]) == shown else f" ({words(shown)})"
        return {"kind": "inline", "body": [{"kind": "mail", "address": words(href), "body": body}, after]}
    return {"kind": "inline", "body": [*body, f" ({words(address)})" if address else ""]}


def _list(token: Token) -> Node:
    """Write a list."""
    attributes = token["attrs"]
    return {
        "kind": "list",
        "ordered": bool(attributes["ordered"]),
        "start": int(attributes.get("start") or 1),
        "tight": bool(token.get("tight", True)),
        "items": [prose_nodes(item["children"]) for item in token["children"]],
    }


def _code(token: Token, *, block: bool = False) -> Node:
    """Write code in letters of one width."""
    raw = str(token["raw"])
    return {"kind": "code", "text": printable(raw.rstrip("\n")) if block else words(raw), "block": block}


def formula(tex: str, *, block: bool) -> Node:
    """Write a formula: one of the catalogue with how it is read aloud, any other as its TeX."""
    found = find_formula(tex)
    if found is None:
        return {"kind": "code", "text": printable(tex) if block else words(tex), "block": block}
    return {"kind": "formula", "source": found.typst, "spoken": dict(found.spoken), "block": block}


def _table(token: Token) -> Node:
    """Write a table; columns of figures stand to the right."""
    head, *bodies = token["children"]
    rows = [[_cell(c) for c in row["children"]] for body in bodies for row in body["children"]]
    cells = [_cell(c) for c in head["children"]]
    return {
        "kind": "table",
        "caption": "",
        "small": False,
        "shares": [],
        "head": cells,
        "rows": rows,
        "notes": [],
    }


def _cell(token: Token) -> dict[str, Any]:
    """Write a cell."""
    return {
        "body": prose_nodes(token["children"]),
        "figure": token["attrs"].get("align") == "right",
        "text": words(plain_text([token])),
    }


WRITERS: Mapping[str, Callable[[Token], Node]] = {
    "paragraph": _around("paragraph"),
    "block_text": _around("inline"),
    "emphasis": _around("emphasis"),
    "strong": _around("strong"),
    "block_quote": _around("quote"),
    "heading": _heading,
    "link": _link,
    "list": _list,
    "block_code": lambda token: _code(token, block=True),
    "block_html": lambda token: paragraph(token["raw"].strip()),
    "codespan": _code,
    "inline_math": lambda token: formula(token["raw"], block=False),
    "block_math": lambda token: formula(token["raw"].strip(), block=True),
    "linebreak": lambda _token: {"kind": "newline"},
    "softbreak": lambda _token: " ",
    "thematic_break": lambda _token: {"kind": "line"},
    "blank_line": lambda _token: "",
    "table": _table,
}
