"""Raw tables to the dictionary's tables: types, rules of columns, problems by file, column and rule."""

from __future__ import annotations

import duckdb
import pandas as pd
import pyreadstat
import pytest

from backtorule_eval.cohort.dictionary import PANDAS_TYPES, load_dictionary

PEOPLE = """\
ID;Født;Kjønn;Poeng;Oppstart;Kode;Samtykke
p1;2004;Mann;41,5;05.01.2024;ab;2024-01-01
p2;2005;Kvinne;38;13.02.2024;;
"""
MAPPING = """
files: {s: {file: s.csv}}
tables:
  persons:
    from: s
    columns:
      person: ID
      birth_year: Født
      gender: {column: Kjønn, codes: {Mann: man, Kvinne: woman}}
      grunnskolepoeng: Poeng
      start_date: Oppstart
      school: Kode
      office: {constant: nordstrand}
      consent_date: {column: Samtykke, dates: yyyy-mm-dd}
"""


def persons(rule, *, column="gender", extra=""):
    return f"""
files: {{s: {{file: s.csv, delimiter: ';'{extra}}}}}
tables: {{persons: {{from: s, columns: {{person: ID, {column}: {rule}}}}}}}
"""


def test_every_table_is_there_and_typed(site):
    made = site(MAPPING, s__csv=PEOPLE)
    assert made.problems == []
    for name, table in load_dictionary().tables.items():
        frame = made.mapped.tables[name].frame
        assert frame.dtypes.astype(str).to_dict() == {
            c.name: PANDAS_TYPES[c.type] for c in table.columns.values()
        }
        assert isinstance(frame.index, pd.RangeIndex)
        assert made.mapped.tables[name].origin.dtypes.astype(str).to_dict() == {"file": "str", "row": "int64"}


def test_rename_recode_constant_and_types(site):
    made = site(MAPPING, s__csv=PEOPLE)
    assert made.rows("persons", "person", "birth_year", "gender", "grunnskolepoeng", "school", "office") == [
        ("p1", 2004, "man", 41.5, "ab", "nordstrand"),
        ("p2", 2005, "woman", 38.0, None, "nordstrand"),
    ]
    assert made.cells("persons", "start_date") == [pd.Timestamp("2024-01-05"), pd.Timestamp("2024-02-13")]
    assert made.cells("persons", "consent_date") == [pd.Timestamp("2024-01-01"), None]
    assert made.cells("persons", "country_group") == [None, None]
    table = made.mapped.tables["persons"]
    assert table.origin.to_dict("list") == {"file": ["s.csv", "s.csv"], "row": [2, 3]}
    assert table.source_columns["gender"] == "Kjønn"
    assert "office" not in table.source_columns


@pytest.mark.parametrize(
    ("rule", "cells", "expected"),
    [
        ("{column: K, codes: {1: man, 02: woman}}", ["1", "02", ""], ["man", "woman", None]),
        ("{column: K, codes: {Ja: man, '': woman, x: null}}", ["Ja", "", "x"], ["man", "woman", None]),
        ("{column: K, codes: {M: man, K: woman}, missing: ['-']}", [" M ", "-", "K"], ["man", None, "woman"]),
        ("{column: K, replace: {mann: man}}", ["mann", "woman", "man"], ["man", "woman", "man"]),
        ("{column: K, split: {by: /, part: 2}}", ["a/man", "b / woman", ""], ["man", "woman", None]),
        (
            "{column: K, split: {by: '-', part: 1, of: 3}}",
            ["man-1-2", "woman-3-", "--"],
            ["man", "woman", None],
        ),
        ("{column: K, split: {by: /, part: 1}, codes: {M: man}}", ["M/1", "M/2", "M/3"], ["man"] * 3),
        ("K", ["man", "other", ""], ["man", "other", None]),
    ],
)
def test_levels(site, rule, cells, expected):
    text = "ID;K\n" + "".join(f"{i};{c}\n" for i, c in enumerate(cells))
    made = site(persons(rule), s__csv=text)
    assert made.problems == []
    assert made.cells("persons", "gender") == expected


@pytest.mark.parametrize(
    ("column", "rule", "cells", "told"),
    [
        ("gender", "{column: K, codes: {M: man}}", ["M", "m", "K", ""], ("code_unmapped", 2, (3, 4))),
        ("gender", "K", ["man", "Man"], ("level_unknown", 1, (3,))),
        (
            "gender",
            "{column: K, split: {by: /, part: 1}}",
            ["man/1", "man", "man/1/2"],
            ("split_parts", 2, (3, 4)),
        ),
        ("birth_year", "K", ["2004", "2004,5", "2005.0"], ("decimal_mixed", 1, (3,))),
        ("birth_year", "K", ["2004", "2004,5"], ("integer_unreadable", 1, (3,))),
        ("grunnskolepoeng", "K", ["41,5", "førti"], ("number_unreadable", 1, (3,))),
        ("grunnskolepoeng", "{column: K, decimal: '.'}", ["41,5", "38"], ("decimal_other", 1, (2,))),
        ("grunnskolepoeng", "K", ["1.234", "5.678"], ("decimal_unclear", 2, (2, 3))),
        ("start_date", "K", ["03.04.2024", ""], ("date_unclear", 1, (2,))),
        (
            "start_date",
            "{column: K, dates: dd.mm.yyyy}",
            ["3.4.2024", "30.02.2024"],
            ("date_unreadable", 2, (2, 3)),
        ),
        ("start_date", "K", ["2024-01-05T10:00Z"], ("date_with_zone", 1, (2,))),
    ],
)
def test_a_problem_per_column_and_rule(site, column, rule, cells, told):
    text = "ID;K\n" + "".join(f"{i};{c}\n" for i, c in enumerate(cells))
    made = site(persons(rule, column=column), s__csv=text)
    assert [(p.rule, p.n_rows, p.first_rows) for p in made.problems] == [told]
    assert [(p.file, p.table, p.column) for p in made.problems] == [("s.csv", "persons", "K")]
    bad = [row - 2 for row in told[2]]
    assert all(made.cells("persons", column)[i] is None for i in bad)


def test_only_the_first_five_rows_are_named(site):
    text = "ID;K\n" + "".join(f"{i};feil\n" for i in range(12))
    assert site(persons("K"), s__csv=text).told == [("level_unknown", "K", 12, (2, 3, 4, 5, 6))]


@pytest.mark.parametrize(
    ("raw", "rule", "expected"),
    [
        ("ja", "{column: K, codes: {ja: true, nei: false}}", True),
        ("nei", "{column: K, codes: {ja: true, nei: no}}", "refused"),
        ("TRUE", "K", True),
        ("false", "K", False),
        ("1", "K", None),
    ],
)
def test_booleans(site, complaints, raw, rule, expected):
    mapping = (
        persons("ID", column="school")
        .replace("persons:", "contacts:")
        .replace(
            "person: ID, school: ID",
            f"contact: ID, person: ID, date: D, kind: {{constant: subject_help}}, held: {rule}",
        )
    )
    if expected == "refused":
        assert "'no' is no value of this column; the column holds boolean." in complaints(mapping)[0]
        return
    made = site(mapping, s__csv=f"ID;D;K\n1;2024-01-05;{raw}\n")
    assert made.cells("contacts", "held") == [expected]
    assert [p.rule for p in made.problems] == ([] if expected is not None else ["boolean_unreadable"])


def test_join_and_its_source(site):
    made = site(
        persons("{join: [A, B], between: '-'}", column="school"), s__csv="ID;A;B\n1;x;y\n2;x;\n3; z ;0\n"
    )
    assert made.problems == []
    assert made.cells("persons", "school") == ["x-y", None, "z-0"]
    assert made.mapped.tables["persons"].source_columns["school"] == "A + B"


def test_days_after_a_date(site):
    rule = "{column: Dag, days_after: {column: Kull, codes: {A: 2024-01-31, B: 2023-12-31}}}"
    made = site(persons(rule, column="start_date"), s__csv="ID;Dag;Kull\n1;1;A\n2;-1;B\n3;;A\n4;60;A\n")
    assert made.problems == []
    assert made.cells("persons", "start_date") == [
        pd.Timestamp("2024-02-01"),
        pd.Timestamp("2023-12-30"),
        None,
        pd.Timestamp("2024-03-31"),
    ]


def test_problems_of_days_and_of_their_date(site):
    rule = "{column: Dag, days_after: Start}"
    made = site(persons(rule, column="start_date"), s__csv="ID;Dag;Start\n1;en;2024-01-05\n2;1;snart\n")
    assert [(p.rule, p.column) for p in made.problems] == [
        ("number_unreadable", "Dag"),
        ("date_unreadable", "Start"),
    ]


def test_several_files_become_one_table(site):
    mapping = """
files: {a: {file: a.csv, dates: dd.mm.yyyy}, b: {file: b.csv}, c: {file: c.csv}}
tables:
  persons:
    - from: [a, b]
      columns: {person: ID, start_date: Oppstart}
    - from: c
      columns: {person: Nr, office: {constant: x}}
"""
    made = site(
        mapping,
        a__csv="ID;Oppstart\n1;03.04.2024\n",
        b__csv="ID;Oppstart\n2;2024-04-05\n\n3;2024-04-06\n",
        c__csv="Nr;z\n4;z\n",
    )
    assert made.problems == []
    assert made.rows("persons", "person", "office") == [("1", None), ("2", None), ("3", None), ("4", "x")]
    assert made.cells("persons", "start_date")[0] == pd.Timestamp("2024-04-03")
    table = made.mapped.tables["persons"]
    assert table.origin.to_dict("list") == {"file": ["a.csv", "b.csv", "b.csv", "c.csv"], "row": [2, 2, 4, 2]}
    assert table.source_columns["person"] == "ID / Nr"


def test_a_fault_that_two_blocks_meet_is_told_once(site):
    mapping = """
files: {a: {file: a.csv}}
tables:
  persons:
    - {from: a, where: {K: x}, columns: {person: ID, office: Kontor}}
    - {from: a, where: {K: y}, columns: {person: ID, office: Kontor}}
"""
    made = site(mapping, a__csv="ID;K\n1;x\n2;y\n")
    assert [(p.rule, p.column) for p in made.problems] == [("column_missing", "Kontor")]


def test_a_file_that_cannot_be_read_leaves_the_others(site):
    mapping = """
files: {a: {file: a.csv}, b: {file: b.csv}}
tables:
  persons: {from: [a, b], columns: {person: ID}}
"""
    made = site(mapping, b__csv="ID;x\n2;y\n")
    assert [(p.rule, p.file) for p in made.problems] == [("file_missing", "a.csv")]
    assert made.cells("persons", "person") == ["2"]


def test_missing_columns_are_told_with_the_nearest_name_if_it_is_near(site):
    mapping = persons("Kjonn").replace("person: ID", "person: Pseudonym")
    made = site(mapping, s__csv="ID;Kjønn\nCANARY;man\n")
    assert [(p.rule, p.column, dict(p.detail)) for p in made.problems] == [
        ("column_missing", "Pseudonym", {}),
        ("column_misspelt", "Kjonn", {"nearest": "Kjønn"}),
    ]
    assert len(made.mapped.tables["persons"].frame) == 1


def test_a_repeated_column_is_told_once(site):
    made = site(persons("K"), s__csv="ID;K;K\n1;man;man\n")
    assert [p.rule for p in made.problems] == ["header_duplicate"]


def test_missing_codes_of_the_file_hold_in_every_column(site):
    made = site(persons("K", extra=", missing: [NA, '99']"), s__csv="ID;K\n1;NA\n99;99\n")
    assert made.problems == []
    assert made.rows("persons", "person", "gender") == [("1", None), (None, None)]


def test_a_duplicate_key_is_kept_for_the_checks(site):
    made = site(persons("K"), s__csv="ID;K\n1;man\n1;man\n")
    assert made.cells("persons", "person") == ["1", "1"]


def test_extras(site):
    mapping = """
files: {s: {file: s.csv}}
tables:
  extras: {from: s, columns: {person: ID, travel: Reise, shift: Skift}}
extras:
  travel: {type: integer, unit: minutes, range: [0, 300], label: {nb: Reisetid, en: Travel time}}
  shift:
    type: level
    sensitive: true
    measured: baseline
    label: {nb: Skift, en: Shift}
    levels: {"yes": {nb: Ja, en: "Yes"}, no: {nb: Nei, en: "No"}}
"""
    made = site(mapping, s__csv="ID;Reise;Skift\n1;30;yes\n2;;no\n")
    assert made.problems == []
    assert made.rows("extras", "person", "travel", "shift") == [("1", 30, "yes"), ("2", None, "no")]
    travel = made.mapped.extra_columns["travel"]
    assert (travel.type, travel.unit, travel.range, travel.label.en) == (
        "integer",
        "minutes",
        (0.0, 300.0),
        "Travel time",
    )
    assert made.mapped.extra_columns["shift"].sensitive is True
    assert made.mapped.extra_columns["shift"].measured == "baseline"


def test_codes_and_labels_of_a_labelled_file(site, tmp_path):
    frame = pd.DataFrame({"ID": ["1", "2", "3", "4"], "K": [1.0, 2.0, 9.0, 3.0]})
    path = tmp_path / "made.sav"
    labels = {"K": {1: "Mann", 2: "Kvinne", 9: "Uoppgitt"}}
    pyreadstat.write_sav(frame, str(path), variable_value_labels=labels, missing_ranges={"K": [9]})
    mapping = persons("{column: K, codes: {Mann: man, 2: woman, 3: other}}").replace(
        "s.csv, delimiter: ';'", "s.sav"
    )
    made = site(mapping, s__sav=path.read_bytes())
    assert made.problems == []
    assert made.cells("persons", "gender") == ["man", "woman", None, "other"]
    clash = mapping.replace("Mann: man", "Mann: man, 1: woman")
    assert site(clash).told == [("code_label_clash", "K", 1, (1,))]


def test_typed_numbers_are_never_unclear(site, tmp_path):
    frame = pd.DataFrame(
        {"ID": [1.0, 2.0], "P": [41.125, 38.375], "D": pd.to_datetime(["2024-04-03", "2024-05-06"])}
    )
    path = tmp_path / "made.sav"
    pyreadstat.write_sav(frame, str(path))
    mapping = """
files: {s: {file: s.sav, dates: dd.mm.yyyy, decimal: ","}}
tables:
  persons: {from: s, columns: {person: ID, grunnskolepoeng: P, start_date: D, school: P}}
"""
    made = site(mapping, s__sav=path.read_bytes())
    assert made.problems == []
    assert made.rows("persons", "person", "grunnskolepoeng", "school") == [
        ("1", 41.125, "41.125"),
        ("2", 38.375, "38.375"),
    ]
    assert made.cells("persons", "start_date")[0] == pd.Timestamp("2024-04-03")


def test_yes_no_and_whole_numbers_that_are_typed_already(site, tmp_path):
    path = tmp_path / "made.parquet"
    duckdb.execute(f"COPY (SELECT 7 AS nr, true AS ja, DATE '2024-01-05' AS d, NULL AS tom) TO '{path}'")
    mapping = """
files: {s: {file: s.parquet}}
tables:
  contacts:
    from: s
    columns:
      {contact: nr, person: nr, date: d, kind: {constant: subject_help}, held: ja, minutes: nr, staff: tom}
"""
    made = site(mapping, s__parquet=path.read_bytes())
    assert made.problems == []
    assert made.rows("contacts", "contact", "held", "minutes", "staff") == [("7", True, 7, None)]


def test_a_text_keeps_its_leading_zero_and_an_exact_number_its_digits(site):
    made = site(persons("K", column="school"), s__csv="ID;K\n007;0301\n12345678901;1,50\n")
    assert made.rows("persons", "person", "school") == [("007", "0301"), ("12345678901", "1,50")]


def test_no_message_shows_an_answer(site):
    text = "ID;K;D;P\n" + "".join(f"CANARY{i};KANARI{i};3{i}.13.1917;{i},77.31\n" for i in range(8))
    mapping = """
files: {s: {file: s.csv}}
tables:
  persons: {from: s, columns: {person: ID, gender: K, start_date: D, grunnskolepoeng: P, birth_year: Mangler}}
"""
    made = site(mapping, s__csv=text)
    assert len(made.problems) == 4
    shown = repr(made.problems) + repr(made.mapped)
    assert not any(secret in shown for secret in ("CANARY", "KANARI", "1917", "77"))
