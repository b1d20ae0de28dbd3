"""Every page as a browser shows it: nothing fetched, no barrier, by keyboard, on a phone, on paper, dark."""

from __future__ import annotations

import io
import re
import subprocess
import unicodedata
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest

from tests import demo
from tests.browser.every_page import EVERY_PAGE, LANGUAGES, language_of
from tests.report.alt_text import faults_of_alt, faults_of_spoken
from tests.requirements import find_axe, find_poppler

pytestmark = [pytest.mark.chromium, pytest.mark.slow]

PHONE, DESK = 320, 1280
# A4 without the margins of the pages' own style sheets, in CSS pixels.
PAPER = {"problems": 991}
PAPER_OF_A_REPORT = 657
A4 = (595.3, 841.9)
LONGEST_WALK = 400


@pytest.fixture(params=EVERY_PAGE)
def name(request) -> str:
    return request.param


# --- The files ------------------------------------------------------------------------------------


@pytest.mark.notebooks
def test_every_page_of_the_demo_is_looked_at(demo_outputs):
    written = {path.relative_to(demo_outputs).as_posix() for path in demo_outputs.rglob("*.html")}
    assert written == set(demo.PAGES)


@pytest.mark.notebooks
def test_every_page_of_the_demo_speaks_its_language(name, file_of, page):
    page.open(file_of(name))
    assert page.run("document.documentElement.lang") == language_of(name)


# --- Nothing is fetched ---------------------------------------------------------------------------


def test_a_page_asks_for_nothing_but_itself(name, file_of, page):
    # What the page's own policy would stop counts too.
    page.call("Page.setBypassCSP", enabled=True)
    page.open(file_of(name))
    page.run(UNFOLD)
    assert page.requests() == [file_of(name).resolve().as_uri()]


def test_links_lead_somewhere(name, file_of, page):
    path = file_of(name)
    page.open(path)
    targets = page.run("[...document.links].map(link => link.getAttribute('href'))")
    files = [target.partition("#")[0] for target in targets]
    if name in demo.PAGES:
        assert [file for file in files if file and not (path.parent / file).is_file()] == []
    anchors = [target for target in targets if target.startswith("#")]
    assert page.run(f"{anchors}.filter(anchor => !document.querySelector(anchor))") == []


# --- No barrier -----------------------------------------------------------------------------------

UNFOLD = "document.querySelectorAll('details').forEach(fold => { fold.open = true; })"
# Of the good habits, one is left out: a table may stand in two places of a page, with the same name.
AXE = """axe.run(document, {
  resultTypes: ["violations"], runOnly: TAGS, rules: {"landmark-unique": {enabled: false}}
}).then(found => found.violations.map(broken =>
   `${broken.id}: ${broken.nodes.map(node => node.target.join(" ")).join("; ")}`))"""
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def barriers(page) -> list[str]:
    """What axe-core finds on the page as it is shown now, folds opened."""
    page.run(UNFOLD)
    page.run(find_axe().read_text(encoding="utf-8"))
    return list(page.run(AXE.replace("TAGS", str(TAGS))))


@pytest.mark.axe
@pytest.mark.parametrize(("width", "scheme"), [(DESK, "light"), (PHONE, "dark")])
def test_a_page_has_no_barrier(name, file_of, page, width, scheme):
    page.screen(width)
    page.media(scheme=scheme)
    page.open(file_of(name))
    assert barriers(page) == []


@pytest.mark.axe
@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        ("<img src='data:,'>", "image-alt"),
        ("<p style='color: #999; background: #fff'>pale</p>", "color-contrast"),
        ("<details open><summary>s</summary><a href='x'></a></details>", "link-name"),
        ("<table><tr><th></th></tr><tr><td>1</td></tr></table>", "empty-table-header"),
    ],
)
def test_a_barrier_is_seen(page, tmp_path, fault, rule):
    path = tmp_path / "page.html"
    path.write_text(f"<html lang=nb><title>t</title><main><h1>t</h1>{fault}</main>", encoding="utf-8")
    page.open(path)
    assert rule in {found.partition(":")[0] for found in barriers(page)}


# --- What stands in for a picture -----------------------------------------------------------------

# A formula of a student's own has no words of ours: browsers read MathML aloud themselves.
PICTURES = """[...document.querySelectorAll("[role=img], img, svg, math[aria-label]")]
  .filter(p => !p.closest("[aria-hidden]"))
  .map(p => {
    const above = [...document.querySelectorAll("h1, h2, h3, figcaption, caption, title, .answer")];
    const alt = p.getAttribute("aria-label") ?? p.getAttribute("alt") ?? "";
    return [p.tagName.toLowerCase(), alt, above.map(e => e.textContent)];
  })"""
OTHER_LANGUAGE = {
    "nb": re.compile(r"\b(the|of|and|everyone|hidden)\b", re.IGNORECASE),
    "en": re.compile(r"\b(og|av|ikke|som|skjult|alle)\b", re.IGNORECASE),
}


def test_a_picture_has_words_that_say_what_it_shows(name, file_of, page):
    page.open(file_of(name))
    for kind, alt, heard in page.run(PICTURES):
        faults_of = faults_of_spoken if kind == "math" else faults_of_alt
        assert (alt, faults_of(alt, beside=[text for text in heard if text])) == (alt, [])
        if name in demo.PAGES:
            assert not OTHER_LANGUAGE[language_of(name)].search(alt), alt


@pytest.mark.notebooks
def test_there_are_pictures(file_of, page):
    page.open(file_of("demo/notebooks/01_cohort.html"))
    assert len(page.run(PICTURES)) > 10


# --- By keyboard ----------------------------------------------------------------------------------

FOCUSED = """(() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const style = getComputedStyle(e), box = e.getBoundingClientRect();
  window.walked = [...(window.walked ?? []), e];
  return {
    closed: e.tagName === "SUMMARY" && !e.parentElement.open,
    ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight
      && box.right > 0 && box.left < innerWidth,
    what: `${e.tagName} ${e.className} ${e.textContent.slice(0, 40)}`,
  };
})()"""
# In the order of the page: what can be used, and what scrolls by itself.
TO_REACH = """[...document.querySelectorAll("*")].filter(e =>
  e.matches("a[href], summary, button, input, select, [tabindex='0']") && e.checkVisibility()
  || e !== document.documentElement && e.scrollWidth > e.clientWidth + 1
    && ["auto", "scroll"].includes(getComputedStyle(e).overflowX))"""
MISSED = f"{TO_REACH}.filter(e => !walked.includes(e)).map(e => e.outerHTML.slice(0, 80))"
IN_ORDER = f"""{TO_REACH}.filter(e => walked.includes(e))
  .every((e, i, all) => i === 0 || walked.indexOf(all[i - 1]) < walked.indexOf(e))"""


def walk(page) -> list[dict]:
    """Press Tab from the top until the focus leaves the page; open every fold on the way."""
    page.run("window.walked = []")
    steps = []
    while len(steps) < LONGEST_WALK:
        page.press("Tab")
        if (focused := page.run(FOCUSED)) is None:
            return steps
        steps.append(focused)
        if focused["closed"]:
            page.press("Enter")
    raise AssertionError(f"still on the page after {LONGEST_WALK} steps")


def test_a_keyboard_reaches_everything_in_order_and_shows_where_it_is(name, file_of, page):
    page.screen(PHONE, 640)
    page.open(file_of(name))
    steps = walk(page)
    assert page.run(MISSED) == []
    assert page.run(IN_ORDER)
    assert [step["what"] for step in steps if not (step["ring"] and step["seen"])] == []
    assert not page.run("[...document.querySelectorAll('details')].some(fold => !fold.open)")


def test_the_first_step_leads_past_the_top(file_of, page):
    page.open(file_of("notebook.nb.html"))
    page.press("Tab")
    page.press("Enter")
    assert page.run("document.activeElement.id") == "main"


def test_a_page_that_a_keyboard_cannot_use_is_seen(page, tmp_path):
    wide = "<div id=w style='width: 100px; overflow: auto'><p style='width: 900px'>x</p></div>"
    path = tmp_path / "page.html"
    path.write_text(
        f"<a href='#a'>a</a><a href='#b' tabindex=-1>b</a><a href='#c' style='outline: none'>c</a>{wide}",
        encoding="utf-8",
    )
    page.open(path)
    # Chromium would let a keyboard into the scrolling part by itself; other browsers do not.
    page.run("document.querySelector('#w').tabIndex = -1")
    steps = walk(page)
    assert [step["ring"] for step in steps] == [False, False]
    assert [text[:12] for text in page.run(MISSED)] == ['<a href="#b"', '<div id="w" ']


# --- On a narrow screen ---------------------------------------------------------------------------

TOO_WIDE = """[...document.querySelectorAll("body *")].filter(e =>
  !e.closest(".scroll *, pre *, .skip, .aside, thead") && e.checkVisibility()
  && (e.getBoundingClientRect().right > innerWidth + 1 || e.getBoundingClientRect().left < -1))
  .map(e => e.outerHTML.slice(0, 80))"""


def test_at_320_pixels_nothing_scrolls_sideways(name, file_of, page):
    page.screen(PHONE)
    page.open(file_of(name))
    page.run(UNFOLD)
    assert page.run("document.documentElement.scrollWidth") <= PHONE
    assert page.run(TOO_WIDE) == []
    hidden = "[...document.querySelectorAll('svg.phone')].filter(e => !e.checkVisibility()).length"
    assert page.run(hidden) == 0


def test_letters_of_double_size_fit_too(name, file_of, page):
    page.screen(2 * PHONE, scale=1)
    page.open(file_of(name))
    page.run(f"{UNFOLD}; document.documentElement.style.fontSize = '212.5%'")
    assert page.run("document.documentElement.scrollWidth") <= 2 * PHONE


# --- On paper -------------------------------------------------------------------------------------

CUT = """[...document.querySelectorAll("body *")].filter(e =>
  e.checkVisibility() && !e.closest(".aside, .skip") && (e.getBoundingClientRect().right > innerWidth + 1
      || getComputedStyle(e).overflowX !== "visible" && e.scrollWidth > e.clientWidth + 1))
  .map(e => e.outerHTML.slice(0, 80))"""
WORDS = """(() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  while (texts.nextNode()) {
    const e = texts.currentNode.parentElement;
    if (e.checkVisibility({contentVisibilityAuto: true, visibilityProperty: true})
        && !e.closest(".aside, svg, style")) found.push(texts.currentNode.data);
  }
  return found;
})()"""


def printed_width(name: str) -> int:
    return next((width for start, width in PAPER.items() if start in name), PAPER_OF_A_REPORT)


@pytest.mark.poppler
@pytest.mark.parametrize("unfolded", [False, True], ids=["as it opens", "unfolded"])
def test_nothing_is_cut_on_paper(name, file_of, page, tmp_path, unfolded):
    page.open(file_of(name))
    page.run(UNFOLD if unfolded else "1")
    printed = page.pdf()
    page.screen(printed_width(name))
    page.media("print")
    assert page.run(CUT) == []
    told = bare(text_of(printed, tmp_path))
    assert [words for words in page.run(WORDS) if bare(words) not in told] == []
    with pikepdf.open(io.BytesIO(printed)) as pdf:
        sizes = [sorted(float(x) for x in sheet.mediabox[2:]) for sheet in pdf.pages]
    assert all(size == pytest.approx(A4, abs=1) for size in sizes)


def bare(words: str) -> str:
    """Letters only: no breaks of lines and pages, no ligatures."""
    return "".join(unicodedata.normalize("NFKC", words).split())


def text_of(printed: bytes, folder: Path) -> str:
    (folder / "printed.pdf").write_bytes(printed)
    command = [str(find_poppler()), "-raw", "-enc", "UTF-8", str(folder / "printed.pdf"), "-"]
    return subprocess.run(command, capture_output=True, check=True).stdout.decode("utf-8")


def test_what_a_printer_would_cut_is_seen(page, tmp_path):
    path = tmp_path / "page.html"
    path.write_text("<div style='overflow: auto'><p style='width: 2000px'>x</p></div>", encoding="utf-8")
    page.open(path)
    page.screen(PAPER_OF_A_REPORT)
    page.media("print")
    assert len(page.run(CUT)) == 2


# --- In the dark ----------------------------------------------------------------------------------

LIGHT_OF_PAPER = """(() => {
  const [r, g, b] = getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number);
  return (r + g + b) / 3;
})()"""


def test_a_page_is_dark_for_those_who_like_it_dark(name, file_of, page):
    page.open(file_of(name))
    light = []
    for scheme in ("light", "dark"):
        page.media(scheme=scheme)
        light.append(page.run(LIGHT_OF_PAPER))
    assert light[0] > 200
    assert light[1] < 60


# --- The two languages say the same ---------------------------------------------------------------

SHAPE = """[...document.querySelectorAll("main h1, main h2, main h3, main table, main figure, main details")]
  .map(e => e.tagName)"""


@pytest.mark.notebooks
@pytest.mark.parametrize("notebook", [*demo.NOTEBOOKS, "index"])
def test_both_languages_have_the_same_parts(notebook, file_of, page):
    folder = "" if notebook == "index" else "notebooks/"
    shapes = []
    for language in LANGUAGES:
        page.open(file_of(f"{demo.COHORTS[language]}/{folder}{notebook}.html"))
        shapes.append(page.run(SHAPE))
    assert all(one == other for one, other in pairwise(shapes))
    assert shapes[0]
