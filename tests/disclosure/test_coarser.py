"""Tables made coarser: what is merged with what, how it is named, and that no person is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backtorule_eval.analyses.tables import CountTable, Dimension, Level
from backtorule_eval.cohort.dictionary import Text
from backtorule_eval.disclosure.coarser import Coarsening, coarsened
from backtorule_eval.disclosure.decision import Reason
from backtorule_eval.disclosure.ways import ways_to_coarsen
from backtorule_eval.errors import DisclosureRefused
from tests.disclosure.examples import text


def dimension(name, *keys, ordered=False, sensitive=False):
    levels = tuple(Level(key=key, label=Text(nb=f"{key} nb", en=f"{key} en")) for key in keys)
    return Dimension(name=name, label=text(name), levels=levels, ordered=ordered, sensitive=sensitive)


def table(*dimensions, counts):
    return CountTable(question="q", population="everyone", dimensions=dimensions, counts=tuple(counts))


def merge(name, *groups):
    return Coarsening(thing=0, dimension=name, merged=groups, reason=Reason.MOSTLY_HIDDEN)


def leave_out(name):
    return Coarsening(thing=0, dimension=name, reason=Reason.MOSTLY_HIDDEN)


ROUTE = dimension("route", "pupil", "adult", "apprentice", "out", "missing")
STAGE = dimension("stage", "vg1", "vg2", "vg3", "work", "unknown", ordered=True)
ROUTES = table(ROUTE, counts=[32, 2, 3, 7, 1])


def labels(coarse):
    return [(level.label.nb, level.label.en) for level in coarse.dimensions[0].levels]


def test_no_step_changes_nothing():
    assert coarsened(ROUTES, ()) == ROUTES


def test_two_merged_are_one_or_the_other_and_stand_before_those_not_known():
    coarse = coarsened(ROUTES, [merge("route", ("apprentice", "adult"))])
    assert [level.key for level in coarse.dimensions[0].levels] == [
        "pupil",
        "out",
        "adult+apprentice",
        "missing",
    ]
    assert labels(coarse)[2] == ("adult nb eller apprentice nb", "adult en or apprentice en")
    assert coarse.counts == (32, 7, 5, 1)


def test_three_merged_are_others():
    coarse = coarsened(ROUTES, [merge("route", ("adult", "apprentice", "out"))])
    assert labels(coarse)[1] == ("Andre", "Other")
    assert coarse.counts == (32, 12, 1)


@pytest.mark.parametrize("key", ["other", "Others"])
def test_all_that_were_merged_are_named_where_a_category_is_called_other_already(key):
    with_other = replace(ROUTE, levels=(Level(key=key, label=Text(nb="Andre", en=key)), *ROUTE.levels[1:]))
    coarse = coarsened(
        table(with_other, counts=ROUTES.counts), [merge("route", ("adult", "apprentice", "out"))]
    )
    assert labels(coarse)[1] == ("adult nb, apprentice nb eller out nb", "adult en, apprentice en or out en")


def test_neighbours_in_an_order_stay_where_they_stood():
    stages = table(STAGE, counts=[18, 4, 3, 2, 1])
    coarse = coarsened(stages, [merge("stage", ("vg2", "vg3", "work"))])
    assert labels(coarse)[:2] == [("vg1 nb", "vg1 en"), ("vg2 nb til work nb", "vg2 en to work en")]
    assert coarse.counts == (18, 9, 1)
    two = coarsened(stages, [merge("stage", ("vg1", "vg2"), ("vg3", "work"))])
    assert [level.key for level in two.dimensions[0].levels] == ["vg1+vg2", "vg3+work", "unknown"]


def test_a_classification_that_is_left_out_is_summed_over():
    crossed = table(ROUTE, dimension("gender", "woman", "man"), counts=range(10))
    coarse = coarsened(crossed, [leave_out("gender"), merge("route", ("adult", "apprentice"))])
    assert coarse.counts == (1, 13, 14, 17)
    assert coarsened(crossed, [leave_out("route")]).counts == (20, 25)


@pytest.mark.parametrize(
    ("step", "about"), [(merge("age", ("a", "b")), "classifications"), (leave_out("age"), "classifications")]
)
def test_a_step_about_a_classification_that_is_not_there_is_refused(step, about):
    with pytest.raises(DisclosureRefused, match=f"about {about} it does not have"):
        coarsened(ROUTES, [step])


def test_a_step_about_a_category_that_is_not_there_is_refused():
    with pytest.raises(DisclosureRefused, match="about categories it does not have"):
        coarsened(ROUTES, [merge("route", ("pupil", "teacher"))])


def ways(one):
    return [tuple((step.dimension, step.merged) for step in steps) for steps in ways_to_coarsen(one, thing=0)]


def test_the_smallest_are_merged_and_two_categories_stay():
    assert ways(ROUTES) == [
        (("route", (("adult", "apprentice"),)),),
        (("route", (("adult", "apprentice", "out"),)),),
    ]


def test_an_empty_category_is_merged_only_if_it_must_not_be_told():
    empty = table(ROUTE, counts=[32, 2, 0, 7, 1])
    assert ways(empty) == [(("route", (("adult", "out"),)),)]
    sensitive = table(replace(ROUTE, sensitive=True), counts=empty.counts)
    assert ways(sensitive) == [
        (("route", (("adult", "apprentice"),)),),
        (("route", (("adult", "apprentice", "out"),)),),
    ]


def test_in_an_order_the_smallest_is_merged_with_its_smaller_neighbour():
    assert ways(table(STAGE, counts=[18, 4, 6, 2, 9])) == [
        (("stage", (("vg3", "work"),)),),
        (("stage", (("vg2", "vg3", "work"),)),),
    ]
    # An empty neighbour is taken only where there is no other.
    assert ways(table(STAGE, counts=[9, 3, 0, 8, 0])) == [(("stage", (("vg1", "vg2"),)),)]


def test_of_two_classifications_either_can_be_left_out_but_not_both():
    crossed = table(dimension("gender", "woman", "man"), STAGE, counts=[5] * 10)
    found = ways(crossed)
    assert (("gender", ()),) in found
    assert (("stage", ()),) in found
    assert (("gender", ()), ("stage", ())) not in found
    assert len(found) == len(set(found)) == 2 * 4 - 2


def test_a_table_of_everyone_cannot_be_coarser():
    assert ways(table(counts=[57])) == []


def test_that_nobody_is_in_several_categories_is_not_told_by_what_is_merged():
    sensitive = dimension("route", "pupil", "adult", "apprentice", "out", sensitive=True)
    merged = [steps[0].merged for steps in ways_to_coarsen(table(sensitive, counts=[32, 0, 0, 7]), thing=0)]
    assert merged == [(("adult", "apprentice", "out"),)]
