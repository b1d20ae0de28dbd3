"""Cohorts kept between runs: Parquet and one JSON file, in a folder that its owner alone can open.

Nothing in the store is trusted: a cohort comes out only if every file has the bytes that were written and the
tables have the content hash they had. Otherwise the answer is "not there", and the caller builds it again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd
from pydantic import TypeAdapter, ValidationError

from backtorule_eval.cohort.cohort import Cohort, FlowStep
from backtorule_eval.cohort.dictionary import Column
from backtorule_eval.cohort.imported import Imported, ImportReport
from backtorule_eval.cohort.parquet import connect, empty_table, read_parquet, write_parquet

FOLDER_MODE, FILE_MODE = 0o700, 0o600
LEFTOVER_SECONDS = 3600
_PARTIAL = ".partial-"
_FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """Everything of an import but its tables, and what the tables' files must look like."""

    format: int
    slug: str
    as_of: str
    flow: tuple[FlowStep, ...]
    extra_columns: Mapping[str, Column]
    report: ImportReport
    content_hash: str
    columns: Mapping[str, Mapping[str, str]]
    files: Mapping[str, str]


_KEPT = TypeAdapter(_Kept)


def save_cohort(imported: Imported, *, store: Path, key: str) -> None:
    """Keep a cohort under a key, whole or not at all, and drop what the store holds of it under other keys.

    Written beside and then renamed, so a save that is killed leaves nothing under the key. Older states of
    the same cohort are removed because they may hold people who have since withdrawn.

    Parameters
    ----------
    imported : Imported
    store : Path
        The private folder (``.backtorule``); made if needed. Folders get mode 0700, files 0600.
    key : str
        From `source_key`, or the cohort's content hash.
    """
    shelf = _shelf(store)
    _sweep(shelf)
    beside = Path(tempfile.mkdtemp(prefix=_PARTIAL, dir=shelf))
    try:
        _write(imported, beside)
        _swap_in(beside, shelf / key)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    _drop_older(shelf, slug=imported.cohort.slug, key=key)


def load_cohort(*, store: Path, key: str) -> Imported | None:
    """Give back the cohort kept under a key; None if there is none or if a single byte of it has changed."""
    folder = store / "cohorts" / key
    kept = _read_kept(folder)
    if kept is None:
        return None
    try:
        if any(_file_hash(folder / name) != digest for name, digest in kept.files.items()):
            return None
        tables = _read_tables(folder, kept)
    except (OSError, duckdb.Error):
        return None
    cohort = Cohort(
        slug=kept.slug, tables=tables, extra_columns=kept.extra_columns, flow=kept.flow, as_of=kept.as_of
    )
    return Imported(cohort=cohort, report=kept.report) if cohort.content_hash == kept.content_hash else None


def _shelf(store: Path) -> Path:
    """Make the folder of the cohorts, closed to everyone else."""
    shelf = store / "cohorts"
    shelf.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    for folder in (store, shelf):
        folder.chmod(FOLDER_MODE)
    return shelf


def _table_file(folder: Path, table: str) -> Path:
    """Where a table lies."""
    return folder / f"{table}.parquet"


def _write(imported: Imported, folder: Path) -> None:
    """Write all files of a cohort into a folder."""
    cohort = imported.cohort
    with connect() as connection:
        for name, frame in cohort.tables.items():
            if len(frame):
                write_parquet(connection, frame, _table_file(folder, name))
    kept = _Kept(
        format=_FORMAT,
        slug=cohort.slug,
        as_of=cohort.as_of,
        flow=cohort.flow,
        extra_columns=dict(cohort.extra_columns),
        report=imported.report,
        content_hash=cohort.content_hash,
        columns={name: {str(c): str(f[c].dtype) for c in f} for name, f in cohort.tables.items()},
        files={p.name: _file_hash(p) for p in sorted(folder.iterdir())},
    )
    body = _KEPT.dump_json(kept).decode()
    digest = hashlib.sha256(body.encode()).hexdigest()
    (folder / "cohort.json").write_text(json.dumps({"sha256": digest, "body": body}), encoding="utf-8")
    for path in folder.iterdir():
        path.chmod(FILE_MODE)


def _read_kept(folder: Path) -> _Kept | None:
    """Read what was written beside the tables; None if it is not there or not as it was."""
    try:
        written = json.loads((folder / "cohort.json").read_text(encoding="utf-8"))
        body: str = written["body"]
        if hashlib.sha256(body.encode()).hexdigest() != written["sha256"]:
            return None
        kept = _KEPT.validate_json(body)
    except (OSError, ValueError, KeyError, TypeError, ValidationError):
        return None
    return kept if kept.format == _FORMAT else None


def _read_tables(folder: Path, kept: _Kept) -> dict[str, pd.DataFrame]:
    """Read all tables; one without rows has no file."""
    with connect() as connection:
        return {
            name: read_parquet(connection, _table_file(folder, name), columns)
            if _table_file(folder, name).name in kept.files
            else empty_table(columns)
            for name, columns in kept.columns.items()
        }


def _file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _swap_in(beside: Path, target: Path) -> None:
    """Rename a finished folder to its place; what lies there is moved away first and then removed."""
    aside = beside.with_name(f"{beside.name}-old")
    try:
        if target.exists():
            os.rename(target, aside)
        os.rename(beside, target)
    except OSError:
        # Another process, building the same cohort, was faster in between; its result is as good as ours.
        if not target.exists():
            raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _sweep(shelf: Path) -> None:
    """Remove what killed saves left behind; a younger one may belong to a save that is still going on."""
    for folder in shelf.glob(f"{_PARTIAL}*"):
        try:
            if time.time() - folder.stat().st_mtime > LEFTOVER_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)
        except FileNotFoundError:
            continue


def _drop_older(shelf: Path, *, slug: str, key: str) -> None:
    """Remove other states of the same cohort."""
    for folder in shelf.iterdir():
        if folder.name == key or folder.name.startswith(_PARTIAL):
            continue
        kept = _read_kept(folder)
        if kept is None or kept.slug == slug:
            shutil.rmtree(folder, ignore_errors=True)
