"""Who the people are: shares and means of the sources, and what everybody has."""

from __future__ import annotations

import numpy as np
import pytest

from backtorule_eval.synthetic.calendar import add_months, make_calendar, to_weekday
from backtorule_eval.synthetic.catalogue import CODES, HOURS, NO_SUBJECT, PLAN
from backtorule_eval.synthetic.parameters import PARAMETERS
from backtorule_eval.synthetic.people import APPRENTICE, OUT, PRIVATIST, TRAINING
from tests.synthetic.sites import PEOPLE, many_lives

GIVEN = PARAMETERS.people
# Statistics Norway 2021: mean grunnskolepoeng by parents' education, compulsory to unknown.
POINTS_2020 = (36.9, 40.6, 44.7, 47.7, 36.3)


def of_all(name: str) -> np.ndarray:
    return np.concatenate([getattr(lives.people, name) for lives in many_lives()])


@pytest.mark.parametrize(
    ("name", "level", "share"),
    [("category", 0, 0.75), ("gender", 1, 0.60), ("country_group", 1, 0.87), ("route", 0, 0.60)],
)
def test_shares_are_the_planted_ones(name, level, share):
    # Three standard errors of a share of 20,000 are at most 1.1 points.
    assert (of_all(name) == level).mean() == pytest.approx(share, abs=0.011)


def test_points_follow_parents_education_as_in_the_source():
    points, education, gender = of_all("points"), of_all("education"), of_all("gender")
    balanced = [np.mean([points[(education == e) & (gender == g)].mean() for g in (0, 1)]) for e in range(5)]
    differences = np.array(balanced) - balanced[0]
    assert differences == pytest.approx(np.array(POINTS_2020) - POINTS_2020[0], abs=0.6)


def test_girls_have_more_points_than_boys_as_in_the_source():
    points, gender = of_all("points"), of_all("gender")
    assert points[gender == 0].mean() - points[gender == 1].mean() == pytest.approx(45.4 - 41.0, abs=0.4)


def test_mean_and_spread_of_points_are_what_the_parameters_say():
    assert of_all("points").mean() == pytest.approx(GIVEN.points_mean, abs=0.2)
    assert of_all("points").std() == pytest.approx(GIVEN.points_total_sd, abs=0.15)


def test_everybody_is_17_to_24_and_has_something_left_to_pass():
    start_year = 1970 + of_all("start").astype("datetime64[D]").astype("datetime64[Y]").astype(int)
    ages = start_year - of_all("birth_year")
    assert (ages.min(), ages.max()) == (17, 24)
    assert of_all("left_to_pass").any(axis=1).all()
    hours = HOURS[PLAN[of_all("plan")]] * of_all("left_to_pass")
    assert hours.sum(axis=1).min() > 0


def test_nobody_has_lived_here_longer_than_they_have_lived():
    start_year = 1970 + of_all("start").astype("datetime64[D]").astype("datetime64[Y]").astype(int)
    residence = of_all("residence")
    assert np.nanmax(residence - (start_year - of_all("birth_year"))) <= 0
    assert np.isnan(residence[of_all("category") == 1]).all()


def test_everybody_has_24_months_before_the_cut():
    calendar = make_calendar()
    start = of_all("start")
    assert add_months(start, 24).max() <= calendar.cut_day
    assert (to_weekday(start) == start).all()


def test_those_in_a_workplace_are_vocational_and_those_out_are_not_enrolled():
    lives = many_lives()[0].people
    assert lives.vocational[np.isin(lives.route, (APPRENTICE, TRAINING))].all()
    assert not lives.enrolled[np.isin(lives.route, (OUT, PRIVATIST))].any()


def test_plans_have_no_subject_twice():
    for plan in PLAN:
        subjects = plan[plan != NO_SUBJECT]
        assert len(set(subjects.tolist())) == len(subjects)
    assert len(set(CODES)) == len(CODES)


def test_20000_are_20000():
    assert len(of_all("number")) == PEOPLE
    assert of_all("number").tolist() == list(range(PEOPLE))
