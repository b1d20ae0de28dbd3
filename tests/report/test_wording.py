"""Sentences from estimates: every branch as it reads, and nothing beyond what was released."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backtorule_eval.analyses.estimate import Estimand, Measure
from backtorule_eval.disclosure.rules import PUBLIC
from backtorule_eval.errors import ParameterProblem
from backtorule_eval.report.numbers import read_figures
from backtorule_eval.report.wording import Branch, Declared, branch, sentences
from tests.report.examples import RULES, difference, estimate, released
from tests.report.words import CAUSAL

UP = dict(worthwhile=10.0, direction="up")
DOWN = dict(worthwhile=10.0, direction="down")
NOT_SHOWN = {
    "nb": "Tallet vises ikke: for få personer ligger bak, eller de er for like hverandre.",
    "en": "The figure is not shown: too few people are behind it, or they are too alike.",
}


def say(one, language, *, rules=RULES, **declared):
    (sentence,) = sentences(released(one, view="sentence", rules=rules, **declared), language)
    return sentence.replace("\u00a0", " ")


# --- The five wordings, as the page's example has them ------------------------------------------


@pytest.mark.parametrize(
    ("points", "nb", "en"),
    [
        (
            (18, 11, 25),
            "Flere besto: om lag 18 flere per 100 (mellom 11 og 25).",
            "More passed: about 18 more per 100 (between 11 and 25).",
        ),
        (
            (13, 2, 25),
            "Noe flere besto, men hvor mange er usikkert: mellom 2 og 25 flere per 100.",
            "Somewhat more passed, but how many is uncertain: between 2 and 25 more per 100.",
        ),
        (
            (1, -3, 4),
            "Forskjellen er for liten til å ha praktisk betydning: mellom 3 færre og 4 flere per 100.",
            "The difference is too small to matter in practice: between 3 fewer and 4 more per 100.",
        ),
        (
            (9, -12, 30),
            "Vi kan ikke si om det er en forskjell: tallene passer både med 12 færre og 30 flere per 100.",
            "We cannot say whether there is a difference: the figures fit both 12 fewer and 30 more per 100.",
        ),
        (
            (-15, -25, -5),
            "Færre besto: om lag 15 færre per 100 (mellom 5 og 25).",
            "Fewer passed: about 15 fewer per 100 (between 5 and 25).",
        ),
    ],
)
def test_the_five_wordings_of_a_declared_comparison(points, nb, en):
    assert say(difference(*points, causal=True), "nb", **UP) == nb
    assert say(difference(*points, causal=True), "en", **UP) == en


@pytest.mark.parametrize(
    ("points", "nb", "en"),
    [
        (
            (-18, -25, -11),
            "Høyere interesse for fagene henger sammen med at færre sluttet på videregående: "
            "om lag 18 færre per 100 (mellom 11 og 25).",
            "Higher interest in the subjects goes with fewer who left upper secondary school: "
            "about 18 fewer per 100 (between 11 and 25).",
        ),
        (
            (-13, -25, -2),
            "Høyere interesse for fagene henger sammen med at noe færre sluttet på videregående, "
            "men hvor mange er usikkert: mellom 2 og 25 færre per 100.",
            "Higher interest in the subjects goes with somewhat fewer who left upper secondary school, "
            "but how many is uncertain: between 2 and 25 fewer per 100.",
        ),
        (
            (1, -3, 4),
            "Forskjellen som henger sammen med høyere interesse for fagene, er for liten til å ha praktisk "
            "betydning: mellom 3 færre og 4 flere per 100 som sluttet på videregående.",
            "The difference that goes with higher interest in the subjects is too small to matter in "
            "practice: "
            "between 3 fewer and 4 more per 100 who left upper secondary school.",
        ),
        (
            (9, -12, 30),
            "Vi kan ikke si om høyere interesse for fagene henger sammen med at flere eller færre sluttet på "
            "videregående: tallene passer både med 12 færre og 30 flere per 100.",
            "We cannot say whether higher interest in the subjects goes with more or fewer who left upper "
            "secondary school: the figures fit both 12 fewer and 30 more per 100.",
        ),
        (
            (15, 5, 25),
            "Høyere interesse for fagene henger sammen med at flere sluttet på videregående: "
            "om lag 15 flere per 100 (mellom 5 og 25).",
            "Higher interest in the subjects goes with more who left upper secondary school: "
            "about 15 more per 100 (between 5 and 25).",
        ),
    ],
)
def test_the_five_wordings_of_what_was_observed_where_fewer_is_better(points, nb, en):
    one = difference(*points, contrast="interest", outcome="left")
    assert say(one, "nb", **DOWN) == nb
    assert say(one, "en", **DOWN) == en


# --- Other sentences ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("high", "nb", "en"),
    [
        (
            -0.0267,
            "Høyere interesse for fagene henger sammen med at færre sluttet på videregående, sammenliknet "
            "med "
            "tilsvarende høyere opplevd nytte. (Forskjell i log-odds per standardavvik: −0,08, mellom "
            "−0,14 og "
            "−0,03.)",
            "Higher interest in the subjects goes with fewer who left upper secondary school, compared with "
            "equally higher perceived utility. (Difference in log odds per standard deviation: −0.08, "
            "between "
            "−0.14 and −0.03.)",
        ),
        (
            0.0112,
            "Vi kan ikke si om høyere interesse for fagene henger sammen med at flere eller færre sluttet på "
            "videregående, sammenliknet med tilsvarende høyere opplevd nytte. (Forskjell i log-odds per "
            "standardavvik: −0,08, mellom −0,14 og 0,01.)",
            "We cannot say whether higher interest in the subjects goes with more or fewer who left upper "
            "secondary school, compared with equally higher perceived utility. (Difference in log odds per "
            "standard deviation: −0.08, between −0.14 and 0.01.)",
        ),
    ],
)
def test_a_contrast_in_log_odds_says_what_it_means_before_its_figures(high, nb, en):
    # A size declared in people per hundred says nothing about log odds.
    assert say(estimate(high=high), "nb", rules=PUBLIC, **DOWN) == nb
    assert say(estimate(high=high), "en", rules=PUBLIC, **DOWN) == en


def test_a_difference_per_standard_deviation_says_so():
    one = difference(-0.9, -1.4, -0.4, contrast="interest", outcome="left", method="logit_g_computation")
    assert say(one, "nb", rules=PUBLIC).endswith("(mellom 0,4 og 1,4). (For ett standardavvik på skalaen.)")


@pytest.mark.parametrize(
    ("one", "nb", "en"),
    [
        (
            difference(45, 25, 65, measure=Measure.RISK, estimand=Estimand.INCIDENCE),
            "Om lag 45 av 100 besto (mellom 25 og 65 av 100).",
            "About 45 of 100 passed (between 25 and 65 of 100).",
        ),
        (
            difference(420, 390, 450, measure=Measure.MEAN, outcome="wellbeing", estimand=Estimand.MEAN),
            "Gjennomsnittet for psykisk velvære er 4,2 (mellom 3,9 og 4,5).",
            "The average of mental wellbeing is 4.2 (between 3.9 and 4.5).",
        ),
        (
            difference(12, 2, 22, estimand=Estimand.CHANGE, outcome="found_calm"),
            "Flere hadde «Fant ro»: om lag 12 flere per 100 (mellom 2 og 22). "
            "Dette er en endring over tid, ikke en sammenlikning.",
            "More had “Found calm”: about 12 more per 100 (between 2 and 22). "
            "This is a change over time, not a comparison.",
        ),
        (
            difference(18, 11, 25, causal=True, estimand=Estimand.ATT),
            "Flere besto: om lag 18 flere per 100 (mellom 11 og 25). Dette gjelder dem som deltok.",
            "More passed: about 18 more per 100 (between 11 and 25). This is about those who took part.",
        ),
        (
            difference(30, 10, 50, measure=Measure.MEAN_DIFFERENCE, outcome="wellbeing", causal=True),
            "Psykisk velvære var høyere: om lag 0,3 høyere (mellom 0,1 og 0,5).",
            "Mental wellbeing was higher: about 0.3 higher (between 0.1 and 0.5).",
        ),
        (
            difference(
                -30, -50, 20, measure=Measure.MEAN_DIFFERENCE, outcome="wellbeing", contrast="interest"
            ),
            "Vi kan ikke si om høyere interesse for fagene henger sammen med høyere eller lavere psykisk "
            "velvære: "
            "tallene passer både med 0,5 lavere og 0,2 høyere.",
            "We cannot say whether higher interest in the subjects goes with higher or lower mental "
            "wellbeing: "
            "the figures fit both 0.5 lower and 0.2 higher.",
        ),
    ],
)
def test_other_sentences(one, nb, en):
    assert say(one, "nb") == nb
    assert say(one, "en") == en


@pytest.mark.parametrize("language", ["nb", "en"])
def test_a_hidden_estimate_says_that_it_is_hidden(language):
    assert say(difference(18, 11, 25, smallest_arm=7), language) == NOT_SHOWN[language]


# --- What decides -------------------------------------------------------------------------------


def branch_of(one, declared=UP, rules=RULES):
    (shown,) = released(one, view="sentence", rules=rules).things
    return branch(shown, read_figures(shown, precise=rules.public), Declared(**declared))


@pytest.mark.parametrize(
    ("points", "up", "down"),
    [
        ((18, 10, 25), Branch.WORTHWHILE, Branch.WORSE),
        ((18, 9, 25), Branch.SOME, Branch.WORSE),
        ((5, 1, 10), Branch.SOME, Branch.WORSE),
        ((5, 1, 9), Branch.SMALL, Branch.SMALL),
        ((5, 0, 9), Branch.SMALL, Branch.SMALL),
        ((5, 0, 10), Branch.UNKNOWN, Branch.UNKNOWN),
        ((0, -9, 9), Branch.SMALL, Branch.SMALL),
        ((0, -10, 9), Branch.UNKNOWN, Branch.UNKNOWN),
        ((-5, -10, -1), Branch.WORSE, Branch.SOME),
        ((-18, -25, -10), Branch.WORSE, Branch.WORTHWHILE),
    ],
)
def test_the_branch_at_its_boundaries(points, up, down):
    assert branch_of(difference(*points)) is up
    assert branch_of(difference(*points), DOWN) is down


def test_without_a_declared_size_only_the_direction_is_said():
    assert branch_of(difference(5, 1, 9), {}) is Branch.DIFFERENT
    assert branch_of(difference(5, -1, 9), {}) is Branch.UNKNOWN
    assert branch_of(difference(5, 1, 9), {"worthwhile": 10.0}) is Branch.DIFFERENT


def test_an_interval_that_is_rounded_onto_zero_does_not_say_that_there_is_a_difference():
    assert branch_of(difference(12, 0.4, 24)) is Branch.UNKNOWN
    assert branch_of(difference(12, 0.6, 24)) is Branch.SOME


@settings(deadline=None)
@given(
    st.floats(-60, 60),
    st.floats(0, 40),
    st.sampled_from([UP, DOWN, {}]),
    st.sampled_from(["interest", "interest_minus_utility", "programme_minus_comparison"]),
    st.sampled_from([Measure.RISK_DIFFERENCE, Measure.LOG_ODDS, Measure.MEAN_DIFFERENCE]),
)
def test_what_is_only_observed_goes_together_and_no_more(value, half, declared, contrast, measure):
    outcome = "wellbeing" if measure is Measure.MEAN_DIFFERENCE else "left"
    one = difference(value, value - half, value + half, contrast=contrast, measure=measure, outcome=outcome)
    nb, en = say(one, "nb", **declared), say(one, "en", **declared)
    assert "henger sammen med" in nb
    assert "goes with" in en
    assert not CAUSAL.search(nb)
    assert not CAUSAL.search(en)
    assert "ingen forskjell" not in nb


@pytest.mark.parametrize(
    ("given", "name"),
    [({"contrast": "unheard_of"}, "unheard_of"), ({"outcome": "nobody_knows"}, "nobody_knows")],
)
def test_a_name_without_words_is_refused_by_name(given, name):
    with pytest.raises(ParameterProblem, match=f"no words for '{name}'. Give the result a Term"):
        say(estimate(**given), "nb")
