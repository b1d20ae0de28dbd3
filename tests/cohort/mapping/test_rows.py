"""Which rows, and what stands beside them in another file."""

from __future__ import annotations

import pandas as pd
import pytest

TEXT = "ID;Status;Nr\n1;Aktiv;5\n2; Avsluttet ;6\n3;;7\n4;Ny;5\n"


def filtered(where):
    return f"""
files: {{s: {{file: s.csv}}}}
tables: {{persons: {{from: s, where: {where}, columns: {{person: ID}}}}}}
"""


@pytest.mark.parametrize(
    ("where", "kept"),
    [
        ("{Status: Aktiv}", [2]),
        ("{Status: [Aktiv, Avsluttet]}", [2, 3]),
        ("{Status: {is: Ny}}", [5]),
        ("{Status: {not: Aktiv}}", [3, 4, 5]),
        ("{Status: {not: [Aktiv, Ny]}}", [3, 4]),
        ("{Status: {empty: true}}", [4]),
        ("{Status: {empty: false}}", [2, 3, 5]),
        ("{Status: {empty: false}, Nr: 5}", [2, 5]),
        ("{}", [2, 3, 4, 5]),
    ],
)
def test_rows_are_kept_by_text(site, where, kept):
    made = site(filtered(where), s__csv=TEXT)
    assert made.problems == []
    assert made.mapped.tables["persons"].origin["row"].tolist() == kept


def test_a_filter_that_keeps_nothing_is_told(site):
    made = site(filtered("{Status: aktiv}"), s__csv=TEXT)
    assert made.told == [("where_keeps_nothing", "Status", 0, ())]
    assert made.cells("persons", "person") == []


def test_problems_of_rows_that_are_left_out_are_not_told(site):
    mapping = filtered("{Status: Aktiv}").replace("person: ID", "person: ID, birth_year: Fødselsår")
    made = site(mapping, s__csv="ID;Status;Fødselsår\n1;Aktiv;2004\n2;Test;ukjent\n")
    assert made.problems == []


def test_a_filter_column_that_is_not_there(site):
    made = site(filtered("{Statsu: Aktiv}"), s__csv=TEXT)
    assert [(p.rule, p.column) for p in made.problems] == [("column_misspelt", "Statsu")]


LOOKUP = """
files: {s: {file: s.csv}, o: {file: o.csv, dates: dd.mm.yyyy, decimal: ",", missing: [ukjent]}}
tables:
  persons:
    from: s
    lookup: {from: o, on: ON}
    columns: {person: ID, start_date: Oppstart, grunnskolepoeng: Poeng, birth_year: År}
"""


def test_columns_of_another_file_with_its_own_declarations(site):
    made = site(
        LOOKUP.replace("ON", "{Nr: Kode}"),
        s__csv="ID;Nr;År\na;1;2004\nb;2;2005\nc;1;2006\nd;;2007\ne;9;2008\n",
        o__csv="Kode;Oppstart;Poeng\n1;03.04.2024;41,125\n2;05.06.2024;ukjent\n;07.08.2024;9\n",
    )
    assert made.problems == []
    day = pd.Timestamp
    assert made.rows("persons", "person", "start_date", "grunnskolepoeng", "birth_year") == [
        ("a", day("2024-04-03"), 41.125, 2004),
        ("b", day("2024-06-05"), None, 2005),
        ("c", day("2024-04-03"), 41.125, 2006),
        ("d", None, None, 2007),
        ("e", None, None, 2008),
    ]


def test_items_may_stand_in_the_other_file(site):
    mapping = """
files: {s: {file: s.csv}, o: {file: o.csv, decimal: ","}}
tables:
  outcomes: {from: s, lookup: {from: o, on: Nr}, columns: {person: ID}, items: {a: A, b: B}}
"""
    made = site(mapping, s__csv="ID;Nr;A\np;1;1\nq;2;2\n", o__csv="Nr;B\n2;3,5\n")
    assert made.problems == []
    assert made.rows("outcomes", "person", "outcome", "value") == [
        ("p", "a", 1.0),
        ("p", "b", None),
        ("q", "a", 2.0),
        ("q", "b", 3.5),
    ]


@pytest.mark.parametrize("on", ["Nr", "[Nr]", "{Nr: Nr}", "[Nr, Del]"])
def test_keys_with_the_same_names(site, on):
    made = site(
        LOOKUP.replace("ON", on),
        s__csv="ID;Nr;Del;År\na;1;x;2004\n",
        o__csv="Nr;Del;Oppstart;Poeng\n1;x;03.04.2024;41,5\n",
    )
    assert made.problems == []
    assert made.cells("persons", "grunnskolepoeng") == [41.5]


def test_a_key_that_stands_twice_is_told(site):
    made = site(
        LOOKUP.replace("ON", "Nr"),
        s__csv="ID;Nr;År\na;1;2004\n",
        o__csv="Nr;Oppstart;Poeng\n1;03.04.2024;1\n2;03.04.2024;2\n1;04.04.2024;3\n",
    )
    assert [(p.rule, p.file, p.column, p.n_rows, p.first_rows) for p in made.problems] == [
        ("lookup_duplicate_key", "o.csv", "Nr", 2, (2, 4))
    ]


def test_a_column_on_both_sides_is_told(site):
    made = site(
        LOOKUP.replace("ON", "Nr"),
        s__csv="ID;Nr;År;Poeng\na;1;2004;1\n",
        o__csv="Nr;Oppstart;Poeng;Unused\n1;03.04.2024;1;x\n",
    )
    assert [(p.rule, p.file, p.column, dict(p.detail)) for p in made.problems] == [
        ("lookup_column_clash", "s.csv", "Poeng", {"other": "o.csv"})
    ]


def test_keys_that_are_not_there(site):
    made = site(
        LOOKUP.replace("ON", "{Nr: Kode}"),
        s__csv="ID;År\na;2004\n",
        o__csv="Nr;Oppstart;Poeng\n1;03.04.2024;1\n",
    )
    assert ("column_missing", "s.csv", "Nr") in [(p.rule, p.file, p.column) for p in made.problems]
    assert ("column_missing", "o.csv", "Kode") in [(p.rule, p.file, p.column) for p in made.problems]


def test_another_file_that_cannot_be_read_is_told_once(site):
    made = site(LOOKUP.replace("ON", "Nr"), s__csv="ID;Nr;År\na;1;2004\n")
    assert [(p.rule, p.file) for p in made.problems] == [("file_missing", "o.csv")]
    assert made.rows("persons", "person", "birth_year") == [("a", 2004)]
