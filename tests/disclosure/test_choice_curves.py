"""Curves of choices: every answer as an estimate, and the test of all only where all are shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backtorule_eval.disclosure.audit import apply, audit
from backtorule_eval.disclosure.claim import claim_from_json, claim_to_json
from backtorule_eval.disclosure.rounding import HIDDEN, Band
from backtorule_eval.disclosure.rules import PUBLIC, DisclosureRules
from tests.disclosure.examples import claim
from tests.report.examples import choices

RULES = DisclosureRules()


def shown(curve, rules=RULES):
    one = claim(curve, view="choices")
    return apply(one, audit([one], rules)).things[0]


def test_every_answer_is_rounded_and_so_are_the_p_values():
    seen = shown(choices(3))
    assert [row.estimate.value for row in seen.rows] == [-0.04, -0.04, -0.03]
    assert (seen.same_sign, seen.significant) == (0.875, 0.5)
    assert (seen.p_median, seen.p_same_sign) == (Band(0.001, 0.01), Band(0.1, 1.0))
    assert [row.taken for row in seen.rows] == [(0,), (1,), (0, 2)]


def test_one_answer_that_is_hidden_hides_what_is_said_of_all():
    curve = choices(2)
    few = replace(curve.rows[0], estimate=replace(curve.rows[0].estimate, n_events=3))
    seen = shown(replace(curve, rows=(few, curve.rows[1])))
    assert seen.rows[0].estimate.value is HIDDEN
    assert seen.rows[1].estimate.value is not HIDDEN
    assert {seen.same_sign, seen.significant, seen.p_median, seen.p_significant} == {HIDDEN}


def test_public_data_are_shown_in_full():
    assert shown(choices(2), PUBLIC).p_median == 0.004


def test_a_curve_reads_back_as_it_was():
    one = claim(choices(2), view="choices")
    assert claim_from_json(claim_to_json(one)) == one


def test_a_curve_without_answers_or_with_options_that_do_not_exist_is_refused():
    with pytest.raises(ValueError, match="at least one answer"):
        choices(0)
    curve = choices(1)
    with pytest.raises(ValueError, match="an option that does not exist"):
        replace(curve, rows=(replace(curve.rows[0], taken=(9,)),))
