"""Themes and quotes: few who spoke are hidden, so are few who did not; words only of groups large enough."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backtorule_eval.analyses.estimate import Measure
from backtorule_eval.analyses.joint_display import Agreement
from backtorule_eval.disclosure.audit import apply, audit
from backtorule_eval.disclosure.claim import claim_from_json, claim_to_json
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


def test_a_quote_with_an_identity_number_is_refused_whatever_the_rules():
    display = joint(joint_row(12, quote=quote(f"Jeg er {one_number()}.")))
    for rules in (RULES, PUBLIC):
        with pytest.raises(DisclosureRefused, match="'Somebody who follows up' holds what looks like"):
            shown(display, rules)


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
    ],
)
def test_a_quote_is_signed_with_initials_and_a_day(change, message):
    with pytest.raises(ValueError, match=message):
        quote(**change)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ((joint_row(26),), "more spoke of it than were asked"),
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
