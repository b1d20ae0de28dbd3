"""Word files: headings, captions, heads and alt texts that programs find too, and text that stays text."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from functools import cache
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn

from backtorule_eval.report.canvas import TEXT, width_of
from backtorule_eval.report.document.model import Code, Document, NotShown
from backtorule_eval.report.document.word import document_docx, tables_docx
from backtorule_eval.report.document.word_widths import (
    OF_A_BOLD_WORD,
    OF_A_LINE,
    PADDING,
    PAGE_WIDTH,
    TWIPS,
    column_widths,
)
from backtorule_eval.report.formulas import OMML, load_formulas
from backtorule_eval.report.page import Fact, Link
from backtorule_eval.report.remarks import Certainty
from backtorule_eval.report.result import Answer, Result
from backtorule_eval.report.tables import Cell, Table
from tests import hostile
from tests.report.pages import BANNER, DOCUMENTS, document
from tests.requirements import find_libreoffice

WORDS = {"nb": ("nb-NO", "Tabell", "Figur", "Side 1 av 1"), "en": ("en-GB", "Table", "Figure", "Page 1 of 1")}
SOUND_FIELDS = re.compile(
    r' (SEQ (Tabell|Figur|Table|Figure) \\\* ARABIC|PAGE|NUMPAGES|TOC \\o "2-2" \\n \\h \\z) '
)
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"


@pytest.fixture(params=["nb", "en"])
def language(request):
    return request.param


@pytest.fixture(params=DOCUMENTS)
def name(request):
    return request.param


@cache
def written(name: str, language: str) -> bytes:
    return document_docx(DOCUMENTS[name](language))


def opened(content: bytes) -> docx.document.Document:
    return docx.Document(io.BytesIO(content))


def word_of(*blocks, language: str = "nb", **given) -> docx.document.Document:
    return opened(document_docx(document(language, *blocks, **given)))


def parts(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {n: file.read(n).decode() for n in file.namelist() if n.endswith((".xml", ".rels"))}


def styled(file: docx.document.Document, style: str) -> list[str]:
    return [p.text for p in file.paragraphs if p.style.name == style]


def fields(content: bytes) -> list[str]:
    everything = "".join(parts(content).values())
    return re.findall(r"<w:instrText[^>]*>([^<]*)</w:instrText>", everything)


def on(paragraph_or_cell, tag: str) -> list:
    return list(paragraph_or_cell._element.iter(qn(tag)))


# --- Every document -------------------------------------------------------------------------------


def test_a_file_says_its_title_and_its_language(name, language):
    content = written(name, language)
    file = opened(content)
    code = WORDS[language][0]
    assert file.core_properties.title == DOCUMENTS[name](language).title
    assert file.core_properties.language == code
    styles = parts(content)["word/styles.xml"]
    assert set(re.findall(r'<w:lang w:val="([\w-]+)"', styles)) == {code}
    assert f'<w:themeFontLang w:val="{code}"/>' in parts(content)["word/settings.xml"]


def test_a_file_tells_no_time_and_nobody(name, language):
    about = opened(written(name, language)).core_properties
    assert (about.created, about.modified, about.author, about.last_modified_by) == (None, None, "", "")


def test_the_same_document_gives_the_same_bytes(name, language):
    content = document_docx(DOCUMENTS[name](language))
    assert content == written(name, language)
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert {entry.date_time for entry in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert file.namelist() == sorted(file.namelist())


def test_headings_start_with_one_title_leave_no_level_out_and_have_bookmarks(name, language):
    headings = [p for p in opened(written(name, language)).paragraphs if p.style.name.startswith("Heading")]
    levels = [int(p.style.name.split()[1]) for p in headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(deeper <= level + 1 for level, deeper in pairwise(levels))
    marks = [mark.get(qn("w:name")) for p in headings for mark in on(p, "w:bookmarkStart")]
    assert len(set(marks)) == len(headings)


def test_captions_count_their_tables_and_figures(name, language):
    _code, table, figure, _page = WORDS[language]
    captions = [
        p for p in opened(written(name, language)).paragraphs if p.style.name in ("Caption", "Small Caption")
    ]
    for label in (table, figure):
        mine = [p.text for p in captions if p.text.startswith(f"{label} ")]
        assert [int(re.match(rf"{label} (\d+)\. \S", text).group(1)) for text in mine] == [
            *range(1, len(mine) + 1)
        ]
    assert all(on(p, "w:instrText")[0].text.startswith(" SEQ ") for p in captions)


def test_tables_have_marked_and_repeated_heads_and_a_name(name, language):
    for table in opened(written(name, language)).tables:
        look = table._tbl.tblPr.find(qn("w:tblLook"))
        assert (look.get(qn("w:firstRow")), look.get(qn("w:firstColumn"))) == ("1", "1")
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))
        heads = [bool(row._tr.trPr.findall(qn("w:tblHeader"))) for row in table.rows]
        assert heads == [True, *[False] * (len(heads) - 1)]
        assert all(row._tr.trPr.findall(qn("w:cantSplit")) for row in table.rows)
        assert all(cell.text for cell in table.rows[0].cells)


def test_tables_fit_the_page(name, language):
    for table in opened(written(name, language)).tables:
        widths = [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid.gridCol_lst]
        assert sum(widths) <= PAGE_WIDTH
        assert min(widths) > 0


def test_pictures_say_what_they_show(name, language):
    pictures = list(opened(written(name, language)).element.body.iter(DRAWING))
    assert len(pictures) == sum(len(getattr(b, "pictures", ())) for b in DOCUMENTS[name](language).blocks)
    assert len({p.get("id") for p in pictures}) == len(pictures)
    for picture in pictures:
        assert len(picture.get("descr")) > 30
        assert picture.get("title")
        assert picture.get("descr") != picture.get("title")


def test_only_our_own_fields_and_no_way_out(name, language):
    content = written(name, language)
    assert all(SOUND_FIELDS.fullmatch(field) for field in fields(content))
    everything = "".join(parts(content).values())
    assert "fldSimple" not in everything
    assert 'TargetMode="External"' not in everything
    assert not re.search(r"<w:hyperlink [^>]*r:id", everything)


def test_every_style_used_is_there(name, language):
    content = written(name, language)
    known = {style.style_id for style in opened(content).styles}
    used = re.findall(r'<w:(?:pStyle|rStyle|tblStyle) w:val="(\w+)"', "".join(parts(content).values()))
    assert set(used) <= known


# --- One notebook ---------------------------------------------------------------------------------


def notebook(language: str = "nb") -> docx.document.Document:
    return opened(written("notebook", language))


def test_the_look_is_ours():
    styles = {style.name: style for style in notebook().styles if style.type is WD_STYLE_TYPE.PARAGRAPH}
    assert str(styles["Heading 2"].font.color.rgb) == "0A5C73"
    section = notebook().sections[0]
    assert [round(x.mm) for x in (section.page_width, section.page_height, section.left_margin)] == [
        210,
        297,
        25,
    ]


def test_contents_lead_to_the_sections():
    file = notebook()
    sections = [text for text in styled(file, "Heading 2")]
    assert styled(file, "TOC Heading") == ["Innhold"]
    assert styled(file, "toc 2") == sections
    lines = [p for p in file.paragraphs if p.style.name == "toc 2"]
    leads = [link.get(qn("w:anchor")) for p in lines for link in on(p, "w:hyperlink")]
    marks = [m.get(qn("w:name")) for m in file.element.body.iter(qn("w:bookmarkStart"))]
    assert len(leads) == len(sections)
    assert set(leads) <= set(marks)


def test_every_page_but_the_first_bears_title_and_banner_and_every_page_its_number(language):
    section = notebook(language).sections[0]
    assert section.different_first_page_header_footer
    assert [p.text for p in section.header.paragraphs] == ["Back to Rule – Nordstrand 2024", BANNER]
    assert [p.text for p in section.first_page_header.paragraphs] == [""]
    for footer in (section.footer, section.first_page_footer):
        assert footer.paragraphs[0].text == WORDS[language][3]
        assert [f.text for f in on(footer.paragraphs[0], "w:instrText")] == [" PAGE ", " NUMPAGES "]


def test_the_banner_comes_first_on_its_own_ground():
    first = notebook().paragraphs[0]
    assert (first.text, first.style.name) == (BANNER, "Banner")
    assert first.style.element.pPr.find(qn("w:shd")).get(qn("w:fill")) == "FFF6E8"


def test_code_is_left_out_and_what_did_not_pass_leaves_a_line():
    file = notebook()
    assert "open_study" not in "".join(parts(written("notebook", "nb")).values())
    assert styled(file, "Not Shown") == ["Ikke vist: resultatet gikk ikke gjennom publish."]


def test_what_a_page_folds_away_stands_openly_in_small_print():
    file = notebook()
    assert "Slik gjorde vi det" in styled(file, "Small Label")
    assert "Metode: logistisk regresjon." in styled(file, "Note")
    small = [p.text for p in file.paragraphs if p.style.name == "Small Caption"]
    assert "Tabell 2. Kjønn (alle i dataene)" in small


def test_a_provisional_result_says_so():
    assert "Foreløpig: ikke kontrollert mot resten, ikke for deling." in styled(notebook(), "Banner")


def test_how_it_was_made_comes_last():
    file = notebook()
    assert styled(file, "Heading 2")[-1] == "Slik er dokumentet laget"
    assert [p.text for p in file.paragraphs][-1] == "Frø\t20240801"


def test_numbers_stand_to_the_right_with_a_decimal_comma():
    tables = {t._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")): t for t in notebook().tables}
    table = next(t for name, t in tables.items() if name.startswith("Interesse minus nytte"))
    first = table.rows[1].cells
    assert [cell.text for cell in first][:2] == ["Ujustert", "−0,23"]
    assert [cell.paragraphs[0].style.name for cell in first][:2] == ["Small Table Text", "Small Table Number"]


def test_a_document_without_a_heading_gets_its_title_as_one():
    assert styled(word_of("Bare tekst."), "Heading 1") == ["Back to Rule – Nordstrand 2024"]


def test_notes_without_facts_stand_below_a_line():
    file = word_of("# A", notes=("Avrundet.",), facts=())
    assert [p.style.name for p in file.paragraphs][-2:] == ["Rule", "Note"]


# --- Front pages ----------------------------------------------------------------------------------


def test_answers_come_with_how_sure_we_are():
    table = opened(written("front", "nb")).tables[0]
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows[0] == ["Spørsmål", "Svar", "Hvor sikre er vi?"]
    assert rows[1][2] == "Svært usikkert\n●○○○"
    assert rows[2][2] == "Beskrivelse"
    assert rows[3][1:] == ["Kan ikke besvares: det er for få i hver gruppe (vi trenger minst 20).", "–"]


def test_answers_without_certainty_have_two_columns():
    answers = (Answer(question="Hvem?", sentences=("Førti.", "Alle.")),)
    table = word_of("# A", Result(key="a", answers=answers)).tables[0]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Spørsmål", "Svar"],
        ["Hvem?", "Førti.\nAlle."],
    ]


def test_pages_are_named_and_not_linked():
    assert "Motivasjon" in styled(opened(written("front", "nb")), "List Bullet")
    assert "05.html" not in "".join(parts(written("front", "nb")).values())


# --- Prose ----------------------------------------------------------------------------------------


def test_emphasis_code_and_line_breaks():
    (paragraph,) = (
        p for p in word_of("# A\n\n*a* **b** `c` d  \ne").paragraphs if p.style.name == "Body Text"
    )
    assert paragraph.text == "a b c d\ne"
    looks = {run.text: (run.bold, run.italic, run.style.name) for run in paragraph.runs if run.text.strip()}
    plain = "Default Paragraph Font"
    assert looks["a"] == (None, True, plain)
    assert looks["b"] == (True, None, plain)
    assert looks["c"] == (None, None, "Code")


def test_links_are_words_and_addresses_are_text():
    file = word_of(
        "# A\n\n[inne](../index.html) [ute](https://ssb.example/a) [post](mailto:a@nav.example) <https://b.example>"
    )
    assert styled(file, "Body Text") == [
        "inne ute (https://ssb.example/a) post (a@nav.example) https://b.example"
    ]
    assert not list(file.element.body.iter(qn("w:hyperlink")))


def test_lists_are_lists_and_every_numbered_one_begins_anew():
    file = word_of("# A\n\n- a\n- b\n  1. c\n\n  mer om b\n\n1. d\n2. e\n\nOg\n\n3. f")
    numbered = [
        (p.text, p._p.pPr.numPr.ilvl.val, p._p.pPr.numPr.numId.val)
        for p in file.paragraphs
        if p._p.pPr.numPr is not None
    ]
    assert styled(file, "List Bullet") == ["a", "b"]
    assert styled(file, "List Continue") == ["mer om b"]
    assert [(text, level) for text, level, _number in numbered] == [("c", 1), ("d", 0), ("e", 0), ("f", 0)]
    numbers = [number for _text, _level, number in numbered]
    assert numbers[1] == numbers[2]
    assert len(set(numbers)) == 3
    begins = file.part.numbering_part.element.findall(f".//{qn('w:startOverride')}")
    assert [b.get(qn("w:val")) for b in begins] == ["1", "1", "3"]


def test_a_deep_list_stays_within_what_word_counts():
    deep = "\n".join(f"{'  ' * depth}- {depth}" for depth in range(12))
    levels = [
        p._p.pPr.numPr.ilvl.val for p in word_of(f"# A\n\n{deep}").paragraphs if p._p.pPr.numPr is not None
    ]
    assert max(levels) == 8


def test_quotes_code_formulas_and_rules_have_styles_of_their_own():
    file = word_of("# A\n\n> sagt\n\n```\nx = 1\n\ny\n```\n\n---\n\n$$\na^2\n$$\n\nog $b$\n\n<div>rå</div>")
    assert styled(file, "Quote") == ["sagt"]
    assert styled(file, "Code Block") == ["x = 1\n\ny"]
    assert styled(file, "Rule") == [""]
    assert styled(file, "Body Text") == ["a^2", "og b", "<div>rå</div>"]


def test_formulas_of_the_catalogue_are_words_own_and_any_other_stays_tex():
    tex = load_formulas()["cronbach_alpha"].tex
    source = f"# A ${tex}$\n\n$$\n {tex} \n$$\n\nSom ${tex}$ og $$b^2$$ her: $$ {tex}$$\n\n"
    body = word_of(source + f"| ${tex}$ |\n|---|\n| $c$ |").element.body
    math, alone = (list(body.iter(f"{{{OMML}}}{tag}")) for tag in ("oMath", "oMathPara"))
    assert len(math) == 5
    (only,) = alone
    assert only.getparent().tag == qn("w:p")
    assert [run.text for run in body.iter(qn("w:r")) if run.style == "Code"] == ["b^2", "c"]


def test_an_empty_heading_and_empty_cells_are_no_trouble():
    file = word_of("# A\n\n##\n\n| A | B |\n|---|---|\n| 1 | |")
    assert styled(file, "Heading 2")[0] == ""
    assert [cell.text for cell in file.tables[0].rows[1].cells] == ["1", ""]


def test_tables_of_prose_keep_apart():
    source = "| A | B |\n|---|---:|\n| *a* | 1 |"
    file = word_of(f"# A\n\n{source}\n\n{source}\n\nTekst")
    assert len(file.tables) == 2
    assert [c.paragraphs[0].style.name for c in file.tables[0].rows[1].cells] == [
        "Table Text",
        "Table Number",
    ]
    (below,) = (p for p in file.paragraphs if p.text == "Tekst")
    assert below.paragraph_format.space_before.pt == 8


# --- Hostile text ---------------------------------------------------------------------------------

HOSTILE = (
    "<script>alert(1)</script>",
    "</w:t></w:r></w:p><w:p>",
    "&lt;w:t&gt; &amp; &#x0;",
    "]]><![CDATA[",
    '{ INCLUDETEXT "/etc/passwd" }',
    '{ DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/k calc" }',
    '{ HYPERLINK "https://x.example" } MERGEFIELD \\* MERGEFORMAT',
    "=cmd|'/C calc'!A0",
    "nul\x00 bell\x07 esc\x1b half\ud800 none\ufffe",
    "tur\u202eed\u2066xx",
    "two\nlines\tand\x0bmore",
    *hostile.HOSTILE.values(),
)


def everywhere(bad: str) -> Document:
    answer = Answer(question=bad, sentences=(bad,), page="x.html", certainty=Certainty.LOW)
    table = Table(caption=bad, head=(bad, bad), rows=((Cell(bad), Cell(bad, figure=True)),), notes=(bad,))
    parts_of_result = dict(
        warning=bad, sentences=(bad, bad), answers=(answer,), tables=(table,), folded=(table,)
    )
    blocks = (
        f"# {bad}\n\n{bad}\n\n- {bad}\n\n> {bad}\n\n`{bad}` ${bad}$",
        f"## {bad}\n\n| {bad} | b |\n|---|---|\n| {bad} | c |",
        NotShown(words=bad),
        Code(source=bad),
        Result(key="x", **parts_of_result, notes=(bad,), cautions=(bad,), method=(bad,)),
    )
    link = Link(href="../index.html", text=bad)
    given = dict(
        title=bad, above=link, pages=(link,), facts=(Fact(name=bad, value=bad),), notes=(bad,), banner=bad
    )
    return document("nb", *blocks, **given)


@pytest.mark.parametrize("bad", HOSTILE)
def test_hostile_text_stays_text(bad):
    content = document_docx(everywhere(bad))
    for part in parts(content).values():
        ElementTree.fromstring(part)
    assert all(SOUND_FIELDS.fullmatch(field) for field in fields(content))
    everything = "".join(parts(content).values())
    assert "fldSimple" not in everything
    assert 'TargetMode="External"' not in everything
    assert set(re.findall(r"<w:hyperlink ([\w:]+)", everything)) <= {"w:anchor"}
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", everything)
    visible = re.sub(r"\s+", " ", re.sub("[\x00-\x08\x0e-\x1f\ud800\ufffe\u202e\u2066]", "", bad))
    assert opened(content).paragraphs[0].text == visible
    assert opened(content).tables[-1].rows[1].cells[1].text == visible


def test_a_long_title_is_cut_where_word_cuts_it():
    assert len(word_of("# A", title="x" * 300).core_properties.title) == 255


# --- Tables of their own --------------------------------------------------------------------------


def small_table(caption: str = "Personer") -> Table:
    return Table(
        caption=caption,
        head=("Kjønn", "Personer"),
        rows=((Cell("Kvinner"), Cell("30", "30", figure=True)),),
        notes=("Avrundet.",),
    )


def test_tables_come_with_captions_and_notes(language):
    file = opened(tables_docx((small_table(), small_table("Igjen")), language))
    label = WORDS[language][1]
    assert [p.text for p in file.paragraphs] == [
        f"{label} 1. Personer",
        "Avrundet.",
        f"{label} 2. Igjen",
        "Avrundet.",
    ]
    assert [[c.text for c in row.cells] for row in file.tables[0].rows] == [
        ["Kjønn", "Personer"],
        ["Kvinner", "30"],
    ]
    assert file.core_properties.title == "Personer"
    assert tables_docx((small_table(),), language) == tables_docx((small_table(),), language)


def test_a_file_of_no_tables_is_refused():
    with pytest.raises(ValueError, match="needs a table"):
        tables_docx((), "nb")


def test_short_tables_stay_on_one_page_and_long_ones_may_break():
    row = (Cell("Kvinner"), Cell("30", "30", figure=True))
    for rows, kept in ((12, True), (13, None)):
        table = Table(caption="Personer", head=("Kjønn", "Personer"), rows=(row,) * rows)
        made = opened(tables_docx((table,), "nb")).tables[0]
        kept_rows = [r.cells[0].paragraphs[0].paragraph_format.keep_with_next for r in made.rows]
        assert kept_rows == [kept] * rows + [None]


# --- Widths ---------------------------------------------------------------------------------------


def test_columns_are_as_wide_as_their_words():
    first, second = column_widths((("Ord", "Et par ord"), ("N", "1")), points=TEXT)
    assert first == pytest.approx(OF_A_LINE * width_of("Et par ord") * TWIPS + PADDING, abs=2)
    assert second == pytest.approx(OF_A_BOLD_WORD * width_of("N") * TWIPS, abs=2)


def test_long_texts_wrap_and_short_columns_keep_their_words_whole():
    long = "Mange ord som går over flere linjer i en tabell " * 5
    widths = column_widths(((long,), (long,), ("Standardavvik", "13 865")), points=TEXT)
    assert sum(widths) <= PAGE_WIDTH
    assert widths[2] >= width_of("Standardavvik") * TWIPS
    assert widths[0] == pytest.approx(widths[1], abs=2 * PADDING)


def test_the_heads_of_rows_stay_on_one_line_where_the_others_can_wrap():
    others = (("Fullført og bestått", "5"),) * 5
    widths = column_widths((("Autonom", "Midtpunktet eller over"), *others), points=TEXT)
    assert widths[0] >= OF_A_LINE * width_of("Midtpunktet eller over") * TWIPS
    assert all(width_of("Fullført") * TWIPS <= width < 2000 for width in widths[1:])


def test_too_many_columns_share_the_page():
    widths = column_widths((("Sammenlikningsgruppe",),) * 14, points=TEXT)
    assert PAGE_WIDTH - 14 <= sum(widths) <= PAGE_WIDTH


# --- In LibreOffice -------------------------------------------------------------------------------

OFFICE = {
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
}


@pytest.mark.libreoffice
@pytest.mark.slow
def test_libreoffice_finds_heads_headings_and_alt_texts_and_lays_out_every_page(tmp_path):
    for name in DOCUMENTS:
        for language in ("nb", "en"):
            (tmp_path / f"{name}.{language}.docx").write_bytes(written(name, language))
    (tmp_path / "tables.docx").write_bytes(tables_docx((small_table(),), "nb"))
    (tmp_path / "hostile.docx").write_bytes(document_docx(everywhere(HOSTILE[4])))
    for form in ("fodt", "pdf"):
        convert(tmp_path, form)
    for file in tmp_path.glob("*.docx"):
        assert file.with_suffix(".pdf").read_bytes().startswith(b"%PDF-")
        assert_read_alike(opened(file.read_bytes()), ElementTree.parse(file.with_suffix(".fodt")))


def convert(folder: Path, form: str) -> None:
    command = [str(find_libreoffice()), f"-env:UserInstallation={(folder / 'profile').as_uri()}"]
    command += ["--headless", "--convert-to", form, "--outdir", str(folder)]
    files = sorted(str(file) for file in folder.glob("*.docx"))
    subprocess.run([*command, *files], capture_output=True, timeout=120, check=True)


def assert_read_alike(file: docx.document.Document, read: ElementTree.ElementTree) -> None:
    """What LibreOffice has read is what was written."""
    heads = [
        "".join(row.itertext()) for row in read.iterfind(".//table:table-header-rows/table:table-row", OFFICE)
    ]
    assert [squeezed(head) for head in heads] == [
        squeezed("".join(cell.text for cell in table.rows[0].cells)) for table in file.tables
    ]
    alts = [desc.text for desc in read.iterfind(".//svg:desc", OFFICE)]
    assert alts == [picture.get("descr") for picture in file.element.body.iter(DRAWING)]
    headings = [squeezed("".join(h.itertext())) for h in read.iterfind(".//text:h", OFFICE)]
    assert headings == [squeezed(p.text) for p in file.paragraphs if p.style.name.startswith("Heading")]


def squeezed(text: str) -> str:
    return "".join(text.split())
