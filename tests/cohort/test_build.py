"""From raw files to a cohort: who leaves leaves no trace, and all that is wrong is told in one refusal."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from backtorule_eval.cohort import build as build_module
from backtorule_eval.cohort.arrange import arrange_tables, without_people
from backtorule_eval.cohort.build import Imported, SiteSource, build_cohort, load_or_build
from backtorule_eval.cohort.cohort import FlowStep
from backtorule_eval.cohort.dictionary import PANDAS_TYPES, load_dictionary
from backtorule_eval.cohort.imported import FileRead, RowsMade
from backtorule_eval.cohort.mapping import MappedTable
from backtorule_eval.cohort.problems import severity
from backtorule_eval.errors import DataProblem, ParameterProblem, Problem
from tests.cohort.tables import typed

AS_OF = date(2026, 6, 30)
Rows = Mapping[str, Sequence[str]]

# Vilma withdrew, Olav was over 25 at start, the two others stay.
SITE: dict[str, Rows] = {
    "persons": {
        "person": ["stays-1", "vilma", "olav", "stays-2"],
        "birth_year": ["2004", "2005", "1990", "2006"],
        "start_date": ["2025-08-18"] * 4,
        "consent_date": ["2025-08-18"] * 4,
        "withdrawal_date": ["", "2025-10-01", "", ""],
    },
    "surveys": {
        "person": ["stays-1", "vilma", "olav", "stays-2"],
        "wave": ["0"] * 4,
        "item": ["ams_01"] * 4,
        "value": ["5", "6", "7", ""],
        "missing_reason": ["", "", "", "refused"],
        "date": ["2025-08-20"] * 4,
    },
    "contacts": {
        "contact": ["c1", "c2", "c3"],
        "person": ["vilma", "stays-1", "olav"],
        "date": ["2025-09-01", "2025-09-02", "2025-09-03"],
        "kind": ["life_mastery"] * 3,
        "minutes": ["30", "45", "60"],
        "held": ["true"] * 3,
    },
    "schooling": {
        "person": ["vilma", "stays-2"],
        "status": ["enrolled", "enrolled"],
        "from": ["2025-08-18", "2025-08-18"],
    },
    "context": {"event": ["rule"], "from": ["2025-08-01"], "outcomes": ["attendance"]},
    "documents": {
        "document": ["d-vilma", "d-stays", "d-staff"],
        "person": ["vilma", "stays-1", ""],
        "role": ["participant", "participant", "counsellor"],
    },
    "codings": {
        "coding": ["k1", "k2", "k3"],
        "document": ["d-vilma", "d-stays", "d-staff"],
        "code": ["mastery", "mastery", "school"],
        "from": ["0", "0", "0"],
        "to": ["5", "5", "5"],
    },
    "extras": {"person": ["vilma", "stays-1"], "travel": ["20", "30"]},
}
EXTRAS = {"travel": {"type": "integer", "label": {"nb": "Reisetid", "en": "Travel time"}}}


def write_site(folder: Path, tables: Mapping[str, Rows] = SITE) -> SiteSource:
    """Write each table as a CSV file that needs no more than names, and the mapping beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([list(rows), *zip(*rows.values(), strict=True)])
    mapping = {
        "files": {name: {"file": f"{name}.csv"} for name in tables},
        "tables": {name: {"from": name, "columns": {c: c for c in rows}} for name, rows in tables.items()},
        "extras": EXTRAS if "extras" in tables else {},
    }
    (folder / "site.mapping.yaml").write_text(yaml.safe_dump(mapping), encoding="utf-8")
    return SiteSource(folder=folder, mapping=folder / "site.mapping.yaml")


def changed(table: str, **columns: Sequence[str]) -> dict[str, Rows]:
    """The site with some columns of one table replaced."""
    return {**SITE, table: {**SITE[table], **columns}}


# Enough for what has nothing to do with what is in the tables.
FEW = {name: SITE[name] for name in ("persons", "contacts", "surveys")}


def few_changed(table: str, **columns: Sequence[str]) -> dict[str, Rows]:
    """The few tables with some columns of one replaced."""
    return {name: changed(table, **columns)[name] for name in FEW}


def build(source: SiteSource, **options: Any) -> Imported:
    return build_cohort(source, slug="small", as_of=AS_OF, **options)


def errors(refusal: DataProblem) -> list[tuple[str, str]]:
    """Rule and file of everything that stopped the import."""
    return [(p.rule, p.file) for p in refusal.problems if severity(p.rule) == "error"]


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Imported:
    """Import the site once for all who only look at it; nothing can change a cohort."""
    return build(write_site(tmp_path_factory.mktemp("site")))


def test_the_flow_counts_those_who_came_left_and_stayed(imported: Imported) -> None:
    steps = [(step.step, step.n) for step in imported.cohort.flow]
    assert steps == [("received", 4), ("consent_withdrawn", 1), ("over_25_at_start", 1), ("analysed", 2)]
    assert all(isinstance(step, FlowStep) and step.label.nb != step.label.en for step in imported.cohort.flow)


def test_who_leaves_leaves_no_trace_in_any_table(imported: Imported) -> None:
    for name, frame in imported.cohort.tables.items():
        text = frame.to_csv()
        assert "vilma" not in text, name
        assert "olav" not in text, name
    assert "vilma" not in repr(imported)


def test_what_refers_to_those_who_stay_or_to_nobody_stays(imported: Imported) -> None:
    tables = imported.cohort.tables
    assert list(tables["persons"]["person"]) == ["stays-1", "stays-2"]
    assert list(tables["surveys"]["person"]) == ["stays-1", "stays-2"]
    assert list(tables["contacts"]["contact"]) == ["c2"]
    assert list(tables["documents"]["document"]) == ["d-staff", "d-stays"]
    assert list(tables["codings"]["coding"]) == ["k2", "k3"]
    assert list(tables["context"]["event"]) == ["rule"]
    assert list(tables["extras"]["travel"]) == [30]


def test_every_table_has_every_column_typed(imported: Imported) -> None:
    cohort = imported.cohort
    assert list(cohort.tables) == list(load_dictionary().tables)
    for name, table in load_dictionary().tables.items():
        columns = {**table.columns, **(cohort.extra_columns if table.open else {})}
        found = {str(c): str(t) for c, t in cohort.tables[name].dtypes.items()}
        assert found == {c: PANDAS_TYPES[column.type] for c, column in columns.items()}
    assert len(cohort.tables["benefits"]) == 0


def test_the_report_tells_what_was_read(imported: Imported) -> None:
    report = imported.report
    assert FileRead(file="surveys.csv", rows=4, columns=6) in report.files
    assert RowsMade(table="codings", file="codings.csv", rows=3) in report.tables
    assert [made.table for made in report.tables] == [
        name for name in load_dictionary().tables if name in SITE
    ]


def test_the_order_in_which_a_source_lists_its_rows_makes_no_difference(tmp_path: Path) -> None:
    backwards = {
        name: {column: list(values)[::-1] for column, values in rows.items()} for name, rows in SITE.items()
    }
    one, other = write_site(tmp_path / "one"), write_site(tmp_path / "other", backwards)
    assert build(one).cohort.content_hash == build(other).cohort.content_hash


def test_slug_and_date_are_the_cohorts(imported: Imported, tmp_path: Path) -> None:
    assert (imported.cohort.slug, imported.cohort.as_of) == ("small", "2026-06-30")
    undated = build_cohort(write_site(tmp_path), slug="small", as_of=None)
    assert undated.cohort.as_of == ""


def test_warnings_do_not_stop_and_are_kept(tmp_path: Path) -> None:
    source = write_site(tmp_path, changed("contacts", minutes=["30", "", "60"]))
    report = build(source).report
    assert [(w.rule, w.file, w.first_rows) for w in report.warnings if w.file == "contacts.csv"] == [
        ("held_without_minutes", "contacts.csv", (3,))
    ]


def test_all_problems_of_all_files_are_told_at_once_errors_first(tmp_path: Path) -> None:
    tables = {
        **changed("contacts", minutes=["30", "", "6000"]),
        "schooling": {**SITE["schooling"], "person": ["vilma", "stranger"]},
        "codings": {**SITE["codings"], "from": ["0", "x", "0"]},
    }
    with pytest.raises(
        DataProblem, match=r"'small' cannot be used: 3 errors in 3 files\..*backtorule check"
    ) as caught:
        build(write_site(tmp_path, tables))
    told = [(p.rule, p.file) for p in caught.value.problems]
    assert {
        ("out_of_range", "contacts.csv"),
        ("unknown_person", "schooling.csv"),
        ("integer_unreadable", "codings.csv"),
    } <= {*told[:3]} or len(told) >= 3
    assert {file for _, file in told[:3]} == {"contacts.csv", "schooling.csv", "codings.csv"}
    assert ("held_without_minutes", "contacts.csv") in told[3:]


def test_one_error_is_told_in_the_singular(tmp_path: Path) -> None:
    with pytest.raises(DataProblem, match=r"cannot be used: 1 error in 1 file\."):
        build(write_site(tmp_path, changed("contacts", minutes=["30", "45", "6000"])))


def test_rules_from_above_are_asked_and_stop(tmp_path: Path) -> None:
    def rule(tables: Mapping[str, MappedTable]) -> list[Problem]:
        assert "vilma" not in set(tables["surveys"].frame["person"])
        return [Problem(rule="answer_out_of_range", file="surveys.csv", table="surveys", n_rows=1)]

    with pytest.raises(DataProblem) as caught:
        build(write_site(tmp_path), rules=[rule])
    assert errors(caught.value) == [("answer_out_of_range", "surveys.csv")]


def _fodselsnummer() -> str:
    """An identity number of the synthetic series, made here so that none stands in a file of this project."""
    for serial in range(100, 500):
        nine = [int(digit) for digit in f"018105{serial}"]
        first = -sum(w * d for w, d in zip((3, 7, 6, 1, 8, 9, 4, 5, 2), nine, strict=True)) % 11
        second = -sum(w * d for w, d in zip((5, 4, 3, 2, 7, 6, 5, 4, 3, 2), [*nine, first], strict=True)) % 11
        if first < 10 and second < 10:
            return "".join(map(str, [*nine, first, second]))
    raise AssertionError


def test_an_identity_number_in_a_column_nobody_maps_stops_the_import(tmp_path: Path) -> None:
    source = write_site(tmp_path)
    text = (tmp_path / "context.csv").read_text(encoding="utf-8").splitlines()
    number = _fodselsnummer()
    (tmp_path / "context.csv").write_text(f"{text[0]},note\n{text[1]},see {number}\n", encoding="utf-8")
    with pytest.raises(DataProblem) as caught:
        build(source)
    problem = caught.value.problems[0]
    assert (problem.rule, problem.file, problem.column) == ("identity_number", "context.csv", "note")
    assert number not in repr(caught.value.problems)


def test_an_identity_number_in_a_name_is_blotted_out_in_every_problem(tmp_path: Path) -> None:
    number = _fodselsnummer()
    source = write_site(tmp_path, changed("contacts", minutes=["30", "45", "6000"]))
    (tmp_path / "contacts.csv").rename(tmp_path / f"{number}.csv")
    mapping = (
        (tmp_path / "site.mapping.yaml").read_text(encoding="utf-8").replace("contacts.csv", f"{number}.csv")
    )
    (tmp_path / "site.mapping.yaml").write_text(mapping, encoding="utf-8")
    with pytest.raises(DataProblem) as caught:
        build(source)
    assert {p.rule for p in caught.value.problems} >= {"identity_number_in_file_name", "out_of_range"}
    assert number not in repr(caught.value.problems)


@pytest.mark.parametrize("table", ["persons", "documents"])
def test_a_file_that_cannot_be_read_is_told_once_and_not_through_what_it_lacks(
    tmp_path: Path, table: str
) -> None:
    source = write_site(tmp_path)
    (tmp_path / f"{table}.csv").unlink()
    with pytest.raises(DataProblem) as caught:
        build(source)
    assert errors(caught.value) == [("file_missing", f"{table}.csv")]


def test_a_wrong_mapping_is_no_data_problem(tmp_path: Path) -> None:
    source = write_site(tmp_path)
    (tmp_path / "site.mapping.yaml").write_text("tabels: {}", encoding="utf-8")
    with pytest.raises(ParameterProblem, match="tabels"):
        build(source)


def test_a_column_that_is_not_asked_for_is_dropped_and_one_that_lacks_is_added() -> None:
    tables = {name: typed(name, {}) for name in load_dictionary().tables}
    tables["context"] = pd.DataFrame({"surplus": [1, 2], "event": ["b", "a"]})
    context = arrange_tables(tables, extra_columns={})["context"]
    assert list(context.columns) == list(load_dictionary().tables["context"].columns)
    assert list(context["event"]) == ["a", "b"]


def test_the_dictionary_refers_only_to_tables_above_so_one_pass_follows_every_reference() -> None:
    above: set[str] = set()
    for name, table in load_dictionary().tables.items():
        assert {c.references for c in table.columns.values() if c.references} <= above
        above.add(name)


def test_nobody_leaving_changes_nothing() -> None:
    tables = {name: typed(name, {}) for name in load_dictionary().tables}
    tables["documents"] = typed("documents", {"document": ["d1"], "person": [None]})
    assert len(without_people(tables, frozenset())["documents"]) == 1


class TestLoadOrBuild:
    """The store is asked first; whatever makes the cohort another one makes it built again."""

    @pytest.fixture(autouse=True)
    def _count_builds(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.built = 0
        real = build_cohort

        def counted(*args: Any, **options: Any) -> Imported:
            self.built += 1
            return real(*args, **options)

        monkeypatch.setattr(build_module, "build_cohort", counted)

    def load(self, source: SiteSource, store: Path, *, slug: str = "small", as_of: date = AS_OF) -> Imported:
        return load_or_build(source, slug=slug, as_of=as_of, store=store)

    def test_unchanged_raw_data_are_not_read_again(self, tmp_path: Path) -> None:
        source, store = write_site(tmp_path / "raw", FEW), tmp_path / "store"
        first, second = self.load(source, store), self.load(source, store)
        assert self.built == 1
        assert second.cohort == first.cohort
        assert second.report == first.report

    @pytest.mark.parametrize("what", ["file", "mapping", "slug", "as_of", "damage", "code"])
    def test_any_change_builds_again(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
    ) -> None:
        source, store = write_site(tmp_path / "raw", FEW), tmp_path / "store"
        self.load(source, store)
        options: dict[str, Any] = {}
        if what == "file":
            write_site(tmp_path / "raw", few_changed("contacts", minutes=["30", "46", "60"]))
        elif what == "mapping":
            assert source.mapping is not None
            source.mapping.write_text("# said otherwise\n" + source.mapping.read_text())
        elif what == "damage":
            next(store.glob("cohorts/*/persons.parquet")).write_bytes(b"")
        elif what == "code":
            monkeypatch.setattr("backtorule_eval.cohort.source.code_version", lambda: "other")
        else:
            options = {"slug": "other"} if what == "slug" else {"as_of": date(2026, 7, 1)}
        self.load(source, store, **options)
        assert self.built == 2

    def test_what_is_refused_is_not_kept_and_what_was_kept_stays(self, tmp_path: Path) -> None:
        source, store = write_site(tmp_path / "raw", FEW), tmp_path / "store"
        self.load(source, store)
        before = {path: path.read_bytes() for path in store.rglob("*") if path.is_file()}
        write_site(tmp_path / "raw", few_changed("contacts", minutes=["30", "45", "6000"]))
        with pytest.raises(DataProblem):
            self.load(source, store)
        assert {path: path.read_bytes() for path in store.rglob("*") if path.is_file()} == before

    def test_who_withdraws_is_gone_from_the_store_too(self, tmp_path: Path) -> None:
        source, store = write_site(tmp_path / "raw", FEW), tmp_path / "store"
        self.load(source, store)
        (kept,) = store.glob("cohorts/*")
        write_site(
            tmp_path / "raw", few_changed("persons", withdrawal_date=["2026-01-01", "2025-10-01", "", ""])
        )
        assert self.load(source, store).cohort.n_persons == 1
        assert not kept.exists()

    def test_a_missing_file_is_told_by_the_import(self, tmp_path: Path) -> None:
        source = write_site(tmp_path / "raw", FEW)
        (tmp_path / "raw" / "surveys.csv").unlink()
        with pytest.raises(DataProblem) as caught:
            self.load(source, tmp_path / "store")
        assert errors(caught.value) == [("file_missing", "surveys.csv")]

    def test_a_database_is_always_asked_and_its_cohort_kept_by_content(self, tmp_path: Path) -> None:
        sqlalchemy = pytest.importorskip("sqlalchemy")
        database = f"sqlite:///{tmp_path / 'site.sqlite'}"
        engine = sqlalchemy.create_engine(database)
        with engine.begin() as connection:
            for name, rows in FEW.items():
                pd.DataFrame({c: [v or None for v in values] for c, values in rows.items()}).to_sql(
                    name, connection, index=False
                )
        engine.dispose()
        mapping = yaml.safe_load(write_site(tmp_path / "raw", FEW).mapping.read_text())
        mapping["files"] = {name: {"table": name} for name in FEW}
        path = tmp_path / "database.mapping.yaml"
        path.write_text(yaml.safe_dump(mapping))
        source, store = SiteSource(database=database, mapping=path), tmp_path / "store"
        first, second = self.load(source, store), self.load(source, store)
        assert self.built == 2
        assert second.cohort == first.cohort
        assert [path.name for path in store.glob("cohorts/*")] == [first.cohort.content_hash]
