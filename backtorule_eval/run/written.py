"""What a reader, or a program, can read in a file of the outputs: its texts, unpacked."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

# Places and sizes of a drawing are no text, and hashes are long runs that hold every digit sooner or later.
DRAWN = re.compile(r'\s(?:d|points|transform|viewBox|style|x|y|width|height|id|href)="[^"]*"')
TAG = re.compile(r"</?[a-zA-Z][^>]*>")
SPOKEN = re.compile(r'\s(?:aria-label|alt|title|content|descr)="([^"]*)"')
HASH = re.compile(r"\b[0-9a-f]{32,}\b")
STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", flags=re.DOTALL)
PDF_TEXT = re.compile(rb"\(([^()\\]{4,})\)")
PDF_UTF16 = re.compile(rb"<FEFF((?:[0-9A-Fa-f]{4})+)>")
WORD = re.compile(r"[^\W_]+(?:[-_.][^\W_]+)*")


def texts_of(path: Path) -> Iterator[str]:
    """Yield the texts in a file, by its kind; of an unknown kind, its bytes as they are."""
    reader = READERS.get(path.suffix, _bytes_as_text)
    yield from (HASH.sub(" ", text) for text in reader(path.read_bytes()))


def words_in(texts: Iterable[str]) -> set[str]:
    """Return the words of some texts; a pseudonym with hyphens is one word."""
    return {word for text in texts for word in WORD.findall(text)}


def _markup(content: bytes) -> Iterator[str]:
    """Yield the words between the tags, and those that are spoken."""
    yield from _of_markup(content.decode("utf-8", errors="replace"))


def _of_markup(text: str) -> Iterator[str]:
    """Yield the words of some markup piece by piece, for a number does not reach across a tag."""
    text = re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
    yield from (html.unescape(spoken) for spoken in SPOKEN.findall(text))
    yield from (html.unescape(piece) for piece in TAG.split(DRAWN.sub("", text)) if piece.strip())


def _json(content: bytes) -> Iterator[str]:
    """Yield every text and number in JSON."""
    yield from _of_json(json.loads(content.decode("utf-8")))


def _of_json(value: Any) -> Iterator[str]:
    """Yield the texts in one value, its names among them."""
    if isinstance(value, str):
        yield from _of_markup(value) if "<" in value else (value,)
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield name
            yield from _of_json(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _of_json(inner)
    elif value is not None:
        yield str(value)


def _rows(content: bytes) -> Iterator[str]:
    """Yield the cells of a table file."""
    for row in csv.reader(io.StringIO(content.decode("utf-8"))):
        yield from row


def _zipped(content: bytes) -> Iterator[str]:
    """Yield the texts of what is packed in a zip, names included."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            yield name
            reader = _markup if name.endswith((".xml", ".rels")) else _bytes_as_text
            yield from reader(archive.read(name))


def _pdf(content: bytes) -> Iterator[str]:
    """Yield the texts that stand in the open in a PDF: properties, alternative texts, names.

    Letters on its pages are numbers of glyphs; the same words are searched in the page and the notebook.
    """
    for part in (STREAM.sub(b" ", content), *map(_unpacked, STREAM.findall(content))):
        yield from _strings_of_pdf(part)
        if b"<x:xmpmeta" in part:
            yield from _of_markup(part.decode("utf-8", errors="replace"))


def _unpacked(stream: bytes) -> bytes:
    """Return a stream of a PDF as it was before it was packed."""
    try:
        return zlib.decompressobj().decompress(stream)
    except zlib.error:
        return stream


def _strings_of_pdf(part: bytes) -> Iterator[str]:
    """Yield texts in brackets, and those in UTF-16 that are written as hexadecimal numbers."""
    yield from (run.decode("latin-1") for run in PDF_TEXT.findall(part))
    for digits in PDF_UTF16.findall(part):
        yield bytes.fromhex(digits.decode("ascii")).decode("utf-16-be", errors="replace")


def _lines(content: bytes) -> Iterator[str]:
    """Yield the lines of a text."""
    yield from content.decode("utf-8", errors="replace").splitlines()


def _bytes_as_text(content: bytes) -> Iterator[str]:
    """Yield runs of printable characters, as they stand in any file."""
    yield from (run.decode("ascii") for run in re.findall(rb"[ -~]{8,}", content))


READERS: Mapping[str, Callable[[bytes], Iterator[str]]] = {
    ".html": _markup,
    ".svg": _markup,
    ".ipynb": _json,
    ".json": _json,
    ".csv": _rows,
    ".docx": _zipped,
    ".pdf": _pdf,
    ".tex": _lines,
    ".txt": _lines,
}
