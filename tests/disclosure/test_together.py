"""Whatever the claims tell together: by hand, against every table that fits, and closed when in doubt."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pytest

from backtorule_eval.analyses.estimate import Measure
from backtorule_eval.analyses.tables import CountTable
from backtorule_eval.disclosure import guard as guarding
from backtorule_eval.disclosure import reader, search
from backtorule_eval.disclosure.audit import apply, audit, provisional
from backtorule_eval.disclosure.decision import Action, Reason
from backtorule_eval.disclosure.plan import ledger, plan_to_json
from backtorule_eval.disclosure.rounding import HIDDEN
from backtorule_eval.disclosure.rules import PUBLIC, DisclosureRules
from backtorule_eval.disclosure.statements import statements
from backtorule_eval.errors import DisclosureRefused
from tests.disclosure.attack import _shown_as
from tests.disclosure.examples import claim, counts, estimate, flow, mean, means, refusal, text

RULES = DisclosureRules()


def table(name, *numbers, population="everyone", sensitive=False):
    """A table over one classification with a name of its own."""
    plain = counts(*numbers, sensitive=sensitive)
    dimension = replace(plain.dimensions[0], name=name)
    return replace(plain, dimensions=(dimension,), population=population)


def crossed(first, second, numbers, *, population="everyone"):
    """A table over two classifications."""
    rows, columns = np.array(numbers).shape
    dimensions = tuple(
        counts(*[0] * size)
        .dimensions[0]
        .__class__(name=name, label=text(name), levels=counts(*[0] * size).dimensions[0].levels)
        for name, size in ((first, rows), (second, columns))
    )
    flat = tuple(int(n) for row in numbers for n in row)
    return CountTable(question="q", population=population, dimensions=dimensions, counts=flat)


def shown(*things, rules=RULES):
    """What is seen of each thing, published one by one and audited together."""
    claims = [claim(thing, key=f"01/t{i}") for i, thing in enumerate(things)]
    plan = audit(claims, rules)
    return [apply(one, plan).things[0] for one in claims]


def reasons(*things, rules=RULES):
    claims = [claim(thing, key=f"01/t{i}") for i, thing in enumerate(things)]
    plan = audit(claims, rules)
    return {d.reason for entry in plan.claims for d in entry.decisions}


def test_a_small_count_beside_a_rounded_one_is_safe_alone():
    (alone,) = shown(table("a", 30, 22, 3))
    assert alone.counts == (30, 20, HIDDEN)


def test_two_outputs_safe_alone_are_unsafe_together():
    # 57 shown as 55 leaves 53 to 57, and the reader knows 56 to 58: the small count would be 4 at most.
    people, moved = table("group", 57), table("moved", 2, 55)
    assert [thing.counts for thing in (provisional(claim(people), RULES).things[0],)] == [(55,)]
    assert provisional(claim(moved), RULES).things[0].counts == (HIDDEN, 55)
    together = shown(people, moved)
    assert sum(thing.counts.count(HIDDEN) for thing in together) == 2
    assert Reason.LINKED in reasons(people, moved)


def test_what_one_table_hides_is_hidden_in_another():
    plain, sensitive = table("origin", 40, 0), table("origin", 40, 0, sensitive=True)
    assert [thing.counts[1] for thing in shown(plain, sensitive)] == [HIDDEN, HIDDEN]


def test_a_part_that_is_nearly_the_whole_does_not_tell_who_is_left():
    whole, part = table("area", 30, 30), table("area", 30, 28, population="part")
    assert Reason.LINKED not in reasons(whole)
    for thing, exact in zip(shown(whole, part), (whole, part), strict=True):
        for seen, count in zip(thing.counts, exact.counts, strict=True):
            assert seen in (HIDDEN, _shown_as(count, RULES))


def test_the_order_changes_nothing():
    things = [table("group", 57), table("moved", 2, 55), table("area", 30, 24, 3), flow(60, 2, 1)]
    things[-1] = replace(things[-1], population="everyone")
    claims = [claim(thing, key=f"01/t{i}") for i, thing in enumerate(things)]
    plans = {plan_to_json(audit(Random(i).sample(claims, len(claims)), RULES)) for i in range(3)}
    assert len(plans) == 1


def test_public_data_are_not_searched(monkeypatch):
    monkeypatch.setattr(search, "milp", None)
    assert [thing.counts for thing in shown(table("a", 1, 2), rules=PUBLIC)] == [(1, 2)]


def test_what_the_reader_knew_before_cannot_be_hidden_and_the_table_goes():
    assert [thing.counts for thing in shown(table("a", 3))] == [(HIDDEN,)]


def test_nothing_helps_when_all_are_fewer_than_the_threshold():
    assert [thing.counts for thing in shown(table("a", 3), table("b", 3, 0))] == [(HIDDEN,), (HIDDEN, HIDDEN)]


def test_rows_of_a_readers_own_are_not_multiplied_without_end(monkeypatch):
    ring = [crossed(a, b, [[9, 9], [9, 9]]) for a, b in ("xy", "yz", "xz")]
    stated = statements([claim(thing, key=f"01/t{i}") for i, thing in enumerate(ring)], RULES)
    builder = reader._Builder(stated, threshold=5, nested=True)
    monkeypatch.setattr(reader, "MAX_UNKNOWNS", 4)
    with pytest.raises(reader.TooLarge, match="Too many rows"):
        builder.build()


def test_claims_without_numbers_of_persons_stay_as_they_are():
    (seen,) = shown(refusal(unit="clusters"))
    assert seen.found == 18.0


def test_a_search_without_an_answer_hides(monkeypatch):
    whole = search._solve

    def gives_up(cost, constraints, bounds, nodes=search.MAX_NODES):
        if len(constraints) == 3:
            raise search.GaveUp("no answer")
        return whole(cost, constraints, bounds, nodes)

    monkeypatch.setattr(search, "_solve", gives_up)
    people, moved = table("group", 57), table("moved", 2, 55)
    assert shown(people, moved)[1].counts == (HIDDEN, HIDDEN)


def test_a_search_that_never_answers_publishes_nothing(monkeypatch):
    def gives_up(*_):
        raise search.GaveUp("no answer")

    monkeypatch.setattr(search, "_solve", gives_up)
    things = (table("group", 57), table("moved", 2, 55))
    assert {c for thing in shown(*things) for c in thing.counts} == {HIDDEN}
    assert Reason.DROPPED in reasons(*things)


def test_when_nothing_is_ever_found_all_is_hidden(monkeypatch):
    whole, calls = search._solve, []

    def gives_up(cost, constraints, bounds, nodes=search.MAX_NODES):
        calls.append(nodes)
        if len(calls) > 1:
            raise search.GaveUp("no answer")
        return whole(cost, constraints, bounds, nodes)

    monkeypatch.setattr(search, "_solve", gives_up)
    things = (table("group", 57), table("moved", 2, 55))
    assert {c for thing in shown(*things) for c in thing.counts} == {HIDDEN}


def test_a_world_that_does_not_fit_is_no_answer(monkeypatch):
    monkeypatch.setattr(search, "_solve", lambda cost, *_: np.zeros(len(cost), dtype=np.int64))
    assert {c for thing in shown(table("a", 20, 3)) for c in thing.counts} == {HIDDEN}


def test_many_quantities_told_are_protected_by_few_figures():
    # Seven tables that each tell: one figure that they all lean on is hidden, not one in each.
    tables = [table(f"t{i}", 2, 55) for i in range(7)]
    seen = shown(table("group", 57, 0), *tables)
    assert HIDDEN in seen[0].counts
    assert [thing.counts for thing in seen[1:]] == [(HIDDEN, 55)] * 7


def test_without_a_common_answer_quantities_are_protected_one_by_one(monkeypatch):
    monkeypatch.setattr(guarding, "MAX_TOGETHER", 1)
    seen = shown(table("group", 57), table("moved", 2, 55), table("left", 3, 54))
    assert seen[1].counts[0] is seen[2].counts[0] is HIDDEN


def test_a_common_search_that_takes_too_long_is_done_one_by_one(monkeypatch):
    whole = search._solve

    def slow_together(cost, constraints, bounds, nodes=search.MAX_NODES):
        if nodes == guarding.FEW_NODES:
            raise search.GaveUp("no answer")
        return whole(cost, constraints, bounds, nodes)

    monkeypatch.setattr(search, "_solve", slow_together)
    seen = shown(table("group", 57), table("moved", 2, 55))
    assert sum(thing.counts.count(HIDDEN) for thing in seen) == 2


def test_a_limit_that_is_reached_is_no_answer(monkeypatch):
    class Ended:
        status, x = 1, None

    monkeypatch.setattr(search, "milp", lambda *_, **__: Ended())
    with pytest.raises(search.GaveUp, match="ended without an answer"):
        search._solve(np.zeros(1), [], None)


@pytest.mark.parametrize("limit", ["MAX_UNKNOWNS", "MAX_OWN_ROWS"])
def test_tables_that_are_too_large_together_go_down_the_ladder_from_the_largest_on(monkeypatch, limit):
    monkeypatch.setattr(reader, limit, 16)
    triangle = [
        crossed("x", "y", [[6, 7, 8], [9, 6, 7], [5, 6, 8]]),
        crossed("y", "z", [[10, 10], [10, 9], [12, 11]]),
        crossed("x", "z", [[11, 10], [12, 10], [9, 10]]),
    ]
    seen = shown(*triangle)
    assert [len(thing.dimensions) for thing in seen] == [1, 2, 2]
    assert all(HIDDEN not in thing.counts for thing in seen)
    entry = ledger(audit([claim(t, key=f"01/t{i}") for i, t in enumerate(triangle)], RULES))[0]
    assert [(step.dimension, step.merged, step.reason) for step in entry.coarser] == [("x", (), "too_linked")]


def test_one_name_for_two_classifications_is_two():
    seen = shown(table("status", 20, 30), table("status", 10, 40))
    assert [thing.counts for thing in seen] == [(20, 30), (10, 40)]


def test_groups_that_cannot_be_parts_of_each_other_are_taken_apart():
    whole, other = table("area", 30, 5), table("area", 10, 20, population="others")
    assert [thing.counts for thing in shown(whole, other)] == [(30, 5), (10, 20)]


def test_tables_that_contradict_each_other_are_refused():
    one, other = crossed("x", "y", [[10, 20], [20, 10]]), crossed("x", "y", [[20, 10], [10, 20]])
    with pytest.raises(DisclosureRefused, match="count the same persons and differ"):
        shown(one, other)


def test_tables_that_no_group_of_persons_fits_are_refused():
    same, opposite = [[20, 0], [0, 20]], [[0, 20], [20, 0]]
    with pytest.raises(DisclosureRefused, match="cannot all be true at once"):
        shown(crossed("x", "y", same), crossed("y", "z", same), crossed("x", "z", opposite))


def test_means_with_nearly_everyone_hide_their_n():
    # Whom a mean leaves out is told by the cohort's size less its rounded n.
    whole = table("group", 57)
    scores = replace(means(mean(56, 1)), population="everyone")
    seen = shown(whole, scores)
    assert HIDDEN in (seen[0].counts[0], seen[1].rows[0].n)
    assert seen[1].rows[0].n_missing is HIDDEN


def test_estimates_and_refusals_count_persons_too():
    given_ = estimate(population="everyone", n=55, n_events=20, n_missing=2, smallest_arm=27)
    assert {Reason.LINKED} <= reasons(table("group", 57), given_)
    found = refusal(population="everyone", reason="persons", needed=60.0, found=57.0)
    (seen, _) = shown(found, given_)
    assert seen.found == 55


def test_two_estimates_of_the_same_persons_are_hidden_alike():
    first = estimate(population="everyone", n=55, n_events=20, n_missing=2, outcome="left", smallest_arm=27)
    second = replace(first, n_events=30, outcome="passed")
    without = replace(first, n_events=None, outcome="score", measure=Measure.MEAN_DIFFERENCE)
    seen = shown(table("group", 57), first, second, without)
    assert len({thing.n for thing in seen[1:]}) == 1
    assert HIDDEN not in {thing.value for thing in seen[1:]}


def test_a_ring_of_tables_is_safe_from_everyone_in_it():
    ring = [crossed(a, b, [[9, 3], [8, 9]]) for a, b in ("xy", "yz", "xz")]
    for thing in shown(*ring[:1], crossed("y", "z", [[9, 8], [3, 9]]), crossed("x", "z", [[9, 3], [8, 9]])):
        assert HIDDEN in thing.counts


def test_a_plain_share_tells_of_its_counts():
    risk = estimate(population="everyone", measure=Measure.RISK, value=27 / 55, low=0.4, high=0.6)
    some = replace(risk, n=55, n_events=27, n_missing=2)
    claims = [claim(some, key="01/risk")]
    plan = audit(claims, RULES)
    ((action,),) = [{d.action for d in p.decisions if d.figure == "0.value"} for p in plan.claims]
    assert action is Action.ROUND
    assert apply(claims[0], plan).things[0].value == 0.5


def test_a_share_beside_figures_that_stay_hidden_ties_nothing():
    risk = estimate(
        population="everyone", measure=Measure.RISK, value=0.5, low=0.4, high=0.6, n=9, n_events=4
    )
    assert HIDDEN is shown(risk)[0].value


def test_a_part_with_classifications_of_its_own_stands_alone():
    whole, part = table("area", 30, 27), table("status", 20, 17, population="part")
    assert [thing.counts for thing in shown(whole, part)] == [(30, 25), (20, 15)]


def test_numbers_that_follow_are_guarded():
    nearly = table("origin", 50, 2, 1, sensitive=True)
    assert shown(nearly)[0].counts == (HIDDEN,) * 3


def test_what_is_hidden_for_others_is_looked_at_too(monkeypatch):
    looked = set()
    whole = guarding.Guard._telling_row

    def watch(self, i):
        looked.update(self.model.quantities[i].figures)
        return whole(self, i)

    monkeypatch.setattr(guarding.Guard, "_telling_row", watch)
    seen = shown(table("group", 57), table("moved", 2, 55))
    hidden = sum(thing.counts.count(HIDDEN) for thing in seen)
    assert len(looked) == hidden == 2
