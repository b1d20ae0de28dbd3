"""Who people are at the start, group beside group: hidden stays hidden; differences need exact figures."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backtorule_eval.analyses.tables import MeanTable
from backtorule_eval.disclosure.rules import PUBLIC
from backtorule_eval.errors import ParameterProblem
from backtorule_eval.report.views import render
from tests.report.examples import by_group, counts, group_means, ladder, means, origin, released


def plain(rows):
    return [tuple(text.replace("\u00a0", " ") for text in row) for row in rows]


def test_categories_by_group_have_shares_of_what_is_shown():
    tables = (by_group(12, 18, 16, 9, 3, 0), by_group(20, 7, 11, 20, of=origin()))
    rendered = render(released(*tables, view="baseline_counts"), "nb")
    assert plain(rendered.rows) == [
        ("Variabel", "Deltakere", "Sammenlikning"),
        ("Kjønn: Kvinner", "10", "20 (67 %)"),
        ("Kjønn: Menn", "15", "10 (33 %)"),
        ("Kjønn: Mangler", "skjult", "0 (0 %)"),
        ("Kjønn: sum", "skjult", "30"),
        ("Bakgrunn: Innvandret selv", "20 (67 %)", "5 (20 %)"),
        ("Bakgrunn: Foreldre innvandret", "10 (33 %)", "20 (80 %)"),
        ("Bakgrunn: sum", "30", "25"),
    ]
    (table,) = rendered.tables
    assert table.caption == "Hvem folk er ved start, etter gruppe (alle i dataene)"
    assert "nøyaktige tall" in rendered.content.notes[0]


def test_exact_figures_tell_how_far_apart_groups_are():
    rendered = render(released(by_group(12, 18, 16, 9, 3, 0), view="baseline_counts", rules=PUBLIC), "en")
    assert rendered.rows[0][-1] == "Standardised difference"
    assert [row[-1] for row in rendered.rows[1:]] == ["-0.58", "0.38", "0.46", "–"]
    assert rendered.content.notes == ()


def test_a_group_without_people_has_no_difference():
    rendered = render(released(by_group(12, 0, 16, 0, 3, 0), view="baseline_counts", rules=PUBLIC), "nb")
    assert [row[-1] for row in rendered.rows[1:]] == ["–"] * 4


def test_groups_that_are_not_two_are_not_compared():
    three = replace(by_group(12, 18, 16, 9, 3, 0), dimensions=by_group(1, 2, 3, 4, 5, 6).dimensions[::-1])
    rendered = render(released(three, view="baseline_counts", rules=PUBLIC), "nb")
    assert rendered.rows[0] == ("Variabel", "Kvinner", "Menn", "Mangler")


def test_a_table_that_lost_its_groups_stands_by_itself():
    shown = released(by_group(12, 18, 16, 9, 3, 0), counts(31, 19, 7), view="baseline_counts")
    rendered = render(shown, "nb")
    assert [table.caption for table in rendered.tables] == [
        "Hvem folk er ved start, etter gruppe (alle i dataene)",
        "Kjønn (alle i dataene)",
    ]


def test_averages_by_group_have_people_and_missing():
    rendered = render(released(*group_means(), view="baseline_means"), "nb")
    assert plain(rendered.rows)[:4] == [
        ("Variabel", "Deltakere", "Sammenlikning"),
        ("Selvfølelse (RSES): gjennomsnitt (standardavvik)", "28 (5)", "30 (5)"),
        ("Selvfølelse (RSES): personer", "30", "45"),
        ("Selvfølelse (RSES): mangler", "15", "15"),
    ]


def test_a_group_of_seven_is_hidden():
    rendered = render(released(*group_means(7, 44), view="baseline_means"), "nb")
    assert [row[1] for row in rendered.rows[1:4]] == ["skjult"] * 3
    assert [row[2] for row in plain(rendered.rows)[1:4]] == ["30 (5)", "45", "15"]


def test_exact_averages_tell_how_far_apart_groups_are():
    rendered = render(released(*group_means(), view="baseline_means", rules=PUBLIC), "en")
    assert [row[-1] for row in rendered.rows[:4]] == ["Standardised difference", "-0.29", "–", "–"]
    first, second = group_means()
    nobody = replace(first.rows[0], n=0, mean=None, sd=None, low=None, high=None)
    lacking = (replace(first, rows=(nobody,)), replace(second, rows=second.rows[:1]))
    rendered = render(released(*lacking, view="baseline_means", rules=PUBLIC), "en")
    assert plain(rendered.rows)[1][1:] == ("–", "29.9 (5.2)", "–")


@pytest.mark.parametrize(
    ("tables", "complaint"),
    [
        ((means(),), "every table of means needs the name of its group"),
        (
            (group_means()[0], replace(group_means()[1], rows=means().rows[:1])),
            "the groups need the same variables",
        ),
    ],
)
def test_averages_that_do_not_stand_beside_each_other_are_refused(tables: tuple[MeanTable, ...], complaint):
    with pytest.raises(ParameterProblem, match=complaint):
        render(released(*tables, view="baseline_means"), "nb")


def test_each_step_of_a_model_says_what_is_held_constant():
    (table,) = render(released(*ladder(), view="estimate_table", rules=PUBLIC), "nb").tables
    assert table.notes[:3] == (
        "Ujustert: ingenting annet er holdt likt.",
        "+ kjønn, opprinnelse og hjemmets ressurser: holdt likt: kjønn.",
        "+ tidligere karakterer og prøver: holdt likt: kjønn og karakter i åttende.",
    )
    (alone,) = render(released(ladder()[0], view="estimate_table", rules=PUBLIC), "nb").tables
    assert len(alone.notes) == 1
