"""A Word file under way: our own styles, one language, numbered captions, and the same bytes every time."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from string import Template

import docx
from docx.document import Document as File
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from backtorule_eval.report.catalogue import translator
from backtorule_eval.report.document.word_text import Line, add_field, add_line, bookmark, clean, one_piece

LOOK = "word_look"
# What a file says of its language, and how its reader writes numbers and lists.
LANGUAGES = {
    "nb": {"language": "nb-NO", "decimal": ",", "separator": ";"},
    "en": {"language": "en-GB", "decimal": ".", "separator": ","},
}
LONGEST_PROPERTY = 255
# A zip file must hold a time for each part; this is the first that it can hold.
NO_TIME = (1980, 1, 1, 0, 0, 0)
MADE_ON_UNIX = 3
READABLE = 0o644 << 16
BELOW_TABLE = Pt(8)


@dataclass(slots=True)
class Word:
    """A Word file under way.

    Attributes
    ----------
    file : docx.document.Document
        What python-docx writes to.
    numbered : Counter
        How many tables and figures have a number, and how many headings a bookmark.
    """

    file: File
    language: str
    numbered: Counter[str] = field(default_factory=Counter)

    def paragraph(self, style: str, line: Line | str = ()) -> Paragraph:
        """Add a paragraph at the end."""
        after_table = self.ends_in_table()
        paragraph = self.file.add_paragraph(style=style)
        add_line(paragraph, one_piece(line) if isinstance(line, str) else line)
        own = paragraph.style.paragraph_format.space_before if paragraph.style else None
        if after_table and not own:
            paragraph.paragraph_format.space_before = BELOW_TABLE
        return paragraph

    def heading(self, level: int, line: Line | str, *, anchor: str) -> None:
        """Add a heading with a bookmark."""
        self.numbered["bookmark"] += 1
        bookmark(self.paragraph(f"Heading {min(level, 6)}", line), anchor, number=self.numbered["bookmark"])

    def caption(self, label: str, words: str, *, small: bool = False) -> None:
        """Add a caption with its number, which Word counts again when something is put in between."""
        self.numbered[label] += 1
        caption = self.paragraph("Small Caption" if small else "Caption", one_piece(f"{label} "))
        add_field(caption, rf"SEQ {label} \* ARABIC", str(self.numbered[label]))
        caption.add_run(".")
        for run in caption.runs:
            run.bold = True
        caption.add_run(f" {clean(words)}")

    def table_label(self) -> str:
        """Return the word before a table's number."""
        _ = translator(self.language)
        return _("Table")

    def figure_label(self) -> str:
        """Return the word before a figure's number."""
        _ = translator(self.language)
        return _("Figure")

    def ends_in_table(self) -> bool:
        """Tell whether the last thing so far is a table: two would become one."""
        last = self.file.element.body[-1].getprevious()  # the very last describes the page
        return last is not None and last.tag == qn("w:tbl")

    def to_bytes(self) -> bytes:
        """Return the file; the same content gives the same bytes."""
        written = io.BytesIO()
        self.file.save(written)
        with zipfile.ZipFile(written) as parts:
            return _zipped((name, parts.read(name)) for name in sorted(parts.namelist()))


def new_word(title: str, language: str) -> Word:
    """Begin a Word file: A4, our styles, a language, a title, no time and no author."""
    file = docx.Document(io.BytesIO(_empty(language)))
    about = file.core_properties
    about.title = clean(title)[:LONGEST_PROPERTY]
    about.language = LANGUAGES[language]["language"]
    return Word(file=file, language=language)


@cache
def _empty(language: str) -> bytes:
    """Return a file with all parts and no text."""
    words = LANGUAGES[language]
    folder = resources.files(__package__).joinpath(LOOK)
    return _zipped(
        (name, Template(text).substitute(words).encode("utf-8")) for name, text in sorted(_parts(folder, ""))
    )


def _parts(folder: Traversable, above: str) -> Iterator[tuple[str, str]]:
    """Yield name and text of every part below a folder."""
    for entry in folder.iterdir():
        name = f"{above}{entry.name}"
        if entry.is_dir() and entry.name != "__pycache__":
            yield from _parts(entry, f"{name}/")
        elif name.endswith((".xml", ".rels")):
            yield name, entry.read_text(encoding="utf-8")


def _zipped(parts: Iterator[tuple[str, bytes]]) -> bytes:
    """Write parts as a zip file without times; the list of content types is the first, as readers expect."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            entry = zipfile.ZipInfo(name, NO_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system, entry.external_attr = MADE_ON_UNIX, READABLE
            archive.writestr(entry, content)
    return file.getvalue()
