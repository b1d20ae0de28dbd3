"""The figure of a flow: boxes in order, removals beside the line, withheld numbers marked without colour."""

from __future__ import annotations

from itertools import pairwise

import pytest
from matplotlib.patches import Polygon

from backtorule_eval.disclosure.rules import PUBLIC
from backtorule_eval.report.canvas import NARROW, WIDE
from backtorule_eval.report.flow_figure import FlowBox, flow_chart
from backtorule_eval.report.views import render
from tests.report.drawn import boxes_of, ends_of_lines, texts
from tests.report.examples import flow, long_flow, released

LONG = "Hadde allerede fullført og bestått videregående opplæring ved oppstart"
BOXES = (
    FlowBox(label="Mottatt", words="65 personer", removes=False, withheld=False),
    FlowBox(label=LONG, words="skjult", removes=True, withheld=True),
    FlowBox(label="Over 25 år", words="10 går ut", removes=True, withheld=False),
    FlowBox(label="I kullet", words="55 personer", removes=False, withheld=False),
)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_boxes_stand_under_each_other_and_hold_their_words(width):
    figure = flow_chart(BOXES, width=width)
    boxes = boxes_of(figure)
    for above, below in pairwise(boxes):
        assert above.get_y() + above.get_height() < below.get_y()
    assert all(box.get_x() >= 0 and box.get_x() + box.get_width() <= width for box in boxes)
    assert boxes[1].get_x() == boxes[2].get_x() > boxes[0].get_x() == boxes[3].get_x()
    for (left, right, baseline), box in ends_of_lines(figure, boxes):
        assert box.get_x() < left < right < box.get_x() + box.get_width()
        assert box.get_y() < baseline < box.get_y() + box.get_height()


def test_no_label_runs_into_its_number():
    for width in (WIDE, NARROW):
        lines = [line for line, _box in ends_of_lines(flow_chart(BOXES, width=width), [])]
        for left, right, baseline in lines:
            beside = [other for other in lines if other[2] == baseline and other[0] > left]
            assert all(right < other[0] for other in beside)


def test_a_withheld_number_is_seen_without_colour():
    dashed = [box.get_linestyle() != "solid" for box in boxes_of(flow_chart(BOXES))]
    assert dashed == [False, True, False, False]


def test_an_arrow_leads_to_every_box_but_the_first():
    assert len([part for part in flow_chart(BOXES).artists if isinstance(part, Polygon)]) == 3


def test_a_flow_where_nobody_leaves_is_two_boxes_and_an_arrow():
    figure = flow_chart((BOXES[0], BOXES[3]))
    assert len(boxes_of(figure)) == 2
    assert texts(figure) == ["Mottatt", "65 personer", "I kullet", "55 personer"]


@pytest.mark.parametrize(
    ("language", "alt"),
    [
        (
            "nb",
            "Bokser ovenfra og ned. Personer i dataene fra kontoret: 65. Går ut underveis: Trakk samtykket: "
            "skjult; Over 25 år ved start: 10; Uten startdato: 0. Personer i kullet: 55.",
        ),
        (
            "en",
            "Boxes from top to bottom. People in the data from the office: 65. Leave on the way: Withdrew "
            "their consent: hidden; Over 25 at the start: 10; Without a start date: 0. People in the cohort: "
            "55.",
        ),
    ],
)
def test_the_sentence_says_what_the_boxes_show(language, alt):
    rendered = render(released(flow(), view="flow"), language)
    (figure,) = rendered.figures
    assert figure.alt == alt
    assert len(rendered.content.notes) == 1


def test_a_flow_of_seven_people_tells_nothing_but_its_steps():
    rendered = render(released(long_flow(7, 3, 0), view="flow"), "nb")
    (figure,) = rendered.figures
    assert [box.get_linestyle() != "solid" for box in boxes_of(figure.figure)] == [True, True, False, True]
    assert not {"7", "3", "4", "5"} & set(" ".join(texts(figure.figure)).split())


def test_exact_numbers_add_up_and_need_no_note():
    rendered = render(released(flow(), view="flow", rules=PUBLIC), "nb")
    assert rendered.content.notes == ()
    assert "63 personer" in texts(rendered.figures[0].for_phone)


def test_several_flows_have_figures_of_their_own():
    rendered = render(released(flow(), flow(), view="flow"), "nb")
    assert [figure.key for figure in rendered.figures] == ["05_motivation/flow-1", "05_motivation/flow-2"]


def test_two_boxes_without_removal_say_so():
    (figure,) = render(released(flow_of_two(), view="flow"), "nb").figures
    assert figure.alt == "Bokser ovenfra og ned. Personer i dataene fra kontoret: 55. Personer i kullet: 55."


def flow_of_two():
    whole = flow()
    first, *_removed, last = whole.steps
    return type(whole)(
        question="flow",
        population="everyone",
        steps=(type(first)(step="received", label=first.label, n=last.n), last),
    )
