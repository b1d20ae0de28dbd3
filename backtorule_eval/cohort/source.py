"""Where the raw data of a site lie, and a key that changes when anything that makes its cohort does."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import metadata, resources
from importlib.resources.abc import Traversable
from pathlib import Path

import yaml

# Of a mapping file only the names of raw files are wanted here, as text, ten times faster than by its models.
_FAST_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
# What turns bytes into values; another version may read the same file otherwise.
_READERS = ("duckdb", "numpy", "pandas", "pyreadstat", "python-calamine", "PyYAML")


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSource:
    """Where raw data lie; exactly one of folder, database and parquet.

    Attributes
    ----------
    folder : Path or None
        Raw files as sent, described by `mapping`.
    database : str or None
        SQLAlchemy URL, described by `mapping`. May hold a password, so it is never shown.
    parquet : Path or None
        A folder of Parquet files already in the dictionary's form; takes no mapping.
    mapping : Path or None
        The mapping file.
    """

    folder: Path | None = None
    database: str | None = field(default=None, repr=False)
    parquet: Path | None = None
    mapping: Path | None = None

    def __post_init__(self) -> None:
        given = [self.folder, self.database, self.parquet]
        if sum(place is not None for place in given) != 1:
            raise ValueError("a source has exactly one of folder, database and parquet")
        if (self.mapping is None) != (self.parquet is not None):
            raise ValueError("a folder and a database need a mapping, a Parquet folder takes none")


def source_key(source: SiteSource, *, slug: str, as_of: date | None) -> str | None:
    """Under which key is the cohort of this source kept?

    Parameters
    ----------
    source : SiteSource
    slug, as_of
        As in the study file.

    Returns
    -------
    str or None
        SHA-256 over the bytes of every raw file the mapping names, the mapping, this package's code and data
        (so the dictionary and the scales), the versions of what reads files, the slug and the date. None if a
        file or the mapping cannot be read, which the import itself then tells, and for a database: it can
        change without a sign, so its rows have to be fetched to know, and fetching is most of the work. Its
        cohort is kept under its content hash instead, for those who ask for that very state.
    """
    if source.database is not None:
        return None
    try:
        files = {name: _file_hash(path) for name, path in _raw_files(source)}
        if source.mapping is not None:
            files["\0mapping"] = _file_hash(source.mapping)
    except (OSError, yaml.YAMLError):
        return None
    parts = [slug, None if as_of is None else as_of.isoformat(), code_version(), sorted(files.items())]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


@cache
def code_version() -> str:
    """SHA-256 of everything in this package and the versions of what reads files.

    The version number alone would not do: it stays while someone works on the package, and cohorts change.
    """
    digest = hashlib.sha256(sys.version.encode())
    digest.update(json.dumps({name: metadata.version(name) for name in _READERS}).encode())
    for name, content in sorted(_package_files(resources.files("backtorule_eval"), "")):
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _package_files(folder: Traversable, above: str) -> Iterator[tuple[str, bytes]]:
    """Every file of the package that says how something is done."""
    for entry in folder.iterdir():
        name = f"{above}/{entry.name}"
        if entry.is_dir():
            yield from _package_files(entry, name)
        elif entry.name.endswith((".py", ".yaml")):
            yield name, entry.read_bytes()


def _raw_files(source: SiteSource) -> Iterator[tuple[str, Path]]:
    """Name and path of every raw file that is read."""
    if source.parquet is not None:
        for path in source.parquet.rglob("*.parquet"):
            yield path.relative_to(source.parquet).as_posix(), path
    elif source.folder is not None and source.mapping is not None:
        declared = yaml.load(source.mapping.read_bytes(), Loader=_FAST_LOADER)
        for file in set(_files_named(declared)):
            yield file, source.folder / file


def _files_named(node: object) -> Iterator[str]:
    """Every raw file that a mapping names; whether the mapping is right is not asked."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "file" and isinstance(value, str):
                yield value
            else:
                yield from _files_named(value)


def _file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
