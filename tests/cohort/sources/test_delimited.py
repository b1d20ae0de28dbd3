"""Delimited text: every cell stays what it was, and what has two readings is refused."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backtorule_eval.cohort.sources import delimited
from backtorule_eval.cohort.sources.declaration import FileDeclaration
from backtorule_eval.cohort.sources.delimited import read_delimited


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_delimiter_encoding_and_line_ends_are_found(read_file, delimiter, codec, newline):
    lines = [
        delimiter.join(row) for row in (("ID", "Kjønn", "Ås"), ("1", "kvinne", "påå"), ("2", "mann", ""))
    ]
    read = read_file(newline.join(lines).encode(codec))
    assert read.problems == []
    assert list(read.table.frame.columns) == ["ID", "Kjønn", "Ås"]
    assert read.cells("Ås") == ["påå", None]
    assert read.table.frame.index.tolist() == [2, 3]
    assert read.table.kind == "text"


def test_nothing_is_guessed_about_cells(read_file):
    read = read_file("id;nus;dato;na;tall\n007;0123;2024-01-05;NA; 1,50 \n")
    assert [read.cells(c)[0] for c in read.table.frame] == ["007", "0123", "2024-01-05", "NA", " 1,50 "]
    assert {str(dtype) for dtype in read.table.frame.dtypes} == {"str"}


@pytest.mark.parametrize(
    ("text", "possible"),
    [
        # Both split the header evenly: "1;3,5" has two fields by either.
        ("id;mean, all\n1;3,5\n2;4,5\n", ";  ,"),
        ("a;b,c\n1;2\n3,4\n", ";  ,  tab  |"),
    ],
)
def test_a_delimiter_with_two_readings_must_be_declared(read_file, text, possible):
    read = read_file(text)
    assert read.rules == ["delimiter_unclear"]
    assert read.problems[0].detail == {"possible": possible}
    assert read_file(text, delimiter=";").table is not None


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("id;mean, all\n1;3\n2;4\n", ["id", "mean, all"]),
        ("id;poeng\n1;3,5\n2;4,25\n", ["id", "poeng"]),
        ('"a;b",c\n1,2\n', ["a;b", "c"]),
        ("id\n1\n2\n", ["id"]),
        ("kommentar\nhei, du\nja; da\n", ["kommentar"]),
    ],
)
def test_one_reading_is_accepted(read_file, text, columns):
    read = read_file(text)
    assert read.problems == []
    assert list(read.table.frame.columns) == columns


def test_a_tsv_is_split_at_tabs_whatever_else_is_in_it(read_file):
    assert list(read_file("a;b\tc,d\n1\t2\n", name="f.tsv").table.frame.columns) == ["a;b", "c,d"]


def test_quoted_cells_may_hold_delimiters_quotes_and_line_ends(read_file):
    read = read_file('id,tekst\n1,"a, ""b""\nc"\n2,d"e\n3,""\n')
    assert read.problems == []
    assert read.cells("tekst") == ['a, "b"\nc', 'd"e', None]
    assert read.table.frame.index.tolist() == [2, 3, 4]


@pytest.mark.parametrize(
    ("text", "row"),
    [('id;t\n1;a\n2;"b\n3;c\n', 3), ('id;t\n1;"a"b\n2;c\n', 2), ('id;"t\n1;a\n', 1)],
)
def test_a_broken_quotation_mark_is_told_by_row(read_file, text, row):
    read = read_file(text, delimiter=";")
    assert read.rules == ["quotes_broken"]
    assert read.problems[0].first_rows == (row,)
    assert read.tables == {}


def test_ragged_rows_are_counted_and_left_out(read_file):
    body = "".join(f"{i};x\n" if i % 2 else f"{i};x;3\n" for i in range(1, 20))
    read = read_file("a;b;c\n" + body + "1;2;3;4\n")
    (problem,) = read.problems
    assert (problem.rule, problem.n_rows) == ("ragged_rows", 11)
    assert problem.first_rows == (2, 4, 6, 8, 10)
    assert problem.detail == {"width": "3", "delimiter": ";"}
    assert read.cells("a") == [str(i) for i in range(2, 20, 2)]


def test_a_decimal_comma_in_a_comma_file_is_a_ragged_row(read_file):
    assert read_file("id,poeng\n1,3,5\n2,4\n").rules == ["ragged_rows"]


def test_blank_lines_and_empty_records_count_as_rows_and_are_left_out(read_file):
    read = read_file("a;b\n1;2\n\n;\n3;4\n\n")
    assert read.problems == []
    assert read.table.frame.index.tolist() == [2, 5]


def test_rows_above_the_header_are_skipped_and_counted(read_file):
    read = read_file('Uttrekk "2025;\nlaget av oss\nid;x\n1;2\n', skip_rows=2)
    assert read.table.frame.index.tolist() == [4]
    assert read.cells("x") == ["2"]


@pytest.mark.parametrize("text", ["", "\n", "\n\n\n"])
def test_an_empty_file(read_file, text):
    assert read_file(text).rules == ["file_empty"]


@pytest.mark.parametrize("text", ["a;b\n", "a;b", "a;b\n;\n\n"])
def test_a_header_without_rows(read_file, text):
    assert read_file(text).rules == ["file_no_rows"]
    read = read_file(text, may_be_empty=True)
    assert (read.rules, len(read.table.frame)) == ([], 0)


def test_empty_and_repeated_headers_are_told_by_position(read_file):
    read = read_file("id; x ;;x;y;;\n1;2;3;4;5;6;\n")
    assert [(p.rule, p.detail["positions"], p.first_rows) for p in read.problems] == [
        ("header_empty", "3, 6", (1,)),
        ("header_duplicate", "2, 4", (1,)),
    ]
    assert list(read.table.frame.columns) == ["id", "y"]
    assert read.table.unusable == {"x"}


def test_a_blank_header_line_with_rows_below(read_file):
    assert read_file("\na;b\n1;2\n").rules[0] == "ragged_rows"
    assert read_file(";\n1;2\n", delimiter=";").rules == ["header_empty"]


def test_column_names_are_trimmed_and_composed(read_file):
    decomposed = "a\u030a"
    read = read_file(f'"  Svar\n dato ";{decomposed}r\n1;2\n')
    assert list(read.table.frame.columns) == ["Svar dato", "år"]


def test_nul_bytes(read_file):
    assert read_file(b"a;b\n1;\x00\n").rules == ["nul_bytes"]


def test_parsers_that_disagree_are_not_believed(read_file, monkeypatch):
    real = delimited.pd.read_csv
    monkeypatch.setattr(delimited.pd, "read_csv", lambda *args, **options: real(*args, **options).iloc[:-1])
    read = read_file("a;b\n1;2\n")
    assert (read.rules, read.problems[0].detail) == (["file_unreadable"], {"format": "CSV"})


CELL = st.text(alphabet="aøÅ 1,.;\"'\t\n\r|", max_size=6)


@settings(deadline=None)
@given(
    rows=st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=8),
    delimiter=st.sampled_from(",;\t|"),
)
def test_both_parsers_read_the_same_cells(tmp_path_factory, rows, delimiter):
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter).writerows([["a", "b", "c"], *rows])
    path = tmp_path_factory.mktemp("t") / "f.csv"
    path.write_bytes(buffer.getvalue().encode())
    read = read_delimited(
        path, FileDeclaration(file="f.csv", delimiter=delimiter, encoding="utf-8"), source="s"
    )
    assert read.problems == ()
    expected = {i + 2: row for i, row in enumerate(rows) if any(row)}
    assert read.table.frame.fillna("").T.to_dict("list") == expected
