"""The files of a site: the same bytes for the same seed, dirty on purpose, and imported without an error."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date

import openpyxl
import pandas as pd
import pytest
import yaml

from backtorule_eval.cohort.build import SiteSource, build_cohort
from backtorule_eval.cohort.checks import check_tables
from backtorule_eval.cohort.dictionary import load_dictionary
from backtorule_eval.cohort.identity import identity_problems
from backtorule_eval.cohort.mapping import apply_mapping, read_mapping
from backtorule_eval.cohort.problems import severity
from backtorule_eval.cohort.sources import read_sources
from backtorule_eval.errors import ParameterProblem
from backtorule_eval.synthetic import mapping_text, write_site
from backtorule_eval.synthetic import site as site_module
from backtorule_eval.synthetic.interviews import load_quotes
from backtorule_eval.synthetic.lives import Plan
from backtorule_eval.synthetic.raw.words import Words
from backtorule_eval.synthetic.site import make_site
from tests.synthetic.sites import a_plan, raw_files

CUT = date(2026, 6, 30)
RAW = ("survey", "grades", "absence", "workbook", "spells", "codings", "documents", "calendar")


def imported(folder):
    source = SiteSource(folder=folder, mapping=folder / "mapping.yaml")
    return build_cohort(source, slug="demo", as_of=CUT)


@pytest.fixture(scope="module")
def norwegian(tmp_path_factory):
    folder = tmp_path_factory.mktemp("nb") / "site"
    write_site(folder)
    return folder


@pytest.fixture(scope="module")
def norwegian_import(norwegian):
    return imported(norwegian)


@pytest.fixture(scope="module")
def english(tmp_path_factory):
    folder = tmp_path_factory.mktemp("en") / "site"
    write_site(folder, language="en", design="offices")
    return folder


def read_text(folder, words: Words, part: str, *, delimiter: str, encoding: str) -> list[dict[str, str]]:
    text = (folder / words.file(part)).read_bytes().decode(encoding)
    return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))


# --- Bytes --------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_bytes(norwegian, tmp_path):
    write_site(tmp_path / "again")
    assert raw_files(tmp_path / "again") == raw_files(norwegian)


def test_another_seed_gives_other_people(norwegian, tmp_path):
    write_site(tmp_path / "other", seed=2)
    first, second = raw_files(norwegian), raw_files(tmp_path / "other")
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] == second[name]] == [
        "kalender.csv",
        "mapping.yaml",
        "study.yaml",
        "truth.json",
    ]


def test_the_language_changes_words_and_not_people(tmp_path):
    write_site(tmp_path / "nb", people=12)
    write_site(tmp_path / "en", people=12, language="en")
    norwegian, english = (imported(tmp_path / language).cohort for language in ("nb", "en"))
    for name in load_dictionary().tables:
        if name != "codings":
            pd.testing.assert_frame_equal(norwegian.table(name), english.table(name))


def test_an_archive_does_not_tell_when_it_was_made(norwegian):
    with zipfile.ZipFile(norwegian / "oppfolging.xlsx") as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"1980-01-01T00:00:00Z" in archive.read("docProps/core.xml")


# --- What the files look like ---------------------------------------------------------------------


def test_all_files_are_there(norwegian, english):
    for folder, language in ((norwegian, "nb"), (english, "en")):
        words = Words(language=language)
        ours = {"mapping.yaml", "study.yaml", "truth.json", "README.txt"}
        assert set(raw_files(folder)) == {words.file(part) for part in RAW} | ours


def test_the_survey_is_wide_with_codes_and_labels(norwegian):
    rows = read_text(norwegian, Words(language="nb"), "survey", delimiter=",", encoding="utf-8")
    assert {
        "$submission_id",
        "$created",
        "pseudonym",
        "runde",
        "hjelp",
        "hjelp_tekst",
        "ams_01",
        "ams_28",
    } <= set(rows[0])
    assert {row["runde"] for row in rows} == {"Oppstart", "6 måneder", "12 måneder"}
    assert {(row["hjelp"], row["hjelp_tekst"]) for row in rows} >= {("1", "Ingen"), ("3", "Veileder")}
    answers = {row[column] for row in rows for column in row if column.startswith(("ams_", "hscl_"))}
    assert {"", "99", "Stemmer helt", "Ikke plaget"} <= answers


def test_the_absence_list_is_norwegian_excel(norwegian):
    raw = (norwegian / "fravaer.csv").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        raw.decode("utf-8")
    assert b"\r\n" in raw
    rows = read_text(norwegian, Words(language="nb"), "absence", delimiter=";", encoding="cp1252")
    assert {row["Fraværskode"] for row in rows} >= {"X", "M", "D", "R", "x", "U"}
    assert all("," in row["Timer"] for row in rows)


def test_grade_records_are_those_of_the_format(norwegian):
    lines = (norwegian / "karakterer.nvb").read_text(encoding="utf-8").splitlines()
    assert {line[:2] for line in lines} == {"¤V", "¤P", "¤F"}
    subjects = [line.split("¤")[1:] for line in lines if line.startswith("¤F")]
    assert {len(fields) for fields in subjects} == {12}
    assert {fields[11] for fields in subjects} == {"E", "P"}
    assert {fields[2] for fields in subjects} == {"FF", "FP", "VP"}
    assert {"IV", "-"} <= {fields[4] for fields in subjects}
    assert {"IM", "-"} <= {fields[5] for fields in subjects}


def test_the_workbook_has_its_sheets_and_dates_somebody_typed(norwegian):
    workbook = openpyxl.load_workbook(norwegian / "oppfolging.xlsx", read_only=True)
    assert workbook.sheetnames == ["Deltakere", "Kontakter", "Delmål", "Levekår", "Andre tiltak", "Dekning"]
    header, *rows = workbook["Deltakere"].iter_rows(values_only=True)
    starts = [row[header.index("Startdato")] for row in rows]
    assert any(isinstance(start, str) for start in starts)
    assert sum(isinstance(start, str) for start in starts) < len(starts) / 4
    genders = {row[header.index("Kjønn")] for row in rows}
    assert {"Kvinne", "Mann"} < genders
    workbook.close()


def test_spells_of_three_kinds_are_in_one_list(norwegian):
    rows = read_text(norwegian, Words(language="nb"), "spells", delimiter="\t", encoding="utf-8")
    assert {row["Type"] for row in rows} == {"Skole", "Arbeid", "Ytelse"}
    assert "" in {row["Til"] for row in rows}


def test_highlights_have_taguettes_header_and_one_row_for_each_tag(norwegian):
    rows = read_text(norwegian, Words(language="nb"), "codings", delimiter=",", encoding="utf-8")
    assert list(rows[0]) == [
        "id",
        "document",
        "tag",
        "tag_parent",
        "tag_full_path",
        "tag_description",
        "content",
    ]
    assert len({row["id"] for row in rows}) < len(rows)
    assert {row["content"] for row in rows} <= {quote.words.nb for quote in load_quotes()}


def test_the_calendar_tells_of_cancelled_exams_and_absence_rules(norwegian):
    rows = read_text(norwegian, Words(language="nb"), "calendar", delimiter=",", encoding="utf-8")
    assert {row["hendelse"] for row in rows} == {
        "absence_limit_2016",
        "pandemic_absence",
        "exams_cancelled",
        "absence_rule_2025",
    }


def test_the_readme_says_first_that_everybody_is_invented(norwegian, english):
    assert (
        (norwegian / "README.txt")
        .read_text(encoding="utf-8")
        .startswith("ALLE PERSONER I DENNE MAPPEN ER OPPDIKTET")
    )
    assert (
        (english / "README.txt")
        .read_text(encoding="utf-8")
        .startswith("ALL PEOPLE IN THIS FOLDER ARE INVENTED")
    )


def test_nothing_looks_like_an_identity_number(norwegian, english):
    for folder in (norwegian, english):
        for path in folder.iterdir():
            if path.suffix == ".xlsx":
                frames = pd.read_excel(path, sheet_name=None, dtype=str, engine="calamine")
                texts = list(frames.values())
            else:
                encoding = "cp1252" if path.name in ("fravaer.csv", "absence.csv") else "utf-8"
                texts = [pd.DataFrame({"line": path.read_text(encoding=encoding).splitlines()}, dtype="str")]
            for frame in texts:
                assert identity_problems(frame, file=path.name) == []


# --- Import ----------------------------------------------------------------------------------------


def test_the_default_site_is_imported_without_an_error(norwegian_import):
    got = norwegian_import
    flow = {step.step: step.n for step in got.cohort.flow}
    assert flow == {"received": 60, "consent_withdrawn": 2, "over_25_at_start": 1, "analysed": 57}
    assert {problem.rule for problem in got.report.warnings} == {"over_25_at_start"}
    filled = {name for name, table in got.cohort.tables.items() if len(table)}
    assert filled == set(load_dictionary().tables) - {"scores", "outcomes", "extras"}


def test_the_default_site_is_like_nordstrand(norwegian_import):
    persons = norwegian_import.cohort.table("persons")
    assert persons["office"].nunique() == 1
    assert persons["counsellor"].nunique() == 2
    assert set(persons["group"]) == {"programme"}


def test_the_import_gives_back_what_was_written(norwegian_import):
    """All that was spoilt is repaired: the cohort is the simulated site without those who were removed."""
    cohort = norwegian_import.cohort
    site = make_site(a_plan(60, seed=1))
    staying = set(cohort.table("persons")["person"])
    for name, table in site.tables.items():
        key = list(load_dictionary().tables[name].key)
        expected = table[table["person"].isin(staying)].sort_values(key, ignore_index=True)
        found = cohort.table(name).sort_values(key, ignore_index=True)
        pd.testing.assert_frame_equal(found, expected, check_exact=False, rtol=1e-12)


@pytest.mark.parametrize("people", [1, 3, 8])
@pytest.mark.parametrize("design", ["none", "waitlist", "offices"])
@pytest.mark.parametrize("language", ["nb", "en"])
def test_a_handful_of_people_works_in_every_design_and_language(tmp_path, people, design, language):
    write_site(tmp_path, people=people, design=design, language=language)
    mapping = read_mapping(tmp_path / "mapping.yaml")
    raw, unread = read_sources(mapping, folder=tmp_path, database=None)
    mapped = apply_mapping(mapping, raw)
    checked = check_tables(mapped.tables, extra_columns={}, as_of=CUT)
    problems = [*unread, *mapped.problems, *checked]
    assert [p for p in problems if severity(p.rule) == "error"] == []
    assert len(mapped.tables["persons"].frame) == people
    assert (mapped.tables["persons"].frame["group"] == "programme").any()


def test_eight_people_of_whom_two_are_taken_out(tmp_path):
    write_site(tmp_path / "site", people=8)
    assert imported(tmp_path / "site").cohort.n_persons == 6


def test_a_comparison_is_in_the_data_and_in_the_study_file(english):
    persons = imported(english).cohort.table("persons")
    assert set(persons["group"]) == {"programme", "comparison"}
    assert persons.loc[persons["group"] == "programme", "office"].nunique() == 1
    study = yaml.safe_load((english / "study.yaml").read_text(encoding="utf-8"))
    assert study["comparison"] == "comparison"
    assert study["assignment"]["how"] == "office"


def test_a_waiting_list_gives_half_of_the_places(tmp_path):
    write_site(tmp_path / "site", people=7, design="waitlist")
    groups = imported(tmp_path / "site").cohort.table("persons")["group"]
    assert groups.value_counts().to_dict() == {"programme": 4, "comparison": 3}


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_mapping_names_the_files_that_are_written(tmp_path, language):
    path = tmp_path / "mapping.yaml"
    path.write_text(mapping_text(language), encoding="utf-8")
    words = Words(language=language)
    assert {d.file for d in read_mapping(path).files.values()} == {words.file(part) for part in RAW}


def test_the_truth_lies_beside_the_files(norwegian):
    truth = json.loads((norwegian / "truth.json").read_text(encoding="utf-8"))
    assert truth["design"] == "none"
    assert truth["planted"]["courses"]["leave_programme"] < 0


# --- Refusals ---------------------------------------------------------------------------------------


def test_an_earlier_site_is_replaced(tmp_path):
    write_site(tmp_path, people=3)
    write_site(tmp_path, people=2, language="en")
    assert not (tmp_path / "nettskjema.csv").exists()
    assert imported(tmp_path).cohort.n_persons == 2


@pytest.mark.parametrize("name", ["thesis.docx", "nettskjema.csv"])
def test_a_folder_with_anything_else_is_left_alone(tmp_path, name):
    (tmp_path / name).write_text("mine", encoding="utf-8")
    with pytest.raises(ParameterProblem, match="is not empty, and what it holds is no earlier demo"):
        write_site(tmp_path)
    assert raw_files(tmp_path) == {name: b"mine"}


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ParameterProblem, match="is a file"):
        write_site(tmp_path / "file")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"design": "lottery"}, "no design 'lottery'; choose one of: none, waitlist, offices"),
        ({"language": "nn"}, "no site in 'nn'; choose one of: nb, en"),
        ({"fmt": "sas"}, "no format 'sas'; choose one of: raw, parquet"),
        ({"people": 0}, "needs one person or more"),
        ({"seed": -1}, "a seed of 0 or more"),
        ({"people": 20_001}, "Raw files are made for up to 20000 people"),
    ],
)
def test_wrong_options_are_refused_before_anything_is_written(tmp_path, options, message):
    with pytest.raises(ParameterProblem, match=message):
        write_site(tmp_path / "site", **options)
    assert not (tmp_path / "site").exists()


def test_a_mapping_in_an_unknown_language_is_refused():
    with pytest.raises(ParameterProblem, match="no site in 'nn'"):
        mapping_text("nn")


def test_people_who_never_have_something_in_every_file_are_refused(monkeypatch):
    monkeypatch.setattr(site_module, "MOST_DRAWS", 0)
    plan: Plan = a_plan(1, seed=5)
    with pytest.raises(ParameterProblem, match="Seed 5 gives no 1 people with something in every file"):
        make_site(plan)
