"""Flows: a removal that is few stays hidden, by itself and by what stands before and after it."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from backtorule_eval.analyses.tables import Flow
from backtorule_eval.disclosure.audit import provisional
from backtorule_eval.disclosure.rounding import HIDDEN
from backtorule_eval.disclosure.rules import PUBLIC, DisclosureRules, round_count
from backtorule_eval.errors import DisclosureRefused
from tests.disclosure.examples import claim, flow

RULES = DisclosureRules(threshold=5, base=5)


def shown(of, rules=RULES):
    (released,) = provisional(claim(of), rules).things
    return [step.n for step in released.steps]


def test_steps_by_hand():
    assert shown(flow(63, 2, 8, 0)) == [65, HIDDEN, 10, 0, 55]
    assert shown(flow(63, 2, 8, 0), PUBLIC) == [63, 2, 8, 0, 53]


def test_only_the_first_and_last_step_are_people_present():
    (released,) = provisional(claim(flow(63, 2, 8)), RULES).things
    assert [step.removes for step in released.steps] == [False, True, True, False]


def test_a_flow_of_seven_people():
    assert shown(flow(7, 0)) == [5, 0, 5]
    assert shown(flow(7, 3)) == [5, HIDDEN, HIDDEN]


def test_the_first_number_is_hidden_when_the_rounded_ends_would_narrow_a_removal():
    # 53 to 57 received, 43 to 47 analysed: the removal would be 6 or 7.
    assert shown(flow(53, 7), DisclosureRules(threshold=8, base=5)) == [HIDDEN, HIDDEN, 45]


def solutions(released, rules, step):
    """Every value of one hidden removal that fits what is shown, found by trying all exact flows."""
    options = []
    for i, n in enumerate(released):
        if n is not HIDDEN:
            options.append([x for x in range(n + rules.base) if x == n == 0 or fits(x, n, rules)])
        elif i in (0, len(released) - 1):
            options.append(range(120))
        else:
            options.append(range(1, rules.threshold))
    first, *removed, last = options
    others = {0}
    for i, values in enumerate(removed):
        if i != step:
            others = {total + value for total in others for value in values}
    gaps = {a - b for a in first for b in last}
    return {value for value in removed[step] for other in others if value + other in gaps}


def fits(x, n, rules):
    return x >= rules.threshold and round_count(x, rules.base) == n


@given(
    st.integers(10, 90),
    st.lists(st.integers(0, 14), min_size=1, max_size=3),
    st.integers(3, 10),
    st.sampled_from([3, 5]),
)
def test_every_hidden_removal_keeps_three_possible_values(received, removed, threshold, base):
    assume(sum(removed) <= received and round_count(threshold, base) >= threshold)
    rules = DisclosureRules(threshold=threshold, base=base)
    released = shown(flow(received, *removed), rules)
    for i, n in enumerate(removed):
        assert (released[i + 1] is HIDDEN) is (0 < n < threshold)
        if 0 < n < threshold:
            assert len(solutions(released, rules, i)) >= min(3, threshold - 1)


@pytest.mark.parametrize("keep", [0, 1, slice(0, 2)])
def test_a_flow_that_does_not_add_up_is_refused(keep):
    steps = flow(63, 8).steps
    kept = steps[keep] if isinstance(keep, slice) else steps[keep : keep + 1]
    with pytest.raises(DisclosureRefused, match="its steps do not add up"):
        shown(Flow(question="q", population="p", steps=kept))
