"""Grades, absence, surveys, work and benefits: shares of the sources, and what cannot be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from backtorule_eval.synthetic import tables
from backtorule_eval.synthetic.calendar import add_months, to_weekday
from backtorule_eval.synthetic.life import benefit_spells
from backtorule_eval.synthetic.parameters import PARAMETERS
from backtorule_eval.synthetic.surveys import DO_NOT_KNOW, ITEMS, NOT_ANSWERED, SCALES, draw_answers
from tests.synthetic.sites import joined, lives_under, many_lives


@pytest.fixture(scope="module")
def grades() -> pd.DataFrame:
    return joined(tables.subjects, many_lives())


@pytest.fixture(scope="module")
def without_programme():
    """The comparison people of a waiting list."""
    return lives_under(PARAMETERS, design="waitlist")


@pytest.mark.parametrize(
    ("subjects", "share"),
    [
        (("NOR1260", "NOR1264", "NOR1267"), 0.05),
        (("MAT1023", "REA3056", "HEA2005", "HSF1006"), 0.32),
        (("SAK1001", "GEO1003"), 0.015),
    ],
)
def test_privatists_fail_as_often_as_in_the_source(grades, subjects, share):
    """Over 30 % in 2P-Y, R1 and health work, about 5 % in written Norwegian, under 2 % in social science."""
    sat = grades[(grades["route"] == "P") & (grades["exam"] != "IM") & grades["subject"].isin(subjects)]
    assert (sat["exam"] == "1").mean() == pytest.approx(share, abs=0.02)


def test_53_of_100_privatist_exams_are_in_spring(grades):
    """In the two whole years 2024 and 2025."""
    sat = grades[(grades["route"] == "P") & grades["term"].str[:4].isin(["2024", "2025"])]
    assert sat["term"].str.endswith("V").mean() == pytest.approx(0.55, abs=0.03)


def test_grades_are_possible(grades):
    privatist = grades["route"] == "P"
    assert grades.loc[privatist, "standpunkt"].isna().all()
    assert grades.loc[privatist, "exam"].notna().all()
    assert grades.loc[~privatist, "standpunkt"].notna().all()
    assert "IV" not in set(grades["exam"].dropna())
    assert "IM" not in set(grades["standpunkt"].dropna())
    assert grades.loc[grades["standpunkt"] == "IV", "exam"].isna().all()
    assert (grades["exam_form"].notna() == grades["exam"].notna()).all()
    assert not grades.duplicated(["person", "subject", "term", "route"]).any()


def test_what_the_grades_say_is_what_was_passed(grades):
    """A pass in the grade file (2 to 6 in either column) is a subject passed in the simulation."""
    good = {"2", "3", "4", "5", "6"}
    passes = grades["standpunkt"].isin(good) | grades["exam"].isin(good)
    in_file = grades[passes].groupby("person").size()
    for block in many_lives():
        covered = block.coverage.of("subjects")[:, None] >= block.courses.passed
        passed = (covered & block.people.left_to_pass).sum(axis=1)
        names = np.array(tables.pseudonyms(block, np.arange(len(block))))
        assert in_file.reindex(names, fill_value=0).tolist() == passed.tolist()


def test_absence_of_ordinary_pupils_has_the_sources_medians():
    """Median 5 days and 20 hours a year; 11 % have 20 days or more, 18 % 50 hours or more."""
    ordinary = replace(PARAMETERS.lives, absent_at_risk=1.0, absent_amotivation=0.0)
    lives = lives_under(replace(PARAMETERS, lives=ordinary), people=10_000)
    absence, schooling = joined(tables.attendance, lives), joined(tables.schooling, lives)
    own = schooling[schooling["status"] == "enrolled"]
    own = own[(own["from"] <= "2024-08-18") & (own["to"].isna() | (own["to"] >= "2025-06-19"))]
    coverage = joined(tables.coverage, lives)
    seen = coverage[(coverage["source"] == "attendance") & (coverage["complete_to"] >= "2025-06-19")]
    whole = own.loc[own["person"].isin(seen["person"]), "person"]
    year = absence[(absence["date"] >= "2024-08-18") & (absence["date"] < "2025-06-20")]
    days = year[year["subject"].isna()].groupby("person").size().reindex(whole, fill_value=0)
    hours = year[year["subject"].notna()].groupby("person")["hours"].sum().reindex(whole, fill_value=0)
    assert days.median() == pytest.approx(5, abs=0.5)
    assert (days >= 20).mean() == pytest.approx(0.11, abs=0.02)
    assert hours.median() == pytest.approx(20, abs=2)
    assert (hours >= 50).mean() == pytest.approx(0.18, abs=0.03)


def test_absence_is_on_school_days_once_a_day():
    absence = joined(tables.attendance, many_lives()[:1])
    assert not absence.duplicated(["person", "date"]).any()
    assert (absence["date"].dt.day_of_week < 5).all()
    assert set(absence["date"].dt.month) <= {1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12}


def test_a_third_is_lost_at_the_last_wave_and_more_of_those_who_left():
    answers = [draw_answers(lives) for lives in many_lives()]
    silent = ~np.concatenate([a.answered[2] for a in answers])
    pairs = zip(many_lives(), answers, strict=True)
    left = np.concatenate([lives.courses.left < a.day[2] for lives, a in pairs])
    assert 0.30 < silent.mean() < 0.40
    assert silent[left].mean() - silent[~left].mean() > 0.15
    first, second = (~np.concatenate([a.answered[w] for a in answers]) for w in (0, 1))
    assert first.mean() < 0.06
    assert first.mean() < second.mean() < silent.mean()


def test_answers_stay_inside_their_scales():
    answers = draw_answers(many_lives()[0])
    given = np.where(answers.values < 0, np.nan, answers.values)
    for scale in SCALES:
        own = given[..., [i for i, item in enumerate(ITEMS) if item.startswith(f"{scale.name}_")]]
        assert (np.nanmin(own), np.nanmax(own)) == (scale.low, scale.high)
    assert {NOT_ANSWERED, DO_NOT_KNOW} < set(np.unique(answers.values).tolist())


def test_negative_items_of_self_esteem_go_the_other_way():
    answers = draw_answers(many_lives()[0]).values[0]
    items = answers[:, [ITEMS.index(f"rses_{i:02d}") for i in range(1, 11)]]
    whole = items[(items >= 0).all(axis=1)]
    negative = np.isin(np.arange(1, 11), (2, 5, 6, 8, 9))
    correlation = np.corrcoef(whole.T)
    assert correlation[np.ix_(negative, ~negative)].max() < 0
    assert correlation[np.ix_(negative, negative)].min() > 0


def test_social_assistance_is_inherited_as_in_the_sources(without_programme):
    """26 % in all; about four times as often where the parents received it (at 20: 25 % against 5.5 %)."""
    got, yes, no = [], [], []
    for block in without_programme:
        spells, people = benefit_spells(block), block.people
        begins = np.full(len(people), np.iinfo(np.int64).max)
        own = spells.kind == 0
        np.minimum.at(begins, spells.person[own], spells.first[own])
        received = begins < add_months(people.start, 24)
        rest = ~block.programme
        got.append(received[rest])
        yes.append(received[rest & (people.benefit == 0)])
        no.append(received[rest & (people.benefit == 1)])
    share, ratio = np.concatenate(got).mean(), np.concatenate(yes).mean() / np.concatenate(no).mean()
    assert share == pytest.approx(0.26, abs=0.03)
    assert ratio == pytest.approx(4.0, abs=0.6)


def test_spells_of_one_kind_do_not_overlap_and_begin_while_the_source_covers():
    for make in (tables.work, tables.benefits, tables.other_support):
        spells = joined(make, many_lives()[:1]).sort_values(["person", "kind", "from"])
        same = spells.duplicated(["person", "kind"])
        ended = spells["to"].shift()
        assert (spells.loc[same, "from"] > ended[same]).all()
        assert (spells["to"].isna() | (spells["to"] >= spells["from"])).all()
        assert spells["from"].max() <= pd.Timestamp("2026-06-30")


def test_only_the_programme_has_contacts_and_goals():
    lives = lives_under(PARAMETERS, people=400, design="offices")
    takes_part = {
        name
        for block in lives
        for name in np.array(tables.pseudonyms(block, np.flatnonzero(block.programme)))
    }
    for make in (tables.contacts, tables.goals):
        assert set(joined(make, lives)["person"]) <= takes_part


def test_contacts_and_goals_are_dated_as_they_can_be():
    contacts, goals = joined(tables.contacts, many_lives()[:1]), joined(tables.goals, many_lives()[:1])
    assert (contacts["date"].dt.day_of_week < 5).all()
    assert (contacts["minutes"].notna() == contacts["held"]).all()
    assert not contacts.duplicated(["person", "date", "kind"]).any()
    assert (goals["date_due"] > goals["date_set"]).all()
    assert (goals["date_scored"].isna() == goals["level_reached"].isna()).all()
    assert not (goals["date_scored"] < goals["date_set"]).any()
    assert (to_weekday(np.array([4])) == 4).all()
