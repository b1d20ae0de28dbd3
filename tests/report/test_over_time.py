"""Pictures of curves, states and calibration: what they say, and what they do not."""

from __future__ import annotations

import pytest

from backtorule_eval.disclosure.rules import PUBLIC
from backtorule_eval.report.views import render
from tests.report.examples import COMPARISON, FITTING, PROGRAMME, calibration, curve, released, states


def rendered(*things, language="nb", **how):
    return render(released(*things, **how), language)


def test_a_curve_says_where_it_ends_in_both_languages():
    for language, words in (
        ("nb", "Deltakere i Back to Rule: om lag 25 av 100 sluttet på videregående i løpet av 22 måneder"),
        ("en", "Participants in Back to Rule: about 25 of 100 left upper secondary school within 22 months"),
    ):
        one = rendered(
            curve(60, group=PROGRAMME), curve(75, 2, group=COMPARISON), view="curve", language=language
        )
        assert one.sentences[0].startswith(words)
        assert len(one.figures) == 1


def test_a_curve_s_words_and_table_hold_the_same_steps():
    one = rendered(curve(60, group=PROGRAMME), view="curve")
    assert one.figures[0].alt.count("% etter ") == len(one.rows) - 1
    assert one.rows[1][0].startswith("Deltakere i Back to Rule, ")


def test_a_curve_of_seven_is_a_sentence_and_no_picture():
    one = rendered(curve(7), view="curve")
    assert one.figures == ()
    assert one.sentences == (
        "Dem som var i opplæring ved start: kurven vises ikke, fordi for få står bak den.",
    )
    assert one.rows[1][1:] == ("skjult",) * 4


def test_lines_are_told_apart_without_colour():
    one = rendered(curve(60, group=PROGRAMME), curve(75, 2, group=COMPARISON), view="curve")
    assert "stroke-dasharray" in one.figures[0].picture().svg


def test_states_name_every_part_and_what_is_hidden():
    one = rendered(*states((40, 2, 12, 6, 0), (25, 7, 15, 8, 5)), view="states")
    (figure,) = one.figures
    assert "Ved start" in figure.alt
    assert "skjult" in figure.alt
    assert len(one.content.folded) == 1


def test_states_without_anybody_shown_are_still_a_picture_of_words():
    one = rendered(*states((3, 1, 2, 1, 0)), view="states")
    assert "skjult" in one.figures[0].alt


def test_calibration_says_in_how_many_groups_it_fits():
    one = rendered(calibration(*FITTING), view="calibration")
    assert one.sentences == (
        "I 4 av 4 grupper ligger det som ble forutsagt, innenfor intervallet for det som skjedde.",
    )
    assert one.figures[0].alt.count("forutsagt") == 4


def test_calibration_of_few_is_a_sentence():
    one = rendered(calibration((7, 2, 0.2)), view="calibration")
    assert one.figures == ()
    assert one.sentences == ("Hvor godt modellen forutsier, vises ikke: gruppene er for små.",)


@pytest.mark.parametrize("view", ["curve", "calibration"])
def test_public_ones_say_all(view):
    thing = curve(7) if view == "curve" else calibration((7, 2, 0.2))
    assert len(rendered(thing, view=view, rules=PUBLIC).figures) == 1
