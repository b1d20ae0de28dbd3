"""Parquet: types kept, what is no cell refused by column."""

from __future__ import annotations

import warnings

import duckdb
import pytest


@pytest.fixture
def parquet(tmp_path):
    def write(select):
        path = tmp_path / "made.parquet"
        duckdb.execute(f"COPY ({select}) TO '{path}'")
        return path.read_bytes()

    return write


def test_types(read_file, parquet):
    content = parquet("""
        SELECT * FROM (VALUES
            (1::BIGINT, 2.5::DOUBLE, 1.50::DECIMAL(9,2), DATE '2024-01-05',
             TIMESTAMP '2024-01-05 12:00:00', true, 'Åse', 7::UTINYINT,
             12345678901234567890::DECIMAL(30,0), TIME '08:30', TIMESTAMPTZ '2024-01-05 12:00:00+00'),
            (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
        ) AS t(i, f, d, day, moment, yes, text, small, huge, clock, zoned)
    """)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read = read_file(content, name="f.parquet")
    assert read.problems == []
    kinds = read.table.frame.dtypes.astype(str).to_dict()
    assert kinds == {
        "i": "Int64",
        "f": "float64",
        "d": "float64",
        "day": "datetime64[us]",
        "moment": "datetime64[us]",
        "yes": "boolean",
        "text": "str",
        "small": "Int64",
        "huge": "str",
        "clock": "str",
        "zoned": "str",
    }
    assert all(read.cells(c)[1] is None for c in kinds)
    assert read.cells("i")[0] == 1
    assert read.cells("d")[0] == 1.5
    assert read.cells("huge")[0] == "12345678901234567890"
    assert read.cells("zoned")[0].endswith("+00")
    assert read.table.frame.index.tolist() == [1, 2]


def test_lists_and_bytes_are_refused_by_column(read_file, parquet):
    read = read_file(
        parquet("SELECT 1 AS a, [1, 2] AS many, {'x': 1} AS part, 'z'::BLOB AS raw"), name="f.parquet"
    )
    assert [(p.rule, p.column) for p in read.problems] == [
        ("column_type_unsupported", c) for c in ("many", "part", "raw")
    ]
    assert read.table.unusable == {"many", "part", "raw"}
    assert list(read.table.frame.columns) == ["a"]


def test_what_is_no_parquet(read_file):
    read = read_file(b"PAR1 and nothing", name="f.parquet")
    assert (read.rules, read.problems[0].detail) == (["file_unreadable"], {"format": "Parquet"})


def test_no_rows(read_file, parquet):
    assert read_file(parquet("SELECT 1 AS a WHERE false"), name="f.parquet").rules == ["file_no_rows"]


def test_only_unsupported_columns(read_file, parquet):
    assert read_file(parquet("SELECT [1] AS a"), name="f.parquet").rules == ["column_type_unsupported"]
