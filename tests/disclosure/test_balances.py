"""Balance: differences of groups large enough, to a tenth, and never of a category with few in or out."""

from __future__ import annotations

import json

import pytest

from backtorule_eval.disclosure.audit import apply, audit
from backtorule_eval.disclosure.decision import Reason
from backtorule_eval.disclosure.rounding import HIDDEN
from backtorule_eval.disclosure.rules import PUBLIC, DisclosureRules
from tests.disclosure.examples import claim
from tests.report.examples import balance

RULES = DisclosureRules()


def shown(thing, rules=RULES):
    one = claim(thing, view="balance")
    return apply(one, audit([one], rules)).things[0]


def reasons(thing):
    (entry,) = audit([claim(thing, view="balance")], RULES).claims
    return {d.figure: d.reason for d in entry.decisions}


def test_differences_are_shown_to_a_tenth():
    seen = shown(balance((0.4187, 0.0831), (-0.26, None)))
    assert [(row.before, row.after) for row in seen.rows] == [(0.4, 0.1), (-0.3, None)]


@pytest.mark.parametrize(("n", "value"), [((9, 60), HIDDEN), ((60, 9), HIDDEN), ((10, 10), 0.4)])
def test_nothing_is_shown_when_a_group_is_small(n, value):
    assert shown(balance((0.4, 0.4), n=n)).rows[0].before == value


@pytest.mark.parametrize(
    ("n_in", "value"),
    [((4, 30), HIDDEN), ((36, 30), HIDDEN), ((20, 4), HIDDEN), ((20, 56), HIDDEN), ((5, 55), 0.4)],
)
def test_a_category_with_few_in_or_out_of_it_is_hidden(n_in, value):
    seen = shown(balance((0.4, 0.2), (0.3, 0.1), n_in={0: n_in}))
    assert (seen.rows[0].before, seen.rows[1].before) == (value, 0.3)


def test_why_a_row_is_hidden_is_said_in_the_ledger_s_words():
    told = reasons(balance((0.4, None), (0.3, None), n_in={0: (4, 30)}))
    assert told == {"0.rows.0.before": Reason.SMALL_COUNT, "0.rows.1.before": Reason.ROUNDED}


def test_public_data_are_shown_in_full():
    assert shown(balance((0.4187, None), n=(3, 4)), PUBLIC).rows[0].before == 0.4187


def test_how_many_are_in_a_category_leaves_with_nothing():
    one = claim(balance((0.4, None), n_in={0: (17, 31)}), view="balance")
    assert "17" not in json.dumps(repr(apply(one, audit([one], RULES)).things))
