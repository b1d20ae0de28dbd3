from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from backtorule_eval.analyses.barnard_rubin import pool_contrasts
from backtorule_eval.analyses.chained_equations import (
    Incomplete,
    Kind,
    draw_least_squares,
    impute,
    nelson_aalen,
)
from backtorule_eval.errors import NotEstimable
from tests.analyses.references import R, reference, small_people

# Closed form on both sides.
R_TOLERANCE = 1e-9
VARIABLES = ("left", "interest_math", "utility_math", "age", "points")
NUMBER, YES_NO = Kind.NUMBER, Kind.YES_NO


def test_draw_agrees_with_mice():
    people, r = small_people().dropna(), reference("chained_equations").loc["draw"]
    columns = ["interest_math", "utility_math", "age", "left"]
    found = draw_least_squares(
        x=np.column_stack([np.ones(len(people)), people[columns]]),
        y=people["points"].to_numpy(),
        chi_squared=r["chi_squared", ""],
        normal=r["normal"].to_numpy(),
    )
    assert found.best == pytest.approx(r["best"].to_numpy(), rel=R_TOLERANCE)
    assert found.drawn == pytest.approx(r["drawn"].to_numpy(), rel=R_TOLERANCE)


def test_hazard_agrees_with_survival():
    r = reference("chained_equations").loc["hazard"]
    found = nelson_aalen(time=r["time"].to_numpy(), event=r["event"].to_numpy())
    assert found == pytest.approx(r["hazard"].to_numpy(), rel=R_TOLERANCE)


def given_to_mice():
    rows = pd.read_csv(R / "data" / "imputation_gaps.csv")
    return Incomplete(
        values=rows[list(VARIABLES)].to_numpy(float),
        kinds=(YES_NO, NUMBER, NUMBER, NUMBER, NUMBER),
        predictors=np.empty((len(rows), 0)),
    )


def least_squares(x, y):
    bread = np.linalg.inv(x.T @ x)
    coef = bread @ x.T @ y
    variance = ((y - x @ coef) ** 2).sum() / (len(y) - len(coef))
    return coef, np.sqrt(variance * np.diag(bread))


def pooled(filled, columns, outcome):
    fits = [least_squares(np.column_stack([np.ones(len(v)), v[:, columns]]), v[:, outcome]) for v in filled]
    coefs, errors = np.array(fits).transpose(1, 2, 0)
    df = filled.shape[1] - len(coefs)
    return [
        pool_contrasts(values=c, std_errors=e, df_complete=df).contrast
        for c, e in zip(coefs, errors, strict=True)
    ]


def test_pooled_answer_agrees_with_mice_within_simulation_error():
    filled = impute(given_to_mice(), rng=np.random.default_rng(1), n_imputations=30)
    r = reference("chained_equations").loc["pooled"]
    estimates, errors = r["estimate"].to_numpy(), r["std_error"].to_numpy()
    found = pooled(filled, [0, 1, 2, 3], 4)
    assert (np.abs(np.array([c.value for c in found]) - estimates) < 0.15 * errors).all()
    assert np.array([c.std_error for c in found]) == pytest.approx(errors, rel=0.1)


def test_what_is_observed_stays_and_what_is_filled_in_can_be():
    given = given_to_mice()
    filled = impute(given, rng=np.random.default_rng(1), n_imputations=3)
    seen = ~np.isnan(given.values)
    for each in filled:
        assert (each[seen] == given.values[seen]).all()
    for column in range(5):
        assert np.isin(filled[:, :, column], given.values[seen[:, column], column]).all()


def test_any_number_of_workers_gives_the_same_bits():
    one, three = (
        impute(given_to_mice(), rng=np.random.default_rng(1), n_imputations=4, workers=n) for n in (1, 3)
    )
    assert (one == three).all()
    assert len({each.tobytes() for each in one}) == 4


def drawn(rng, n=120):
    """A score that is missing more often when the outcome, and another score, are high; offices differ."""
    office = np.arange(n) % 4
    first = rng.normal(size=n) + office * 0.5
    second = 0.6 * first + rng.normal(size=n)
    y = 0.5 * second + 0.3 * first - office * 0.4 + rng.normal(size=n)
    gone = rng.random(n) < 1 / (1 + np.exp(1.2 - 1.2 * y - 0.5 * first))
    offices = (office[:, None] == np.arange(1, 4)).astype(float)
    values = np.column_stack([y, first, np.where(gone, np.nan, second)])
    return Incomplete(values=values, kinds=(NUMBER,) * 3, predictors=offices)


def test_planted_slope_is_found_where_complete_cases_miss_it():
    rng = np.random.default_rng(20240801)
    imputed, complete = [], []
    for _ in range(60):
        given = drawn(rng)
        filled = impute(given, rng=rng, n_imputations=5)
        offices = np.broadcast_to(given.predictors, (5, *given.predictors.shape))
        imputed.append(pooled(np.concatenate([filled, offices], axis=2), [2, 1, 3, 4, 5], 0)[1])
        seen = ~np.isnan(given.values[:, 2])
        x = np.column_stack([np.ones(seen.sum()), given.values[seen][:, [2, 1]], given.predictors[seen]])
        complete.append(least_squares(x, given.values[seen, 0])[0][1])
    values = np.array([c.value for c in imputed])
    chance = values.std() / np.sqrt(len(values))
    assert values.mean() == pytest.approx(0.5, abs=3 * chance + 0.02)
    assert np.mean(complete) < 0.5 - 3 * chance
    assert np.mean([c.low <= 0.5 <= c.high for c in imputed]) >= 0.85


def test_a_yes_or_no_that_another_foretells_is_filled_in():
    rng = np.random.default_rng(2)
    score = np.linspace(-2, 2, 60)
    yes = np.where(np.arange(60) % 5 == 0, np.nan, (score > 0).astype(float))
    given = Incomplete(
        values=np.column_stack([yes, score]), kinds=(YES_NO, NUMBER), predictors=np.empty((60, 0))
    )
    filled = impute(given, rng=rng, n_imputations=20)[:, np.isnan(yes), 0]
    assert (filled[:, score[np.isnan(yes)] > 1] == 1).mean() > 0.8
    assert (filled[:, score[np.isnan(yes)] < -1] == 0).mean() > 0.8


def test_nothing_missing_is_returned_as_it_is():
    values = np.arange(12.0).reshape(6, 2)
    given = Incomplete(values=values, kinds=(NUMBER, NUMBER), predictors=np.empty((6, 0)))
    assert (impute(given, rng=np.random.default_rng(1), n_imputations=2) == values).all()


def test_columns_that_say_the_same_do_not_stop_it():
    given = drawn(np.random.default_rng(3))
    office = given.predictors
    twice = Incomplete(
        values=given.values, kinds=given.kinds, predictors=np.column_stack([office, office, np.ones(120)])
    )
    assert np.isfinite(impute(twice, rng=np.random.default_rng(1), n_imputations=1)).all()


def test_too_few_observed_are_refused():
    values = np.column_stack(
        [np.arange(10.0), np.arange(10.0) ** 2, np.where(np.arange(10) < 8, 1.0, np.nan)]
    )
    given = Incomplete(values=values, kinds=(NUMBER,) * 3, predictors=np.empty((10, 0)))
    with pytest.raises(NotEstimable, match="persons_per_free_parameter") as caught:
        impute(given, rng=np.random.default_rng(1))
    assert (caught.value.needed, caught.value.found) == (3, pytest.approx(8 / 3))


def test_a_variable_in_which_all_are_alike_is_refused():
    values = np.column_stack([np.arange(10.0), np.where(np.arange(10) < 8, 1.0, np.nan)])
    given = Incomplete(values=values, kinds=(NUMBER, YES_NO), predictors=np.empty((10, 0)))
    with pytest.raises(NotEstimable, match="variation"):
        impute(given, rng=np.random.default_rng(1))


@pytest.mark.parametrize(
    ("values", "kinds", "predictors", "match"),
    [
        (np.ones((3, 2)), (NUMBER,), np.ones((3, 1)), "one kind per variable"),
        (np.ones((3, 1)), (NUMBER,), np.ones((2, 1)), "one row of predictors"),
        (np.ones((3, 1)), (NUMBER,), np.full((3, 1), np.nan), "Predictors must be complete"),
        (np.full((3, 1), 2.0), (YES_NO,), np.ones((3, 1)), "must be 0 or 1"),
    ],
)
def test_wrong_input_is_refused(values, kinds, predictors, match):
    with pytest.raises(ValueError, match=match):
        Incomplete(values=values, kinds=kinds, predictors=predictors)
