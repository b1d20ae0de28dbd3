"""How is this text file encoded? Accepted only if exactly one reading is possible.

A byte order mark tells. Without one, a file can be UTF-8 if its bytes are valid UTF-8, and it can be in a
one-byte encoding if every byte above 127 is a letter or a sign of Norwegian text there. UTF-8 and cp1252
are accepted if they are the only reading, with those of DOS (cp850) and of old Macs among the others.
ISO-8859-1 has every printable character of cp1252's upper half at the same place, so those two are one
reading.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_CHUNK = 1 << 20
_ASCII = bytes(range(0x80))
# Without Â, Ã, â, È, °, ¤ and others that letters of this list become when they are read in the wrong
# encoding.
_NORWEGIAN = frozenset("æøåÆØÅäöüÄÖÜéÉèêëóòôáàíïñçÇúšŠžŽ–—’\u2018“”„«»…€§½•\u00a0")
_ONE_BYTE = ("cp1252", "cp850", "mac-roman")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoding:
    """The codec to read a file with, or the rule that is broken and the words for it."""

    codec: str = ""
    rule: str = ""
    detail: str = ""


def find_encoding(path: Path, *, declared: str = "") -> Encoding:
    """Which codec reads the file at `path`? `declared` is checked, "" is found out."""
    mark = _marked(path)
    if mark or declared.startswith("utf-16"):
        return _of_marked(path, mark, declared=declared)
    high = _high_bytes(path)
    if high is None:
        return Encoding(rule="nul_bytes")
    is_utf8 = _decodes(path, "utf-8")
    if declared:
        # A one-byte encoding reads any bytes, so that it "fits" is not enough: UTF-8 shows itself.
        hidden_utf8 = declared != "utf-8" and bool(high) and is_utf8
        fits = not hidden_utf8 and _decodes(path, declared)
        return Encoding(codec=declared) if fits else Encoding(rule="encoding_wrong", detail=declared)
    readings = ["utf-8"] * is_utf8 + [codec for codec in _ONE_BYTE if high and _is_norwegian(high, codec)]
    only = readings[0] if len(readings) == 1 else ""
    return Encoding(codec=only) if only in {"utf-8", "cp1252"} else Encoding(rule="encoding_unclear")


def _of_marked(path: Path, mark: str, *, declared: str) -> Encoding:
    """The codec of a file with a byte order mark, or declared as UTF-16: that needs one, or its order."""
    family = declared.removesuffix("-le").removesuffix("-be")
    codec = mark or (declared if declared != "utf-16" else "")
    fits = not mark or not declared or family == mark.removesuffix("-sig")
    if codec and fits and _decodes(path, codec):
        return Encoding(codec=codec)
    if mark and fits:
        return Encoding(rule="encoding_damaged", detail=mark.removesuffix("-sig"))
    return Encoding(rule="encoding_wrong", detail=declared)


def _marked(path: Path) -> str:
    """Codec that the byte order mark tells, or ""."""
    with path.open("rb") as file:
        start = file.read(4)
    return next((codec for mark, codec in _MARKS if start.startswith(mark)), "")


def _chunks(path: Path) -> Iterator[bytes]:
    """The file's bytes, a piece at a time."""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _high_bytes(path: Path) -> frozenset[int] | None:
    """Distinct bytes above ASCII, or None if there are NUL bytes."""
    seen: set[int] = set()
    for chunk in _chunks(path):
        if b"\0" in chunk:
            return None
        seen.update(chunk.translate(None, delete=_ASCII))
    return frozenset(seen)


def _is_norwegian(high: frozenset[int], codec: str) -> bool:
    """Whether all these bytes are letters or signs of Norwegian text."""
    return _NORWEGIAN.issuperset(bytes(high).decode(codec, errors="replace"))


def _decodes(path: Path, codec: str) -> bool:
    """Whether all bytes are text in `codec`."""
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        for chunk in _chunks(path):
            if "\0" in decoder.decode(chunk):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
