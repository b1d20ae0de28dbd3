"""The text of a PDF as a reader's program finds it, from the characters that its typefaces declare."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pikepdf

HEX = r"<([0-9a-fA-F ]+)>"


def text_of(pdf: bytes) -> str:
    """Return all text in the order it is drawn, one line per page."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return "\n".join("".join(_pieces(page)) for page in opened.pages)


def squeezed(text: str) -> str:
    """Return a text without white space: where lines break is not what a test asks."""
    return re.sub(r"\s", "", text)


def _pieces(drawn: pikepdf.Object) -> Iterator[str]:
    """Yield the pieces of text of a page, or of a form drawn on it."""
    resources = drawn.get("/Resources", pikepdf.Dictionary())
    fonts = {name: _characters(font) for name, font in resources.get("/Font", {}).items()}
    known: dict[int, str] = {}
    marked: list[bool] = []  # whether each of the marks around says itself what its text is
    for operands, operator in pikepdf.parse_content_stream(drawn):
        if str(operator) == "Tf":
            known = fonts[str(operands[0])]
        elif str(operator) in ("BDC", "BMC"):
            said = _said(operands[1:], resources)
            yield said or ""
            marked.append(said is not None)
        elif str(operator) == "EMC":
            marked.pop()
        elif str(operator) == "Do" and resources.XObject[str(operands[0])].Subtype == "/Form":
            yield from _pieces(resources.XObject[str(operands[0])])
        elif str(operator) in ("Tj", "TJ") and not any(marked):
            pieces = operands if str(operator) == "Tj" else operands[0]
            yield "".join(_decoded(bytes(p), known) for p in pieces if isinstance(p, pikepdf.String))


def _said(operands: list[pikepdf.Object], resources: pikepdf.Object) -> str | None:
    """Return what a mark says its text is, where one sign stands for several characters."""
    for given in operands:
        properties = given if isinstance(given, pikepdf.Dictionary) else resources.Properties[str(given)]
        if "/ActualText" in properties:
            return str(properties.ActualText)
    return None


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
