"""Every Word file can be read by ear, and the reader that says so sees each fault of a file that cannot."""

from __future__ import annotations

import io
import re
import zipfile
from functools import cache

import pytest

from backtorule_eval.report.document.word import document_docx
from tests.report.pages import DOCUMENTS
from tests.report.read_docx import Read, faults_of_docx, words


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_document_can_be_read_by_ear(name, language):
    assert faults_of_docx(document_docx(DOCUMENTS[name](language))) == []


# --- The reader itself ----------------------------------------------------------------------------

TEXT, STYLES, ABOUT = "word/document.xml", "word/styles.xml", "docProps/core.xml"
# Fault -> part, pattern, what is put in place of its first finds, and of how many of them (0: all).
BROKEN = {
    "no title": (ABOUT, r"<dc:title>.*?</dc:title>", "", 1),
    "no language in its properties": (ABOUT, r"<dc:language>.*?</dc:language>", "", 1),
    "no language of its text": (STYLES, r"<w:lang [^>]*/>", "", 1),
    "not A4": (TEXT, r'w:w="11906" w:h="16838"', 'w:w="12240" w:h="15840"', 1),
    "does not start with a heading of level 1": (TEXT, r'<w:pStyle w:val="Heading1"/>', "", 1),
    "several headings of level 1": (TEXT, r'w:val="Heading2"', 'w:val="Heading1"', 1),
    "heading of level 3 after 1": (TEXT, r'w:val="Heading2"', 'w:val="Heading3"', 0),
    "a heading without words": (TEXT, r"(?<=<w:t>)Hvem er med\?(?=</w:t>)", " ", 0),
    "is not counted by Word": (TEXT, r"<w:instrText[^>]*> SEQ [^<]*</w:instrText>", "", 1),
    "is number 1": (TEXT, r"(SEQ Tabell .*?<w:t[^>]*>)1(?=</w:t>)", r"\g<1>7", 1),
    "table 1: its first row, and it alone, must be marked as its head": (TEXT, r"<w:tblHeader/>", "", 1),
    "table 1: a head without words": (TEXT, r"(?s)(<w:tc>.*?<w:t[^>]*>)[^<]+", r"\1", 1),
    "table 1: no name": (TEXT, r"<w:tblCaption [^>]*/>", "", 1),
    "table 1: its style does not know": (TEXT, r'w:firstRow="1"', 'w:firstRow="0"', 1),
    "picture 1: empty": (TEXT, r'descr="[^"]*"', 'descr=""', 1),
    "picture 1: TeX": (TEXT, r'descr="[^"]*"', r'descr="Andelen er $\\frac{15}{60}$ av alle."', 1),
    "picture 1: the caption again": (
        TEXT,
        r'descr="[^"]*"(.*?) title="([^"]*)"',
        r'descr="\2"\1 title="\2"',
        1,
    ),
    "picture 1: no figure and no finding": (
        TEXT,
        r'descr="[^"]*"',
        'descr="Et bilde av dem som er med her."',
        1,
    ),
    "picture 1: no caption beside it": (
        TEXT,
        r"(?s)(</w:t></w:r>)((?:(?!</w:p>).)*</w:p>)(<w:p>(?:(?!</w:p>).)*<w:drawing>)",
        r"\1\2<w:p/>\3",
        1,
    ),
}


@cache
def good() -> bytes:
    return document_docx(DOCUMENTS["notebook"]("nb"))


def changed(part: str, pattern: str, instead: str, count: int) -> bytes:
    """The file with one of its parts written anew."""
    with zipfile.ZipFile(io.BytesIO(good())) as file:
        contents = {name: file.read(name) for name in file.namelist()}
    text, found = re.subn(pattern, instead, contents[part].decode("utf-8"), count=count)
    assert found
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as file:
        for name, content in (contents | {part: text.encode("utf-8")}).items():
            file.writestr(name, content)
    return written.getvalue()


@pytest.mark.parametrize("fault", BROKEN)
def test_each_fault_is_seen(fault):
    assert [found for found in faults_of_docx(changed(*BROKEN[fault])) if fault in found]


def test_a_part_that_is_not_there_is_a_fault():
    with zipfile.ZipFile(io.BytesIO(good())) as file:
        contents = {name: file.read(name) for name in file.namelist() if name != ABOUT}
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as file:
        for name, content in contents.items():
            file.writestr(name, content)
    assert faults_of_docx(written.getvalue()) == ["no title", "no language in its properties"]


def test_headings_and_captions_are_found_by_the_names_of_their_styles():
    read = Read(good())
    assert (2, "Hvem er med?") in read.headings
    assert "Tabell 2. Kjønn (alle i dataene)" in [words(caption) for caption in read.captions]
