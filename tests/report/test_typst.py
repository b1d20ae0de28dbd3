"""PDF through Typst: tagged, archivable, the same bytes; whatever a text holds, it stays text."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

import pikepdf
import pytest

from backtorule_eval.errors import DisclosureRefused
from backtorule_eval.report.document import typst_pdf
from backtorule_eval.report.document.model import Code, Document, NotShown
from backtorule_eval.report.document.typst_pdf import document_pdf
from backtorule_eval.report.document.typst_prose import printable, words
from backtorule_eval.report.figures import Picture
from backtorule_eval.report.formulas import load_formulas
from backtorule_eval.report.page import Fact, Link
from backtorule_eval.report.remarks import Certainty
from backtorule_eval.report.result import Answer, Result
from backtorule_eval.report.tables import Cell, Table
from tests import hostile
from tests.report.pages import DOCUMENTS, document
from tests.report.pdf_text import squeezed, text_of

NUMBERED = {"nb": ("Tabell", "Figur"), "en": ("Table", "Figure")}


@pytest.fixture(params=["nb", "en"])
def language(request):
    return request.param


@pytest.fixture(params=DOCUMENTS)
def name(request):
    return request.param


@cache
def written(name: str, language: str) -> bytes:
    return document_pdf(DOCUMENTS[name](language))


def text_of_blocks(*blocks, language: str = "nb", **given) -> str:
    return text_of(document_pdf(document(language, *blocks, **given)))


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


def elements(pdf: pikepdf.Pdf, *tags: str) -> Iterator[pikepdf.Object]:
    """Yield the elements of the file's structure, in order; all of them without a tag."""

    def below(element: pikepdf.Object) -> Iterator[pikepdf.Object]:
        if isinstance(element, pikepdf.Array):
            for part in element:
                yield from below(part)
        elif isinstance(element, pikepdf.Dictionary):
            if "/S" in element and (not tags or str(element.S)[1:] in tags):
                yield element
            yield from below(element.get("/K"))

    return below(pdf.Root.StructTreeRoot.K)


def scope(cell: pikepdf.Object) -> str:
    scopes = [str(a.Scope) for a in cell.A if "/Scope" in a]
    return scopes[0] if scopes else ""


def table(*rows: tuple[Cell, ...], head: tuple[str, ...] = ("Rad", "Antall"), **given) -> Table:
    return Table(**dict(caption="En tabell", head=head, rows=rows) | given)


def picture(svg: str) -> Picture:
    alt = "Et punkt for hver gruppe."
    return Picture(key="p", title="Punkter", alt=alt, svg=svg, phone_svg=svg, table=table())


# --- Every document -------------------------------------------------------------------------------


def test_a_file_follows_the_standards_for_readers_and_archives(name, language):
    with opened(written(name, language)) as pdf, pdf.open_metadata() as about:
        assert about["pdfuaid:part"] == "1"
        assert (about["pdfaid:part"], about["pdfaid:conformance"]) == ("2", "A")
        assert pdf.Root.MarkInfo.Marked
        assert about["dc:title"] == DOCUMENTS[name](language).title
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert str(pdf.Root.Lang) == language
        assert not pdf.docinfo.get("/Author")


def test_the_same_document_gives_the_same_bytes(name, language):
    typst_pdf._compiler.cache_clear()
    assert document_pdf(DOCUMENTS[name](language)) == written(name, language)


def test_headings_start_with_one_title_leave_no_level_out_and_are_bookmarks(name, language):
    with opened(written(name, language)) as pdf, pdf.open_outline() as outline:
        levels = [int(str(e.S)[2:]) for e in elements(pdf, "H1", "H2", "H3", "H4", "H5", "H6")]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(deeper <= level + 1 for level, deeper in pairwise(levels))
        (title,) = outline.root
        assert 1 + len(title.children) == len(levels)


def test_a_table_has_heads_for_its_columns_and_its_rows(name, language):
    with opened(written(name, language)) as pdf:
        for element in elements(pdf, "Table"):
            parts = {str(part.S): part for part in element.K}
            assert {scope(cell) for row in parts["/THead"].K for cell in row.K} == {"/Column"}
            heads = [row.K[0] for row in parts["/TBody"].K]
            expected = ("/TH", "/Row") if "/Caption" in parts else ("/TD", "")
            assert {(str(cell.S), scope(cell)) for cell in heads} == {expected}
            others = [cell for row in parts["/TBody"].K for cell in row.K[1:]]
            assert {(str(cell.S), scope(cell)) for cell in others} == {("/TD", "")}


def test_figures_say_what_they_show(name, language):
    made = DOCUMENTS[name](language)
    pictures = [p for block in made.blocks if isinstance(block, Result) for p in block.pictures]
    with opened(written(name, language)) as pdf:
        assert [str(e.Alt) for e in elements(pdf, "Figure")] == [p.alt for p in pictures]


def test_tables_and_figures_are_numbered_in_the_reader_s_language(language):
    text = text_of(written("notebook", language))
    for word in NUMBERED[language]:
        assert f"{word} 1. " in text
        assert f"{word} 2. " in text


def test_pages_are_numbered_and_named():
    pages = text_of(written("notebook", "nb")).splitlines()
    for number, page in enumerate(pages, start=1):
        assert page.endswith(f"{number} / {len(pages)}")
        assert page.startswith("Back to Rule – Nordstrand 2024") == (number > 1)


def test_typefaces_lie_in_the_file_and_come_from_no_machine():
    with opened(written("notebook", "nb")) as pdf:
        fonts = {str(o.FontName)[8:] for o in pdf.objects if _is_typeface(o)}
        assert fonts == {"LibertinusSerif-Regular", "LibertinusSerif-Semibold", "LibertinusSerif-Bold"} | {
            "LibertinusSerif-Italic"
        }


def _is_typeface(thing: pikepdf.Object) -> bool:
    return isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/FontDescriptor"


# --- One notebook ---------------------------------------------------------------------------------


def test_letters_numbers_and_spaces_are_those_of_the_page():
    text = text_of(written("notebook", "nb"))
    assert "hva henger sammen med å slutte?" in text
    assert "13\u00a0865" in text
    assert "−0,23 (−0,29 til −0,18)" in text.replace("\u00a0", " ")  # in a figure
    assert "skjult" in text  # n = 7


def test_code_is_left_out_and_what_did_not_pass_leaves_its_line():
    text = text_of_blocks("# A", Code(source="x = secret()"), NotShown(words="Ikke vist: gikk ikke gjennom."))
    assert "secret" not in text
    assert "Ikke vist: gikk ikke gjennom." in text


def test_what_a_page_folds_away_stands_openly():
    folded = table((Cell("Ja"), Cell("30", figure=True)), notes=("Om tallene.",))
    result = Result(key="x", sentences=("Svaret.",), folded=(folded,), method=("Slik ble det talt.",))
    text = text_of_blocks("# A", result)
    assert "Tabell 1. En tabell" in text
    assert "Om tallene." in text
    assert "Slik gjorde vi detSlik ble det talt." in text


def test_the_parts_of_a_result_stand_in_the_order_of_the_page():
    answer = Answer(question="Flere?", sentences=("Ja.",), certainty=Certainty.LOW, page="notebooks/01.html")
    parts = dict(warning="Pass på.", lead="Om 40.", sentences=("Svar.", "Mer."), answers=(answer,))
    more = dict(notes=("Merk.",), cautions=("Ukjent.",), method=("Talt.",))
    text = text_of_blocks("# A", Result(key="x", **parts, **more), banner="")
    order = ["Pass på.", "Om 40.", "Svar.", "Mer.", "Flere?", "Ja.", "Usikkert", "Merk.", "Ukjent.", "Talt."]
    places = [text.index(part) for part in order]
    assert places == sorted(places)
    assert "01.html" not in text


def test_a_short_table_stays_on_one_page_and_a_long_one_repeats_its_head():
    rows = [(Cell(f"Rad {i}"), Cell(f"{i}", figure=True)) for i in range(80)]
    pages = text_of_blocks("# A", Result(key="x", tables=(table(*rows),)), facts=()).splitlines()
    assert len(pages) > 1
    assert all("RadAntall" in page for page in pages)
    short = [Result(key=f"{n}", tables=(table(*rows[:14]),)) for n in range(9)]
    for page in text_of_blocks("# A", *short, facts=()).splitlines():
        assert page.count("RadAntall") == page.count("Rad 13")


def test_a_title_says_whose_evaluation_it_is_above_the_question():
    text = text_of_blocks("# Hvem er med?", title="Hvem er med? – Nordstrand 2024", banner="")
    assert text.startswith("Nordstrand 2024Hvem er med?")


def test_provenance_is_the_last_section():
    text = text_of_blocks("# A", "## B", notes=("Avrundet.",), pages=(Link(href="x.html", text="Side"),))
    places = [
        text.index(words) for words in ("Hele evalueringen", "Avrundet.", "Slik er siden laget", "20240801")
    ]
    assert places == sorted(places)
    assert "c44adc45ffc44124" * 4 in text


def test_sections_are_listed_with_their_pages_when_there_are_several():
    assert "Innhold" not in text_of_blocks("# A", "## B")
    assert "InnholdB" in text_of_blocks("# A", "## B", "## C")


# --- Hostile text ---------------------------------------------------------------------------------

HOSTILE = (
    '#read("/etc/passwd")',
    '#import "/etc/passwd": x',
    '#include "page.typ"',
    "#panic() #{1 + 1} #let x = 1",
    "#sys.inputs.document",
    '#link("https://example.org")[x] https://example.org',
    '"); #read("/etc/passwd") //',
    '\\" \\u{41} \\n \\\\',
    "$x^2$ $ sum $",
    "@ref <label> <here>",
    "= heading - list + enum / term: x",
    "_a_ *b* `c` ```d``` ~ -- --- ... 'x' \"y\"",
    "// comment /* comment */",
    "</text><script>alert(1)</script> &lt; &#65;",
    "\\input{/etc/passwd} {{ x }} {% y %} =cmd|' /C calc'!A0",
    "blåbærsyltetøy 日本語 😀",
    *hostile.HOSTILE.values(),
)


SOFT_HYPHEN = "\xad"


def seen(text: str) -> str:
    """What is seen of a text: a sign where nothing can be printed, nothing of what turns letters round."""
    return re.sub("[\x00-\x08\x0e-\x1f]", "\ufffd", text.replace("\u202e", ""))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text_wherever_it_stands(text, language):
    answer = Answer(question=text, sentences=(text,), certainty=Certainty.LOW)
    shown = table((Cell(text), Cell(text, figure=True)), caption=text, head=(text, text), notes=(text,))
    blocks = (NotShown(words=text), Result(key="x", **everywhere(text), answers=(answer,), tables=(shown,)))
    link = Link(href="x.html", text=text)
    given = dict(title=text, above=link, facts=(Fact(name=text, value=text),), notes=(text,), pages=(link,))
    pdf = document_pdf(document(language, *blocks, banner=text, **given))
    # title, banner, not shown, warning, lead, sentence, question, answer, caption, 2 heads, 2 cells, note of
    # the table, note, caution and method of the result, page, note of the document, name and value of a fact
    assert squeezed(text_of(pdf)).replace(SOFT_HYPHEN, "").count(squeezed(seen(text))) >= 21
    with opened(pdf) as file:
        assert not list(elements(file, "Link", "Formula", "Code"))


def everywhere(text: str) -> dict[str, object]:
    return dict(warning=text, lead=text, sentences=(text,), notes=(text,), cautions=(text,), method=(text,))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_prose_stays_text(text):
    raw = f"# A\n\n`` {text.replace('`', '')} ``\n\n<div>{text}</div>\n\n~~~~~\n{text}\n~~~~~"
    assert squeezed(text_of_blocks(raw)).count(squeezed(seen(text))) >= 2


def test_no_file_outside_the_template_s_folder_is_read(tmp_path):
    (tmp_path / "secret.txt").write_text("hemmelig-innhold", encoding="utf-8")
    path = tmp_path / "secret.txt"
    sources = (f'#read("{path}")', f'#raw(read("{path}"))', f"![x]({path})", f'$ #read("{path}") $')
    text = text_of_blocks("# A", *sources)
    assert "hemmelig" not in text
    assert squeezed(text).count("secret.txt") == 3
    with pytest.raises(Exception, match=r"file not found|access denied|escape"):
        typst_pdf._compiler().compile(input=f'#read("{path}")'.encode())


@pytest.mark.parametrize("address", ["/etc/hostname", "page.typ", "../x.png", "https://example.org/x.png"])
def test_a_figure_that_wants_a_file_is_refused(address):
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="{address}"/></svg>'
    with pytest.raises(DisclosureRefused, match="holds a figure that cannot be drawn"):
        document_pdf(document("nb", Result(key="x", pictures=(picture(svg),))))


def test_a_figure_that_is_none_is_refused():
    with pytest.raises(DisclosureRefused, match="run its notebook again"):
        document_pdf(document("nb", Result(key="x", pictures=(picture("<svg><g></svg>"),))))


def test_what_cannot_be_printed_is_a_visible_sign():
    assert printable("\x00\x1b\ue000\ufeff\ud800æ\n") == "�����æ\n"
    assert words("a\tb\nc\u2028d\u00a0e") == "a b c d\u00a0e"
    assert "a�b�c" in text_of_blocks("# A\n\na\x01b\ue000c")


# --- Prose ----------------------------------------------------------------------------------------


def test_prose_keeps_its_lists_tables_quotes_and_code():
    lists = "3. tre\n4. fire\n\n- en\n  - to"
    source = f"# A\n\n{lists}\n\n> sagt\n\n```\nx = 1\n  y\n```\n\n| a | b |\n|---|--:|\n| c | 1 |"
    pdf = document_pdf(document("nb", source, facts=()))
    text = text_of(pdf)
    for part in ("3.tre", "4.fire", "–en", "–to", "sagt", "x = 1", "c1"):
        assert part in text
    with opened(pdf) as file:
        tags = {str(element.S)[1:] for element in elements(file)}
    assert {"L", "LI", "Lbl", "LBody", "BlockQuote", "Code", "Table", "TH"} <= tags


def test_addresses_are_written_out_and_pages_are_words():
    source = "# A\n\n[svar](../index.html) [kilden](https://ssb.example/a_b) [skriv](mailto:post@nav.example)"
    pdf = document_pdf(document("nb", source))
    assert "svar kilden (https://ssb.example/a_b) skriv (post@nav.example)" in text_of(pdf)
    with opened(pdf) as file:
        assert len(list(elements(file, "Link"))) == 1


@pytest.mark.parametrize(
    "source", ["#", "# \n\n## ![](x.png)", "- ", "> ", "[]()", "| |\n|-|", "$$\n$$", "a\\\nb", "####### x"]
)
def test_prose_with_nothing_in_it_is_still_a_document(source):
    assert document_pdf(document("nb", source))


def test_every_formula_of_the_catalogue_is_set_and_read_aloud(language):
    known = load_formulas().values()
    source = "\n\n".join(f"Slik er ${formula.tex}$ og\n\n$$\n{formula.tex}\n$$" for formula in known)
    with opened(document_pdf(document(language, f"# A\n\n{source}"))) as file:
        spoken = [str(element.Alt) for element in elements(file, "Formula")]
    assert spoken == [formula.spoken[language] for formula in known for _ in range(2)]


def test_a_formula_that_is_not_in_the_catalogue_is_its_tex():
    assert r"a^2 + b\frac{x}{y}" in text_of_blocks("# A\n\n$a^2 + b$\n\n$$\n\\frac{x}{y}\n$$")


def test_a_long_word_breaks_and_stays_one_word():
    long = "x" * 300
    result = Result(key="x", tables=(table((Cell(long), Cell("1", figure=True))),))
    pdf = document_pdf(document("nb", f"# A\n\n{long}\n\n```\n{long}\n```", result))
    assert text_of(pdf).count(long) == 3


def test_a_document_without_anything_is_its_title():
    empty = Document(title="Tomt", language="nb", blocks=())
    assert text_of(document_pdf(empty)) == "Tomt1 / 1"
