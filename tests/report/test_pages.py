"""Whole pages: one file, nothing to fetch, no script, readable by ear and on a narrow screen."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from backtorule_eval.disclosure.rules import PUBLIC
from backtorule_eval.report.document.html import document_html
from backtorule_eval.report.document.html_prose import prose_html
from backtorule_eval.report.document.model import Code, NotShown
from backtorule_eval.report.document.prose import levelled
from backtorule_eval.report.page import Fact, Link
from backtorule_eval.report.result import Answer, Result
from backtorule_eval.report.views import render
from tests import hostile
from tests.report.examples import ladder, released
from tests.report.outline import Outline
from tests.report.pages import PAGES, document

MOST_BYTES = 150_000
LANDMARKS = ("header", "main", "footer")


def notebook(language: str) -> str:
    return PAGES["notebook"](language)


def page_of(*blocks, language: str = "nb") -> str:
    return document_html(document(language, *blocks))


def prose(source: str) -> str:
    tokens, _level = levelled(source, prefix="s", after=0)
    return prose_html(tokens, "nb")


@pytest.fixture(params=["nb", "en"])
def language(request):
    return request.param


@pytest.fixture(params=PAGES)
def page(request, language):
    return PAGES[request.param](language)


# --- Every page -----------------------------------------------------------------------------------


def test_a_page_names_its_language_and_title_and_has_its_landmarks(page, language):
    outline = Outline(page)
    assert outline.one("html").attributes["lang"] == language
    assert outline.one("title").text
    for tag in LANDMARKS:
        assert outline.one(tag)
    skip = outline.all("a")[0]
    assert skip.attributes == {"class": "skip", "href": "#main"}
    assert outline.one("main").attributes["id"] == "main"


def test_headings_start_with_one_h1_and_leave_no_level_out(page):
    headings = Outline(page).all("h1", "h2", "h3", "h4", "h5", "h6")
    levels = [int(heading.tag[1]) for heading in headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(deeper <= level + 1 for level, deeper in pairwise(levels))
    assert all(heading.text for heading in headings)


def test_nothing_is_fetched_and_nothing_runs(page):
    outline = Outline(page)
    assert not outline.all("script", "iframe", "object", "embed", "img", "form", "base")
    assert "default-src 'none'" in page
    assert not re.search(r"https?:|url\(|@import|javascript:", page)
    for element in outline.elements:
        assert not [name for name in element.attributes if name.startswith("on") or name in ("src", "srcset")]
        if element.tag == "link":
            assert element.attributes == {"rel": "icon", "href": "data:,"}


def test_ids_are_unique_and_every_reference_finds_its_own(page):
    outline = Outline(page)
    ids = [e.attributes["id"] for e in outline.elements if "id" in e.attributes]
    assert len(ids) == len(set(ids))
    within = [e.attributes["href"][1:] for e in outline.all("a") if e.attributes["href"].startswith("#")]
    labels = [e.attributes["aria-labelledby"] for e in outline.elements if "aria-labelledby" in e.attributes]
    assert set(within) | set(labels) <= set(ids)


def test_tables_have_heads_that_say_what_they_head(page):
    outline = Outline(page)
    assert all(head.attributes["scope"] in ("col", "row") and head.text for head in outline.all("th"))
    for table in outline.all("table"):
        assert "div" in table.around
    regions = [e for e in outline.elements if e.attributes.get("class") == "scroll"]
    for region in regions:
        assert region.attributes["role"] == "region"
        assert region.attributes["tabindex"] == "0"
        assert region.attributes.get("aria-label") or region.attributes.get("aria-labelledby")


def test_pictures_say_what_they_show(page):
    for picture in Outline(page).all("svg"):
        assert picture.attributes["role"] == "img"
        assert len(picture.attributes["aria-label"]) > 30


def test_the_same_content_gives_the_same_bytes(language):
    for make in PAGES.values():
        assert make(language) == make(language)


def test_a_notebook_with_a_figure_is_small(language):
    result = render(released(*ladder(), view="forest", rules=PUBLIC), language)
    assert result.figures
    assert len(page_of("# Spørsmål", result.result, language=language).encode()) < MOST_BYTES
    assert len(notebook(language).encode()) < MOST_BYTES


# --- One notebook ---------------------------------------------------------------------------------


def test_contents_list_the_sections():
    outline = Outline(notebook("nb"))
    (contents,) = outline.all("nav")
    assert contents.text.startswith("Innhold Hvem er med? Hva henger sammen med å slutte?")


def test_code_is_folded_away_but_there():
    outline = Outline(notebook("nb"))
    code = next(e for e in outline.all("code"))
    assert "details" in code.around
    assert code.text.startswith('study = open_study("params/demo.yaml")')


def test_neighbouring_code_folds_away_under_one_line():
    outline = Outline(page_of("# A", *(Code(source=f"x = {i}") for i in range(3))))
    assert [e.text for e in outline.all("summary") if e.text == "Vis koden"] == ["Vis koden"]
    assert next(iter(outline.all("code"))).text == "x = 0 x = 1 x = 2"


def test_what_did_not_pass_leaves_a_visible_line():
    lines = [e.text for e in Outline(notebook("nb")).elements if e.attributes.get("class") == "not-shown"]
    assert lines == ["Ikke vist: resultatet gikk ikke gjennom publish."]


def test_a_notebook_without_a_heading_gets_its_title_as_one():
    page = page_of("Bare tekst.")
    assert Outline(page).one("h1").text == "Back to Rule – Nordstrand 2024"


def test_second_titles_and_leaps_are_brought_into_order():
    headings = Outline(page_of("# En\n\n#### Dypt", "# To\n\n### Tre")).all("h1", "h2", "h3", "h4")
    assert [(h.tag, h.text) for h in headings if h.text != "Innhold"] == [
        ("h1", "En"),
        ("h2", "Dypt"),
        ("h2", "To"),
        ("h3", "Tre"),
    ]


def test_provenance_is_folded_at_the_foot():
    outline = Outline(notebook("nb"))
    facts = [e for e in outline.all("dd") if "footer" in e.around]
    assert facts[1].text == "20240801"


# --- Prose ----------------------------------------------------------------------------------------

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "text <b onclick=alert(1)>bold</b>",
    "[x](javascript:alert(1))",
    "[x](https://example.org/)",
    "[x](//example.org/)",
    "[x](data:text/html,hi)",
    "![picture](https://example.org/x.png)",
    "![plot](data:image/png;base64,AAAA)",
    "![pasted](attachment:image.png)",
    "| <script> | b |\n|---|---|\n| <img src=x> | ![a](b.png) |",
    '# <img src=x onerror="alert(1)">',
    "<https://example.org>",
    *hostile.HOSTILE.values(),
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_prose_stays_text(text):
    html = prose(text)
    outline = Outline(f"<div>{html}</div>")
    assert not outline.all("script", "img", "b")
    links = [e.attributes["href"] for e in outline.all("a")]
    assert not [link for link in links if "example" in link or ":" in link]


def test_links_within_the_pages_and_to_mail_stay_links():
    html = prose("[a](../index.html#x) [b](#y) [c](mailto:post@nav.example)")
    assert [e.attributes["href"] for e in Outline(html).all("a")] == [
        "../index.html#x",
        "#y",
        "mailto:post@nav.example",
    ]


def test_a_link_out_keeps_its_words_and_its_address():
    html = prose("[kilden](https://ssb.example/a)")
    assert "kilden (https://ssb.example/a)" in html


def test_a_picture_in_prose_is_its_words():
    html = prose("![Et bilde](x.png)")
    assert html == "<p>Et bilde</p>\n"


def test_hostile_words_around_a_page_stay_text():
    bad = '"><script>alert(1)</script>'
    answer = Answer(question=bad, sentences=(bad,), page="x.html")
    blocks = (
        NotShown(words=bad),
        Code(source=f"</code>{bad}"),
        Result(
            key="x",
            warning=bad,
            sentences=(bad,),
            answers=(answer,),
            notes=(bad,),
            cautions=(bad,),
            method=(bad,),
        ),
    )
    above = Link(href="../index.html", text=bad)
    given = dict(title=bad, above=above, facts=(Fact(name=bad, value=bad),), notes=(bad,), pages=(above,))
    page = document_html(document("nb", *blocks, banner=bad, **given))
    assert not Outline(page).all("script")
    assert Outline(page).one("title").text == bad


def test_nothing_around_a_page_turns_the_order_of_letters_round():
    bad = "exe.\u202efdp\u2066"
    blocks = (f"# {bad}\n\n{bad}", NotShown(words=bad), Code(source=bad))
    page = document_html(document("nb", *blocks, banner=bad, title=bad, notes=(bad,)))
    assert page.count("exe.fdp") >= 6
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", page)


# --- Front pages ----------------------------------------------------------------------------------


def test_a_front_page_answers_with_a_sentence_and_how_sure_we_are():
    text = Outline(PAGES["front"]("nb")).one("main").text
    assert "Høyere interesse for fagene henger sammen med at færre sluttet" in text
    assert "Svært usikkert ●○○○" in text
    assert "Kan ikke besvares: det er for få i hver gruppe (vi trenger minst 20)." in text


def test_links_with_the_same_words_say_where_they_lead():
    links = [e.text for e in Outline(PAGES["front"]("nb")).all("a") if "Les hele svaret" in e.text]
    assert len(links) == len(set(links))


def test_an_empty_state_is_a_sentence():
    assert "Det er ingen resultater ennå." in Outline(PAGES["no_cohorts"]("nb")).one("main").text
