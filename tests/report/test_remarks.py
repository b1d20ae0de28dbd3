"""What stands beside a number: every caution and refusal has its sentence in both languages."""

from __future__ import annotations

import pytest

from backtorule_eval.analyses.estimate import Caution
from backtorule_eval.analyses.support import load_support
from backtorule_eval.disclosure.rules import PUBLIC, DisclosureRules
from backtorule_eval.report.remarks import (
    REFUSALS,
    Certainty,
    caution_sentence,
    certainty_dots,
    certainty_words,
    provisional_sentence,
    refusal_sentences,
    rules_sentence,
)
from tests.report.examples import RULES, refusal, released


def told(language, rules=RULES, **given):
    shown = released(refusal(**given), view="refusal", rules=rules).things
    (sentence,) = refusal_sentences(shown, language, precise=rules.public)
    return sentence


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("caution", Caution)
def test_every_caution_has_its_sentence(caution, language):
    sentence = caution_sentence(caution, language)
    assert sentence[0].isupper()
    assert sentence.endswith(".")


def test_every_requirement_of_the_support_table_has_its_sentence():
    facts = {row.fact for rows in load_support().models.values() for row in rows}
    assert facts <= REFUSALS.keys()


@pytest.mark.parametrize(
    ("given", "nb"),
    [
        (
            {"reason": "smallest_cell", "needed": 20.0, "model": "interaction", "found": 3.0},
            "Kan ikke besvares: det er for få i hver gruppe (vi trenger minst 20).",
        ),
        (
            {"reason": "smallest_cell", "needed": 20.0, "model": "interaction", "found": 14.0},
            "Kan ikke besvares: det er for få i hver gruppe (vi trenger minst 20, og har om lag 10).",
        ),
        (
            {"reason": "clusters", "needed": 6.0, "model": "arm_contrast", "found": 1.0, "unit": "clusters"},
            "Kan ikke besvares: det er for få kontorer eller veiledere (vi trenger minst 6, og har 1).",
        ),
        (
            {"reason": "separation", "needed": None, "found": None, "unit": ""},
            "Kan ikke besvares: én variabel skiller helt mellom dem med og uten utfallet.",
        ),
        (
            {"reason": "collinear", "needed": 7.0, "found": 6.0, "unit": ""},
            "Kan ikke besvares: noen variabler sier det samme, så de kan ikke skilles fra hverandre.",
        ),
        (
            {"reason": "unheard_of", "needed": 7.0, "found": 6.0, "unit": ""},
            "Kan ikke besvares: dataene kan ikke bære utregningen.",
        ),
        (
            {"reason": "persons", "needed": 500.0, "found": 41.0},
            "Kan ikke besvares: det er for få personer.",
        ),
    ],
)
def test_a_refusal_says_what_is_lacking_and_what_it_would_take(given, nb):
    assert told("nb", **given) == nb


def test_several_reasons_are_one_answer_each_said_once():
    lacking = (refusal(reason="clusters", needed=None, found=None), refusal(), refusal())
    shown = released(*lacking, view="refusal").things
    assert refusal_sentences(shown, "nb", precise=False) == (
        "Kan ikke besvares: det er for få kontorer eller veiledere.",
        "Dessuten: for få hadde utfallet, eller for få var uten det (vi trenger minst 10, og har om lag 5).",
    )


def test_public_data_say_exactly_what_they_have():
    given = {"reason": "events_per_parameter", "needed": 5.0, "found": 4.6, "unit": "persons_per"}
    assert told("en", PUBLIC, **given) == (
        "Cannot be answered: too few had the outcome for all that was to be held constant "
        "(we need at least 5, and have 4.6)."
    )


def test_the_rules_are_told():
    assert rules_sentence(DisclosureRules(threshold=10, base=5), "nb").startswith(
        "Antall fra 1 til 9 er skjult, og andre er avrundet til nærmeste 5"
    )
    assert "vises fullt ut" in rules_sentence(PUBLIC, "nb")


def test_what_is_provisional_says_so():
    assert provisional_sentence("nb") == "Foreløpig: ikke kontrollert mot resten, ikke for deling."
    assert provisional_sentence("en") == "Provisional: not checked against the rest, not for sharing."


@pytest.mark.parametrize(
    ("certainty", "words", "dots"),
    [
        (Certainty.HIGH, "Sikkert", "●●●●"),
        (Certainty.MODERATE, "Ganske sikkert", "●●●○"),
        (Certainty.LOW, "Usikkert", "●●○○"),
        (Certainty.VERY_LOW, "Svært usikkert", "●○○○"),
        (Certainty.DESCRIPTION, "Beskrivelse", ""),
    ],
)
def test_certainty_is_a_word_and_four_dots(certainty, words, dots):
    assert (certainty_words(certainty, "nb"), certainty_dots(certainty)) == (words, dots)
