"""The reader of alternative texts sees every kind of useless one."""

from __future__ import annotations

import pytest

from tests.report.alt_text import faults_of_alt, faults_of_spoken

CAPTION = "Hvor mange som svarte, etter runde"


@pytest.mark.parametrize(
    ("alt", "fault"),
    [
        ("", "empty"),
        (" \n", "empty"),
        (CAPTION, "the caption again"),
        (CAPTION.upper() + ".", "the caption again"),
        ("Etter runde.", "the caption again"),
        (r"Andelen er \frac{15}{60} av alle som svarte.", "TeX"),
        ("Andelen er $15/60$ av alle som svarte her.", "TeX"),
        ("Søyle: 15 av 60.", "too short to say anything"),
        ("Søylediagram over svar i runde 1 og 2", "not a sentence"),
        ("søyler med 15 svar i første og 20 svar i andre runde.", "not a sentence"),
        ("Bildet i filen svar-2024.png viser 15 og 20 svar.", "names a file"),
        ("Et søylediagram over dem som svarte, etter runde.", "no figure and no finding"),
        ("Etter runde 1 av 3. Et søylediagram over svarene.", "no figure and no finding"),
    ],
)
def test_a_useless_alternative_text_is_seen(alt, fault):
    assert fault in faults_of_alt(alt, beside=[CAPTION, "Etter runde 1 av 3"])


@pytest.mark.parametrize(
    "alt",
    [
        "Søyler. Svarte på alt: 10 (17 %); Svarte ikke: 15 (25 %).",
        "Hvor mange som svarte, etter runde: 15 svarte i den første.",
        "Ett punkt per skala. Alle tallene er skjult.",
    ],
)
def test_a_sentence_that_says_what_was_found_passes(alt):
    assert faults_of_alt(alt, beside=[CAPTION]) == []


@pytest.mark.parametrize(
    ("spoken", "fault"), [("", "empty"), (r"\bar{x} = 3", "TeX"), ("Gjennomsnitt", "the caption again")]
)
def test_a_formula_that_cannot_be_heard_is_seen(spoken, fault):
    assert faults_of_spoken(spoken, beside=["Gjennomsnitt"]) == [fault]


def test_a_formula_that_can_be_heard_passes():
    assert faults_of_spoken("alfa er lik k delt på k minus 1", beside=["Gjennomsnitt"]) == []
