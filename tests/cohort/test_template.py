"""The empty template: filled in, it imports as it is; in both languages, byte for byte the same each time."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import range_boundaries
from openpyxl.utils.datetime import from_excel
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from backtorule_eval.cohort.build import SiteSource, build_cohort
from backtorule_eval.cohort.checks.columns import EARLIEST, LATEST
from backtorule_eval.cohort.dictionary import Column, load_dictionary
from backtorule_eval.cohort.template import (
    LANGUAGES,
    TemplateFiles,
    template_workbook,
    write_template,
)
from backtorule_eval.cohort.template_sheets import CODEBOOK, UNITS, levels_of
from backtorule_eval.errors import ParameterProblem
from backtorule_eval.run.commands import template as command

TABLES = load_dictionary().tables
STARTED = datetime(2025, 8, 18)
# What a site writes: dictionary column -> value; a level is given by its name and written by its label.
FILLED: dict[str, list[dict[str, Any]]] = {
    "persons": [
        {
            "person": "007",
            "birth_year": 2004,
            "gender": "woman",
            "immigrant_category": "norwegian_born",
            "residence_years": 12.5,
            "country_group": "group_2",
            "parents_education": "higher_long",
            "parents_benefit": "no",
            "programme_area": "STUSP1----",
            "group": "programme",
            "start_date": STARTED,
            "consent_date": STARTED,
        },
        {"person": "Ågot-1", "birth_year": 2005, "start_date": STARTED, "consent_date": STARTED},
    ],
    "coverage": [
        {"person": person, "source": source, "complete_from": STARTED, "complete_to": datetime(2026, 6, 30)}
        for person in ("007", "Ågot-1")
        for source in ("surveys", "contacts", "subjects", "attendance")
    ],
    "surveys": [
        {"person": "007", "wave": 0, "item": "ams_01", "value": 5, "staff_present": "true", "language": "nb"},
        {"person": "007", "wave": 0, "item": "ams_02", "missing_reason": "do_not_know"},
    ],
    "contacts": [
        {
            "contact": "0001",
            "person": "007",
            "date": datetime(2025, 9, 1),
            "kind": "life_mastery",
            "minutes": 45,
            "held": "false",
        }
    ],
    "subjects": [
        {
            "person": "007",
            "subject": "MAT1019",
            "term": "2026V",
            "route": "E",
            "standpunkt": "4",
            "hours": 140,
        },
        {"person": "007", "subject": "NOR1260", "term": "2026V", "route": "E", "standpunkt": "IV"},
    ],
    "attendance": [
        {"record": "1", "person": "007", "date": datetime(2025, 9, 1), "hours": 2.5, "code": "§"},
        {"record": "2", "person": "007", "date": datetime(2025, 9, 2), "hours": 1, "code": "!"},
    ],
    "extras": [{"person": "007"}],
}


READ_AS: dict[Any, Any] = {"true": True, "false": False}


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> dict[str, TemplateFiles]:
    """Make a template in each language once."""
    folder = tmp_path_factory.mktemp("pristine")
    return {language: write_template(folder, language=language) for language in LANGUAGES}


@pytest.fixture(scope="module")
def opened(pristine: dict[str, TemplateFiles]) -> dict[str, openpyxl.Workbook]:
    """Open each template once, for all who only look at it."""
    return {language: openpyxl.load_workbook(files.workbook) for language, files in pristine.items()}


@pytest.fixture
def workbook(opened: dict[str, openpyxl.Workbook], language: str) -> openpyxl.Workbook:
    return opened[language]


@pytest.fixture
def files(tmp_path: Path, language: str, pristine: dict[str, TemplateFiles]) -> TemplateFiles:
    """Return a template of one's own, to fill in."""
    one = pristine[language]
    copies = [shutil.copy(path, tmp_path / path.name) for path in (one.workbook, one.mapping)]
    return TemplateFiles(workbook=copies[0], mapping=copies[1])


def written(column: Column, value: Any, language: str) -> Any:
    """The value as a person would pick or type it."""
    levels = levels_of(column)
    return levels[value].in_language(language) if levels else value


def fill(files: TemplateFiles, language: str, rows: Mapping[str, list[dict[str, Any]]]) -> None:
    """Fill in the workbook."""
    workbook = openpyxl.load_workbook(files.workbook)
    for name, table_rows in rows.items():
        table = TABLES[name]
        sheet = workbook[table.label.in_language(language)]
        places = {c: n for n, c in enumerate(table.columns, start=1)}
        for number, row in enumerate(table_rows, start=2):
            for column, value in row.items():
                cell = sheet.cell(row=number, column=places[column])
                cell.value = written(table.columns[column], value, language)
    workbook.save(files.workbook)


def test_a_filled_in_template_imports_without_a_problem(files: TemplateFiles, language: str) -> None:
    fill(files, language, FILLED)
    source = SiteSource(folder=files.workbook.parent, mapping=files.mapping)
    imported = build_cohort(source, slug="site", as_of=date(2026, 6, 30))
    assert imported.report.warnings == ()
    for name, rows in FILLED.items():
        frame = imported.cohort.table(name)
        assert len(frame) == len(rows)
        for row in rows:
            key = TABLES[name].key
            mine = (frame[list(key)].astype(str) == [str(row[k]) for k in key]).all(axis=1)
            (found,) = frame[mine].to_dict("records")
            for column, value in row.items():
                assert found[column] == READ_AS.get(value, value), (name, column)


def test_both_languages_make_the_same_cohort(tmp_path: Path) -> None:
    hashes = set()
    for language in LANGUAGES:
        files = write_template(tmp_path / language, language=language)
        fill(files, language, FILLED)
        source = SiteSource(folder=tmp_path / language, mapping=files.mapping)
        hashes.add(build_cohort(source, slug="site", as_of=date(2026, 6, 30)).cohort.content_hash)
    assert len(hashes) == 1


def test_there_is_a_codebook_and_a_sheet_per_table(workbook: openpyxl.Workbook, language: str) -> None:
    labels = [table.label.in_language(language) for table in TABLES.values()]
    assert workbook.sheetnames == [CODEBOOK.in_language(language), *labels]
    for table in TABLES.values():
        sheet = workbook[table.label.in_language(language)]
        assert [c.value for c in sheet[1]] == [c.label.in_language(language) for c in table.columns.values()]
        assert sheet.max_row == 1
        assert sheet.freeze_panes == "B2"


def test_sheet_names_are_such_as_excel_allows() -> None:
    for name in (CODEBOOK, *(table.label for table in TABLES.values())):
        for language in LANGUAGES:
            assert len(name.in_language(language)) <= 31
            assert not set(name.in_language(language)) & set("[]:*?/\\'")


def validation(sheet: Worksheet, position: int) -> DataValidation:
    """The one rule for a column, from row 2 to the last."""
    (rule,) = (
        rule
        for rule in sheet.data_validations.dataValidation
        if range_boundaries(str(rule.sqref)) == (position, 2, position, 1_048_576)
    )
    return rule


def test_choices_limits_and_formats_are_those_of_the_dictionary(
    workbook: openpyxl.Workbook, language: str
) -> None:
    for table in TABLES.values():
        sheet = workbook[table.label.in_language(language)]
        for position, column in enumerate(table.columns.values(), start=1):
            rule = validation(sheet, position)
            kind = sheet.column_dimensions[sheet.cell(1, position).column_letter].number_format
            if levels := levels_of(column):
                book, cells = rule.formula1.split("!")
                rows = workbook[book.strip("'")][cells.replace("$", "")]
                assert [c.value for (c,) in rows] == [t.in_language(language) for t in levels.values()]
                assert rule.type == "list"
            elif column.range is not None:
                assert (float(rule.formula1), float(rule.formula2)) == column.range
                assert rule.type == ("whole" if column.type == "integer" else "decimal")
            elif column.type == "date":
                limits = [from_excel(int(limit)) for limit in (rule.formula1, rule.formula2)]
                assert limits == [EARLIEST.to_pydatetime(), LATEST.to_pydatetime()]
            expected = {"date": "yyyy-mm-dd", "integer": "General", "number": "General"}.get(column.type, "@")
            assert kind == expected
            assert rule.prompt
            assert len(rule.prompt) <= 255
            assert len(rule.promptTitle) <= 32
            assert len(rule.errorTitle or "") <= 32


def test_the_codebook_names_every_column_and_choice(workbook: openpyxl.Workbook, language: str) -> None:
    rows = list(workbook[CODEBOOK.in_language(language)].iter_rows(values_only=True))
    for table in TABLES.values():
        label = table.label.in_language(language)
        assert any(row[0] == label and table.row.in_language(language) in str(row[2]) for row in rows)
        for column in table.columns.values():
            mine = [row for row in rows if row[:2] == (label, column.label.in_language(language))]
            choices = [t.in_language(language) for t in levels_of(column).values()]
            assert [row[7] for row in mine] == (choices or [None])


def test_units_are_written_in_norwegian() -> None:
    units = {c.unit for table in TABLES.values() for c in table.columns.values()} - {""}
    assert units <= set(UNITS)


def test_the_same_dictionary_gives_the_same_bytes(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first = template_workbook(load_dictionary(), language=language)
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    monkeypatch.setattr("time.localtime", lambda *_: (2033, 5, 18, 3, 33, 20, 2, 138, 0))
    assert template_workbook(load_dictionary(), language=language) == first


def test_no_time_of_writing_is_kept(files: TemplateFiles) -> None:
    with zipfile.ZipFile(files.workbook) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert core.count("1980-01-01T00:00:00Z") == 2
    assert f"{datetime.now().year}-" not in core
    assert "openpyxl" not in core


def test_a_file_that_is_there_is_never_overwritten(files: TemplateFiles, language: str) -> None:
    files.mapping.unlink()
    files.workbook.write_text("filled in")
    with pytest.raises(
        ParameterProblem, match=rf"already has backtorule-{language}\.xlsx, .*Nothing was written"
    ):
        write_template(files.workbook.parent, language=language)
    assert files.workbook.read_text() == "filled in"
    assert not files.mapping.exists()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ParameterProblem, match="cannot be written to: Not a directory"):
        write_template(tmp_path / "file" / "site", language="nb")


def test_another_language_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ParameterProblem, match="no template in 'nn'; choose nb or en"):
        write_template(tmp_path, language="nn")


def test_the_command_writes_norwegian_unless_told_otherwise(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    assert command.run(parser.parse_args([str(tmp_path)])) == 0
    assert command.run(parser.parse_args([str(tmp_path), "--language", "en"])) == 0
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == [f"backtorule-{lang}.{end}" for lang in ("en", "nb") for end in ("mapping.yaml", "xlsx")]
    told = capsys.readouterr().out
    assert all(name in told for name in names)


@pytest.mark.libreoffice
@pytest.mark.slow
def test_libreoffice_opens_it_and_imports_what_it_saves(
    tmp_path: Path, files: TemplateFiles, language: str
) -> None:
    fill(files, language, FILLED)
    program = shutil.which("soffice") or shutil.which("libreoffice")
    assert program is not None
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    saved = tmp_path / "saved"
    convert = [
        program,
        profile,
        "--headless",
        "--convert-to",
        "xlsx",
        "--outdir",
        str(saved),
        str(files.workbook),
    ]
    subprocess.run(convert, check=True, capture_output=True, timeout=120)
    source = SiteSource(folder=saved, mapping=files.mapping)
    after = build_cohort(source, slug="site", as_of=date(2026, 6, 30))
    before = build_cohort(
        SiteSource(folder=files.workbook.parent, mapping=files.mapping), slug="site", as_of=date(2026, 6, 30)
    )
    assert after.cohort == before.cohort
