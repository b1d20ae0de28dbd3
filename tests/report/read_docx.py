"""What would stop a reader of a Word file who listens to it, or who asks Word for its contents?"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from tests.report.alt_text import faults_of_alt

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
DC = "{http://purl.org/dc/elements/1.1/}"
LANGUAGES = ("nb-NO", "en-GB")
A4 = ("11906", "16838")  # twentieths of a point
HEADING = re.compile(r"heading (\d)")
COUNTED = re.compile(r" SEQ \w+ \\\* ARABIC ")
FIGURE = ("Figur ", "Figure ")
NUMBERED = re.compile(r"(Tabell|Figur|Table|Figure) (\d+)\. \s*\S")


def faults_of_docx(content: bytes) -> list[str]:
    """Every fault of a file, in words; empty when all is well."""
    read = Read(content)
    return [
        *_faults_of_file(read),
        *_faults_of_headings(read),
        *_faults_of_captions(read),
        *_faults_of_tables(read),
        *_faults_of_pictures(read),
    ]


class Read:
    """The parts of a file, and its paragraphs with the names of their styles."""

    def __init__(self, content: bytes) -> None:
        self.file = zipfile.ZipFile(io.BytesIO(content))

    def part(self, name: str) -> Element:
        """Return a part; an empty one where it is lacking."""
        return ElementTree.fromstring(self.file.read(name) if name in self.file.namelist() else "<none/>")

    @cached_property
    def body(self) -> Element:
        return self.part("word/document.xml")[0]

    @cached_property
    def styles(self) -> dict[str, str]:
        """Names by the styles' keys: only a name tells Word what a style is for."""
        found = self.part("word/styles.xml").iter(f"{W}style")
        return {value(style, "styleId"): value(style.find(f"{W}name")) for style in found}

    def style(self, paragraph: Element) -> str:
        return self.styles.get(value(paragraph.find(f"{W}pPr/{W}pStyle")), "")

    @cached_property
    def headings(self) -> list[tuple[int, str]]:
        """Level and words of each."""
        named = ((HEADING.fullmatch(self.style(p).casefold()), p) for p in self.body.iter(f"{W}p"))
        return [(int(match[1]), words(p)) for match, p in named if match]

    @cached_property
    def captions(self) -> list[Element]:
        return [p for p in self.body.iter(f"{W}p") if "caption" in self.style(p).casefold()]


def value(element: Element | None, name: str = "val") -> str:
    """Return an attribute of Word's; "" where element or attribute is lacking."""
    return "" if element is None else element.get(f"{W}{name}", "")


def words(element: Element) -> str:
    return "".join(text.text or "" for text in element.iter(f"{W}t"))


def _faults_of_file(read: Read) -> Iterator[str]:
    about = read.part("docProps/core.xml")
    if not (about.findtext(f"{DC}title") or "").strip():
        yield "no title"
    if about.findtext(f"{DC}language") not in LANGUAGES:
        yield "no language in its properties"
    own = read.part("word/styles.xml").find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}lang")
    if value(own) not in LANGUAGES:
        yield "no language of its text"
    sizes = list(read.body.iter(f"{W}pgSz"))
    if not sizes or any((value(size, "w"), value(size, "h")) != A4 for size in sizes):
        yield "not A4"


def _faults_of_headings(read: Read) -> Iterator[str]:
    levels = [level for level, _ in read.headings]
    if levels[:1] != [1]:
        yield "does not start with a heading of level 1"
    if levels.count(1) > 1:
        yield "several headings of level 1"
    yield from (f"heading of level {b} after {a}" for a, b in pairwise(levels) if b > a + 1)
    if any(not text.strip() for _, text in read.headings):
        yield "a heading without words"


def _faults_of_captions(read: Read) -> Iterator[str]:
    counts: dict[str, int] = {}
    for caption in read.captions:
        counted = "".join(code.text or "" for code in caption.iter(f"{W}instrText"))
        shown = NUMBERED.match(words(caption))
        if not COUNTED.fullmatch(counted) or not shown:
            yield f"caption {words(caption)!r} is not counted by Word"
            continue
        counts[shown[1]] = counts.get(shown[1], 0) + 1
        if int(shown[2]) != counts[shown[1]]:
            yield f"caption {words(caption)!r} is number {counts[shown[1]]}"


def _faults_of_tables(read: Read) -> Iterator[str]:
    for number, table in enumerate(read.body.iter(f"{W}tbl"), start=1):
        rows = table.findall(f"{W}tr")
        heads = [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows]
        if not heads or heads != [True, *[False] * (len(heads) - 1)]:
            yield f"table {number}: its first row, and it alone, must be marked as its head"
        if not rows or any(not words(cell).strip() for cell in rows[0].iter(f"{W}tc")):
            yield f"table {number}: a head without words"
        if not value(table.find(f"{W}tblPr/{W}tblCaption")).strip():
            yield f"table {number}: no name"
        if value(table.find(f"{W}tblPr/{W}tblLook"), "firstRow") != "1":
            yield f"table {number}: its style does not know that the first row is its head"


def _faults_of_pictures(read: Read) -> Iterator[str]:
    heard = [text for _, text in read.headings] + [words(caption) for caption in read.captions]
    numbered = {p for p in read.captions if words(p).startswith(FIGURE)}
    beside = {p for pair in pairwise(read.body) if numbered & {*pair} for p in pair}
    pictures = [(paragraph, p) for paragraph in read.body.iter(f"{W}p") for p in paragraph.iter(DRAWING)]
    for number, (paragraph, picture) in enumerate(pictures, start=1):
        if paragraph not in beside:
            yield f"picture {number}: no caption beside it"
        title = picture.get("title", "")
        for fault in faults_of_alt(picture.get("descr", ""), beside=[*heard, title]):
            yield f"picture {number}: {fault}"
