"""Databases: a real PostgreSQL and SQLite, only ever read, and never shown to anyone."""

from __future__ import annotations

import sqlite3

import pytest
import sqlalchemy


@pytest.fixture
def sqlite(tmp_path):
    path = tmp_path / "site.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE people (id TEXT, born INTEGER, points REAL, secret TEXT)")
        connection.executemany(
            "INSERT INTO people VALUES (?, ?, ?, ?)",
            [("a", 2004, 41.5, "CANARY"), ("b", None, None, None), ("c", 2005, 38.0, "x")],
        )
        connection.execute("CREATE TABLE nobody (id TEXT)")
    connection.close()
    return f"sqlite:///{path}"


def test_a_table_and_a_query(read_query, sqlite):
    table = read_query(sqlite, table="people")
    assert table.problems == []
    assert table.table.file == "people"
    assert table.table.frame.dtypes.astype(str).to_dict() == {
        "id": "str",
        "born": "Int64",
        "points": "float64",
        "secret": "str",
    }
    assert table.cells("born") == [2004, None, 2005]
    assert table.table.frame.index.tolist() == [1, 2, 3]
    query = read_query(sqlite, query="select id from people where points > 40")
    assert query.cells("id") == ["a"]
    assert query.table.file == "db"


@pytest.mark.parametrize(
    ("declared", "rule"),
    [
        ({"table": "poeple"}, "database_table_missing"),
        ({"table": "nosuch.people"}, "database_table_missing"),
        ({"table": "nobody"}, "file_no_rows"),
        ({"query": "select nothing from people"}, "database_query_failed"),
        ({"query": "with x as (select 1) delete from people"}, "database_query_failed"),
    ],
)
def test_what_a_database_cannot_answer(read_query, sqlite, declared, rule):
    assert read_query(sqlite, **declared).rules == [rule]


def test_a_repeated_column_of_a_query(read_query, sqlite):
    read = read_query(sqlite, query="select id, id, born from people")
    assert [(p.rule, p.detail, p.first_rows) for p in read.problems] == [
        ("header_duplicate", {"positions": "1, 2"}, ())
    ]


@pytest.mark.parametrize(
    ("url", "rule"),
    [
        (None, "database_missing"),
        ("not a url", "database_url_wrong"),
        ("nosuchbase://x", "database_url_wrong"),
        ("mysql+pymysql://u:hemmelig@h/b", "database_driver_missing"),
        ("sqlite:////nosuch/folder/site.db", "database_unreachable"),
        ("postgresql+psycopg://u:hemmelig@/b?host=/nosuch/socket", "database_unreachable"),
    ],
)
def test_a_database_that_is_not_there(read_query, url, rule):
    read = read_query(url, table="people")
    assert read.rules == [rule]
    assert "hemmelig" not in repr(read.problems)


def test_opening_a_missing_sqlite_file_does_not_make_one(read_query, tmp_path):
    read_query(f"sqlite:///{tmp_path}/gone.db", table="people")
    assert list(tmp_path.iterdir()) == []


def test_an_sqlite_in_memory_is_asked(read_query):
    assert read_query("sqlite://", query="select 1 as one").cells("one") == [1]


def test_bytes_are_refused(read_query, sqlite):
    read = read_query(sqlite, query="select id, x'00ff' as raw from people")
    assert [(p.rule, p.column) for p in read.problems] == [("column_type_unsupported", "raw")]
    assert read.table.unusable == {"raw"}


@pytest.fixture(scope="module")
def site(postgres):
    engine = sqlalchemy.create_engine(postgres.url, poolclass=sqlalchemy.NullPool)
    with engine.begin() as connection:
        for statement in (
            "CREATE SCHEMA nav",
            """CREATE TABLE nav."Deltakere" (id text, født date, poeng numeric(5,2), aktiv boolean,
               besøk integer, lest timestamp, sendt timestamptz, nøkkel uuid, mer jsonb)""",
            """INSERT INTO nav."Deltakere" VALUES
               ('a', '2004-05-06', 41.50, true, 3, '2024-01-05 12:00', '2024-01-05 23:30+00',
                '00000000-0000-0000-0000-000000000001', '{"x": 1}'),
               ('b', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)""",
        ):
            connection.exec_driver_sql(statement)
    return postgres


@pytest.mark.postgres
def test_postgres(read_query, site):
    columns = "id, født, poeng, aktiv, besøk, lest, nøkkel, sendt"
    read = read_query(site.url, query=f'select {columns} from nav."Deltakere" order by id')
    assert read.problems == []
    assert read.table.frame.dtypes.astype(str).to_dict() == {
        "id": "str",
        "født": "datetime64[us]",
        "poeng": "float64",
        "aktiv": "boolean",
        "besøk": "Int64",
        "lest": "datetime64[us]",
        "nøkkel": "str",
        "sendt": "str",
    }
    assert all(read.cells(name)[1] is None for name in read.table.frame if name != "id")
    assert read.cells("poeng")[0] == 41.5
    assert read.cells("nøkkel")[0] == "00000000-0000-0000-0000-000000000001"
    # With its zone: which day it was depends on where one is, and the mapping refuses it as a date.
    assert read.cells("sendt")[0].startswith("2024-01-05 23:30:00+")


@pytest.mark.postgres
def test_postgres_table_in_a_schema(read_query, site):
    read = read_query(site.url, table="nav.Deltakere")
    assert [(p.rule, p.file, p.column) for p in read.problems] == [
        ("column_type_unsupported", "nav.Deltakere", "mer")
    ]
    assert len(read.table.frame) == 2
    assert read_query(site.url, table="Deltakere").rules == ["database_table_missing"]


@pytest.mark.postgres
@pytest.mark.parametrize(
    "query",
    [
        'with x as (delete from nav."Deltakere" returning id) select * from x',
        'select 1; drop table nav."Deltakere"',
        "select set_config('transaction_read_only', 'off', false) from nosuch",
    ],
)
def test_postgres_is_only_read(read_query, site, query):
    assert read_query(site.url, query=query).rules == ["database_query_failed"]
    assert len(read_query(site.url, query='select id from nav."Deltakere"').table.frame) == 2


def test_the_session_cannot_write(read_query, sqlite):
    assert read_query(sqlite, query="select query_only as locked from pragma_query_only").cells("locked") == [
        1
    ]


@pytest.mark.postgres
def test_the_session_of_postgres_cannot_write(read_query, site):
    query = "select current_setting('transaction_read_only') as locked"
    assert read_query(site.url, query=query).cells("locked") == ["on"]


@pytest.mark.postgres
def test_a_wrong_password_is_not_repeated(read_query, site):
    read = read_query(site.url.replace(site.password, "feilpassord"), table="nav.Deltakere")
    assert read.rules == ["database_unreachable"]
    assert "feilpassord" not in repr(read.problems)
    assert site.password not in repr(read.problems)
