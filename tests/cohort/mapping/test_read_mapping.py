"""A mapping file is refused as a whole: everything wrong with it at once, with the nearest right names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from backtorule_eval.cohort.mapping import read_mapping
from backtorule_eval.cohort.problems import describe
from backtorule_eval.errors import ParameterProblem, Problem

ROOT = Path(__file__).parents[3]


def mapping(table="persons", *, block="", columns="person: ID", files="", rest=""):
    return f"""
files: {{s: {{file: s.csv{files}}}}}
tables:
  {table}:
    from: s
    columns: {{{columns}}}
{block}
{rest}
"""


def test_the_documented_example_is_right(tmp_path):
    text = (ROOT / "docs" / "mapping-file.md").read_text(encoding="utf-8")
    example = re.search(r"```yaml\n(.*?)```", text, re.DOTALL)
    path = tmp_path / "m.yaml"
    path.write_text(example[1], encoding="utf-8")
    read = read_mapping(path)
    assert read.sources == (
        "followup/Deltakere",
        "survey",
        "followup/Samtaler",
        "followup/Faghjelp",
        "absence",
        "grades",
    )


@pytest.mark.parametrize("name", sorted(p.name for p in (ROOT / "params").glob("*.mapping.yaml")))
def test_the_mapping_files_of_the_project_are_right(name):
    assert read_mapping(ROOT / "params" / name).tables


def test_everything_is_told_at_once(complaints):
    text = """
files:
  s: {file: s.csv, delimeter: ";"}
tables:
  person: {from: s, columns: {person: ID}}
  surveys: {from: s, columns: {person: ID, wafe: R, item: {colum: I}, value: V}}
extra: {}
"""
    assert sorted(complaints(text)) == [
        "files.s: unknown key 'delimeter'; did you mean 'delimiter'?",
        "tables.surveys[1].columns.item: unknown key 'colum'; did you mean 'column'?",
        "tables.surveys[1].columns: the table 'surveys' has no column 'wafe'; did you mean 'wave'?",
        "tables: there is no table 'person'; did you mean 'persons'?",
        "unknown key 'extra'; did you mean 'extras'?",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            mapping(columns="person: ID, gender: {column: K, codes: {M: mann}}"),
            "'mann' is no value of this column; did you mean 'man'?",
        ),
        (
            mapping(columns="person: ID, gender: {constant: x}"),
            "'x' is no value of this column; known: woman, man, other.",
        ),
        (
            mapping(columns="person: ID, birth_year: {column: K, codes: {a: '2004,5'}}"),
            "the column holds integer.",
        ),
        (mapping(columns="person: ID, start_date: {constant: 01.02.2024}"), "the column holds date."),
        (
            mapping(columns="person: ID, start_date: {column: D, dates: dd.mm.yy}"),
            "needs yyyy, mm (or m) and dd",
        ),
        (
            mapping(columns="person: ID, birth_year: {column: K, days_after: D}"),
            "days_after makes dates, and the column holds integer.",
        ),
        (
            mapping(columns="person: ID, start_date: {column: K, days_after: {column: D, dates: x}}"),
            "columns.start_date.days_after: the date format 'x'",
        ),
        (
            mapping(columns="person: ID, gender: {column: K, missing: {9: refusd}}"),
            "'refusd' is no reason; did you mean 'refused'?",
        ),
        (
            mapping(columns="person: ID, gender: {column: K, split: {by: /, part: 3}}"),
            "part 3 of 2 does not exist.",
        ),
        (
            mapping(columns="person: {column: ID, constant: x}"),
            "give exactly one of column, constant and join.",
        ),
        (mapping(columns="person: {codes: {a: b}}"), "give exactly one of column, constant and join."),
        (mapping(columns="gender: K"), "the table 'persons' needs the column 'person'."),
        (mapping(files=", dates: norsk"), "files.s: the date format 'norsk'"),
        (mapping(files=", missing: {9: gone}"), "files.s.missing: 'gone' is no reason; known: not_answered"),
        (mapping(files=", decimal: komma"), "files.s.decimal: Input should be"),
        (mapping().replace("from: s", "from: t"), "no file is called 't'; known: s."),
        (mapping().replace("from: s", "from: s/Ark"), "'s' is no workbook and has no sheets."),
        (
            mapping().replace("file: s.csv", "table: t").replace("from: s", "from: s/Ark"),
            "'s' is no workbook",
        ),
        (mapping("person"), "there is no table 'person'; did you mean 'persons'?"),
        (
            mapping().replace("s.csv", "s.xlsx, sheet: A").replace("from: s", "from: s/B"),
            "names a sheet, and the file names one as well.",
        ),
        (mapping(block="    lookup: {from: q, on: ID}"), "no file is called 'q'; known: s."),
        (mapping(block="    where: {A: {is: a, not: b}}"), "give exactly one of is, not and empty."),
        (mapping(block="    where: {A: {emty: true}}"), "unknown key 'emty'; did you mean 'empty'?"),
        (mapping(block="    items: {a: Q}"), "this table has no items."),
        (mapping().replace("{s: {", "{u: {file: u.csv}, s: {"), "files.u: no table is made from it."),
        (mapping().replace("{s: {", "{a/b: {file: u.csv}, s: {"), "files.a/b: a name has no '/' in it."),
        (
            mapping(rest="extras: {x: {type: integer, label: {nb: a, en: b}}}"),
            "extras.x: is declared, but no block",
        ),
        (
            mapping(
                "extras", columns="person: ID, x: X", rest="extras: {x: {type: level, label: {nb: a, en: b}}}"
            ),
            "levels belong to type level",
        ),
        (
            mapping(
                "extras",
                columns="person: ID, x: X",
                rest="extras: {x: {type: text, range: [0, 1], label: {nb: a, en: b}}}",
            ),
            "only columns of type integer or number have a range",
        ),
        (
            mapping(
                "extras", columns="person: ID", rest="extras: {person: {type: text, label: {nb: a, en: b}}}"
            ),
            "the table has a column of this name already.",
        ),
        (
            mapping(
                "extras", columns="person: ID, y: X", rest="extras: {xx: {type: text, label: {nb: a, en: b}}}"
            ),
            "the table 'extras' has no column 'y'",
        ),
        ("files: {}\ntables: {}\n", "files: "),
    ],
)
def test_what_cannot_be_meant(complaints, text, message):
    assert any(message in complaint for complaint in complaints(text)), complaints(text)


SURVEYS = "person: ID, wave: {constant: 0}"


@pytest.mark.parametrize(
    ("columns", "block", "message"),
    [
        (SURVEYS, "    items: {'a_{n}': Q}", "write {n} both in the raw column and in the item's name"),
        (SURVEYS, "    items: {a: 'Q{n}'}", "write {n} both in the raw column and in the item's name"),
        (
            "person: ID",
            "    items: {a: 'Q{wave}', b: R}",
            "either all raw columns of a block tell the wave, or none.",
        ),
        (SURVEYS, "    items: {a: 'Q{wave}'}", "columns.wave: is filled by items; take it out here."),
        (SURVEYS + ", item: I", "    items: {a: Q}", "columns.item: is filled by items; take it out here."),
        ("person: ID", "    items: {a: Q}", "the table 'surveys' needs the column 'wave'."),
        (
            SURVEYS,
            "    items: {a: {column: Q, codes: {Ja: mye}}}",
            "items.a: 'mye' is no value of this column",
        ),
        (SURVEYS, "    items: {a: {column: Q, missing: {9: no}}}", "items.a.missing: 'no' is no reason"),
        (
            SURVEYS,
            "    items: {a: Q}\n    answers: {codes: {Ja: x}}",
            "answers: 'x' is no value of this column",
        ),
        (SURVEYS, "    items: {a: Q}\n    answers: {blank: tom}", "answers.blank: 'tom' is no reason"),
        (
            SURVEYS,
            "    items: {a: Q}\n    answers: {misssing: {9: refused}}",
            "answers: unknown key 'misssing'; did you mean 'missing'?",
        ),
    ],
)
def test_items_that_cannot_be_meant(complaints, columns, block, message):
    found = complaints(mapping("surveys", columns=columns, block=block))
    assert any(message in complaint for complaint in found), found


def test_a_file_that_is_upside_down_is_still_told_about(complaints):
    assert complaints("files: a\ntables: [b]\nextras: 3\n")
    assert complaints("files: {s: {file: s.csv}}\ntables: {persons: [x, {columns: [y]}]}\n")


def test_names_are_compared_as_they_are_read(tmp_path):
    path = tmp_path / "m.yaml"
    path.write_text(
        mapping(columns="person: 'Pseudo  nym', gender: {column: 'Kjo\u0308nn ', codes: {' a\u030a': man}}")
    )
    rules = read_mapping(path).tables["persons"][0].columns
    assert rules["person"].column == "Pseudo nym"
    assert rules["gender"].column == "Kjönn"
    assert dict(rules["gender"].codes) == {"å": "man"}


def test_a_missing_file_is_told():
    with pytest.raises(ParameterProblem, match="there is no such file"):
        read_mapping(Path("nosuch.mapping.yaml"))


# --- The words ---------------------------------------------------------------------------------------

WORDS = yaml.safe_load((ROOT / "backtorule_eval/cohort/rules_reading.yaml").read_text(encoding="utf-8"))
ROOM = ROOT / "backtorule_eval/cohort"
CODE = "\n".join(path.read_text(encoding="utf-8") for path in ROOM.rglob("*.py"))
READING = "\n".join(
    p.read_text(encoding="utf-8") for f in ("sources", "mapping") for p in (ROOM / f).glob("*.py")
)


@pytest.mark.parametrize("rule", WORDS)
def test_every_rule_with_words_is_used(rule):
    assert f'"{rule}"' in CODE


def test_every_rule_that_is_used_has_words():
    used = re.findall(r'(?:rule=|refused\(|\.note\(|_not_read\(|rule: str = )\s*"(\w+)"', READING)
    assert used
    assert set(used) <= set(WORDS)


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("rule", WORDS)
def test_every_gap_is_filled(rule, language):
    words = WORDS[rule][language]
    gaps = set(re.findall(r"(?<!\{)\{(\w+)\}(?!\})", words["problem"] + words["remedy"]))
    told = describe(Problem(rule=rule, file="f", detail=dict.fromkeys(gaps, "GAP")), language)
    assert (told.problem + told.remedy).count("GAP") >= len(gaps)
    assert told.severity == "error"
    filled = {name for name in gaps if re.search(rf'{name}=|"{name}"', CODE)}
    assert filled == gaps
