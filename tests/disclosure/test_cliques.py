"""Junction trees: every table fits in a clique, and neighbours overlap as a tree demands."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from backtorule_eval.disclosure.cliques import JunctionTree, Link, junction_tree

GROUPS = st.lists(st.sets(st.integers(0, 5), min_size=1, max_size=3), max_size=6)


def test_a_chain_needs_no_larger_table():
    assert junction_tree([(0, 1), (1, 2)], [2, 3, 4]) == JunctionTree(((0, 1), (1, 2)), (Link(0, 1),))


def test_a_triangle_is_one_table():
    assert junction_tree([(0, 1), (1, 2), (0, 2)], [2, 3, 4]).cliques == ((0, 1, 2),)


def test_a_ring_of_four_is_cut_where_the_tables_stay_small():
    tree = junction_tree([(0, 1), (1, 2), (2, 3), (0, 3)], [9, 2, 9, 2])
    assert tree == JunctionTree(((0, 1, 3), (1, 2, 3)), (Link(0, 1),))


def test_tables_with_nothing_in_common_are_a_forest():
    assert junction_tree([(0,), (1,)], [2, 2]) == JunctionTree(((0,), (1,)), ())


def test_nothing_gives_nothing():
    assert junction_tree([], []) == JunctionTree((), ())


@given(GROUPS)
def test_every_group_fits_and_cliques_that_share_an_axis_are_connected_through_it(groups):
    tree = junction_tree(groups, [2, 3, 2, 4, 2, 3])
    assert all(any(group <= set(clique) for clique in tree.cliques) for group in groups)
    for axis in range(6):
        holding = {i for i, clique in enumerate(tree.cliques) if axis in clique}
        links = [link for link in tree.links if {link.left, link.right} <= holding]
        # A forest whose part around the axis has one link less than cliques is one tree.
        assert not holding or len(links) == len(holding) - 1
