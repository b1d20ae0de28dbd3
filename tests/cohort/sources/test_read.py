"""All files of a mapping: what stands in the way of one does not hide the others."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from backtorule_eval.cohort.sources import FileDeclaration, read_sources


def declared(**files):
    return SimpleNamespace(files={h: FileDeclaration(**f) for h, f in files.items()}, sources=tuple(files))


def test_every_file_is_read_and_every_problem_told(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "good.csv").write_text("a;b\n1;2\n")
    (tmp_path / "bad.csv").write_text('a;b\n"1;2\n')
    (tmp_path / "zero.csv").touch()
    mapping = declared(
        good={"file": "sub/good.csv"},
        bad={"file": "bad.csv"},
        gone={"file": "gone.csv"},
        zero={"file": "zero.csv"},
        db={"table": "people"},
    )
    tables, problems = read_sources(mapping, folder=tmp_path, database=None)
    assert list(tables) == ["good"]
    assert [(p.rule, p.file) for p in problems] == [
        ("quotes_broken", "bad.csv"),
        ("file_missing", "gone.csv"),
        ("file_empty", "zero.csv"),
        ("database_missing", "people"),
    ]


def test_without_a_folder_no_file_is_looked_for():
    tables, problems = read_sources(declared(a={"file": "a.csv"}), folder=None, database=None)
    assert (tables, [p.rule for p in problems]) == ({}, ["folder_missing"])


def test_a_folder_that_is_not_there_is_told_once(tmp_path):
    files = declared(a={"file": "a.csv"}, b={"file": "b.csv"})
    tables, problems = read_sources(files, folder=tmp_path / "away", database=None)
    assert (tables, [(p.rule, p.file) for p in problems]) == ({}, [("folder_not_found", "away")])


def test_a_file_that_cannot_be_opened(tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_text("a\n1\n")

    def refuse(*_args, **_options):
        raise PermissionError

    monkeypatch.setattr(type(path), "open", refuse)
    _, problems = read_sources(declared(a={"file": "a.csv"}), folder=tmp_path, database=None)
    assert [p.rule for p in problems] == ["file_forbidden"]


def test_a_folder_is_no_file(tmp_path):
    (tmp_path / "a.csv").mkdir()
    _, problems = read_sources(declared(a={"file": "a.csv"}), folder=tmp_path, database=None)
    assert [p.rule for p in problems] == ["file_missing"]


def test_nothing_of_a_file_shows_in_what_is_printed(tmp_path):
    (tmp_path / "a.csv").write_text("id;svar\nCANARY1;CANARY2\n")
    tables, problems = read_sources(declared(a={"file": "a.csv"}), folder=tmp_path, database=None)
    assert "CANARY" not in repr(tables) + repr(problems)


@pytest.mark.parametrize("name", ["a.csv", "a.CSV", "a.txt"])
def test_the_suffix_tells_the_format(read_file, name):
    assert read_file("a;b\n1;2\n", name=name).cells("b") == ["2"]


def test_a_declared_format_overrules_the_suffix(read_file):
    assert read_file("a;b\n1;2\n", name="a.dat", format="text").cells("b") == ["2"]
    assert read_file("a;b\n1;2\n", name="a.csv", format="xlsx").rules == ["file_unreadable"]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({}, "exactly one of file, table and query"),
        ({"file": "a.csv", "table": "t"}, "exactly one of file, table and query"),
        ({"file": "../a.csv"}, "inside the raw folder"),
        ({"file": "/a.csv"}, "inside the raw folder"),
        ({"file": "C:\\a.csv"}, "inside the raw folder"),
        ({"file": "a.doc"}, "tells no format"),
        ({"file": "a.csv", "encoding": "klingon"}, "encoding is one of"),
        ({"query": "delete from t"}, "begins with SELECT or WITH"),
    ],
)
def test_a_declaration_that_cannot_be_meant(wrong, message):
    with pytest.raises(ValueError, match=message):
        FileDeclaration(**wrong)
