from __future__ import annotations

import pytest

from backtorule_eval.disclosure.rules import PUBLIC
from backtorule_eval.report.views import render
from tests.report.examples import RULES, change_rules, correlations, fits, released, reliability


def rendered(*things, language="nb", rules=RULES):
    return render(released(*things, view="quality", rules=rules), language)


def test_reliability_is_a_sentence_a_picture_and_a_table():
    one = rendered(reliability((49, 8), (50, 7), (48, 9)))
    assert one.sentences[0] == (
        "Påliteligheten til skalaene går fra 0,62 (amotivasjon) til 0,81 (ytre regulering), "
        "der 1 er uten feil."
    )
    (figure,) = one.figures
    assert "Ytre regulering: 0,81 (" in figure.alt
    assert figure.table.head[:3] == ("Skala", "Spørsmål", "Alfa")
    assert [cell.shown for cell in figure.table.rows[0]][:3] == ["Indre motivasjon: kunnskap", "1, 8", "0,75"]
    assert "Nøkkelen er ikke sjekket." in one.html


def test_a_scale_of_too_few_keeps_its_row_without_a_mark():
    one = rendered(reliability((49, 8), (9, 48)), language="en")
    assert "External regulation: hidden" in one.figures[0].alt
    assert "0.75" in one.sentences[0]


def test_where_nothing_is_shown_there_is_a_sentence_and_no_picture():
    one = rendered(reliability((7, 2)), language="en")
    assert one.sentences == ("How reliable the scales are is not shown: too few are behind it.",)
    assert not one.figures


@pytest.mark.parametrize(("language", "value"), [("nb", "−0,40"), ("en", "−0.40")])
def test_correlations_are_a_matrix_with_every_pair_folded_under_it(language, value):
    one = rendered(correlations(), language=language)
    matrix, pairs = one.content.tables[0], one.content.folded[0]
    assert matrix.head[1:] == ("1", "2")
    assert [[cell.shown for cell in row[1:]] for row in matrix.rows] == [
        ["–", "–"],
        ["0,10" if language == "nb" else "0.10", "–"],
        [value, "−0,20" if language == "nb" else "−0.20"],
    ]
    assert len(pairs.rows) == 3


def test_fit_is_shown_in_short_with_all_of_it_folded():
    one = rendered(fits(), language="en")
    short, whole = one.content.tables[0], one.content.folded[0]
    assert short.head == ("Model", "CFI", "RMSEA", "Fits worse than the line above: p")
    assert [cell.shown for cell in short.rows[1]] == [
        "Five factors",
        "0.94",
        "0.04",
        "below\N{NO-BREAK SPACE}0.001",
    ]
    assert [cell.shown for cell in whole.rows[0]] == [
        "Seven factors",
        "340",
        "329",
        "above\N{NO-BREAK SPACE}0.1",
        "1.00",
        "0.01",
        "–",
        "450",
    ]


def test_waves_say_scale_and_model():
    short = rendered(fits("waves"), language="en").content.tables[0]
    assert short.head[:2] == ("Scale", "Model")
    assert [cell.shown for cell in short.rows[0]][:2] == ["Intrinsic motivation: to know", "Seven factors"]


def test_rules_of_change_are_in_units_of_the_scale():
    one = rendered(change_rules(), language="en")
    assert [cell.shown for cell in one.content.tables[0].rows[0]][1:4] == ["0.75", "1.0", "1.4"]


def test_public_data_have_their_digits():
    row = rendered(fits(), language="en", rules=PUBLIC).content.folded[0].rows[0]
    assert [cell.shown for cell in row][1:6] == ["338.3", "329", "0.348", "0.998", "0.008"]
    rule = rendered(change_rules(), language="en", rules=PUBLIC).content.tables[0].rows[0]
    assert rule[2].shown == "1.03"
