"""Pictures of curves of choices: what they say of chance, and what they do not when nothing is shown."""

from __future__ import annotations

from dataclasses import replace

from backtorule_eval.disclosure.rules import PUBLIC
from backtorule_eval.report.views import render
from tests.report.examples import choices, released


def rendered(*things, language="nb", **how):
    return render(released(*things, view="choices", **how), language)


def test_the_sentences_say_the_range_the_direction_and_chance():
    one = rendered(choices(), rules=PUBLIC)
    assert [sentence.replace("\xa0", " ") for sentence in one.sentences] == [
        "Regnet ut på 8 måter ligger forskjellen mellom −4,2 og 0,0 per 100; 7 av de 8 måtene peker samme "
        "vei, og 4 av dem med mer enn tilfeldigheter alene lett gir.",
        "Var det ingen sammenheng i det hele tatt, ville et så tydelig bilde være sjeldent "
        "(median: p 0,004).",
    ]


def test_a_picture_that_chance_makes_easily_says_so():
    for rules in (PUBLIC, None):
        how = {"rules": rules} if rules else {}
        one = rendered(choices(p_median=0.31), language="en", **how)
        assert "would not be rare" in one.sentences[1]


def test_a_p_value_at_the_edge_of_a_band_is_read_by_its_upper_end():
    assert "ville et så tydelig bilde være sjeldent" in rendered(choices(p_median=0.05)).sentences[1]
    assert "ikke være sjeldent" in rendered(choices(p_median=0.051)).sentences[1]


def test_every_choice_is_a_row_with_its_words():
    one = rendered(choices(), language="en")
    assert len(one.rows) == 1 + 8
    assert one.rows[1][0] == "The average of all scales"
    assert one.rows[8][0].startswith("Interest against utility, in mathematics alone; + sex, origin")


def test_answers_that_are_hidden_are_a_sentence_and_a_table():
    curve = choices(1)
    few = replace(curve.rows[0], estimate=replace(curve.rows[0].estimate, n_events=3))
    one = rendered(replace(curve, rows=(few,)))
    assert one.figures == ()
    assert one.sentences == (
        "Tallet vises ikke: for få personer ligger bak, eller de er for like hverandre.",
    )
    assert one.rows[1][1] == "skjult"


def test_the_three_p_values_stand_in_the_method():
    assert all(p in rendered(choices(), rules=PUBLIC).content.method[0] for p in ("0,004", "0,28", "0,012"))
