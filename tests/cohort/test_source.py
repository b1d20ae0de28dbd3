"""A source is one place; its key changes with whatever makes its cohort, and with nothing else."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from backtorule_eval.cohort import source as source_module
from backtorule_eval.cohort.source import SiteSource, code_version, source_key

MAPPING = "files:\n  a: {file: a.csv}\n  b: {file: sub/b.csv, sheet: x}\n"


@pytest.fixture
def source(tmp_path: Path) -> SiteSource:
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.csv").write_text("a")
    (tmp_path / "sub" / "b.csv").write_text("b")
    (tmp_path / "m.yaml").write_text(MAPPING)
    return SiteSource(folder=tmp_path, mapping=tmp_path / "m.yaml")


def key(source: SiteSource, *, slug: str = "s", as_of: date | None = None) -> str | None:
    return source_key(source, slug=slug, as_of=as_of)


@pytest.mark.parametrize(
    ("places", "message"),
    [
        ({}, "exactly one of folder, database and parquet"),
        ({"folder": Path(), "database": "sqlite://", "mapping": Path()}, "exactly one of"),
        ({"folder": Path(), "parquet": Path()}, "exactly one of"),
        ({"folder": Path()}, "need a mapping"),
        ({"database": "sqlite://"}, "need a mapping"),
        ({"parquet": Path(), "mapping": Path()}, "a Parquet folder takes none"),
    ],
)
def test_a_source_is_one_place_with_what_belongs_to_it(places: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        SiteSource(**places)


def test_a_password_is_not_shown() -> None:
    source = SiteSource(database="postgresql://nav:secret@db/site", mapping=Path("m.yaml"))
    assert "secret" not in repr(source)


def test_the_same_bytes_have_the_same_key_wherever_they_lie(source: SiteSource, tmp_path: Path) -> None:
    before = key(source)
    assert source.folder is not None
    (source.folder / "not_named.csv").write_text("x")
    moved = source.folder.rename(tmp_path.with_name("moved"))
    assert key(SiteSource(folder=moved, mapping=moved / "m.yaml")) == before
    assert before is not None
    assert len(before) == 64


@pytest.mark.parametrize(
    ("file", "content"),
    [("a.csv", "c"), ("sub/b.csv", "c"), ("m.yaml", MAPPING + "# said otherwise")],
)
def test_a_changed_byte_changes_the_key(source: SiteSource, tmp_path: Path, file: str, content: str) -> None:
    before = key(source)
    (tmp_path / file).write_text(content)
    assert key(source) not in {before, None}


def test_contents_that_change_places_change_the_key(source: SiteSource, tmp_path: Path) -> None:
    before = key(source)
    (tmp_path / "a.csv").write_text("b")
    (tmp_path / "sub" / "b.csv").write_text("a")
    assert key(source) != before


def test_slug_date_and_code_change_the_key(source: SiteSource, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = {key(source), key(source, slug="t"), key(source, as_of=date(2026, 6, 30))}
    monkeypatch.setattr(source_module, "code_version", lambda: "other")
    assert len({*keys, key(source)}) == 4


def test_what_cannot_be_read_has_no_key(source: SiteSource, tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text("files: [")
    assert key(source) is None
    (tmp_path / "m.yaml").write_text(MAPPING)
    (tmp_path / "a.csv").unlink()
    assert key(source) is None
    (tmp_path / "m.yaml").unlink()
    assert key(source) is None


def test_a_database_has_no_key() -> None:
    assert key(SiteSource(database="sqlite://", mapping=Path("m.yaml"))) is None


def test_a_parquet_folder_has_the_key_of_its_parquet_files(tmp_path: Path) -> None:
    source = SiteSource(parquet=tmp_path)
    (tmp_path / "schooling").mkdir()
    (tmp_path / "schooling" / "1.parquet").write_text("x")
    before = key(source)
    (tmp_path / "note.txt").write_text("x")
    assert key(source) == before
    (tmp_path / "schooling" / "2.parquet").write_text("x")
    assert key(source) not in {before, None}


def test_the_version_of_the_code_covers_its_data_and_its_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    read = dict(source_module._package_files(source_module.resources.files("backtorule_eval"), ""))
    assert {"/cohort/dictionary.yaml", "/cohort/mapping/dates.py", "/errors.py"} <= set(read)
    code_version.cache_clear()
    before = code_version()
    code_version.cache_clear()
    monkeypatch.setattr(source_module.metadata, "version", lambda name: "0")
    assert code_version() != before
    code_version.cache_clear()
