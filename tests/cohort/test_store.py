"""What is kept comes back exactly, or not at all; nobody else can read it, and nothing half-written stays."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from backtorule_eval.cohort import store as store_module
from backtorule_eval.cohort.imported import FileRead, Imported, ImportReport, RowsMade
from backtorule_eval.cohort.store import load_cohort, save_cohort
from backtorule_eval.errors import Problem
from tests.cohort.tables import awkward_cohort, make_cohort

REPORT = ImportReport(
    files=(FileRead(file="persons.csv", rows=9, columns=4),),
    tables=(RowsMade(table="persons", file="persons.csv", rows=9),),
    warnings=(Problem(rule="r", file="persons.csv", first_rows=(2, 3), n_rows=2, detail={"a": "æ"}),),
)


@pytest.fixture
def imported() -> Imported:
    return Imported(cohort=awkward_cohort(), report=REPORT)


@pytest.fixture
def kept(tmp_path: Path, imported: Imported) -> Path:
    """Folder of a cohort that was kept under "key"."""
    save_cohort(imported, store=tmp_path, key="key")
    return tmp_path / "cohorts" / "key"


def test_a_cohort_comes_back_exactly(tmp_path: Path, imported: Imported, kept: Path) -> None:
    found = load_cohort(store=tmp_path, key="key")
    assert found is not None
    assert found.report == imported.report
    assert found.cohort.content_hash == imported.cohort.content_hash
    assert found.cohort.flow == imported.cohort.flow
    assert dict(found.cohort.extra_columns) == dict(imported.cohort.extra_columns)
    assert list(found.cohort.extra_columns["travel"].levels) == ["b", "a"]
    assert list(found.cohort.tables) == list(imported.cohort.tables)
    for name, frame in imported.cohort.tables.items():
        pd.testing.assert_frame_equal(found.cohort.table(name), frame, check_exact=True)


def test_only_the_owner_can_open_it(tmp_path: Path, kept: Path) -> None:
    for folder in (tmp_path, tmp_path / "cohorts", kept):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept.iterdir()} == {0o600}


def test_what_was_never_kept_is_not_there(tmp_path: Path, kept: Path) -> None:
    assert load_cohort(store=tmp_path, key="other") is None
    assert load_cohort(store=tmp_path / "nowhere", key="key") is None


def _flip_a_byte(folder: Path) -> None:
    content = bytearray((folder / "persons.parquet").read_bytes())
    content[len(content) // 2] ^= 1
    (folder / "persons.parquet").write_bytes(content)


def _cut_a_file(folder: Path) -> None:
    content = (folder / "persons.parquet").read_bytes()
    (folder / "persons.parquet").write_bytes(content[:-10])


def _remove_a_file(folder: Path) -> None:
    (folder / "surveys.parquet").unlink()


def _swap_two_files(folder: Path) -> None:
    (folder / "persons.parquet").replace(folder / "extras.parquet")


def _change(folder: Path, old: str, new: str) -> None:
    written = json.loads((folder / "cohort.json").read_text())
    assert old in written["body"]
    written["body"] = written["body"].replace(old, new)
    (folder / "cohort.json").write_text(json.dumps(written))


def _edit_the_flow(folder: Path) -> None:
    _change(folder, '"n":9', '"n":8')


def _cut_the_json(folder: Path) -> None:
    (folder / "cohort.json").write_text((folder / "cohort.json").read_text()[:-5])


def _other_json(folder: Path) -> None:
    (folder / "cohort.json").write_text("[]")


def _remove_the_json(folder: Path) -> None:
    (folder / "cohort.json").unlink()


DAMAGE = [
    _flip_a_byte,
    _cut_a_file,
    _remove_a_file,
    _swap_two_files,
    _edit_the_flow,
    _cut_the_json,
    _other_json,
    _remove_the_json,
]


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_cohort_is_not_there_and_can_be_kept_anew(
    tmp_path: Path, imported: Imported, kept: Path, damage: Callable[[Path], None]
) -> None:
    damage(kept)
    assert load_cohort(store=tmp_path, key="key") is None
    save_cohort(imported, store=tmp_path, key="key")
    assert load_cohort(store=tmp_path, key="key") is not None


def test_files_that_agree_with_the_list_but_not_with_the_content_hash_are_not_believed(
    tmp_path: Path, imported: Imported, monkeypatch: pytest.MonkeyPatch
) -> None:
    def with_one_value_changed(connection: Any, frame: pd.DataFrame, path: Path) -> None:
        written = frame.assign(birth_year=pd.array([1999] * len(frame), dtype="Int64"))
        original(connection, written if path.stem == "persons" else frame, path)

    original = store_module.write_parquet
    monkeypatch.setattr(store_module, "write_parquet", with_one_value_changed)
    save_cohort(imported, store=tmp_path, key="key")
    assert load_cohort(store=tmp_path, key="key") is None


def test_a_save_that_dies_leaves_what_was_there(
    tmp_path: Path, imported: Imported, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(connection: Any, frame: pd.DataFrame, path: Path) -> None:
        path.write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(store_module, "write_parquet", die)
    for key in ("key", "new"):
        with pytest.raises(KeyboardInterrupt):
            save_cohort(imported, store=tmp_path, key=key)
    assert [path.name for path in kept.parent.iterdir()] == ["key"]
    assert load_cohort(store=tmp_path, key="key") is not None


def test_leftovers_of_killed_saves_are_swept_once_they_are_old(
    tmp_path: Path, imported: Imported, kept: Path
) -> None:
    old, young = kept.parent / ".partial-old", kept.parent / ".partial-young"
    for folder in (old, young):
        folder.mkdir()
    os.utime(old, (0, 0))
    save_cohort(imported, store=tmp_path, key="key")
    assert sorted(path.name for path in kept.parent.iterdir()) == [".partial-young", "key"]


def test_earlier_states_of_the_same_cohort_go_and_other_cohorts_stay(tmp_path: Path, kept: Path) -> None:
    other = replace(make_cohort(persons={"person": ["p1"]}), slug="other")
    save_cohort(Imported(cohort=other, report=ImportReport()), store=tmp_path, key="other")
    newer = make_cohort(persons={"person": ["p1"]})
    save_cohort(Imported(cohort=newer, report=ImportReport()), store=tmp_path, key="newer")
    assert sorted(path.name for path in kept.parent.iterdir()) == ["newer", "other"]


def test_a_faster_process_may_have_kept_it_already(
    tmp_path: Path, imported: Imported, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.rename

    def overtaken(source: Path, target: Path) -> None:
        real(source, target)
        if target.name.endswith("-old"):
            target.with_name("key").mkdir()
            (target.with_name("key") / "theirs").touch()

    monkeypatch.setattr(store_module.os, "rename", overtaken)
    save_cohort(imported, store=tmp_path, key="key")
    assert [path.name for path in kept.iterdir()] == ["theirs"]


def test_a_store_that_cannot_be_written_says_so(
    tmp_path: Path, imported: Imported, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(source: Path, target: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(store_module.os, "rename", refuse)
    with pytest.raises(PermissionError, match="Permission denied"):
        save_cohort(imported, store=tmp_path, key="key")
