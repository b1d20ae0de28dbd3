"""Raw files made on the spot, and a real PostgreSQL that lives for one test session."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from backtorule_eval.cohort.sources import FileDeclaration, RawTable, read_sources
from backtorule_eval.errors import Problem
from tests.requirements import find_initdb

UNPRIVILEGED = ("postgres", "nobody")


@dataclass(frozen=True)
class Declared:
    """The part of a mapping file that reading needs."""

    files: dict[str, FileDeclaration]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Read:
    """What was read, and each problem as a tuple that is easy to compare."""

    tables: dict[str, RawTable]
    problems: list[Problem]

    @property
    def table(self) -> RawTable:
        (table,) = self.tables.values()
        return table

    @property
    def rules(self) -> list[str]:
        return [p.rule for p in self.problems]

    def cells(self, column: str) -> list[object]:
        cells = self.table.frame[column]
        return [None if empty else cell for cell, empty in zip(cells, cells.isna(), strict=True)]


@pytest.fixture
def read_file(tmp_path: Path) -> Callable[..., Read]:
    """Write bytes (or text, as UTF-8) to a file, and read it as declared."""

    def read(
        content: bytes | str | None, *, name: str = "fil.csv", sheet: str = "", **declared: object
    ) -> Read:
        if content is not None:
            path = tmp_path / name
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        source = f"s/{sheet}" if sheet else "s"
        mapping = Declared({"s": FileDeclaration(file=name, **declared)}, (source,))
        return Read(*read_sources(mapping, folder=tmp_path, database=None))

    return read


@pytest.fixture
def read_query() -> Callable[..., Read]:
    """Read a table or a query of a database."""

    def read(database: str | None, **declared: object) -> Read:
        mapping = Declared({"db": FileDeclaration(**declared)}, ("db",))
        return Read(*read_sources(mapping, folder=None, database=database))

    return read


@dataclass(frozen=True)
class Server:
    """A running PostgreSQL."""

    url: str
    socket: Path
    password: str


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """Start PostgreSQL as an unprivileged user, reachable through a socket in its own folder alone."""
    initdb = find_initdb()
    assert initdb is not None
    programs = initdb.resolve().parent
    # A socket's path may have about 100 characters, so it does not lie in pytest's folder.
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    password = secrets.token_hex(8)
    try:
        secret = folder / "secret"
        secret.write_text(password)
        user = _give_to_unprivileged(folder, secret)
        data = folder / "data"
        login = ["--username=evaluator", "--auth=scram-sha-256", f"--pwfile={secret}"]
        _run_as(
            user, [programs / "initdb", "-D", data, "-E", "UTF8", "--no-locale", "--no-sync", *login], folder
        )
        settings = f"-k {folder} -c listen_addresses='' -c fsync=off -c full_page_writes=off"
        start = [programs / "pg_ctl", "-D", data, "-l", folder / "log", "-w", "-o", settings, "start"]
        _run_as(user, start, folder)
        try:
            url = f"postgresql+psycopg://evaluator:{password}@/postgres?host={folder}"
            yield Server(url=url, socket=folder, password=password)
        finally:
            _run_as(user, [programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"], folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _give_to_unprivileged(*paths: Path) -> Any:
    """Hand the files to a user without privileges if we are root, whom PostgreSQL refuses to run as."""
    import pwd  # Windows has none, and no use for it.

    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    user = next(known[name] for name in UNPRIVILEGED if name in known)
    for path in paths:
        os.chown(path, user.pw_uid, user.pw_gid)
    return user


def _run_as(user: Any, command: list[str | Path], folder: Path) -> None:
    """Run a program to its end, as another user if one is given."""
    identity = {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        timeout=120,
        check=False,
        **identity,
    )
    assert done.returncode == 0, done.stderr
