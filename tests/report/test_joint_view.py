"""What people say beside what is counted, as a reader sees it."""

from __future__ import annotations

import pytest

from backtorule_eval.analyses.estimate import Measure
from backtorule_eval.analyses.joint_display import Agreement
from backtorule_eval.disclosure.rules import PUBLIC
from backtorule_eval.report.joint_view import AGREEMENTS
from backtorule_eval.report.views import render
from tests.report.examples import difference, joint, joint_row, quote, released

HIDDEN = difference(18, 11, 25, n=7, n_events=None, smallest_arm=3)
AVERAGE = difference(40, -1, 50, measure=Measure.MEAN, outcome="wellbeing", contrast="", n_events=None)


def rendered(*things, language="nb", **how):
    return render(released(*things, view="joint", **how), language)


def test_words_stand_beside_the_number_and_whether_they_agree():
    one = rendered(joint(), rules=PUBLIC)
    (beside,) = one.content.tables
    first = [cell.shown for cell in beside.rows[0]]
    assert first[1] == "«Nå vet jeg hvem jeg skal ringe når det butter.» (en ungdom)"
    assert "18 flere per 100" in first[2].replace("\xa0", " ")
    assert first[3] == "Bekrefter: begge sier det samme"
    assert [cell.shown for cell in beside.rows[2]][1:] == ["Ikke sitert", "Ikke målt", "–"]
    assert "Sitatene er lest og godkjent ett for ett." in beside.notes


def test_where_nobody_is_quoted_nothing_is_said_of_quotes():
    assert "godkjent" not in rendered(joint(joint_row(12)), rules=PUBLIC).html


@pytest.mark.parametrize("language", ["nb", "en"])
def test_every_judgement_has_its_words(language):
    rows = [joint_row(12, number=difference(18, 9, 27), agreement=agreement) for agreement in Agreement]
    words = [row[3].shown for row in rendered(joint(*rows), language=language).content.tables[0].rows]
    assert len(set(words)) == len(AGREEMENTS) == len(Agreement)


def test_few_interviewed_are_words_and_no_quote():
    one = rendered(joint(joint_row(2, quote=quote(group=7)), n=7))
    assert "skjult" in one.figures[0].alt
    assert "ringe" not in one.html


def test_the_page_says_that_themes_are_no_shares():
    assert "ikke trukket tilfeldig" in rendered(joint()).html


def test_two_displays_are_two_pictures_with_names_of_their_own():
    assert len({figure.key for figure in rendered(joint(), joint()).figures}) == 2


@pytest.mark.parametrize(
    ("agreement", "number", "told"),
    [
        (Agreement.CONFIRM, difference(4, -9, 17), "Cannot be told"),
        (Agreement.CLASH, difference(4, -9, 17), "Cannot be told"),
        (Agreement.CLASH, difference(18, 11, 25), "Clashes"),
        (Agreement.EXPAND, difference(4, -9, 17), "Expands"),
        (Agreement.EXPAND, HIDDEN, "Cannot be told"),
        (Agreement.CONFIRM, AVERAGE, "Confirms"),
        (Agreement.CONFIRM, difference(40, -1, 50, measure=Measure.RISK, contrast=""), "Confirms"),
    ],
)
def test_words_agree_only_with_a_number_that_says_something(agreement, number, told):
    one = rendered(joint(joint_row(12, number=number, agreement=agreement)), language="en")
    assert one.content.tables[0].rows[0][3].shown.partition(":")[0] == told
