"""Every PDF can be read by ear, and the reader that says so sees each fault of a file that cannot."""

from __future__ import annotations

import io
from functools import cache

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from backtorule_eval.report.document.typst_pdf import document_pdf
from backtorule_eval.report.formulas import load_formulas
from backtorule_eval.report.views import render
from tests.report.examples import counts, released
from tests.report.pages import DOCUMENTS, document
from tests.report.read_pdf import Read, faults_of_pdf


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_document_can_be_read_by_ear(name, language):
    assert faults_of_pdf(document_pdf(DOCUMENTS[name](language))) == []


# --- The reader itself ----------------------------------------------------------------------------


@cache
def good() -> bytes:
    """A figure, its table and a formula."""
    shown = render(released(counts(31, 22, 0), counts(31, 19, 3), view="counts"), "nb").result
    formula = f"$$\n{load_formulas()['cronbach_alpha'].tex}\n$$"
    return document_pdf(document("nb", "# Hvem er med?", "## Kjønn og alder", shown, formula))


def parts(file: pikepdf.Pdf, *tags: str) -> list[pikepdf.Object]:
    return list(Read(file).parts(*tags))


def without(*path: str):
    """Take one thing out of the file's root."""

    def change(file):
        within = file.Root
        for name in path[:-1]:
            within = within[name]
        del within[path[-1]]

    return change


def set_on(tag: str, **given):
    """Give the first part with a tag another property, or none."""

    def change(file):
        part = parts(file, tag)[0]
        for name, new in given.items():
            part[f"/{name}"] = new

    return change


def caption_as_alt(file):
    picture, read = parts(file, "Figure")[0], Read(file)
    picture.Alt = String(read.text(parts(file, "Caption")[0]))


def heading_as_alt(file):
    parts(file, "Figure")[0].Alt = String("Kjønn og alder.")


def no_scope(file):
    parts(file, "TH")[0].A = Array([])


def no_heads(file):
    for cell in parts(file, "TH"):
        cell.S = Name.TD


def head_without_words(file):
    parts(file, "TH")[0].K = Array([])


def row_cut_short(file):
    row = parts(file, "TR")[1]
    row.K = Array([row.K[0]])


def leap(file):
    for part in parts(file, "H2"):
        part.S = Name.H3


def two_titles(file):
    parts(file, "H2")[0].S = Name.H1


def role_of_ours(file):
    """A tag that means nothing, for what was a table: found again through what its writer says it means."""
    root = file.Root.StructTreeRoot
    root.RoleMap["/Tabell"] = Name.Table
    for part in parts(file, "Table"):
        part.S = Name.Tabell
    no_scope(file)


def about(key: str, content: str):
    def change(file):
        with file.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
            if content:
                metadata[key] = content
            else:
                del metadata[key]

    return change


def letter_paper(file):
    file.pages[0].mediabox = [0, 0, 612, 792]


def written_beside(file):
    """Text that belongs to nothing, in a typeface of the page."""
    page = file.pages[0]
    (name, *_) = page.Resources.Font.keys()
    page.contents_add(f"BT {name} 12 Tf <0001> Tj ET".encode())
    page.contents_coalesce()


def typeface_of_the_machine(file):
    for thing in file.objects:
        if isinstance(thing, Dictionary) and thing.get("/Type") == "/FontDescriptor":
            for key in {"/FontFile2", "/FontFile3"} & set(thing.keys()):
                del thing[key]


BROKEN = {
    "no structure": without("/StructTreeRoot"),
    "not marked as tagged": without("/MarkInfo", "/Marked"),
    "no language": without("/Lang"),
    "the window shows the file's name": without("/ViewerPreferences"),
    "no title": about("dc:title", ""),
    "not declared as PDF/UA-1": about("pdfuaid:part", ""),
    "page 1: not A4": letter_paper,
    "is in no part of the structure": written_beside,
    "not in the file": typeface_of_the_machine,
    "does not start with a heading of level 1": set_on("H1", S=Name.H2),
    "several headings of level 1": two_titles,
    "heading of level 3 after 1": leap,
    "a heading without words": set_on("H2", K=Array([])),
    "table 1: its columns have no heads": no_heads,
    "table 1: a head does not say what it heads": no_scope,
    "table 1: a head without words": head_without_words,
    "table 1: rows of different length": row_cut_short,
    "figure 1: empty": set_on("Figure", Alt=String("")),
    "figure 1: TeX": set_on("Figure", Alt=String(r"Andelen er $\frac{15}{60}$ av alle her.")),
    "figure 1: the caption again": caption_as_alt,
    "figure 1: names a file": set_on("Figure", Alt=String("Bildet i filen svar.png viser 15 og 20 svar.")),
    "formula 1: empty": set_on("Formula", Alt=String(" ")),
    "formula 1: TeX": set_on("Formula", Alt=String(load_formulas()["cronbach_alpha"].tex)),
}


def broken(change) -> list[str]:
    with pikepdf.open(io.BytesIO(good())) as file:
        change(file)
        file.save(changed := io.BytesIO())
    return faults_of_pdf(changed.getvalue())


@pytest.mark.parametrize("fault", BROKEN)
def test_each_fault_is_seen(fault):
    assert [found for found in broken(BROKEN[fault]) if fault in found]


def test_a_heading_in_place_of_words_for_a_picture_is_seen():
    assert "figure 1: the caption again" in broken(heading_as_alt)


def test_tags_are_read_as_their_writer_means_them():
    assert "table 1: a head does not say what it heads" in broken(role_of_ours)


def test_a_file_without_a_fault_stays_without_one_when_it_is_saved_again():
    assert broken(lambda file: None) == []


def test_the_words_of_a_part_are_those_on_the_page():
    with pikepdf.open(io.BytesIO(good())) as file:
        read = Read(file)
        headings = [read.text(part) for part in read.parts("H2")]
        captions = [read.text(part) for part in read.parts("Caption")]
    assert headings[0] == "Kjønn og alder"
    assert "Tabell 1. Kjønn (alle i dataene)" in captions
