"""The audit against every joint table there is: what is hidden or merged keeps three values throughout."""

from __future__ import annotations

from functools import cache
from itertools import product
from math import prod

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backtorule_eval.analyses.tables import CountTable, Dimension, Level
from backtorule_eval.disclosure.audit import apply, audit
from backtorule_eval.disclosure.rounding import HIDDEN
from backtorule_eval.disclosure.rules import DisclosureRules
from tests.disclosure.attack import _shown_as
from tests.disclosure.examples import claim, text

SMALL = DisclosureRules(threshold=3, base=3)
WAYS = [("x", "y"), ("y", "z"), ("x", "z"), ("x",), ("y",), ("z",)]
NOT_MISSING = "abcdefgh"


@cache
def joint_tables(n, n_cells):
    """All ways to put n persons into so many cells, a row each."""
    if n_cells == 1:
        return np.array([[n]], dtype=np.int8)
    blocks = []
    for first in range(n + 1):
        rest = joint_tables(n - first, n_cells - 1)
        blocks.append(np.column_stack([np.full(len(rest), first, dtype=np.int8), rest]))
    return np.concatenate(blocks)


def tables(cube, ways, *, ordered=False):
    """Tables over some of the axes x, y and z of one joint table."""
    for way in ways:
        margin = cube.sum(axis=tuple(i for i, name in enumerate("xyz") if name not in way))
        dimensions = tuple(
            Dimension(
                name=name,
                label=text(name),
                levels=tuple(Level(key=key, label=text(key)) for key in NOT_MISSING[:size]),
                ordered=ordered,
            )
            for name, size in zip(way, margin.shape, strict=True)
        )
        yield CountTable(
            question="q", population="everyone", dimensions=dimensions, counts=tuple(margin.ravel().tolist())
        )


def values(worlds, shown):
    """What each cell of a table is in each world; a merged category is named by what it was made of."""
    levels = {
        d.name: [[NOT_MISSING.index(k) for k in level.key.split("+")] for level in d.levels] for d in shown
    }
    for cell in product(*levels.values()):
        at = dict(zip(levels, cell, strict=True))
        chosen = [at.get(name, list(range(size))) for name, size in zip("xyz", worlds.shape[1:], strict=True)]
        yield worlds[np.ix_(range(len(worlds)), *chosen)].sum(axis=(1, 2, 3))


def check(cube, ways, **given):
    """Audit tables of one joint table, and look at every joint table that fits what is shown."""
    claimed = list(tables(cube, ways, **given))
    claims = [claim(table, key=f"01/t{i}") for i, table in enumerate(claimed)]
    plan = audit(claims, SMALL)
    seen = [apply(one, plan).things[0] for one in claims]
    if all(count is HIDDEN for thing in seen for count in thing.counts):
        return seen
    n = int(cube.sum())
    flat = np.concatenate([joint_tables(m, prod(cube.shape)) for m in (n - 1, n, n + 1)])
    worlds = flat.reshape(-1, *cube.shape)
    fits, hidden, merged = np.ones(len(worlds), dtype=bool), [], []
    for thing, table in zip(seen, claimed, strict=True):
        if thing.merged and not thing.left_out:
            counts = zip(values(worlds, table.dimensions), table.counts, strict=True)
            merged += [counted for counted, count in counts if SMALL.is_small(count)]
        for counted, number in zip(values(worlds, thing.dimensions), thing.counts, strict=True):
            if number is HIDDEN:
                hidden.append(counted)
            else:
                fits &= np.isin(counted, [m for m in range(30) if _shown_as(m, SMALL) == number])
    for own in np.argwhere(cube > 0):
        reader = fits & (worlds[(slice(None), *own)] > 0)
        # A small number that became part of another keeps three values too. It may be known to be small to a
        # reader who stands in another part, as each of five knows that the others are four.
        assert all(len(np.unique(counted[reader])) >= 3 for counted in (*hidden, *merged))
        assert all(counted[reader].max() >= SMALL.threshold for counted in hidden)
    return seen


def joints(n_cells, most):
    numbers = st.lists(st.sampled_from([0, 0, 1, 1, 2, 3, 4]), min_size=n_cells, max_size=n_cells)
    return numbers.filter(lambda drawn: 5 <= sum(drawn) <= most)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(joints(8, 12), st.sets(st.sampled_from(WAYS), min_size=1, max_size=4))
def test_every_hidden_count_keeps_three_values_by_trying_all_joint_tables(joint, ways):
    check(np.array(joint).reshape(2, 2, 2), sorted(ways))


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(joints(12, 9), st.sets(st.sampled_from(WAYS), min_size=2, max_size=4), st.booleans())
def test_so_it_does_where_categories_are_merged(joint, ways, ordered):
    check(np.array(joint).reshape(3, 2, 2), sorted(ways), ordered=ordered)
