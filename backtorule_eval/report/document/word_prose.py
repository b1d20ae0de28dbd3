"""Prose in a Word file: the same syntax tree that a page is written from, as paragraphs, lists and tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from docx.shared import Twips

from backtorule_eval.report.document.prose import Token, link_parts, plain_text
from backtorule_eval.report.document.word_file import Word
from backtorule_eval.report.document.word_formula import add_formula
from backtorule_eval.report.document.word_table import Grid, add_grid
from backtorule_eval.report.document.word_text import Line, Piece, clean, element

DEEPEST = 8
INDENT = 340  # of one level of a list, in twentieths of a point, as in the numbering
# In word_look/word/numbering.xml: the numbering of bullets, how many there are, and the pattern that counts.
BULLETS, OWN_NUMBERINGS, COUNTING = 1, 2, 1
INLINE = frozenset({"block_text", "paragraph"})


def add_prose(word: Word, tokens: Iterable[Token], *, style: str = "Body Text") -> None:
    """Add the blocks of some prose; what this does not know is added as its words."""
    for token in tokens:
        if token["type"] in INLINE:
            word.paragraph(style, line_of(token["children"]))
        else:
            writer = BLOCKS.get(token["type"], _unknown)
            writer(word, token)


def line_of(tokens: Iterable[Token], look: Piece | None = None) -> Line:
    """Return the words of a paragraph, a heading or a cell, with their emphasis."""
    look = look or Piece()
    return tuple(piece for token in tokens for piece in _pieces(token, look))


def _pieces(token: Token, look: Piece) -> Iterator[Piece]:
    """Yield one token's pieces."""
    kind = token["type"]
    if kind == "strong":
        yield from line_of(token["children"], replace(look, strong=True))
    elif kind == "emphasis":
        yield from line_of(token["children"], replace(look, emphasis=True))
    elif kind == "link":
        yield from line_of(token["children"], look)
        yield from _address(token, look)
    elif kind == "codespan":
        yield replace(look, text=str(token["raw"]), style="Code")
    elif kind in ("inline_math", "block_math"):
        yield replace(look, text=str(token["raw"]), formula=True)
    elif kind == "linebreak":
        yield replace(look, ends_line=True)
    else:
        yield replace(look, text=plain_text([token]))


def _address(token: Token, look: Piece) -> Iterator[Piece]:
    """Yield a link's address after its words, but none within these pages: this file is read alone."""
    href, address = link_parts(token)
    if href.startswith("mailto:"):
        address = href.removeprefix("mailto:")
    if address and address != plain_text(token["children"]):
        yield replace(look, text=f" ({address})")


def _heading(word: Word, token: Token) -> None:
    """Add a heading."""
    word.heading(token["attrs"]["level"], line_of(token["children"]), anchor=token["attrs"]["anchor"])


def _quote(word: Word, token: Token) -> None:
    """Add a quotation."""
    add_prose(word, token["children"], style="Quote")


def _code(word: Word, token: Token) -> None:
    """Add a block of code, line by line."""
    lines = str(token["raw"]).rstrip("\n").split("\n")
    word.paragraph("Code Block", tuple(Piece(text=line, ends_line=line is not lines[-1]) for line in lines))


def _formula(word: Word, token: Token) -> None:
    """Add a formula that stands by itself."""
    add_formula(word.paragraph("Body Text"), clean(str(token["raw"]).strip()), alone=True)


def _unknown(word: Word, token: Token) -> None:
    """Add the words of anything else, raw HTML among it, as the text they are."""
    if words := plain_text([token]).strip():
        word.paragraph("Body Text", words)


def _list(word: Word, token: Token, depth: int = 0) -> None:
    """Add a list; every ordered one counts for itself."""
    ordered = token["attrs"]["ordered"]
    number = _new_numbering(word, depth, token["attrs"].get("start", 1)) if ordered else None
    for item in token["children"]:
        begun = False
        for child in item["children"]:
            if child["type"] == "list":
                _list(word, child, min(depth + 1, DEEPEST))
            elif child["type"] in INLINE and not begun:
                _item(word, child, number=number, depth=depth)
                begun = True
            else:
                _continued(word, child, depth=depth)


def _item(word: Word, token: Token, *, number: int | None, depth: int) -> None:
    """Add the paragraph that bears an item's bullet or number."""
    style = "List Bullet" if number is None else "List Number"
    paragraph = word.paragraph(style, line_of(token["children"]))
    if number is not None or depth:
        numbered = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        numbered.get_or_add_ilvl().val = depth
        numbered.get_or_add_numId().val = number or BULLETS


def _continued(word: Word, token: Token, *, depth: int) -> None:
    """Add what else an item holds, as far in as its words."""
    if token["type"] not in INLINE:
        add_prose(word, [token])
        return
    paragraph = word.paragraph("List Continue", line_of(token["children"]))
    paragraph._p.get_or_add_pPr().get_or_add_ind().left = Twips(INDENT * (depth + 1))


def _new_numbering(word: Word, depth: int, start: int) -> int:
    """Return a numbering that begins anew."""
    word.numbered["list"] += 1
    number = OWN_NUMBERINGS + word.numbered["list"]
    made = element("num", numId=number)
    made.append(element("abstractNumId", val=COUNTING))
    begins = element("lvlOverride", ilvl=depth)
    begins.append(element("startOverride", val=start))
    made.append(begins)
    word.file.part.numbering_part.element.append(made)
    return number


def _table(word: Word, token: Token) -> None:
    """Add a table of the prose; it has no caption of its own."""
    head, *body = token["children"]
    heads = tuple(line_of(cell["children"]) for cell in head["children"])
    rows = [row["children"] for part in body for row in part["children"]]
    numeric = [i for i, cell in enumerate(head["children"]) if cell["attrs"].get("align") == "right"]
    grid = Grid(
        name=", ".join(plain_text([cell]) for cell in head["children"]),
        head=heads,
        rows=tuple(tuple((line_of(cell["children"]),) for cell in cells) for cells in rows),
        numeric=frozenset(numeric),
    )
    add_grid(word, grid)


def _rule(word: Word, _token: Token) -> None:
    """Add a line across."""
    word.paragraph("Rule")


BLOCKS: Mapping[str, Callable[[Word, Token], None]] = {
    "heading": _heading,
    "block_quote": _quote,
    "block_code": _code,
    "block_math": _formula,
    "list": _list,
    "table": _table,
    "thematic_break": _rule,
    "blank_line": lambda word, token: None,
}
