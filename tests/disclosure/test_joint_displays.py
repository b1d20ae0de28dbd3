"""Themes and quotes: few who spoke are hidden, so are few who did not; words only of groups large enough."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backtorule_eval.analyses.estimate import Measure
from backtorule_eval.analyses.joint_display import Agreement
from backtorule_eval.cohort.dictionary import Text
from backtorule_eval.disclosure.audit import apply, as_released, audit
from backtorule_eval.disclosure.claim import claim_from_json, claim_to_json
from backtorule_eval.disclosure.decision import Action, Reason, hide
from backtorule_eval.disclosure.rounding import HIDDEN
from backtorule_eval.disclosure.rules import PUBLIC, DisclosureRules
from backtorule_eval.disclosure.statements import shares
from backtorule_eval.errors import DisclosureRefused
from tests.cohort.identity_numbers import one_number
from tests.disclosure.examples import claim
from tests.report.examples import difference, estimate, joint, joint_row, quote

RULES = DisclosureRules()


def shown(thing, rules=RULES):
    one = claim(thing, view="joint")
    return apply(one, audit([one], rules)).things[0]


@pytest.mark.parametrize(
    ("said", "value"), [(0, 0), (1, HIDDEN), (4, HIDDEN), (5, 5), (20, 20), (21, HIDDEN), (25, HIDDEN)]
)
def test_few_who_spoke_and_few_who_did_not_are_hidden(said, value):
    assert shown(joint(joint_row(said), joint_row(12, theme=quote().said_by))).rows[0].said == value


def test_how_many_were_interviewed_and_how_many_spoke_are_audited_together():
    # 13 interviewed shown as 15; 8 shown as 10 would leave at most 7 silent: fine. Of 11, 7 leave 4 to 5.
    seen = shown(joint(joint_row(7), n=11))
    assert seen.rows[0].said is HIDDEN


@pytest.mark.parametrize(("group", "is_there"), [(9, False), (10, True)])
def test_a_quote_is_of_a_group_large_enough(group, is_there):
    row = shown(joint(joint_row(12, quote=quote(group=group)))).rows[0]
    assert (row.quote is not None) == is_there


@pytest.mark.parametrize(
    ("said", "is_there"), [(1, False), (4, False), (5, True), (20, True), (21, False), (25, False)]
)
def test_a_quote_stands_only_beside_how_many_spoke(said, is_there):
    row = shown(joint(joint_row(said, quote=quote()), joint_row(12, theme=quote().said_by))).rows[0]
    assert (row.quote is not None, row.said is not HIDDEN) == (is_there, is_there)
    one = claim(joint(joint_row(said, quote=quote())), view="joint")
    (entry,) = audit([one], RULES).claims
    (decided,) = (d for d in entry.decisions if d.figure == "0.rows.0.quote")
    assert (decided.action is not Action.HIDE) == is_there


def test_a_quote_goes_when_other_tables_hide_how_many_spoke():
    one = claim(joint(joint_row(12, quote=quote())), view="joint")
    plan = audit([one], RULES)
    assert apply(one, plan).things[0].rows[0].quote is not None
    linked = [
        hide(d.figure, Reason.LINKED) if d.figure.endswith("said") else d for d in plan.claims[0].decisions
    ]
    hidden = replace(plan, claims=(replace(plan.claims[0], decisions=tuple(linked)),))
    assert apply(one, hidden).things[0].rows[0].quote is None


def test_how_large_the_group_is_that_a_quote_is_from_is_told_nowhere():
    one = claim(joint(joint_row(12, quote=quote(group=37))), view="joint")
    assert as_released([one], audit([one], RULES))[one.key]["0.rows.0.quote"] == 1


FOUND_BY = ("{} sa det", "ring 912 34 567", "91234567", "skriv til ola@nav.example")
PLACES = {
    "words": lambda words: {"quote": quote(words)},
    "who said it": lambda words: {"quote": quote(said_by=Text(nb="En ungdom", en=words))},
    "theme": lambda words: {"theme": Text(nb=words, en="A theme")},
    "theme in English": lambda words: {"theme": Text(nb="Et tema", en=words)},
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("words", [words.format(one_number()) for words in FOUND_BY])
def test_words_that_somebody_is_found_by_are_refused_whatever_the_rules_and_not_repeated(words, place):
    display = joint(joint_row(12, **PLACES[place](words)))
    for rules in (RULES, PUBLIC):
        with pytest.raises(DisclosureRefused, match="Theme 1 or its quote holds what looks like") as refused:
            shown(display, rules)
        assert words not in str(refused.value)


@pytest.mark.parametrize("words", ["I 2024 gikk jeg i 10B", "12 345 678 kroner", "om 2 år, kl. 12.30"])
def test_numbers_that_are_nobody_s_are_words(words):
    assert shown(joint(joint_row(12, quote=quote(words)))).rows[0].quote.words == words


def test_a_number_beside_a_theme_is_under_the_rules_of_its_kind():
    few = difference(18, 9, 27, n=60, n_events=4)
    (row,) = shown(joint(joint_row(12, number=few, agreement=Agreement.CONFIRM))).rows
    assert (row.number.value, row.number.n) == (HIDDEN, HIDDEN)
    large = difference(18, 9, 27, n=400, n_events=200, smallest_arm=190)
    (row,) = shown(joint(joint_row(12, number=large, agreement=Agreement.CONFIRM))).rows
    assert (row.number.value, row.number.n) == (0.18, 400)


def test_a_share_beside_a_theme_ties_its_counts_like_any_other():
    risk = replace(estimate(measure=Measure.RISK, value=0.5, low=0.4, high=0.6), n=100, n_events=50)
    one = claim(joint(joint_row(12, number=risk, agreement=Agreement.EXPAND)), view="joint")
    (found,) = shares([one])
    assert found.figure.name == "0.rows.0.number.value"


def test_public_themes_are_shown_in_full():
    assert shown(joint(joint_row(3, quote=quote(group=3))), PUBLIC).rows[0].quote is not None


def test_a_joint_display_reads_back_as_it_was():
    one = claim(joint(), view="joint")
    assert claim_from_json(claim_to_json(one)) == one


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"words": " "}, "needs words"),
        ({"allowed_by": ""}, "needs the initials"),
        ({"allowed_by": "Kari Hansen"}, "needs the initials"),
        ({"allowed_on": "4.5.2026"}, "Invalid isoformat string"),
        ({"allowed_on": "20260504"}, "is not written as year, month and day"),
    ],
)
def test_a_quote_is_signed_with_initials_and_a_day(change, message):
    with pytest.raises(ValueError, match=message):
        quote(**change)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ((joint_row(26),), "more spoke of it than were asked"),
        ((joint_row(0, quote=quote()),), "there is a quote, so somebody spoke of it"),
        ((joint_row(3, agreement=Agreement.CLASH),), "come together"),
        ((joint_row(3, number=difference(1, 0, 2)),), "come together"),
    ],
)
def test_a_joint_display_that_contradicts_itself_is_refused(rows, message):
    with pytest.raises(ValueError, match=message):
        joint(*rows)


def test_a_joint_display_needs_a_theme():
    with pytest.raises(ValueError, match="at least one theme"):
        replace(joint(), rows=())
