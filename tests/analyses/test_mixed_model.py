from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from statsmodels.regression.mixed_linear_model import MixedLM

from backtorule_eval.analyses import mixed_likelihood
from backtorule_eval.analyses.mixed_model import fit_mixed, mixed_contrast
from backtorule_eval.errors import NotEstimable
from tests.analyses.references import R, reference

# Both sides search for the variances; what hangs on their curvature agrees to fewer digits.
R_TOLERANCE = 1e-6
R_TOLERANCE_DF = 1e-4
STEPS = ("intercept", "slope", "singular", "singular_slope")
PARTS = ("value", "std_error", "low", "high", "p_value")


def waves_of(step):
    rows = pd.read_csv(R / "data" / "waves.csv")
    wave, programme, one = rows["wave"], rows["programme"], np.ones(len(rows))
    return {
        "x": np.column_stack([one, wave, programme, rows["age"], wave * programme]),
        "y": rows["alike" if step.startswith("singular") else "score"].to_numpy(),
        "random": np.column_stack([one, wave] if step.endswith("slope") else [one]),
        "persons": rows["person"].to_numpy(),
    }


def by_r(values, tolerance):
    return pytest.approx(np.asarray(values), rel=tolerance, abs=tolerance)


@pytest.mark.parametrize("step", STEPS)
def test_agrees_with_lmertest(step):
    fit, r = fit_mixed(**waves_of(step)), reference("mixed_model").loc[step]
    assert fit.coef == by_r(r["value"], R_TOLERANCE)
    assert np.sqrt(np.diag(fit.cov)) == by_r(r["std_error"], R_TOLERANCE)
    assert fit.random.ravel() == by_r(r["random"], 10 * R_TOLERANCE)
    assert np.sqrt(fit.residual) == by_r(r["sigma", "n1"], R_TOLERANCE)
    assert fit.deviance == pytest.approx(r["deviance", "n1"], rel=1e-9)
    assert fit.is_singular == bool(r["is_singular", "n1"])
    for i, weights in enumerate(np.eye(5)):
        found = mixed_contrast(fit, weights=weights)
        assert found.df == by_r(r["df", f"n{i + 1}"], R_TOLERANCE_DF)
        for part in PARTS:
            assert getattr(found.contrast, part) == by_r(r[part, f"n{i + 1}"], R_TOLERANCE_DF)


@pytest.mark.parametrize("step", STEPS)
def test_contrast_agrees_with_lmertest(step):
    found = mixed_contrast(fit_mixed(**waves_of(step)), weights=[0, 1, 0, 1, 0])
    numbers = [found.contrast.value, found.contrast.std_error, found.df, found.contrast.p_value]
    assert numbers == by_r(reference("mixed_model").loc[step, "contrast"], R_TOLERANCE_DF)


def test_a_variance_of_zero_is_least_squares():
    """Trap T2: statsmodels then reports an intercept of zero, converged."""
    rows = waves_of("singular")
    fit = fit_mixed(**rows)
    plain = np.linalg.lstsq(rows["x"], rows["y"], rcond=None)[0]
    assert fit.is_singular
    assert fit.coef == pytest.approx(plain, abs=1e-8)
    assert fit.random[0, 0] == pytest.approx(0, abs=1e-8)


def test_no_top_that_statsmodels_finds_is_higher():
    """Trap T1: its default optimiser may stop below the top."""
    for step in ("intercept", "slope"):
        rows = waves_of(step)
        model = MixedLM(rows["y"], rows["x"], groups=rows["persons"], exog_re=rows["random"])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = [model.fit(reml=True, method=method) for method in ("lbfgs", "bfgs", "powell")]
        assert fit_mixed(**rows).deviance <= min(-2 * fit.llf for fit in found) + 1e-6


def test_units_do_not_matter():
    rows = waves_of("slope")
    far = rows | {"x": rows["x"] * [1, 1, 1, 1e4, 1], "y": rows["y"] * 1e3}
    one, other = fit_mixed(**rows), fit_mixed(**far)
    assert other.coef == pytest.approx(one.coef * 1e3 / [1, 1, 1, 1e4, 1], rel=1e-6)
    weights = np.eye(5)[4]
    assert mixed_contrast(other, weights=weights).df == pytest.approx(
        mixed_contrast(one, weights=weights).df, rel=1e-4
    )


def drawn(rng, n=24, effect=0.5):
    persons = np.repeat(np.arange(n), 3)
    wave, programme = np.tile([0.0, 1.0, 2.0], n), (persons % 2).astype(float)
    y = rng.normal(size=n)[persons] + effect * wave * programme + rng.normal(size=3 * n)
    kept = rng.random(3 * n) > 0.1 * wave
    x = np.column_stack([np.ones(3 * n), wave, programme, wave * programme])
    return {"x": x[kept], "y": y[kept], "random": np.ones((kept.sum(), 1)), "persons": persons[kept]}


def test_planted_difference_in_course_is_found_and_held_by_the_interval():
    rng = np.random.default_rng(20240801)
    found = [mixed_contrast(fit_mixed(**drawn(rng)), weights=[0, 0, 0, 1]).contrast for _ in range(60)]
    values = np.array([c.value for c in found])
    assert values.mean() == pytest.approx(0.5, abs=3 * values.std() / np.sqrt(60))
    assert np.mean([c.low <= 0.5 <= c.high for c in found]) >= 0.95 - 3 * np.sqrt(0.05 * 0.95 / 60)


@pytest.mark.parametrize(("n", "is_refused"), [(19, True), (20, False)])
def test_below_support_it_is_refused(n, is_refused):
    rows = waves_of("intercept")
    several = pd.Series(rows["persons"]).value_counts()
    first = sorted(several[several > 1].index)[:n]
    kept = np.isin(rows["persons"], first)
    few = {name: values[kept] for name, values in rows.items()}
    if not is_refused:
        assert fit_mixed(**few).n_persons == n
        return
    with pytest.raises(NotEstimable, match="persons_with_two_waves") as caught:
        fit_mixed(**few)
    assert (caught.value.needed, caught.value.found) == (20, n)


def test_more_random_effects_than_waves_are_refused():
    rows = waves_of("slope")
    kept = rows["x"][:, 1] < 2
    with pytest.raises(NotEstimable, match=r"^waves$"):
        fit_mixed(**{name: values[kept] for name, values in rows.items()})


def test_dependent_columns_are_refused():
    rows = waves_of("intercept")
    with pytest.raises(NotEstimable, match="collinear"):
        fit_mixed(**rows | {"x": rows["x"][:, [0, 1, 1]]})


def test_an_outcome_without_spread_is_refused():
    rows = waves_of("intercept")
    with pytest.raises(NotEstimable, match="variation"):
        fit_mixed(**rows | {"y": rows["x"] @ [1, 2, 3, 0, 0]})


def test_two_tops_are_told(monkeypatch):
    monkeypatch.setattr(mixed_likelihood, "SAME_TOP", -1.0)
    with pytest.raises(NotEstimable, match="not_converged"):
        fit_mixed(**waves_of("intercept"))
