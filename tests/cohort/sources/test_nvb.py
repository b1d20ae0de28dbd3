"""NVB grade files: records nested by order, flattened to one row per subject."""

from __future__ import annotations

import pytest

FILE = """\
¤V¤p01¤Eksempel vgs
¤P¤STUSP1----¤VG1¤B¤¤3.5¤12
¤F¤MAT1019¤FF¤FF¤4¤5¤S¤140¤V¤2025¤¤E
¤F¤NOR1260¤FF¤FF¤IV¤-¤S¤113¤V¤2025¤¤E
¤M¤Fritatt for vurdering i sidemål
¤M¤Annet løp
¤P¤STSSA2----¤VG2¤F
¤F¤ENG1007¤FF¤FF¤3
¤V¤p02¤Annen vgs
¤M¤Gjelder hele dokumentet
¤P¤HSHSF1----¤VG1¤B
¤F¤HSF1006¤FF¤FF¤5
"""


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "iso-8859-1"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_one_row_per_subject(read_file, codec, newline):
    read = read_file(FILE.replace("\n", newline).encode(codec), name="f.nvb")
    assert read.problems == []
    assert read.table.frame.index.tolist() == [3, 4, 8, 12]
    assert read.cells("V2") == ["p01", "p01", "p01", "p02"]
    assert read.cells("P2") == ["STUSP1----", "STUSP1----", "STSSA2----", "HSHSF1----"]
    assert read.cells("P6") == ["3.5", "3.5", None, None]
    assert read.cells("F2") == ["MAT1019", "NOR1260", "ENG1007", "HSF1006"]
    assert read.cells("F12") == ["E", "E", None, None]
    assert read.cells("M2") == [
        None,
        "Fritatt for vurdering i sidemål | Annet løp",
        None,
        "Gjelder hele dokumentet",
    ]
    assert (read.table.decimal, read.table.dates, read.table.kind) == (".", "yyyymmdd", "text")


def test_columns_are_in_the_order_of_the_records(read_file):
    columns = list(read_file(FILE, name="f.nvb").table.frame.columns)
    assert columns[:4] == ["V2", "V3", "P2", "P3"]
    assert columns[-2:] == ["F12", "M2"]


@pytest.mark.parametrize(
    ("text", "rule", "rows"),
    [
        ("¤P¤a\n¤F¤b\n", "nvb_line_misplaced", (1, 2)),
        ("¤M¤a\n¤V¤a\n¤P¤b\n¤F¤c\n", "nvb_line_misplaced", (1,)),
        ("¤V¤a\n¤F¤b\n¤P¤c\n¤F¤d\n", "nvb_line_misplaced", (2,)),
        ("¤V¤a\n¤P¤b\n¤F¤c\n¤V¤d\n¤F¤e\n", "nvb_line_misplaced", (5,)),
        ("id;fag\n¤V¤a\n¤P¤b\n¤F¤c\n", "nvb_line_strange", (1,)),
        ("¤V¤a\n¤P¤b\n¤F¤c\n¤X¤d\n¤\n", "nvb_line_strange", (4, 5)),
        ("¤V¤a\n¤P¤b\n¤F¤c\n¤VP¤d\n", "nvb_line_strange", (4,)),
    ],
)
def test_lines_that_cannot_be_placed(read_file, text, rule, rows):
    read = read_file(text, name="f.nvb")
    assert [(p.rule, p.n_rows, p.first_rows) for p in read.problems] == [(rule, len(rows), rows)]


def test_lines_above_are_skipped_and_empty_ones_ignored(read_file):
    read = read_file("Uttrekk\n\n¤V¤a\n\n¤P¤b\n¤F¤c\n", name="f.nvb", skip_rows=1)
    assert read.problems == []
    assert read.table.frame.index.tolist() == [6]


def test_no_subjects(read_file):
    assert read_file("¤V¤a\n¤P¤b\n", name="f.nvb").rules == ["file_no_rows"]


def test_a_file_that_is_neither_utf8_nor_latin1(read_file):
    assert read_file("¤V¤a".encode("utf-16-le"), name="f.nvb").rules == ["nul_bytes"]
    assert read_file(FILE.encode("utf-8"), name="f.nvb", encoding="iso-8859-1").rules == ["encoding_wrong"]
