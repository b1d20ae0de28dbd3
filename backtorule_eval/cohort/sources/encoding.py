"""How is this text file encoded? Accepted only if exactly one reading is possible.

A byte order mark tells; bytes that form valid UTF-8 are UTF-8 (text in a one-byte encoding does not by
chance hold only pairs such as "Ã¥"). Otherwise cp1252 is taken if every byte above 127 is a letter or a
sign that Norwegian text uses: cp1252 has every printable character of ISO-8859-1 at the same place, so the
two readings are one. Bytes that would be letters on old DOS or Mac systems leave more than one reading,
and the file must be declared.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_CHUNK = 1 << 20
_FIRST_BYTE_ABOVE_ASCII = 0x80
# Left out: other signs of cp1252 (single quotes, accents, ¤, ¦, ®, †, ¿, Œ ...). They are what the letters
# of cp850 and Mac Roman, or the letters of ISO-8859-15, turn into.
_CP1252_SIGNS = "–—’“”„…€§°«»½·•\u00a0ŠšŽž"
_CP1252_BYTES = frozenset(_CP1252_SIGNS.encode("cp1252")) | frozenset(set(range(0xC0, 0x100)) - {0xD7, 0xF7})
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
    if is_utf8:
        return Encoding(codec="utf-8")
    return Encoding(codec="cp1252") if high <= _CP1252_BYTES else Encoding(rule="encoding_unclear")


def _of_marked(path: Path, mark: str, *, declared: str) -> Encoding:
    """The codec of a file with a byte order mark, or declared as UTF-16: that needs one, or its order."""
    family = declared.removesuffix("-le").removesuffix("-be")
    codec = mark or (declared if declared != "utf-16" else "")
    fits = not mark or not declared or family == mark.removesuffix("-sig")
    if codec and fits and _decodes(path, codec):
        return Encoding(codec=codec)
    return Encoding(rule="encoding_wrong", detail=declared or mark.removesuffix("-sig"))


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
        seen.update(chunk)
    return None if 0 in seen else frozenset(b for b in seen if b >= _FIRST_BYTE_ABOVE_ASCII)


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
