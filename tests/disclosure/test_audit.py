"""Plans: whole, the same in any order, bound to the figures they were made for, and closed when in doubt."""

from __future__ import annotations

import json
from dataclasses import replace
from random import Random

import pytest

from backtorule_eval.disclosure import audit as auditing
from backtorule_eval.disclosure.audit import FORMS, apply, audit, provisional
from backtorule_eval.disclosure.claim import KINDS, digest
from backtorule_eval.disclosure.decision import Action, Decision, Reason, rounded, show
from backtorule_eval.disclosure.plan import (
    Verdict,
    ledger,
    ledger_to_json,
    plan_digest,
    plan_from_json,
    plan_to_json,
)
from backtorule_eval.disclosure.rounding import EXACT, HIDDEN, TWO_FIGURES
from backtorule_eval.disclosure.rules import PUBLIC, DisclosureRules
from backtorule_eval.errors import DisclosureRefused
from tests.disclosure.examples import claim, counts, estimate, flow, mean, means, refusal

RULES = DisclosureRules()
CLAIMS = [
    claim(counts(12, 3, 0), key="01/people"),
    claim(flow(63, 2, 8), key="01/flow"),
    claim(means(mean(40, 2), mean(7, 35)), key="04/scales"),
    claim(estimate(), estimate(n_events=3), key="05/contrast", worthwhile=10.0, direction="up"),
    claim(refusal(), key="05/refused"),
    claim(counts(12, 30), key="01/rounded"),
    claim(counts(1), key="01/one"),
    claim(refusal(found=None), key="05/nothing"),
]


def test_every_kind_has_its_form():
    assert FORMS.keys() == KINDS.keys()


@pytest.mark.parametrize("rules", [RULES, PUBLIC])
def test_every_figure_of_every_claim_is_decided_on(rules):
    plan = audit(CLAIMS, rules)
    assert [entry.key for entry in plan.claims] == sorted(c.key for c in CLAIMS)
    for one in CLAIMS:
        released = apply(one, plan)
        assert (released.key, released.claim, released.plan) == (one.key, digest(one), plan_digest(plan))
        assert (released.provisional, released.rules, released.view) == (False, rules, one.view)
        assert (released.worthwhile, released.direction) == (one.worthwhile, one.direction)
        assert len(released.things) == len(one.things)


def test_the_order_of_the_claims_changes_nothing():
    shuffled = Random(1).sample(CLAIMS, len(CLAIMS))
    assert plan_to_json(audit(shuffled, RULES)) == plan_to_json(audit(CLAIMS, RULES))


def test_a_plan_survives_being_written():
    for rules in (RULES, PUBLIC):
        plan = audit(CLAIMS, rules)
        assert plan_from_json(plan_to_json(plan)) == plan


def test_a_plan_holds_no_figure():
    exact = audit([claim(counts(41, 3))], RULES)
    other = audit([claim(counts(57, 2))], RULES)
    assert exact.claims[0].decisions == other.claims[0].decisions


def test_no_claims_make_an_empty_plan():
    assert audit([], RULES).claims == ()


def test_provisional_says_so_and_carries_no_plan():
    released = provisional(CLAIMS[0], RULES)
    assert (released.provisional, released.plan) == (True, "")
    assert released.things[0].counts == (10, HIDDEN, 0)


@pytest.mark.parametrize("rules", [None, "none", {"threshold": 5}])
def test_no_rules_is_not_the_same_as_public(rules):
    with pytest.raises(DisclosureRefused, match="No disclosure rules were given"):
        audit(CLAIMS, rules)
    with pytest.raises(DisclosureRefused, match="No disclosure rules were given"):
        provisional(CLAIMS[0], rules)


def test_two_claims_with_one_key_are_refused():
    with pytest.raises(DisclosureRefused, match="share the key '01/people'"):
        audit([*CLAIMS, claim(counts(9), key="01/people")], RULES)


def test_claims_of_two_cohorts_are_refused():
    with pytest.raises(DisclosureRefused, match="several cohorts"):
        audit([*CLAIMS, claim(counts(9), key="01/other", cohort="other")], RULES)


def test_a_claim_the_plan_does_not_know_is_refused():
    with pytest.raises(DisclosureRefused, match="01/new: this output was not part of the audit"):
        apply(claim(counts(9), key="01/new"), audit(CLAIMS, RULES))


def test_figures_that_changed_after_the_audit_are_refused():
    with pytest.raises(DisclosureRefused, match="01/people: its figures changed"):
        apply(claim(counts(12, 4, 0), key="01/people"), audit(CLAIMS, RULES))


def test_a_plan_that_leaves_a_figure_undecided_is_refused():
    plan = audit(CLAIMS[:1], RULES)
    less = replace(plan.claims[0], decisions=plan.claims[0].decisions[:-1])
    with pytest.raises(DisclosureRefused, match="01/people: the plan does not decide on every figure"):
        apply(CLAIMS[0], replace(plan, claims=(less,)))


def test_a_form_that_leaves_a_figure_undecided_is_refused(monkeypatch):
    forgetful = replace(FORMS["counts"], decide=lambda thing, rules: {})
    monkeypatch.setitem(auditing.FORMS, "counts", forgetful)
    with pytest.raises(DisclosureRefused, match="does not decide on every figure"):
        provisional(CLAIMS[0], RULES)


@pytest.mark.parametrize(
    ("action", "rounding"), [(Action.SHOW, TWO_FIGURES), (Action.HIDE, TWO_FIGURES), (Action.ROUND, EXACT)]
)
def test_a_decision_that_contradicts_itself_is_refused(action, rounding):
    with pytest.raises(DisclosureRefused, match="value: rounding and action contradict"):
        Decision(figure="value", action=action, reason=Reason.SAFE, rounding=rounding)


@pytest.mark.parametrize("change", [lambda d: d.pop("rules"), lambda d: d.update(claims=3)])
def test_what_is_no_plan_is_refused(change):
    stored = json.loads(plan_to_json(audit(CLAIMS, RULES)))
    change(stored)
    with pytest.raises(DisclosureRefused, match="stored plan cannot be read"):
        plan_from_json(json.dumps(stored))


def test_a_plan_that_was_changed_is_refused():
    stored = json.loads(plan_to_json(audit(CLAIMS, RULES)))
    stored["note"] = "let it through"
    with pytest.raises(DisclosureRefused, match="stored plan was changed"):
        plan_from_json(json.dumps(stored))


def test_the_ledger_says_what_became_of_each_claim_and_why():
    entries = {entry.key: entry for entry in ledger(audit(CLAIMS, RULES))}
    assert {key: entry.verdict for key, entry in entries.items()} == {
        "01/flow": Verdict.PARTLY_HIDDEN,
        "01/one": Verdict.HIDDEN,
        "01/people": Verdict.PARTLY_HIDDEN,
        "01/rounded": Verdict.ROUNDED,
        "04/scales": Verdict.PARTLY_HIDDEN,
        "05/contrast": Verdict.PARTLY_HIDDEN,
        "05/nothing": Verdict.RELEASED,
        "05/refused": Verdict.ROUNDED,
    }
    assert entries["01/people"].reasons == {"rounded": 2, "small_count": 1}
    assert (entries["01/people"].n_figures, entries["01/people"].n_hidden) == (3, 1)


def test_the_written_ledger_holds_rules_and_plan_and_no_figure():
    plan = audit([claim(counts(987, 4), key="01/people")], RULES)
    written = json.loads(ledger_to_json(plan))
    assert written["rules"]["threshold"] == 5
    assert written["plan"] == plan_digest(plan)
    assert "987" not in json.dumps({**written, "plan": ""})


def test_the_shortest_ways_to_decide():
    assert show("n").released(3) == 3
    assert rounded("n", TWO_FIGURES).released(0.123) == 0.12
