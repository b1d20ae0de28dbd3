"""One table, several formats, the same digits; hostile words stay words."""

from __future__ import annotations

import csv
from io import StringIO

import pytest

from backtorule_eval.report.tables import Cell, Table, guarded, write_csv

TABLE = Table(
    caption="Hvem <b>er</b> de?",
    head=("Kjønn", "Personer"),
    rows=((Cell("Kvinner"), Cell("1\u00a0230", "1230", figure=True)), (Cell("<script>"), Cell("skjult"))),
    notes=("Tall & mer.",),
)


def test_html_has_a_caption_scopes_and_a_region_that_scrolls():
    html = TABLE.to_html()
    assert "<caption><span>Hvem &lt;b&gt;er&lt;/b&gt; de?</span></caption>" in html
    assert '<th scope="col">Kjønn</th><th scope="col" class="number">Personer</th>' in html
    assert '<th scope="row">Kvinner</th><td class="number">1\u00a0230</td>' in html
    assert 'role="region" tabindex="0" aria-label="Hvem &lt;b&gt;er&lt;/b&gt; de?"' in html
    assert '<td class="number">skjult</td>' in html
    assert "<script>" not in html
    assert "Tall &amp; mer." in html


def test_text_and_rows_hold_the_same():
    assert TABLE.to_rows() == (("Kjønn", "Personer"), ("Kvinner", "1230"), ("<script>", "skjult"))
    assert TABLE.to_text().splitlines()[1:3] == ["Kjønn | Personer", "Kvinner | 1\u00a0230"]


@pytest.mark.parametrize(
    "given",
    [
        {"caption": ""},
        {"head": ()},
        {"head": ("Kjønn", "")},
    ],
)
def test_a_table_without_names_is_refused(given):
    with pytest.raises(ValueError, match="needs a caption and a name for every column"):
        Table(**{"caption": "c", "head": ("a", "b"), "rows": ()} | given)


@pytest.mark.parametrize("row", [(Cell("x"),), (Cell(""), Cell("1"))])
def test_a_row_that_does_not_fit_is_refused(row):
    with pytest.raises(ValueError, match="one cell per column"):
        Table(caption="c", head=("a", "b"), rows=(row,))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1+1", "'+1+1"),
        ("-1+1", "'-1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("  =1", "'  =1"),
        ("−0,08", "'−0,08"),
        ("-0.08", "-0.08"),
        ("-12", "-12"),
        ("-1.2.3", "'-1.2.3"),
        ("-²", "'-²"),
        ("+ kjønn", "'+ kjønn"),
        ("Kvinner", "Kvinner"),
        ("", ""),
    ],
)
def test_nothing_a_spreadsheet_would_execute_is_written(text, written):
    assert guarded(text) == written


def test_csv_is_read_back_as_it_was():
    rows = (("Navn", "n"), ('a "b", c', "1.5"), (), ("æøå", "hidden"))
    assert list(csv.reader(StringIO(write_csv(rows)))) == [list(row) for row in rows]
