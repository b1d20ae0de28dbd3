"""Pictures of groups side by side and of averages over time: what they say, and what they do not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from matplotlib.lines import Line2D
from matplotlib.patches import Circle

from backtorule_eval.disclosure.rules import PUBLIC
from backtorule_eval.errors import ParameterProblem
from backtorule_eval.report.views import render
from tests.report.examples import RULES, WEIGHTED, balance, released, waves


def rendered(*things, view, language="nb", **how):
    return render(released(*things, view=view, **how), language)


def test_the_sentence_counts_lines_that_are_alike_after_weighting():
    one = rendered(balance(*WEIGHTED), view="balance")
    assert one.sentences == ("Etter vekting er deltakerne og de andre like på 2 av de 5 linjene som vises.",)
    assert "Åpne prikker er før vekting, fylte prikker etter." in one.content.notes


@pytest.mark.parametrize(
    ("differences", "rules", "alike"),
    [
        ((0.4, 0.12), RULES, 0),
        ((0.4, 0.08), RULES, 0),
        ((-0.12, 0.04), RULES, 1),
        ((0.4, 0.12), PUBLIC, 0),
        ((-0.1, 0.12), PUBLIC, 1),
    ],
)
def test_what_rounding_may_have_brought_to_the_line_is_not_called_alike(differences, rules, alike):
    one = rendered(balance(*((x, None) for x in differences)), view="balance", language="en", rules=rules)
    assert one.sentences == (f"Participants and the others are alike in {alike} of the 2 lines shown.",)
    told = [note for note in one.content.notes if "0.1 may be more" in note]
    assert (len(told) == 0) is rules.public
    assert not [note for note in one.content.notes if "Open dots" in note]


def test_groups_too_small_are_a_sentence_and_hidden_words():
    one = rendered(balance((0.4, None), n=(7, 60)), view="balance")
    assert one.sentences == ("Hvor like deltakerne og de andre er, vises ikke: for få står bak.",)
    assert one.rows[1][1] == "skjult"


def test_before_and_after_are_words_in_the_picture():
    one = rendered(balance((0.42, 0.08), (0.31, 0.29)), view="balance")
    assert "Alder ved start: 0,4, vektet 0,1" in one.figures[0].alt
    assert "Kvinner: 0,3" in one.figures[0].alt
    assert one.rows[0][2] == "Etter vekting"
    assert "stroke-dasharray" in one.figures[0].picture().svg


def test_public_differences_have_two_decimals():
    one = rendered(balance((0.4187, None)), view="balance", rules=PUBLIC)
    assert one.rows[1][1] == "0.42"
    assert "0,42" in one.figures[0].alt


def test_two_balances_are_two_pictures_with_names_of_their_own():
    one = rendered(balance((0.4, None)), balance((0.3, None)), view="balance")
    assert len({figure.key for figure in one.figures}) == 2


def test_every_wave_of_every_scale_is_in_the_words_and_the_table():
    one = rendered(*waves(55, 44, 38), view="waves")
    assert "Psykisk velvære (SWEMWBS): Ved start 20,1, 6 md. 20,5, 12 md. 20,9" in one.figures[0].alt
    assert len(one.rows) == 1 + 9


def test_a_wave_of_few_is_hidden_and_no_line_passes_over_it():
    shown, gap = (rendered(*waves(*sizes), view="waves").figures[0] for sizes in ((24, 20, 20), (24, 9, 20)))
    assert "6 md. skjult" in gap.alt
    lines = [figure.picture().svg.count("stroke-width: 0.9") for figure in (shown, gap)]
    assert lines == [6, 0]


def test_every_dot_stands_in_the_middle_of_its_interval_and_higher_for_more():
    one = rendered(*waves(55, 44, 38), view="waves", rules=PUBLIC).figures[0]
    for figure in (one.figure, one.for_phone):
        dots = [part.center for part in figure.artists if isinstance(part, Circle)]
        bars = [part.get_xydata() for part in figure.artists if is_bar(part)]
        assert len(dots) == len(bars) == 9
        for dot, ((x, low), (also_x, high)) in zip(dots, bars, strict=True):
            assert (x, also_x, (low + high) / 2) == pytest.approx((dot[0], dot[0], dot[1]))
            assert low - high > 1
        # Averages of each scale rise from wave to wave, and a page is measured from its top.
        for first, second, third in (dots[:3], dots[3:6], dots[6:]):
            assert first[1] > second[1] > third[1]


def is_bar(part) -> bool:
    """Whether this is the interval of an average."""
    return isinstance(part, Line2D) and part.get_linewidth() == 2


def test_waves_need_names_and_the_same_variables():
    first, second = waves(55, 44)
    with pytest.raises(ParameterProblem, match="every wave needs its name"):
        rendered(first, replace(second, label=None), view="waves")
    with pytest.raises(ParameterProblem, match="the waves need the same variables"):
        rendered(first, replace(second, rows=second.rows[:2]), view="waves")
