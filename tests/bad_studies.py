"""The studies in tests/bad_inputs: what is expected of each, and a workspace where one of them lies.

A folder holds `study.yaml`, `mapping.yaml`, `raw/` with what a site sent, and `expected.yaml`. What git
cannot hold as text is made when a test runs, as `build.yaml` says: other encodings, files cut short,
workbooks, SPSS, Stata and Parquet files, databases. Identity numbers are computed then too, so that none
stands in the repository, not even a synthetic one: `{{d_number}}` in a raw file is where one will be.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
import re
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import duckdb
import openpyxl
import pandas as pd
import pyreadstat
import yaml

from backtorule_eval.errors import DataProblem, Problem
from backtorule_eval.run.cli import main
from backtorule_eval.study import importing

FOLDER = Path(__file__).parent / "bad_inputs"
COHORT = "kull-2024"
PAGE = f".checks/{COHORT}.html"
PLACEHOLDER = re.compile(r"\{\{([a-z0-9_]+)((?::[a-z]+)?)((?::\d+)?)\}\}")

# --- What is expected ----------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, eq=False)
class BadInput:
    """One folder: what is wrong in it, and how that should be told.

    Attributes
    ----------
    problems : tuple of Problem
        Exactly those that should be found, without their details.
    says : mapping of language to regular expression
        Found in the message, which is one line then. A mistake of a study or mapping file is told in English.
    same_words_as : str
        The folder whose message this one repeats on purpose; "" if its words are its own.
    never : tuple of str
        What the study's own files say and nothing may show: a password, a person in a query.
    """

    name: str
    about: str
    exit_code: int
    problems: tuple[Problem, ...]
    says: Mapping[str, str]
    same_words_as: str
    never: tuple[str, ...]

    @property
    def folder(self) -> Path:
        return FOLDER / self.name


def bad_inputs() -> list[BadInput]:
    return [_read_expected(folder) for folder in sorted(FOLDER.iterdir()) if folder.is_dir()]


def _read_expected(folder: Path) -> BadInput:
    entry = yaml.safe_load((folder / "expected.yaml").read_text(encoding="utf-8"))
    says = entry["says"]
    return BadInput(
        name=folder.name,
        about=entry["about"],
        exit_code=entry["exit_code"],
        problems=tuple(_read_problem(**problem) for problem in entry.get("problems", ())),
        says={"nb": says, "en": says} if isinstance(says, str) else says,
        same_words_as=entry.get("same_words_as", ""),
        never=tuple(entry.get("never", ())),
    )


def _read_problem(
    *,
    rule: str,
    file: str,
    table: str = "",
    column: str = "",
    rows: int = 0,
    first_rows: list[int] | None = None,
) -> Problem:
    first = tuple(first_rows or ())
    return Problem(rule=rule, file=file, table=table, column=str(column), n_rows=rows, first_rows=first)


def without_detail(problem: Problem) -> Problem:
    """The part of a problem that `expected.yaml` tells."""
    return Problem(
        rule=problem.rule,
        file=problem.file,
        table=problem.table,
        column=problem.column,
        n_rows=problem.n_rows,
        first_rows=problem.first_rows,
    )


# --- A workspace with one study ------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Site:
    """A project's folder with one study, its raw data beside it, and outputs of an earlier run."""

    root: Path
    raw: Path
    study: str = "params/study.yaml"
    planted: Mapping[str, bytes] = field(default_factory=dict)


def lay_out(bad: BadInput, folder: Path) -> Site:
    """Put a study into a fresh workspace; its raw data are made where git cannot hold them."""
    site = Site(root=folder / "project", raw=folder / "raw", planted=earlier_outputs())
    (site.root / "params").mkdir(parents=True)
    for file in bad.folder.glob("*.yaml"):
        if file.name in ("study.yaml", "mapping.yaml"):
            text = fill(file.read_text(encoding="utf-8"))
            (site.root / "params" / file.name).write_text(text, encoding="utf-8")
    make_raw(bad, site.raw)
    (site.root / "notebooks").mkdir()
    (site.root / "notebooks" / "01_cohort.ipynb").write_text(_notebook(), encoding="utf-8")
    for name, content in site.planted.items():
        path = site.root / "outputs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return site


def make_raw(bad: BadInput, raw: Path) -> None:
    """Make the raw files of a folder, with identity numbers where their placeholders stand."""
    raw.mkdir(parents=True)
    for source in sorted(bad.folder.glob("raw/**/*")):
        if source.is_file():
            target = raw / fill(source.relative_to(bad.folder / "raw").as_posix())
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(fill(source.read_bytes().decode("utf-8")).encode("utf-8"))
    build = bad.folder / "build.yaml"
    if build.is_file():
        steps = yaml.safe_load(fill(build.read_text(encoding="utf-8")))
        for step, files in steps.items():
            for name, how in files.items():
                BUILDERS[step](raw / name, how)


def in_language(site: Site, language: str) -> None:
    """Write the study's language into its file."""
    path = site.root / site.study
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("language: nb\n", f"language: {language}\n"), encoding="utf-8")


def _notebook() -> str:
    """A notebook that leaves a file behind if it is ever executed."""
    parameters = (
        'study: str = "params/study.yaml"  # the study file\nhorizon_months: int = 24  # months after start'
    )
    cells = [
        {"cell_type": "code", "id": "p", "metadata": {"tags": ["parameters"]}, "source": parameters},
        {"cell_type": "code", "id": "e", "metadata": {}, "source": "open('executed', 'w')"},
    ]
    cells = [{**cell, "outputs": [], "execution_count": None} for cell in cells]
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return json.dumps({"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5})


def earlier_outputs() -> dict[str, bytes]:
    """Outputs of an earlier run, byte for byte."""
    return {
        f"{COHORT}/index.html": "<!doctype html><title>før</title>\r\n".encode(),
        f"{COHORT}/notebooks/01_cohort.html": b"\x00\xff earlier \x1a",
        f"{COHORT}/manifest.json": b'{"finished": "2026-01-01T00:00:00Z", "notebooks": {}}',
        f"{COHORT}/estimates.csv": b"value\n",
        "index.html": b"all cohorts, earlier",
    }


# --- What the product makes of it ------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Seen:
    """Everything that can be seen of one command on one study, and what it left behind.

    Attributes
    ----------
    stopped_by : DataProblem or None
        The error that stopped the import, as it was raised.
    outputs, temporary, private, raw : mapping of name to content
        Files below the outputs, the folder of temporary files, the private store and the raw data,
        afterwards.
    raw_before : mapping of name to content
        The raw data as they were.
    """

    exit_code: int
    stdout: str
    stderr: str
    log: str
    stopped_by: DataProblem | None
    outputs: Mapping[str, bytes]
    temporary: Mapping[str, bytes]
    private: Mapping[str, bytes]
    raw: Mapping[str, bytes]
    raw_before: Mapping[str, bytes]
    stray: tuple[str, ...]

    @property
    def page(self) -> str:
        return self.outputs.get(PAGE, b"").decode("utf-8")


@cache
def see(bad: BadInput, command: str, language: str) -> Seen:
    """Do with a study what a user would: `run` it, or `check` it."""
    with tempfile.TemporaryDirectory() as folder:
        site = lay_out(bad, Path(folder))
        in_language(site, language)
        return _see(site, command, Path(folder) / "temporary")


def _see(site: Site, command: str, temporary: Path) -> Seen:
    temporary.mkdir()
    before = files_of(site.raw)
    caught: list[DataProblem] = []
    log, out, err = io.StringIO(), io.StringIO(), io.StringIO()
    with (
        mock.patch.dict(os.environ, {"BACKTORULE_DATA": str(site.raw)}),
        mock.patch.object(tempfile, "tempdir", str(temporary)),
        mock.patch.object(importing, "load_or_build", _telling(importing.load_or_build, caught)),
        contextlib.chdir(site.root),
        _listening(log),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        exit_code = main([command, site.study])
    return Seen(
        exit_code=exit_code,
        stdout=out.getvalue(),
        stderr=err.getvalue(),
        log=log.getvalue(),
        stopped_by=caught[0] if caught else None,
        outputs=files_of(site.root / "outputs"),
        temporary=files_of(temporary),
        private=files_of(site.root / ".backtorule"),
        raw=files_of(site.raw),
        raw_before=before,
        stray=tuple(sorted(p.name for p in site.root.iterdir())),
    )


def _telling(function: Callable[..., Any], caught: list[DataProblem]) -> Callable[..., Any]:
    """The same function; what it raises is kept too."""

    def told(*arguments: Any, **options: Any) -> Any:
        try:
            return function(*arguments, **options)
        except DataProblem as problem:
            caught.append(problem)
            raise

    return told


@contextlib.contextmanager
def _listening(log: io.StringIO) -> Iterator[None]:
    """Keep every line that anything logs, however unimportant."""
    handler, root = logging.StreamHandler(log), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }


# --- Identity numbers, computed --------------------------------------------------------------------

# Added to day and month by each series. Born in 1861, so that no number is that of a person alive.
SERIES: Mapping[str, tuple[int, int]] = {
    "fodselsnummer": (0, 0),
    "d_number": (40, 0),
    "h_number": (0, 40),
    "npid": (0, 20),
    "synthetic_npid": (0, 60),
    "synthetic_65": (0, 65),
    "tenor": (0, 80),
    "from_2032": (0, 0),
}
WEIGHTS_1 = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
WEIGHTS_2 = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)


def fill(text: str) -> str:
    """Put what is computed where its placeholder stands."""
    return PLACEHOLDER.sub(_filling, text)


def _filling(match: re.Match[str]) -> str:
    name, form, number = (part.removeprefix(":") for part in match.groups())
    if name == "nul":
        return "\0\0\0\0"
    digits = identity_number(name, int(number or 0))
    forms: dict[str, Callable[[], str]] = {
        "": lambda: digits,
        "spaced": lambda: f"{digits[:6]} {digits[6:]}",
        "date": lambda: f"{digits[:2]}.{digits[2:4]}.19{digits[4:6]}",
        "rest": lambda: digits[6:],
        "number": lambda: str(int(digits)),
    }
    return forms[form]()


def identity_number(series: str, number: int = 0) -> str:
    """Identity number of a series, the `number`th from 0. The day is below 10: spreadsheets drop its zero."""
    found = [n for n in _numbers_of(series) if _passes(n, old=series != "from_2032")]
    return found[number]


def _numbers_of(series: str) -> list[str]:
    """Numbers of a series, right or wrong in their control digits."""
    if series == "fh_number":
        return [f"8{i * 7919 % 10**8:08d}{j:02d}" for i in range(1, 40) for j in range(100)]
    day, month = SERIES[series]
    start = f"{5 + day:02d}{3 + month:02d}61"
    return [f"{start}{individual}{j:02d}" for individual in range(500, 560) for j in range(100)]


def _passes(digits: str, *, old: bool) -> bool:
    """Whether both control digits are right, by the checksum in use or only by the wider one from 2032."""
    first = sum(int(d) * w for d, w in zip(digits[:10], WEIGHTS_1, strict=True)) % 11
    second = sum(int(d) * w for d, w in zip(digits, WEIGHTS_2, strict=True)) % 11
    return second == 0 and (first == 0 if old else first in (1, 2, 3))


# --- What git cannot hold as text ------------------------------------------------------------------


def _encode(path: Path, encoding: str) -> None:
    path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))


def _cut(path: Path, length: int) -> None:
    path.write_bytes(path.read_bytes()[:length])


def _workbook(path: Path, sheets: Mapping[str, list[list[Any]]]) -> None:
    """Write an XLSX workbook; a cell may be a value, or {text}, {number}, {error}, {formula}."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for i, row in enumerate(rows, start=1):
            for j, cell in enumerate(row, start=1):
                _set(sheet.cell(i, j), cell)
    book.save(path)


def _set(cell: Any, value: Any) -> None:
    kind, content = next(iter(value.items())) if isinstance(value, dict) else ("value", value)
    if kind in ("error", "text"):
        cell.value, cell.data_type = content, {"error": "e", "text": "s"}[kind]
    elif kind == "number":
        cell.value = float(content) if "." in str(content) else int(content)
    else:
        cell.value = content


def _sav(path: Path, how: Mapping[str, Any]) -> None:
    """Write an SPSS file: columns, value labels, declared missing codes."""
    pyreadstat.write_sav(
        pd.DataFrame(how["columns"]),
        str(path),
        variable_value_labels=how.get("labels"),
        missing_ranges=how.get("missing"),
    )


def _dta(path: Path, how: Mapping[str, Any]) -> None:
    """Write a Stata file: columns and value labels."""
    pyreadstat.write_dta(pd.DataFrame(how["columns"]), str(path), variable_value_labels=how.get("labels"))


def _parquet(path: Path, query: str) -> None:
    """Write what a query gives as Parquet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")


def _merge(path: Path, sheets: Mapping[str, list[str]]) -> None:
    """Merge cells of a workbook."""
    book = openpyxl.load_workbook(path)
    for name, areas in sheets.items():
        for area in areas:
            book[name].merge_cells(area)
    book.save(path)


def _sqlite(path: Path, script: str) -> None:
    """Make a database."""
    connection = sqlite3.connect(path)
    connection.executescript(script)
    connection.close()


BUILDERS: Mapping[str, Callable[[Path, Any], None]] = {
    "encode": _encode,
    "cut": _cut,
    "workbook": _workbook,
    "merge": _merge,
    "sav": _sav,
    "dta": _dta,
    "parquet": _parquet,
    "sqlite": _sqlite,
}
