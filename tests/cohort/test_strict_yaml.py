"""Hand-written YAML: text stays text, a repeated key is an error, a wrong name is told with the nearest."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from pydantic import Field

from backtorule_eval.cohort.strict_yaml import Strict, check_model, load_yaml, nearest, nearest_name, place
from backtorule_eval.errors import ParameterProblem


class Leaf(Strict):
    colour: str = ""
    from_: str = Field(default="", alias="from")
    n: int = 0


class Tree(Strict):
    name: str
    leaf: Leaf | None = None
    leaves: tuple[Leaf, ...] = ()
    by_name: Mapping[str, tuple[Leaf, ...]] = {}


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "m.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_scalars_stay_text(written):
    raw = load_yaml(
        written("a: no\nb: 01\nc: 2024-01-05\nd: null\ne: ~\nf: 1.50\ng: yes\nno: x\nh:\ni: 'null'\n")
    )
    assert raw == {
        "a": "no",
        "b": "01",
        "c": "2024-01-05",
        "d": None,
        "e": None,
        "f": "1.50",
        "g": "yes",
        "no": "x",
        "h": None,
        "i": "null",
    }


def test_anchors_and_merges_work(written):
    raw = load_yaml(written("a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\n"))
    assert raw["b"] == {"x": "1", "y": "3"}


def test_a_byte_order_mark_is_no_part_of_the_first_key(written):
    assert load_yaml(written("a: 1\n".encode("utf-8-sig"))) == {"a": "1"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb: 2\na: 3\n", r"m\.yaml: line 3: the key 'a' stands twice"),
        ("x:\n  a: {k: 1, k: 2}\n", r"line 2: the key 'k' stands twice"),
        ("a: [1, 2\nb: 3\n", r"m\.yaml: line 2"),
        ("a: 1\n\tb: 2\n", r"m\.yaml: line 2"),
        ("- a\n- b\n", r"holds no keys at its top"),
        ("", r"holds no keys at its top"),
        ("a: !!python/object:os.system {}\n", r"could not determine a constructor"),
        (b"a: \xff\n", r"is not UTF-8"),
    ],
)
def test_what_cannot_be_read(written, text, message):
    with pytest.raises(ParameterProblem, match=message):
        load_yaml(written(text))


def test_files_that_cannot_be_opened(tmp_path):
    with pytest.raises(ParameterProblem, match=r"gone\.yaml: there is no such file"):
        load_yaml(tmp_path / "gone.yaml")
    with pytest.raises(ParameterProblem, match="cannot be opened"):
        load_yaml(tmp_path)


@pytest.mark.parametrize(
    ("raw", "complaints"),
    [
        ({"name": "x", "leaf": {"color": "r"}}, ["leaf: unknown key 'color'; did you mean 'colour'?"]),
        ({"name": "x", "nmae": "y"}, ["unknown key 'nmae'; did you mean 'name'?"]),
        (
            {"name": "x", "leaves": [{}, {"form": "a"}]},
            ["leaves[2]: unknown key 'form'; did you mean 'from'?"],
        ),
        (
            {"name": "x", "by_name": {"a": [{"zzz": "1"}]}},
            ["by_name.a[1]: unknown key 'zzz'; known: colour, from, n."],
        ),
        ({"name": "x", "leaf": {"from_": "a"}}, ["leaf: unknown key 'from_'; did you mean 'from'?"]),
        ({}, ["the key 'name' is missing."]),
        (
            {"name": "x", "leaf": {"n": "many"}},
            ["leaf.n: Input should be a valid integer, unable to parse string as an integer"],
        ),
    ],
)
def test_everything_wrong_is_told_at_once(raw, complaints):
    model, found = check_model(Tree, raw)
    assert (model, found) == (None, complaints)


def test_several_complaints_come_together():
    _, found = check_model(Tree, {"nme": "x", "leaf": {"a": "1"}, "leaves": [{"n": "b"}]})
    assert len(found) == 4


def test_a_right_file_gives_its_model():
    model, found = check_model(Tree, {"name": "x", "leaf": {"from": "y", "n": "3"}})
    assert found == []
    assert (model.leaf.from_, model.leaf.n) == ("y", 3)


@pytest.mark.parametrize(
    ("name", "known", "expected"),
    [
        ("Kjonn", ["Kjønn", "Alder"], "did you mean 'Kjønn'?"),
        ("KJØNN", ["Kjønn", "Alder"], "did you mean 'Kjønn'?"),
        ("x", ["Kjønn", "Alder"], "known: Kjønn, Alder."),
        ("x", [], "none is known here."),
    ],
)
def test_nearest(name, known, expected):
    assert nearest(name, known) == expected


def test_no_name_is_near():
    assert nearest_name("x", ["Kjønn"]) == ""


def test_places_count_from_one():
    assert place(("tables", "persons", 0, "columns")) == "tables.persons[1].columns: "
    assert place(()) == ""
