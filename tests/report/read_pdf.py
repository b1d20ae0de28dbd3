"""What would stop a reader of a PDF who listens to it? Typst's own check passes some of it; ours does not."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise

import pikepdf

from tests.report.alt_text import faults_of_alt, faults_of_spoken
from tests.report.pdf_text import pieces_of

A4 = (595.28, 841.89)
LANGUAGES = ("nb", "en")
SCOPES = ("/Row", "/Column", "/Both")


def faults_of_pdf(content: bytes) -> list[str]:
    """Every fault of a file, in words; empty when all is well."""
    with pikepdf.open(io.BytesIO(content)) as file:
        read = Read(file)
        return [
            *_faults_of_file(file),
            *_faults_of_pages(file),
            *_faults_of_typefaces(file),
            *_faults_of_headings(read),
            *_faults_of_tables(read),
            *_faults_of_pictures(read),
        ]


class Read:
    """The structure of an open file: its parts in order, and the words of each."""

    def __init__(self, file: pikepdf.Pdf) -> None:
        self.file = file
        self.root = file.Root.get("/StructTreeRoot", pikepdf.Dictionary())

    @cached_property
    def words(self) -> dict[tuple[tuple[int, int], int | None], str]:
        """What is drawn on a page (its object's number) for each part of the structure."""
        found: dict[tuple[tuple[int, int], int | None], str] = defaultdict(str)
        for page in self.file.pages:
            for piece in pieces_of(page):
                found[page.obj.objgen, piece.part] += piece.text
        return found

    def parts(self, *tags: str, below: pikepdf.Object | None = None) -> Iterator[pikepdf.Object]:
        """Yield the parts with one of these tags, in the order they are read."""
        if below is None:
            below = self.root.get("/K")
        if isinstance(below, pikepdf.Array):
            for part in below:
                yield from self.parts(*tags, below=part)
        elif isinstance(below, pikepdf.Dictionary):
            if "/S" in below and self.tag(below) in tags:
                yield below
            if "/K" in below:
                yield from self.parts(*tags, below=below.K)

    def tag(self, part: pikepdf.Object) -> str:
        """Return the standard tag of a part, whatever its writer calls it."""
        tag = str(part.S)
        return str(self.root.get("/RoleMap", {}).get(tag, tag))[1:]

    def text(self, part: pikepdf.Object) -> str:
        """Return the words of a part and of those within it."""
        page = part.get("/Pg")
        within = part.get("/K", pikepdf.Array())
        texts = []
        for one in within if isinstance(within, pikepdf.Array) else [within]:
            if isinstance(one, pikepdf.Dictionary):
                texts.append(self.text(one) if "/S" in one else self._marked(one.get("/Pg", page), one))
            elif page is not None:
                texts.append(self.words[page.objgen, int(one)])
        return "".join(texts)

    def _marked(self, page: pikepdf.Object, reference: pikepdf.Object) -> str:
        return self.words[page.objgen, int(reference.MCID)] if "/MCID" in reference else ""


# --- The file -------------------------------------------------------------------------------------


def _faults_of_file(file: pikepdf.Pdf) -> Iterator[str]:
    root = file.Root
    if "/StructTreeRoot" not in root:
        yield "no structure"
    if not root.get("/MarkInfo", {}).get("/Marked", False):
        yield "not marked as tagged"
    if str(root.get("/Lang", "")) not in LANGUAGES:
        yield "no language"
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False):
        yield "the window shows the file's name"
    with file.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as about:
        if not about.get("dc:title", "").strip():
            yield "no title"
        if about.get("pdfuaid:part") != "1":
            yield "not declared as PDF/UA-1"


def _faults_of_pages(file: pikepdf.Pdf) -> Iterator[str]:
    for number, page in enumerate(file.pages, start=1):
        left, low, right, high = (float(edge) for edge in page.mediabox)
        if max(abs(right - left - A4[0]), abs(high - low - A4[1])) > 1:
            yield f"page {number}: not A4"
        pieces = [piece for piece in pieces_of(page) if piece.text.strip()]
        if loose := [piece.text for piece in pieces if piece.part is None and not piece.decoration]:
            yield f"page {number}: {loose[0]!r} is in no part of the structure"


def _faults_of_typefaces(file: pikepdf.Pdf) -> Iterator[str]:
    for thing in file.objects:
        if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/Font":
            described = thing.get("/FontDescriptor", {})
            within = {"/FontFile", "/FontFile2", "/FontFile3"} & set(described.keys())
            if thing.get("/Subtype") not in ("/Type0", "/Type3") and not within:
                yield f"typeface {str(thing.get('/BaseFont', '?'))[1:]} not in the file"


# --- Its structure --------------------------------------------------------------------------------


def _faults_of_headings(read: Read) -> Iterator[str]:
    headings = list(read.parts(*(f"H{level}" for level in range(1, 7))))
    levels = [int(read.tag(heading)[1:]) for heading in headings]
    if levels[:1] != [1]:
        yield "does not start with a heading of level 1"
    if levels.count(1) > 1:
        yield "several headings of level 1"
    yield from (f"heading of level {b} after {a}" for a, b in pairwise(levels) if b > a + 1)
    if any(not read.text(heading).strip() for heading in headings):
        yield "a heading without words"


def _faults_of_tables(read: Read) -> Iterator[str]:
    for number, table in enumerate(read.parts("Table"), start=1):
        rows = list(read.parts("TR", below=table))
        heads = list(read.parts("TH", below=table))
        first = list(read.parts("TH", "TD", below=rows[0])) if rows else []
        if not first or any(read.tag(cell) != "TH" for cell in first):
            yield f"table {number}: its columns have no heads"
        if any(_scope(head) not in SCOPES for head in heads):
            yield f"table {number}: a head does not say what it heads"
        if any(not read.text(head).strip() for head in first):
            yield f"table {number}: a head without words"
        cells = {len(list(read.parts("TH", "TD", below=row))) for row in rows}
        if len(cells) > 1:
            yield f"table {number}: rows of different length"


def _scope(head: pikepdf.Object) -> str:
    given = head.get("/A", pikepdf.Array())
    attributes = given if isinstance(given, pikepdf.Array) else [given]
    return next((str(a.Scope) for a in attributes if isinstance(a, pikepdf.Dictionary) and "/Scope" in a), "")


def _faults_of_pictures(read: Read) -> Iterator[str]:
    heard = [read.text(part) for part in read.parts("Caption", *(f"H{level}" for level in range(1, 7)))]
    for tag, faults_of in (("Figure", faults_of_alt), ("Formula", faults_of_spoken)):
        for number, part in enumerate(read.parts(tag), start=1):
            for fault in faults_of(str(part.get("/Alt", "")), beside=heard):
                yield f"{tag.lower()} {number}: {fault}"
