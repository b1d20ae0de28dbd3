"""How far down the ladder a table goes: merged or left out only where that keeps more, never less safe."""

from __future__ import annotations

import json
from dataclasses import replace
from random import Random

import pytest

from backtorule_eval.disclosure import ladder as steps_down
from backtorule_eval.disclosure import reader, search
from backtorule_eval.disclosure.audit import apply, audit, provisional
from backtorule_eval.disclosure.coarser import Coarsening
from backtorule_eval.disclosure.decision import Reason
from backtorule_eval.disclosure.plan import Verdict, ledger, ledger_to_json, plan_from_json, plan_to_json
from backtorule_eval.disclosure.reader import TooLarge, reader_model
from backtorule_eval.disclosure.rounding import HIDDEN
from backtorule_eval.disclosure.rules import PUBLIC, DisclosureRules
from backtorule_eval.disclosure.statements import Thing, statements
from backtorule_eval.errors import DisclosureRefused
from tests.disclosure.examples import claim, estimate
from tests.disclosure.test_coarser import dimension, merge, table

RULES = DisclosureRules()
ROUTES = ("pupil", "adult", "apprentice", "out", "missing")
ROUTE, GENDER = dimension("route", *ROUTES), dimension("gender", "woman", "man")
ONE_WAY = table(ROUTE, counts=[32, 2, 3, 7, 0])
TWO_WAY = table(GENDER, dimension("route", "pupil", "adult"), counts=[12, 3, 2, 2])


def audited(*things):
    """What is decided and seen of each thing, published one by one and audited together."""
    claims = [claim(thing, key=f"01/t{i}") for i, thing in enumerate(things)]
    plan = audit(claims, RULES)
    return plan, [apply(one, plan).things[0] for one in claims]


def test_a_table_that_would_be_mostly_hidden_has_its_smallest_categories_merged():
    mostly = table(ROUTE, counts=[32, 2, 3, 4, 0])
    assert provisional(claim(mostly), RULES).things[0].counts == (30, HIDDEN, HIDDEN, HIDDEN, 0)
    plan, (seen,) = audited(mostly)
    assert seen.counts == (30, 10, 0)
    assert [level.label.nb for level in seen.dimensions[0].levels] == ["pupil nb", "Andre", "missing nb"]
    assert (seen.merged, seen.left_out) == ((ROUTE.label,), ())
    assert plan.claims[0].coarser == (merge("route", ("adult", "apprentice", "out")),)


def test_a_table_of_which_half_is_shown_stays_as_fine_as_it_was_claimed():
    plan, (seen,) = audited(ONE_WAY)
    assert plan.claims[0].coarser == ()
    assert seen.counts == (30, HIDDEN, HIDDEN, 5, 0)
    assert (seen.merged, seen.left_out) == ((), ())


def test_a_classification_is_left_out_where_nothing_can_be_merged():
    plan, (seen,) = audited(TWO_WAY)
    assert [d.name for d in seen.dimensions] == ["route"]
    assert seen.counts == (15, 5)
    assert seen.left_out == (GENDER.label,)
    assert plan.claims[0].coarser[0].reason is Reason.MOSTLY_HIDDEN


def test_what_would_be_left_is_not_shown_where_it_stands_already():
    by_route = table(dimension("route", "pupil", "adult"), counts=[14, 5])
    by_gender = table(GENDER, counts=[15, 4])
    plan, seen = audited(TWO_WAY, by_route, by_gender)
    assert [d.name for d in seen[0].dimensions] == ["gender", "route"]
    assert plan.claims[0].coarser == ()


def test_nothing_is_merged_where_that_would_lose_more():
    # Nearly everyone is in one category of a sensitive attribute, however the others are merged.
    nearly = table(dimension("origin", "a", "b", "c", sensitive=True), counts=[40, 2, 1])
    plan, (seen,) = audited(nearly)
    assert plan.claims[0].coarser == ()
    assert set(seen.counts) == {HIDDEN}


def test_the_plan_and_the_ledger_say_what_was_merged_and_why():
    plan, _ = audited(table(ROUTE, counts=[32, 2, 3, 4, 0]), TWO_WAY)
    assert plan_from_json(plan_to_json(plan)) == plan
    assert [entry.verdict for entry in ledger(plan)] == [Verdict.COARSER, Verdict.COARSER]
    written = [entry["coarser"][0] for entry in json.loads(ledger_to_json(plan))["claims"]]
    assert written[0] == {
        "thing": 0,
        "dimension": "route",
        "merged": [["adult", "apprentice", "out"]],
        "reason": "mostly_hidden",
    }
    assert (written[1]["dimension"], written[1]["merged"]) == ("gender", [])


def test_a_plan_that_merges_what_is_not_there_is_refused():
    one = claim(table(ROUTE, counts=[32, 2, 3, 4, 0]))
    plan = audit([one], RULES)
    wrong = Coarsening(thing=0, dimension="age", merged=(("a", "b"),), reason=Reason.MOSTLY_HIDDEN)
    with pytest.raises(DisclosureRefused, match="about classifications it does not have"):
        apply(one, replace(plan, claims=(replace(plan.claims[0], coarser=(wrong,)),)))
    with pytest.raises(DisclosureRefused, match="does not decide on every figure"):
        apply(one, replace(plan, claims=(replace(plan.claims[0], coarser=()),)))


def test_the_order_of_claims_changes_no_merging():
    claims = [
        claim(table(ROUTE, counts=[32, 2, 3, 4, 0]), key="01/a"),
        claim(table(GENDER, ROUTE, counts=[16, 1, 2, 4, 0, 16, 1, 1, 0, 0]), key="05/b"),
        claim(TWO_WAY, key="05/c"),
        claim(estimate(population="everyone", n=30, n_missing=11, n_events=12, smallest_arm=12), key="05/d"),
    ]
    plans = {plan_to_json(audit(Random(i).sample(claims, len(claims)), RULES)) for i in range(4)}
    assert len(plans) == 1
    assert '"merged":[["' in plans.pop()


def test_public_tables_are_never_merged():
    one = claim(table(ROUTE, counts=[32, 2, 3, 4, 0]))
    assert apply(one, audit([one], PUBLIC)).things[0].counts == (32, 2, 3, 4, 0)


def test_the_reader_knows_a_merged_category_as_the_sum_of_those_another_table_shows():
    fine = table(ROUTE, counts=[32, 2, 3, 7, 0])
    crossed = table(GENDER, ROUTE, counts=[16, 1, 2, 4, 0, 16, 1, 1, 3, 0])
    claims = [claim(fine, key="01/fine"), claim(crossed, key="02/crossed")]
    merged = {Thing("02/crossed", 0): [merge("route", ("adult", "apprentice"))]}
    said = statements(claims, RULES, coarser=merged)
    women = next(s for s in said if s.figure and s.figure.key == "02/crossed" and s.truth == 3)
    adults, apprentices = (s for s in said if s.inside and s.cells in (((0, 1),), ((0, 2),)))
    assert women.cells == (*adults.cells, *apprentices.cells)
    assert (adults.truth, apprentices.truth, adults.guarded) == (1, 2, True)
    assert {axis.levels for s in said for axis in s.axes if axis.name == "route"} == {ROUTES}
    # Only a reader who stands in a part of it knows that somebody does.
    inside = [q for q in reader_model(said, threshold=5).quantities if q.inside]
    assert {q.truth for q in inside} >= {1, 2}


def test_categories_that_no_table_tells_apart_are_one_to_the_reader():
    crossed = table(GENDER, ROUTE, counts=[16, 1, 2, 4, 0, 16, 1, 1, 3, 0])
    merged = {Thing("01/t", 0): [merge("route", ("adult", "apprentice"))]}
    said = statements([claim(crossed, key="01/t")], RULES, coarser=merged)
    (levels,) = {axis.levels for s in said for axis in s.axes if axis.name == "route"}
    assert levels == ("pupil", "adult+apprentice", "out", "missing")
    assert not any(s.inside for s in said)


def test_a_table_that_leaves_a_classification_out_says_nothing_of_it():
    left = {Thing("01/t", 0): [Coarsening(thing=0, dimension="gender", reason=Reason.MOSTLY_HIDDEN)]}
    said = statements([claim(TWO_WAY, key="01/t")], RULES, coarser=left)
    assert {axis.name for s in said for axis in s.axes} == {"route"}


def test_a_way_that_cannot_be_searched_is_passed_over(monkeypatch):
    whole = steps_down.linked_together

    def only_as_claimed(claims, plans, rules, **given):
        if any(plan.coarser for plan in plans):
            raise TooLarge("too much")
        return whole(claims, plans, rules, **given)

    monkeypatch.setattr(steps_down, "linked_together", only_as_claimed)
    plan, (seen,) = audited(table(ROUTE, counts=[32, 2, 3, 4, 0]))
    assert plan.claims[0].coarser == ()
    assert seen.counts.count(HIDDEN) == 3


def test_a_way_that_makes_the_rest_lose_more_is_not_taken(monkeypatch):
    monkeypatch.setattr(steps_down._Ladder, "_lost", lambda self, plans, rung: len(rung.coarser))
    plan, _ = audited(table(ROUTE, counts=[32, 2, 3, 4, 0]))
    assert plan.claims[0].coarser == ()


@pytest.mark.parametrize("limit", ["MAX_UNKNOWNS", "MAX_OWN_ROWS"])
def test_the_largest_table_loses_its_widest_classification_where_too_much_is_linked(monkeypatch, limit):
    monkeypatch.setattr(reader, limit, 16)
    x, y, z = dimension("x", *"abc"), dimension("y", *"abc"), dimension("z", *"ab")
    plan, seen = audited(
        table(x, y, counts=[6, 7, 8, 9, 6, 7, 5, 6, 8]),
        table(y, z, counts=[10, 10, 10, 9, 12, 11]),
        table(x, z, counts=[11, 10, 12, 10, 9, 10]),
    )
    assert plan.claims[0].coarser == (Coarsening(thing=0, dimension="x", reason=Reason.TOO_LINKED),)
    assert HIDDEN not in seen[1].counts
    assert seen[0].left_out == (x.label,)


def test_a_table_that_has_no_other_classification_is_dropped(monkeypatch):
    def gives_up(*_):
        raise search.GaveUp("no answer")

    monkeypatch.setattr(search, "_solve", gives_up)
    plan, seen = audited(TWO_WAY, ONE_WAY)
    assert {d.reason for entry in plan.claims for d in entry.decisions} == {
        Reason.SMALL_COUNT,
        Reason.DROPPED,
    }
    assert [set(thing.counts) for thing in seen] == [{HIDDEN}, {HIDDEN}]
    # What is dropped is dropped as it was claimed.
    assert [len(thing.counts) for thing in seen] == [4, 5]
