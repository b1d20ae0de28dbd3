"""The text of a PDF as a reader's program finds it, from the characters that its typefaces declare."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pikepdf

HEX = r"<([0-9a-fA-F ]+)>"


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands around a piece of a page: which part of the file's structure, decoration, its own text."""

    part: int | None = None
    decoration: bool = False
    said: str | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """Text as it is drawn, and the marks around it."""

    text: str
    marks: tuple[Mark, ...]

    @property
    def part(self) -> int | None:
        """The number on this page of the part of the structure it belongs to."""
        return next((mark.part for mark in reversed(self.marks) if mark.part is not None), None)

    @property
    def decoration(self) -> bool:
        """Whether it is repeated or drawn around the text, and not read aloud."""
        return any(mark.decoration for mark in self.marks)


def text_of(pdf: bytes) -> str:
    """Return all text in the order it is drawn, one line per page."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return "\n".join("".join(piece.text for piece in pieces_of(page)) for page in opened.pages)


def squeezed(text: str) -> str:
    """Return a text without white space: where lines break is not what a test asks."""
    return re.sub(r"\s", "", text)


def pieces_of(drawn: pikepdf.Object, around: Sequence[Mark] = ()) -> Iterator[Piece]:
    """Yield the pieces of text of a page, or of a form drawn on it."""
    resources = drawn.get("/Resources", pikepdf.Dictionary())
    fonts = {name: _characters(font) for name, font in resources.get("/Font", {}).items()}
    known: dict[int, str] = {}
    marks = [*around]
    for operands, operator in pikepdf.parse_content_stream(drawn):
        if str(operator) == "Tf":
            known = fonts[str(operands[0])]
        elif str(operator) in ("BDC", "BMC"):
            marks.append(_mark(operands, resources))
            yield Piece(marks[-1].said or "", tuple(marks))
        elif str(operator) == "EMC":
            marks.pop()
        elif str(operator) == "Do" and resources.XObject[str(operands[0])].Subtype == "/Form":
            yield from pieces_of(resources.XObject[str(operands[0])], marks)
        elif str(operator) in ("Tj", "TJ") and all(mark.said is None for mark in marks):
            pieces = operands if str(operator) == "Tj" else operands[0]
            text = "".join(_decoded(bytes(p), known) for p in pieces if isinstance(p, pikepdf.String))
            yield Piece(text, tuple(marks))


def _mark(operands: Sequence[pikepdf.Object], resources: pikepdf.Object) -> Mark:
    """Return what a mark says; one sign may stand for several characters, which it then names itself."""
    about = [g if isinstance(g, pikepdf.Dictionary) else resources.Properties[str(g)] for g in operands[1:]]
    parts = [int(properties.MCID) for properties in about if "/MCID" in properties]
    said = [str(properties.ActualText) for properties in about if "/ActualText" in properties]
    return Mark(
        part=parts[0] if parts else None,
        decoration=str(operands[0]) == "/Artifact",
        said=said[0] if said else None,
    )


def _decoded(codes: bytes, known: dict[int, str]) -> str:
    """Return what two-byte codes stand for."""
    return "".join(known[int.from_bytes(codes[i : i + 2])] for i in range(0, len(codes), 2))


def _characters(font: pikepdf.Object) -> dict[int, str]:
    """Return the characters of a typeface by code."""
    declared = font.ToUnicode.read_bytes().decode("ascii")
    known = {}
    for part in re.findall(r"beginbfchar(.*?)endbfchar", declared, flags=re.DOTALL):
        known |= {int(code, 16): _unicode(text) for code, text in re.findall(f"{HEX}\\s*{HEX}", part)}
    for part in re.findall(r"beginbfrange(.*?)endbfrange", declared, flags=re.DOTALL):
        for first, last, text in re.findall(f"{HEX}\\s*{HEX}\\s*{HEX}", part):
            start = ord(_unicode(text))
            known |= {c: chr(start + c - int(first, 16)) for c in range(int(first, 16), int(last, 16) + 1)}
    return known


def _unicode(digits: str) -> str:
    """Read hexadecimal UTF-16."""
    return bytes.fromhex(digits).decode("utf-16-be")
