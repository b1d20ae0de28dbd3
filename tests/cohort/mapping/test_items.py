"""Wide to long: one raw column per item, waves in names, and why answers are missing."""

from __future__ import annotations

import pandas as pd
import pyreadstat
import pytest

FILES = "files: {s: {file: s.csv, delimiter: ';'}}\n"


def surveys(body, *, files=FILES):
    columns = "{person: ID, wave: {constant: 0}, date: Dato}"
    return f"{files}tables:\n  surveys:\n    from: s\n    columns: {columns}\n{body}"


def test_listed_items(site):
    made = site(
        surveys("    items: {a_1: Q1, a_2: Q2}\n"),
        s__csv="ID;Dato;Q1;Q2\np;2024-01-05;1;2\nq;2024-01-06;3,5;\n",
    )
    assert made.problems == []
    assert made.rows("surveys", "person", "wave", "item", "value", "missing_reason") == [
        ("p", 0, "a_1", 1.0, None),
        ("p", 0, "a_2", 2.0, None),
        ("q", 0, "a_1", 3.5, None),
        ("q", 0, "a_2", None, "source_missing"),
    ]
    table = made.mapped.tables["surveys"]
    assert table.origin["row"].tolist() == [2, 2, 3, 3]
    assert table.item_columns == {"a_1": "Q1", "a_2": "Q2"}
    assert "value" not in table.source_columns
    assert made.cells("surveys", "date")[2] == pd.Timestamp("2024-01-06")


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [('"a_{nn}": "Q{n}"', ["a_01", "a_02", "a_12"]), ('"a_{n}": "Q{n}"', ["a_1", "a_2", "a_12"])],
)
def test_a_pattern_takes_the_columns_it_describes(site, pattern, expected):
    text = "ID;Dato;Q1;Q02;Q12;Qx;Q;xQ3;Q3b\np;;1;2;3;;;;\n"
    made = site(surveys(f"    items: {{{pattern}}}\n"), s__csv=text)
    assert made.problems == []
    assert made.rows("surveys", "item", "value") == list(zip(expected, [1.0, 2.0, 3.0], strict=True))


def test_signs_in_a_pattern_are_only_signs(site):
    made = site(
        surveys('    items: {"a_{n}": "Q.{n} (0-4)"}\n'), s__csv="ID;Dato;Q.1 (0-4);Qx1 (0-4)\np;;1;2\n"
    )
    assert made.rows("surveys", "item", "value") == [("a_1", 1.0)]


WAVES = (
    FILES
    + """tables:
  surveys:
    from: s
    columns: {person: ID}
    items: {"a_{n}": "a{n}_t{wave}", b: "b_t{wave}"}
"""
)


def test_waves_in_the_columns_names(site):
    made = site(WAVES, s__csv="ID;a1_t0;a2_t0;a1_t1;a2_t1;b_t0;b_t1\np;1;2;;;5;\nq;1;;4;5;;6\nr;;;;;;\n")
    assert made.problems == []
    rows = made.rows("surveys", "person", "wave", "item", "value")
    # Nothing was answered in p's second form, and nothing at all by r: no rows.
    assert sorted(rows, key=str) == sorted(
        [
            ("p", 0, "a_1", 1.0),
            ("p", 0, "a_2", 2.0),
            ("p", 0, "b", 5.0),
            ("q", 0, "a_1", 1.0),
            ("q", 0, "a_2", None),
            ("q", 0, "b", None),
            ("q", 1, "a_1", 4.0),
            ("q", 1, "a_2", 5.0),
            ("q", 1, "b", 6.0),
        ],
        key=str,
    )


def test_a_code_that_says_why_is_an_answered_form(site):
    body = '    items: {a_1: Q1, a_2: Q2}\n    answers: {missing: {"97": refused, "98": do_not_know}}\n'
    made = site(surveys(body), s__csv="ID;Dato;Q1;Q2\np;;97;98\nq;;;\n")
    assert made.rows("surveys", "person", "value", "missing_reason") == [
        ("p", None, "refused"),
        ("p", None, "do_not_know"),
    ]


def test_answers_hold_for_all_items_and_each_item_can_differ(site):
    body = """
    items:
      a_1: Q1
      a_2: {column: Q2, codes: {Lite: 1, Mye: 2}}
      a_3: {column: Q3, missing: {9: does_not_apply}, decimal: "."}
    answers:
      {codes: {Sjelden: 1, Ofte: 3}, missing: {9: refused}, blank: not_answered, replace: {oftte: Ofte}}
"""
    made = site(surveys(body), s__csv="ID;Dato;Q1;Q2;Q3\np;;oftte;Mye;9\nq;;9;9;\n")
    assert made.problems == []
    assert made.rows("surveys", "item", "value", "missing_reason") == [
        ("a_1", 3.0, None),
        ("a_2", 2.0, None),
        ("a_3", None, "does_not_apply"),
        ("a_1", None, "refused"),
        ("a_2", None, "refused"),
        ("a_3", None, "not_answered"),
    ]


def test_an_item_column_that_is_not_there(site):
    made = site(
        surveys('    items: {a_1: Q1, a_2: Kjoenn, "b_{n}": "B{n}"}\n'), s__csv="ID;Dato;Q1;Q2\np;;1;2\n"
    )
    assert [(p.rule, p.column) for p in made.problems] == [
        ("column_missing", "Kjoenn"),
        ("items_no_column", "B{n}"),
    ]
    assert made.rows("surveys", "item", "value") == [("a_1", 1.0)]


def test_answers_that_are_no_numbers_are_told_by_raw_column(site):
    made = site(surveys("    items: {a_1: Q1, a_2: Q2}\n"), s__csv="ID;Dato;Q1;Q2\np;;Ja;2\nq;;3;x\n")
    assert made.told == [("number_unreadable", "Q1", 1, (2,)), ("number_unreadable", "Q2", 1, (3,))]


def test_a_file_without_rows_makes_none(site):
    files = "files: {s: {file: s.csv, delimiter: ';', may_be_empty: true}}\n"
    made = site(surveys('    items: {a_1: Q1, "b_{n}": "B{n}"}\n', files=files), s__csv="ID;Dato;Q1;B1\n")
    assert made.problems == []
    assert made.cells("surveys", "item") == []


def test_scores_and_outcomes_have_items_too(site):
    mapping = (
        FILES
        + """tables:
  scores: {from: s, columns: {person: ID, wave: {constant: 1}}, items: {interest: I, utility: U}}
  outcomes:
    from: s
    columns: {person: ID, horizon_months: {constant: 24}}
    items: {dropout: {column: D, codes: {Ja: 1, Nei: 0}}}
"""
    )
    made = site(mapping, s__csv="ID;I;U;D\np;0,5;-1,25;Ja\nq;;2,5;\n")
    assert made.problems == []
    assert made.rows("scores", "person", "scale", "value", "missing_reason") == [
        ("p", "interest", 0.5, None),
        ("p", "utility", -1.25, None),
        ("q", "interest", None, "source_missing"),
        ("q", "utility", 2.5, None),
    ]
    assert made.rows("outcomes", "person", "outcome", "value", "horizon_months") == [
        ("p", "dropout", 1.0, 24)
    ]


LONG = (
    FILES
    + """tables:
  surveys:
    from: s
    columns: {person: ID, wave: Runde, item: Spm, value: {column: Svar, missing: {97: refused}}}
"""
)


def test_a_file_that_is_long_already(site):
    made = site(LONG, s__csv="ID;Runde;Spm;Svar\np;0;a_1;3\np;0;a_2;97\np;0;a_3;\n")
    assert made.problems == []
    assert made.rows("surveys", "item", "value", "missing_reason") == [
        ("a_1", 3.0, None),
        ("a_2", None, "refused"),
        ("a_3", None, "source_missing"),
    ]
    assert made.mapped.tables["surveys"].source_columns["value"] == "Svar"


def test_a_column_of_reasons_is_taken_as_it_is(site):
    mapping = LONG.replace("{97: refused}}", "{97: refused}}, missing_reason: Hvorfor")
    made = site(mapping, s__csv="ID;Runde;Spm;Svar;Hvorfor\np;0;a_1;;not_asked\np;0;a_2;;\n")
    assert made.cells("surveys", "missing_reason") == ["not_asked", None]


@pytest.fixture
def sav(tmp_path):
    frame = pd.DataFrame({"ID": ["p", "q"], "Dato": [None, None], "Q1": [97.0, 98.0], "Q2": [1.0, 99.0]})
    frame["Dato"] = pd.to_datetime(frame["Dato"])
    path = tmp_path / "made.sav"
    pyreadstat.write_sav(
        frame,
        str(path),
        missing_ranges={"Q1": [97, 98], "Q2": [99]},
        variable_value_labels={"Q1": {97: "Vil ikke", 98: "Vet ikke"}},
    )
    return path.read_bytes()


def test_user_missing_codes_are_kept_as_reasons(site, sav):
    files = "files: {s: {file: s.sav}}\n"
    body = """
    items: {a_1: Q1, a_2: Q2}
    answers: {missing: {Vil ikke: refused, 98: do_not_know, 99: not_asked}}
"""
    made = site(surveys(body, files=files), s__sav=sav)
    assert made.problems == []
    assert made.rows("surveys", "item", "value", "missing_reason") == [
        ("a_1", None, "refused"),
        ("a_2", 1.0, None),
        ("a_1", None, "do_not_know"),
        ("a_2", None, "not_asked"),
    ]


def test_user_missing_codes_without_a_reason_are_told(site, sav):
    files = "files: {s: {file: s.sav}}\n"
    body = "    items: {a_1: Q1, a_2: Q2}\n    answers: {missing: {Vil ikke: refused}}\n"
    made = site(surveys(body, files=files), s__sav=sav)
    assert made.told == [
        ("missing_code_unexplained", "Q1", 1, (2,)),
        ("missing_code_unexplained", "Q2", 1, (2,)),
    ]
    assert made.cells("surveys", "missing_reason") == ["refused", None, None, None]


def test_elsewhere_a_user_missing_code_is_just_missing(site, sav):
    mapping = (
        "files: {s: {file: s.sav}}\ntables: {persons: {from: s, columns: {person: ID, birth_year: Q1}}}\n"
    )
    made = site(mapping, s__sav=sav)
    assert made.problems == []
    assert made.cells("persons", "birth_year") == [None, None]
