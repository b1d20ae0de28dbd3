"""A register: the dictionary's tables as Parquet, the same however many people a part holds."""

from __future__ import annotations

import duckdb
import pytest

from backtorule_eval.cohort.build import SiteSource, build_cohort
from backtorule_eval.cohort.dictionary import load_dictionary
from backtorule_eval.synthetic import write_site
from backtorule_eval.synthetic.calendar import add_months, make_calendar
from backtorule_eval.synthetic.lives import Plan, live
from backtorule_eval.synthetic.parameters import PARAMETERS, SUBSCALES
from backtorule_eval.synthetic.register import write_register
from backtorule_eval.synthetic.streams import BLOCK, blocks
from backtorule_eval.synthetic.writing import CUT, REGISTER_INTAKE

TABLES = {"persons", "coverage", "subjects", "schooling", "work", "benefits", "scores"}


def a_register(people: int) -> Plan:
    return Plan(
        people=people,
        seed=3,
        design="offices",
        calendar=make_calendar(REGISTER_INTAKE, CUT),
        given=PARAMETERS,
        register=True,
    )


def rows(folder, table: str) -> list[tuple]:
    pattern = (folder / table / "*.parquet").as_posix()
    return duckdb.sql(f"SELECT * FROM read_parquet('{pattern}')").fetchall()


@pytest.fixture(scope="module")
def registers(tmp_path_factory):
    """20,000 people in parts of one block, and in parts of three."""
    folders = [tmp_path_factory.mktemp(f"parts-of-{n}") for n in (1, 3)]
    for folder, in_part in zip(folders, (1, 3), strict=True):
        write_register(a_register(20_000), folder, part=in_part * BLOCK)
    return folders


@pytest.mark.parametrize("table", sorted(TABLES))
def test_the_size_of_a_part_changes_nothing(registers, table):
    assert rows(registers[0], table) == rows(registers[1], table)


def test_parts_hold_as_many_as_was_asked_for(registers):
    assert [len(list((folder / "persons").iterdir())) for folder in registers] == [4, 2]


def test_types_are_those_of_the_dictionary(registers):
    wanted = {"integer": "BIGINT", "number": "DOUBLE", "date": "DATE", "boolean": "BOOLEAN"}
    for table in TABLES:
        pattern = (registers[0] / table / "*.parquet").as_posix()
        found = duckdb.sql(f"DESCRIBE SELECT * FROM read_parquet('{pattern}')").fetchall()
        columns = load_dictionary().tables[table].columns
        assert {name: kind for name, kind, *_ in found} == {
            name: wanted.get(columns[name].type, "VARCHAR") for name, *_ in found
        }


def test_a_register_is_imported_without_an_error(tmp_path):
    write_site(tmp_path / "register", people=300, fmt="parquet", design="offices")
    got = build_cohort(SiteSource(parquet=tmp_path / "register"), slug="register", as_of=CUT)
    assert got.cohort.n_persons == 300
    assert {name for name, table in got.cohort.tables.items() if len(table)} == TABLES
    assert got.report.warnings == ()
    assert set(got.cohort.table("coverage")["source"]) == {"subjects", "schooling", "work", "benefits"}
    assert set(got.cohort.table("scores")["scale"]) == {f"ams_{name}" for name in SUBSCALES}


def test_a_register_has_48_months_and_no_consent(tmp_path):
    plan = a_register(200)
    lives = live(next(iter(blocks(plan.people, plan.seed))), plan)
    assert add_months(lives.people.start, 48).max() <= plan.calendar.cut_day
    write_site(tmp_path / "register", people=200, fmt="parquet")
    got = build_cohort(SiteSource(parquet=tmp_path / "register"), slug="register", as_of=CUT).cohort
    assert got.table("persons")["consent_date"].isna().all()
    assert got.n_persons == 200


def test_an_earlier_register_is_replaced(tmp_path):
    write_site(tmp_path, people=50, fmt="parquet")
    write_site(tmp_path, people=2)
    assert not (tmp_path / "persons").exists()
