"""A study file is refused with every mistake in it, and the nearest right name."""

from __future__ import annotations

import pytest
import yaml

from backtorule_eval.errors import ParameterProblem
from backtorule_eval.study.study_file import expand, read_study_file

GOOD = {
    "cohort": "nordstrand-2024",
    "title": {"nb": "Kull", "en": "Cohort"},
    "source": {"folder": "data", "mapping": "m.yaml"},
}


@pytest.fixture
def write(tmp_path):
    def _write(**changes):
        path = tmp_path / "study.yaml"
        path.write_text(yaml.safe_dump({**GOOD, **changes}), encoding="utf-8")
        return path

    return _write


def test_defaults_are_the_careful_ones(write):
    file = read_study_file(write())
    assert file.data == "personal"
    assert (file.disclosure.threshold, file.disclosure.base) == (5, 5)
    assert file.language == "nb"


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"langauge": "nb"}, r"langauge: there is no such key\. Did you mean language\?"),
        (
            {"source": {"folder": "x", "maping": "m"}},
            r"source\.maping: there is no such key\. Did you mean mapping\?",
        ),
        ({"language": "no"}, r"language: input should be 'nb' or 'en'"),
        ({"cohort": "Nordstrand 2024"}, r"cohort: string should match pattern"),
        ({"cohort": "across"}, r"cohort may not be called 'across'"),
        ({"source": {}}, r"exactly one of demo, folder, database, parquet"),
        ({"source": {"folder": "x"}}, r"a folder or a database needs a mapping file"),
        ({"source": {"demo": {}, "mapping": "m"}, "data": "synthetic"}, r"demo and parquet take none"),
        ({"source": {"demo": {}}}, r"the embedded demo is synthetic"),
        (
            {"source": {"demo": {"people": 0}}, "data": "synthetic"},
            r"people: input should be greater than or equal",
        ),
        ({"comparison": "comparison"}, r"a comparison needs assignment"),
        ({"disclosure": "none"}, r'disclosure "none" needs data: synthetic or data: public'),
        ({"disclosure": {"treshold": 5}}, r"disclosure: .*treshold"),
        ({"disclosure": {"threshold": 5, "base": 50}}, r"disclosure: "),
        ({"disclosure": 5}, r'disclosure: give "none", a preset, or threshold and base'),
        ({"notebooks": {"05_x": ["a"]}}, r"a list must be empty"),
        ({"formats": ["odt"]}, r"formats\.0: input should be 'html'"),
        ({"as_of": "yesterday"}, r"as_of: input should be a valid date"),
        ({"primary": [{"id": "q1"}]}, r"primary\.0\.question: is missing"),
    ],
)
def test_a_mistake_is_told(write, changes, complaint):
    with pytest.raises(ParameterProblem, match=complaint):
        read_study_file(write(**changes))


def test_all_mistakes_at_once(write):
    with pytest.raises(ParameterProblem, match=r"study\.yaml: 3 things are wrong"):
        read_study_file(write(langauge="x", seed=-1, as_of="never"))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [("a: [", "not readable as YAML in UTF-8: line"), ("- a", "must hold keys and values")],
)
def test_what_is_not_a_study_is_refused(tmp_path, text, complaint):
    path = tmp_path / "s.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ParameterProblem, match=complaint):
        read_study_file(path)


def test_latin_1_is_refused_not_guessed(tmp_path):
    path = tmp_path / "s.yaml"
    path.write_bytes("title: bokmål".encode("latin-1"))
    with pytest.raises(ParameterProblem, match="check its encoding"):
        read_study_file(path)


def test_a_missing_file_names_the_nearest(tmp_path, write):
    write()
    with pytest.raises(ParameterProblem, match=r"Did you mean .*study\.yaml\?"):
        read_study_file(tmp_path / "stduy.yaml")


def test_an_environment_variable_is_put_in(monkeypatch):
    monkeypatch.setenv("BACKTORULE_DATA", "/data")
    assert expand("${BACKTORULE_DATA}/x", study="s.yaml") == "/data/x"


@pytest.mark.parametrize("value", [None, ""])
def test_an_unset_variable_stops_with_what_to_do(monkeypatch, value):
    monkeypatch.delenv("BACKTORULE_DATA", raising=False)
    if value is not None:
        monkeypatch.setenv("BACKTORULE_DATA", value)
    with pytest.raises(ParameterProblem, match=r"s\.yaml uses \$\{BACKTORULE_DATA\}, but .* not set"):
        expand("${BACKTORULE_DATA}/x", study="s.yaml")


def test_left_out_and_overrides(write):
    file = read_study_file(write(notebooks={"07_a": [], "05_b": {"x": 1}}))
    assert file.left_out("07_a")
    assert not file.left_out("05_b")
    assert file.overrides("05_b") == {"x": 1}
    assert file.overrides("07_a") == {}
