"""SPSS and Stata: codes stay codes, with labels and the codes declared missing beside them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyreadstat
import pytest


@pytest.fixture
def sav(tmp_path):
    frame = pd.DataFrame(
        {
            "id": ["a", "b", "c"],
            "svar": [1.0, 97.0, np.nan],
            "alder": [17.0, 95.0, 99.0],
            "fag": ["MAT", "99", ""],
            "dato": pd.to_datetime(["2024-01-05", None, "2024-01-06"]),
            "vekt": [0.5, 1.25, 2.0],
        }
    )
    path = tmp_path / "made.sav"
    pyreadstat.write_sav(
        frame,
        str(path),
        missing_ranges={"svar": [97, 98], "alder": [{"lo": 90, "hi": 99}], "fag": ["99"]},
        variable_value_labels={"svar": {1: "Ja", 97: "Vil ikke svare"}},
    )
    return path.read_bytes()


def test_spss(read_file, sav):
    read = read_file(sav, name="f.sav")
    table = read.table
    assert read.problems == []
    assert table.kind == "typed"
    assert table.frame.index.tolist() == [1, 2, 3]
    assert read.cells("svar") == [1.0, 97.0, None]
    assert read.cells("fag") == ["MAT", "99", None]
    assert str(table.frame["dato"].dtype).startswith("datetime64")
    assert table.labels["svar"] == {"1": "Ja", "97": "Vil ikke svare"}
    assert {k: v for k, v in table.user_missing.items() if v} == {
        "svar": {"97"},
        "alder": {"95", "99"},
        "fag": {"99"},
    }


def test_stata(read_file, tmp_path):
    frame = pd.DataFrame({"id": [1, 2, 3, 4], "svar": pd.Series([1, "a", "z", None], dtype=object)})
    path = tmp_path / "made.dta"
    pyreadstat.write_dta(
        frame,
        str(path),
        missing_user_values={"svar": ["a", "z"]},
        variable_value_labels={"svar": {1: "Ja", "a": "Vil ikke svare"}},
    )
    read = read_file(path.read_bytes(), name="f.dta")
    assert read.problems == []
    assert read.cells("svar") == ["1", "a", "z", None]
    assert read.table.user_missing["svar"] == {"a", "z"}
    assert read.table.labels["svar"] == {"1": "Ja", "a": "Vil ikke svare"}


@pytest.mark.parametrize(("name", "kind"), [("f.sav", "SPSS"), ("f.dta", "Stata")])
def test_what_is_neither(read_file, name, kind):
    read = read_file(b"no such thing", name=name)
    assert (read.rules, read.problems[0].detail) == (["file_unreadable"], {"format": kind})


def test_no_cases(read_file, tmp_path):
    path = tmp_path / "none.sav"
    pyreadstat.write_sav(pd.DataFrame({"id": pd.Series([], dtype="float64")}), str(path))
    assert read_file(path.read_bytes(), name="f.sav").rules == ["file_no_rows"]
