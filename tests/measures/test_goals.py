from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backtorule_eval.errors import DataProblem
from backtorule_eval.measures.goals import gas_t
from tests.measures.made import table


def goals(**people):
    """Goals by person, each (level reached, weight)."""
    rows = [
        {"goal": f"{person}{i}", "person": person, "level_reached": level, "weight": weight}
        for person, own in people.items()
        for i, (level, weight) in enumerate(own)
    ]
    return table("goals", rows)


def unweighted(*levels):
    return [(level, None) for level in levels]


@pytest.mark.parametrize(
    ("levels", "weights", "t"),
    [
        ((1,), None, 60.000),
        ((1, 1, 1), None, 63.693),
        ((0, 1, -1), None, 50.000),
        ((-1, -1, -1), None, 36.307),
        ((2, 2, 2), None, 77.386),
        ((1, 0, -1), (3, 2, 1), 54.407),
    ],
)
def test_published_formula(levels, weights, t):
    own = list(zip(levels, weights, strict=True)) if weights else unweighted(*levels)
    assert gas_t(goals(a=own)).frame["t"].round(3).tolist() == [t]


def test_goals_without_a_level_are_dropped_and_counted():
    found = gas_t(goals(a=unweighted(1, None, 1), b=unweighted(None)))
    frame = found.frame.set_index("person")
    assert frame.loc["a", ["n_goals", "n_dropped"]].tolist() == [2, 1]
    assert frame.loc["b", ["n_goals", "n_dropped"]].tolist() == [0, 1]
    assert np.isnan(frame.loc["b", "t"])
    assert found.n_dropped == 2
    assert frame.loc["a", "t"] == gas_t(goals(a=unweighted(1, 1))).frame["t"].item()


def test_a_goal_of_weight_zero_counts_for_nothing():
    frame = gas_t(goals(a=[(2, 0), (1, 1)], b=[(2, 0)])).frame.set_index("person")
    assert frame.loc["a", "t"] == 60
    assert frame.loc["a", ["n_goals", "n_dropped"]].tolist() == [1, 1]
    assert np.isnan(frame.loc["b", "t"])


def test_no_goals_give_no_rows():
    found = gas_t(goals())
    assert found.frame.empty
    assert found.n_dropped == 0
    assert list(found.frame) == ["person", "t", "n_goals", "n_dropped"]


def test_types_of_the_frame():
    found = gas_t(goals(a=unweighted(1), b=unweighted(None))).frame
    assert found.dtypes.map(str).tolist() == ["str", "float64", "int64", "int64"]


def test_the_rule_goes_with_the_scores():
    rule = gas_t(goals(a=unweighted(1))).rule
    assert (rule.mark, rule.rho) == ("R-", 0.30)
    assert any("antall mål" in note.nb for note in rule.notes)


def test_a_repr_shows_no_level():
    assert "frame" not in repr(gas_t(goals(a=unweighted(1))))


@pytest.mark.parametrize("level", [-3, 3])
def test_a_level_outside_is_refused(level):
    with pytest.raises(DataProblem, match=r"1 level\(s\) reached are not whole numbers from -2 to 2"):
        gas_t(goals(a=unweighted(level)))


def test_a_negative_weight_is_refused():
    with pytest.raises(DataProblem, match=r"1 weight\(s\) are below 0"):
        gas_t(goals(a=[(1, -1)]))


def test_weights_on_some_goals_only_are_refused():
    with pytest.raises(DataProblem, match=r"1 person\(s\) have a weight on some of their scored goals only"):
        gas_t(goals(a=[(1, 2), (1, None)], b=[(1, 2)], c=unweighted(1)))


def test_a_weight_missing_on_a_goal_without_a_level_does_not_matter():
    assert gas_t(goals(a=[(1, 2), (None, None)])).frame["t"].tolist() == [60]


LEVELS = st.lists(st.integers(-2, 2), min_size=1, max_size=6)


@given(levels=LEVELS, weight=st.floats(0.1, 10))
@settings(max_examples=25, deadline=None)
def test_equal_weights_are_no_weights(levels, weight):
    weighted = gas_t(goals(a=[(level, weight) for level in levels])).frame["t"].item()
    assert weighted == pytest.approx(gas_t(goals(a=unweighted(*levels))).frame["t"].item())


@given(levels=LEVELS)
@settings(max_examples=25, deadline=None)
def test_turned_levels_mirror_around_50(levels):
    up = gas_t(goals(a=unweighted(*levels))).frame["t"].item()
    down = gas_t(goals(a=unweighted(*(-level for level in levels)))).frame["t"].item()
    assert up + down == pytest.approx(100)
