"""Excel: sheets, types, row numbers, and cells that look filled and hold nothing."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time

import pytest
from openpyxl import Workbook


def book(rows, *, sheet="Ark1", more=(), merge=(), errors=()):
    workbook = Workbook()
    page = workbook.active
    page.title = sheet
    for row in rows:
        page.append(row)
    for place in errors:
        page[place].data_type = "e"
    for area in merge:
        page.merge_cells(area)
    for name in more:
        workbook.create_sheet(name)
    saved = io.BytesIO()
    workbook.save(saved)
    return saved.getvalue()


HEADER = ["id", "tall", "dato", "ja", "tekst"]


def test_types_are_kept_and_rows_are_the_sheets(read_file):
    rows = [
        HEADER,
        ["a", 1, date(2024, 1, 5), True, "x"],
        [],
        ["b", 2.5, datetime(2024, 1, 6, 12), False, None],
    ]
    read = read_file(book(rows), name="f.xlsx")
    frame = read.table.frame
    assert read.problems == []
    assert read.table.kind == "typed"
    assert frame.index.tolist() == [2, 4]
    assert frame.dtypes.astype(str).to_dict() == {
        "id": "str",
        "tall": "float64",
        "dato": "datetime64[us]",
        "ja": "boolean",
        "tekst": "str",
    }
    assert frame["dato"].dt.hour.tolist() == [0, 12]
    assert read.cells("tekst") == ["x", None]


@pytest.mark.parametrize(
    ("decimal", "expected"),
    [("", ["3.5", "3,5", "2", "2024-01-05"]), (",", ["3,5", "3,5", "2", "2024-01-05"])],
)
def test_a_column_of_several_kinds_becomes_text_in_the_declared_convention(read_file, decimal, expected):
    read = read_file(book([["x"], [3.5], ["3,5"], [2.0], [date(2024, 1, 5)]]), name="f.xlsx", decimal=decimal)
    assert read.cells("x") == expected


def test_whole_numbers_times_and_yes_no_among_texts(read_file):
    rows = [["x"], [12345678901.0], ["a"], [True], [time(8, 30)], ["  "]]
    read = read_file(book(rows), name="f.xlsx")
    assert read.cells("x") == ["12345678901", "a", "true", "08:30:00"]


def test_a_sheet_is_chosen_by_name(read_file):
    content = book([["a"], [1]], sheet="Deltakere", more=["Oppslag"])
    unclear = read_file(content, name="f.xlsx")
    assert (unclear.rules, unclear.problems[0].detail) == (["sheet_unclear"], {"n": "2"})
    missing = read_file(content, name="f.xlsx", sheet="Deltaker")
    assert missing.problems[0].detail == {"sheet": "Deltaker", "n": "2"}
    assert missing.rules == ["sheet_missing"]
    read = read_file(content, name="f.xlsx", sheet="Deltakere")
    assert read.table.file == "f.xlsx/Deltakere"
    assert read.table.source == "s/Deltakere"
    assert read_file(content, name="f.xlsx", sheet="Oppslag").rules == ["file_empty"]


def test_the_only_sheet_needs_no_name(read_file):
    assert read_file(book([["a"], [1]]), name="f.xlsx").table.file == "f.xlsx"


def test_errors_are_told_by_column(read_file):
    rows = [["a", "b"], ["#N/A", 1], [2, "#DIV/0!"], ["#REF!", 3]]
    read = read_file(book(rows, errors=["A2", "B3", "A4"]), name="f.xlsx")
    assert [(p.rule, p.column, p.n_rows, p.first_rows) for p in read.problems] == [
        ("cell_error", "a", 2, (2, 4)),
        ("cell_error", "b", 1, (3,)),
    ]


def test_a_formula_nobody_calculated_is_no_empty_cell(read_file):
    read = read_file(book([["a", "b"], ["=1+1", 1], ["=B2", 2]]), name="f.xlsx")
    assert [(p.rule, p.column, p.first_rows) for p in read.problems] == [
        ("formula_uncalculated", "a", (2, 3))
    ]


def with_results(content):
    """The same workbook, with a result beside every formula, as Excel saves it."""
    source, saved = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(saved, "w") as target:
        for name in source.namelist():
            target.writestr(
                name,
                source.read(name)
                .replace(b"</f><v></v>", b"</f><v>7</v>")
                .replace(b"</f><v />", b"</f><v>7</v>"),
            )
    return saved.getvalue()


def changed(content, old, new):
    """The same workbook with other XML in its sheets."""
    source, saved = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(saved, "w") as target:
        for name in source.namelist():
            xml = source.read(name)
            assert name != "xl/worksheets/sheet1.xml" or old in xml
            target.writestr(name, xml.replace(old, new))
    return saved.getvalue()


def test_an_error_that_does_not_say_where_it_stands(read_file):
    content = book([["a", "b"], ["#N/A", 1]], errors=["A2"])
    assert read_file(changed(content, b'r="B2" ', b""), name="f.xlsx").rules == ["cell_error"]
    assert read_file(changed(content, b'r="A2" ', b""), name="f.xlsx").rules == ["file_unreadable"]


def test_a_workbook_whose_parts_do_not_hang_together(read_file):
    content = book([["a"], [1]])
    lost = changed(content, b"<sheetData>", b"<sheetData>").replace(
        b"worksheets/sheet1.xml", b"worksheets/sheet7.xml"
    )
    assert read_file(lost, name="f.xlsx").rules == ["file_unreadable"]


def test_a_calculated_formula_is_its_result(read_file):
    read = read_file(with_results(book([["a"], ["=3+4"]])), name="f.xlsx")
    assert read.problems == []
    assert read.cells("a") == [7.0]


def test_merged_cells(read_file):
    rows = [["a", None, "c"], [1, 2, 3], [4, 5, 6], [7, 8, 9]]
    header = read_file(book(rows, merge=["A1:B1"]), name="f.xlsx")
    assert [(p.rule, p.first_rows) for p in header.problems] == [("header_merged", (1,))]
    rows[0][1] = "b"
    below = read_file(book(rows, merge=["A2:A3"]), name="f.xlsx")
    assert [(p.rule, p.n_rows, p.first_rows) for p in below.problems] == [("cells_merged", 2, (2, 3))]


def test_merged_titles_above_the_header_do_no_harm(read_file):
    read = read_file(
        book([["Uttrekk", None], ["a", "b"], [1, 2]], merge=["A1:B1"]), name="f.xlsx", skip_rows=1
    )
    assert read.problems == []
    assert read.table.frame.index.tolist() == [3]


def test_header_faults(read_file):
    read = read_file(book([["a", None, "a", None], [1, 2, 3, None]]), name="f.xlsx")
    assert [(p.rule, p.detail["positions"]) for p in read.problems] == [
        ("header_empty", "2"),
        ("header_duplicate", "1, 3"),
    ]


def test_a_header_may_hold_numbers_and_dates(read_file):
    read = read_file(book([["id", 2024, 1.5, date(2024, 1, 5), True], [1, 2, 3, 4, 5]]), name="f.xlsx")
    assert list(read.table.frame.columns) == ["id", "2024", "1.5", "2024-01-05", "True"]


def test_header_only(read_file):
    content = book([["a", "b"]])
    assert read_file(content, name="f.xlsx").rules == ["file_no_rows"]
    empty = read_file(content, name="f.xlsx", may_be_empty=True)
    assert list(empty.table.frame.columns) == ["a", "b"]
    assert empty.problems == []


@pytest.mark.parametrize(
    "content", [b"no workbook", b"PK\x03\x04 damaged", b"\xd0\xcf\x11\xe0 encrypted or old"]
)
def test_what_is_no_workbook(read_file, content):
    read = read_file(content, name="f.xlsx")
    assert (read.rules, read.problems[0].detail) == (["file_unreadable"], {"format": "Excel"})


def test_an_empty_sheet(read_file):
    assert read_file(book([]), name="f.xlsx").rules == ["file_empty"]
