from __future__ import annotations

import re
import string
from importlib import resources

import pandas as pd
import pytest
import yaml

from backtorule_eval.cohort.problems import describe
from backtorule_eval.measures.scales import find_scale, load_catalogue
from backtorule_eval.measures.survey_rules import survey_rules
from tests.measures.made import answered, mapped, table

WORDS = yaml.safe_load(
    resources.files("backtorule_eval.cohort").joinpath("rules_scales.yaml").read_text(encoding="utf-8")
)


def found(frame, **more):
    """Everything the rules find in these surveys."""
    tables = mapped(frame.reset_index(drop=True), **more)
    return [problem for rule in survey_rules() for problem in rule(tables)]


def rules(problems):
    return [problem.rule for problem in problems]


def items(*names, value=1.0):
    rows = [{"person": "p1", "wave": 0, "item": name, "value": value} for name in names]
    return table("surveys", rows)


# --- Answers -----------------------------------------------------------------------------------


@pytest.mark.parametrize("scale", list(load_catalogue().scales))
def test_clean_answers_pass(scale):
    coding = next(iter(find_scale(scale).codings.values()))
    count = find_scale(scale).items.count
    clean = answered(scale, [coding.low] * count, [coding.high] * count, [None] * count)
    assert found(clean) == []


@pytest.mark.parametrize(
    ("scale", "answer", "wrong"),
    [
        ("ams", 0, True),
        ("ams", 1, False),
        ("ams", 7, False),
        ("ams", 8, True),
        ("ams", 99, True),
        ("rses", -1, True),
        ("rses", 0, False),
        ("rses", 4, False),
        ("rses", 5, True),
        ("cantril", 10, False),
        ("cantril", 11, True),
    ],
)
def test_answers_outside_the_scale(scale, answer, wrong):
    count = find_scale(scale).items.count
    problems = found(answered(scale, [2] * (count - 1) + [answer]))
    assert rules(problems) == (["answer_outside_scale"] if wrong else [])


def test_a_problem_says_where_and_never_what():
    frame = answered("ams", [4] * 28, [4] * 27 + [93], [4] * 27 + [87])
    (problem,) = found(frame, item_columns={"ams_28": "Spørsmål 28"})
    assert (problem.file, problem.table, problem.column) == ("svar.csv", "surveys", "Spørsmål 28")
    assert (problem.n_rows, problem.first_rows) == (2, (3, 4))
    assert problem.detail == {"scale": "AMS-28", "low": "1", "high": "7"}
    assert "93" not in repr(problem)


def test_answers_between_whole_numbers():
    assert rules(found(answered("hscl", [2.5] + [1] * 9))) == ["answer_not_whole"]


def test_an_answer_outside_is_not_told_as_no_whole_number_too():
    assert rules(found(answered("hscl", [9.5] + [1] * 9))) == ["answer_outside_scale"]


def test_answers_in_two_codings():
    (problem,) = found(answered("rses", [0] * 10, [1] * 10, [4] * 10))
    assert problem.rule == "answer_codings_mixed"
    assert (problem.n_rows, problem.first_rows) == (2, (2, 4))
    assert problem.detail["codings"] == "0–3, 1–4"


@pytest.mark.parametrize("answers", [(0, 3), (1, 4), (1, 3)])
def test_answers_in_one_coding_pass(answers):
    assert found(answered("rses", *([answer] * 10 for answer in answers))) == []


def test_an_answer_outside_is_not_told_as_a_mixed_coding_too():
    assert rules(found(answered("rses", [7] + [3] * 9))) == ["answer_outside_scale"]


# --- Items -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "rule"),
    [
        ("ams_29", "item_beyond_scale"),
        ("ams_00", "item_beyond_scale"),
        ("ams_1", "item_beyond_scale"),
        ("ams29", "item_beyond_scale"),
        ("rses_11", "item_beyond_scale"),
        ("motivation_01", "item_without_scale"),
        ("ams_total", "item_without_scale"),
        ("trivsel", "item_without_scale"),
        ("ams_28_01", "item_without_scale"),
    ],
)
def test_items_that_no_scale_has(item, rule):
    (problem,) = found(items(item))
    assert (problem.rule, problem.column) == (rule, "Sp")


def test_an_item_with_a_raw_column_of_its_own_is_told_by_it():
    problems = found(items("ams_29", "trivsel"), item_columns={"ams_29": "Sp 29", "trivsel": "Trivsel"})
    assert {(p.rule, p.column) for p in problems} == {
        ("item_beyond_scale", "Sp 29"),
        ("item_without_scale", "Trivsel"),
    }


def test_a_missing_item_name_is_left_to_the_dictionary():
    frame = items("cantril_01")
    frame["item"] = pd.array([None], dtype="str")
    assert found(frame) == []


def test_a_scale_that_lacks_items():
    frame = answered("ucla", [1, 2, 3])
    (problem,) = found(frame[frame["item"] != "ucla_02"])
    assert problem.rule == "scale_incomplete"
    assert problem.detail == {"scale": "UCLA-3", "items": "ucla_02"}
    assert problem.file == "svar.csv"


def test_no_surveys_are_no_problem():
    frame = table("surveys")
    origin = {"file": pd.Series([], dtype="str"), "row": pd.Series([], dtype="int64")}
    tables = mapped(answered("ucla", [1, 2, 3]))
    empty = type(tables["surveys"])(name="surveys", frame=frame, origin=pd.DataFrame(origin))
    assert [problem for rule in survey_rules() for problem in rule({"surveys": empty})] == []


def test_the_tables_are_not_changed():
    tables = mapped(answered("ams", [0] * 28))
    before = tables["surveys"].frame.copy()
    assert all(rule(tables) is not None for rule in survey_rules())
    pd.testing.assert_frame_equal(tables["surveys"].frame, before)


# --- Words -------------------------------------------------------------------------------------

EVERYTHING_WRONG = pd.concat(
    [
        answered("ams", [0] * 28),
        answered("hscl", [1.5] * 10),
        answered("rses", [0] * 5 + [4] * 5),
        items("ams_29", "trivsel", "ucla_01"),
    ]
)


def test_every_rule_has_its_words_and_every_gap_is_filled():
    problems = found(EVERYTHING_WRONG)
    assert {problem.rule for problem in problems} == set(WORDS)
    for problem in problems:
        for language in ("nb", "en"):
            for text in WORDS[problem.rule][language].values():
                gaps = {name for _, name, _, _ in string.Formatter().parse(text) if name}
                assert gaps <= set(problem.detail)


@pytest.mark.parametrize("language", ["nb", "en"])
def test_problems_are_told_in_words(language):
    described = {problem.rule: describe(problem, language) for problem in found(EVERYTHING_WRONG)}
    assert described["answer_outside_scale"].severity == "error"
    assert described["item_without_scale"].severity == "warning"
    assert "AMS-28" in described["item_beyond_scale"].problem
    assert not any("?" in words.problem or "{" in words.problem for words in described.values())


@pytest.mark.parametrize("rule", sorted(WORDS))
def test_form_of_the_words(rule):
    entry = WORDS[rule]
    assert set(entry) == {"severity", "nb", "en"}
    warning = {"item_without_scale", "scale_incomplete"}
    assert entry["severity"] == ("warning" if rule in warning else "error")
    assert all(set(entry[language]) == {"problem", "remedy"} for language in ("nb", "en"))
    assert all(re.fullmatch(r"\S.*[.]", entry[lang][part]) for lang in ("nb", "en") for part in entry[lang])
