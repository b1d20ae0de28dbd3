"""A folder of Parquet files in the dictionary's form is a cohort, after the same checks as any source."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from backtorule_eval.cohort.build import SiteSource, build_cohort
from backtorule_eval.cohort.imported import FileRead
from backtorule_eval.cohort.parquet import connect, quoted, write_parquet
from backtorule_eval.cohort.problems import load_rules, severity
from backtorule_eval.cohort.register import read_parquet_folder
from backtorule_eval.errors import DataProblem
from tests.cohort.tables import typed

PEOPLE = {
    "person": ["p2", "p1", "p3"],
    "birth_year": [2004, 2005, 2005],
    "start_date": pd.to_datetime(["2025-08-18"] * 3),
    "consent_date": pd.to_datetime(["2025-08-18"] * 3),
    "withdrawal_date": pd.to_datetime([None, None, "2025-09-01"]),
}
SPELLS = {
    "person": ["p1", "p2", "p3"],
    "status": ["enrolled"] * 3,
    "from": pd.to_datetime(["2025-08-18"] * 3),
}


def write(folder: Path, name: str, rows: dict[str, Any]) -> None:
    path = folder / f"{name}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    with connect() as connection:
        write_parquet(connection, typed(name.split("/")[0], rows)[list(rows)], path)


def write_sql(path: Path, select: str) -> None:
    with connect() as connection:
        connection.execute(f"COPY ({select}) TO {quoted(path)} (FORMAT parquet)")


def build(folder: Path) -> Any:
    return build_cohort(SiteSource(parquet=folder), slug="register", as_of=date(2026, 6, 30))


def errors(folder: Path) -> list[tuple[str, str, str]]:
    with pytest.raises(DataProblem) as caught:
        build(folder)
    return [(p.rule, p.file, p.column) for p in caught.value.problems if severity(p.rule) == "error"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "persons", PEOPLE)
    return tmp_path


def test_files_become_a_cohort(folder: Path) -> None:
    write(folder, "schooling", SPELLS)
    imported = build(folder)
    cohort = imported.cohort
    assert list(cohort.table("persons")["person"]) == ["p1", "p2"]
    assert list(cohort.table("schooling")["person"]) == ["p1", "p2"]
    assert [(step.step, step.n) for step in cohort.flow if step.n] == [
        ("received", 3),
        ("consent_withdrawn", 1),
        ("analysed", 2),
    ]
    assert imported.report.files[0] == FileRead(file="persons.parquet", rows=3, columns=5)


def test_a_table_may_be_a_folder_of_parts(folder: Path) -> None:
    write(folder, "schooling/b", {k: v[:2] for k, v in SPELLS.items()})
    write(folder, "schooling/a", {k: v[2:] for k, v in SPELLS.items()})
    whole = folder.with_name("whole")
    write(whole, "persons", PEOPLE)
    write(whole, "schooling", SPELLS)
    assert build(folder).cohort == build(whole).cohort


def test_narrower_types_and_times_of_day_fit(folder: Path) -> None:
    select = (
        "SELECT 'p1' AS person, 'left'::ENUM('left') AS status, DATE '2025-08-18' AS \"from\", "
        "TIMESTAMP '2025-09-01 12:30:00' AS \"to\""
    )
    write_sql(folder / "schooling.parquet", select)
    spell = build(folder).cohort.table("schooling").iloc[0]
    assert spell["status"] == "left"
    assert (spell["from"], spell["to"]) == (pd.Timestamp("2025-08-18"), pd.Timestamp("2025-09-01"))


@pytest.mark.parametrize(
    ("select", "error"),
    [
        ("'p1' AS person, '1' AS wave, 'a' AS scale", ("parquet_type", "scores.parquet", "wave")),
        (
            "'p1' AS person, 0 AS wave, 'a' AS scale, '2' AS value",
            ("parquet_type", "scores.parquet", "value"),
        ),
        ("'p1' AS person, 0.5 AS wave, 'a' AS scale", ("parquet_type", "scores.parquet", "wave")),
        ("1 AS person, 0 AS wave, 'a' AS scale", ("parquet_type", "scores.parquet", "person")),
        (
            "'p1' AS person, 0 AS wave, 'a' AS scale, 1 AS extra",
            ("undeclared_column", "scores.parquet", "extra"),
        ),
        ("'p1' AS person, 0 AS wave, 'A!' AS scale", ("pattern_mismatch", "scores.parquet", "scale")),
        ("'p9' AS person, 0 AS wave, 'a' AS scale", ("unknown_person", "scores.parquet", "person")),
    ],
)
def test_what_does_not_fit_is_told(folder: Path, select: str, error: tuple[str, str, str]) -> None:
    write_sql(folder / "scores.parquet", f"SELECT {select}")
    assert error in errors(folder)


def test_a_column_with_a_time_zone_is_no_date(folder: Path) -> None:
    write_sql(folder / "living.parquet", "SELECT 'p1' AS person, 0 AS wave, TIMESTAMPTZ '2025-08-18' AS date")
    assert errors(folder) == [("parquet_type", "living.parquet", "date")]


def test_a_file_that_is_no_parquet_is_told_once(folder: Path) -> None:
    (folder / "schooling.parquet").write_text("no Parquet")
    assert errors(folder) == [("parquet_unreadable", "schooling.parquet", "")]
    (folder / "persons.parquet").write_text("no Parquet")
    assert ("parquet_unreadable", "persons.parquet", "") in errors(folder)
    assert ("persons_missing", "", "") not in errors(folder)


def test_tables_the_dictionary_does_not_have_are_told(folder: Path) -> None:
    write_sql(folder / "person.parquet", "SELECT 1 AS a")
    (folder / "waves").mkdir()
    write_sql(folder / "waves" / "1.parquet", "SELECT 1 AS a")
    (folder / "notes").mkdir()
    (folder / "readme.txt").touch()
    assert errors(folder) == [("parquet_unknown_table", name, "") for name in ("person.parquet", "waves")]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    (problem,) = read_parquet_folder(tmp_path / "nowhere").problems
    assert (problem.rule, problem.file) == ("parquet_folder_missing", "nowhere")


@pytest.mark.parametrize(
    "rule", ["parquet_folder_missing", "parquet_unknown_table", "parquet_unreadable", "parquet_type"]
)
def test_every_rule_has_its_words(rule: str) -> None:
    assert load_rules()[rule].severity == "error"


def test_no_row_is_named_by_more_than_its_number(folder: Path) -> None:
    write_sql(folder / "scores.parquet", "SELECT 'p1' AS person, 0 AS wave, 'CANARY' AS scale")
    with pytest.raises(DataProblem) as caught:
        build(folder)
    assert "CANARY" not in repr(caught.value.problems)
    assert caught.value.problems[0].first_rows == (1,)
