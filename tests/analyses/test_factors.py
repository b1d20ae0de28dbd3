from __future__ import annotations

import re
from dataclasses import replace
from itertools import count

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import approx_fprime
from scipy.stats import ncx2

import backtorule_eval.analyses.factors.fit as fit_module
from backtorule_eval.analyses.factors.comparison import scaled_difference
from backtorule_eval.analyses.factors.fit import _start, fit_factors
from backtorule_eval.analyses.factors.indices import fit_indices
from backtorule_eval.analyses.factors.model import across_groups, one_group, over_waves
from backtorule_eval.analyses.factors.moments import Sample, misfit, slopes
from backtorule_eval.analyses.factors.supported import fit_supported
from backtorule_eval.errors import NotEstimable
from tests.analyses.references import R, reference

SEARCH = 1e-6  # lavaan's search stops there; ours goes on until the gradient is zero
FIT = 1e-6
THREE = {"visual": ("x1", "x2", "x3"), "textual": ("x4", "x5", "x6"), "speed": ("x7", "x8", "x9")}
SCHOOLS = ("Pasteur", "Grant-White")
LEVELS = ("configural", "metric", "scalar")
SUBSCALES = ("know", "accomplish", "stimulation", "identified", "introjected", "external", "amotivation")


def motivation_model(**factors):
    return one_group(
        {name: [f"{part}_{i}" for part in parts for i in range(1, 5)] for name, parts in factors.items()}
    )


SEVEN = motivation_model(**{name: (name,) for name in SUBSCALES})
FIVE = motivation_model(intrinsic=SUBSCALES[:3], **{name: (name,) for name in SUBSCALES[3:]})
MERGED = motivation_model(intrinsic=SUBSCALES[:3], extrinsic=SUBSCALES[3:6], amotivation=SUBSCALES[6:])


@pytest.fixture(scope="module")
def fits():
    """Every model that R fitted, by the step's name."""
    pupils = pd.read_csv(R / "data" / "holzinger.csv")
    schools = [pupils[pupils["school"] == school] for school in SCHOOLS]
    answers = pd.read_csv(R / "data" / "motivation_items.csv")
    waves = pd.read_csv(R / "data" / "wave_items.csv")
    items = {"f": ("i1", "i2", "i3", "i4")}
    return {
        "general": fit_factors(one_group({"general": sum(THREE.values(), ())}), [pupils]),
        "variance": fit_factors(one_group(THREE), [pupils]),
        "marker": fit_factors(one_group(THREE, unit="marker"), [pupils]),
        "seven": fit_factors(SEVEN, [answers]),
        "five": fit_factors(FIVE, [answers]),
        "three": fit_factors(MERGED, [answers]),
        **{
            f"schools_{level}": fit_factors(across_groups(THREE, groups=("1", "2"), level=level), schools)
            for level in LEVELS
        },
        **{
            f"waves_{level}": fit_factors(over_waves(items, waves=("0", "1", "2"), level=level), [waves])
            for level in LEVELS
        },
    }


@pytest.fixture(scope="module")
def from_r():
    return reference("factors")


def theirs_for(name, table, *, waves):
    """What R has for one of our parameters: it repeats a shared one for each group or wave."""
    if not waves:
        return table[name] if name in table else table[f"{name}.1"]
    form = r"(?P<left>\w+)(\.(?P<first>\d))?(?P<sign>=~|~~|~)(?P<right>\w+)(\.(?P<last>\d))?"
    of = re.fullmatch(form, name).groupdict()
    last = of["last"] or "0"
    right = "1" if of["sign"] == "~" else f"{of['right']}_{last}"
    return table[f"{of['left']}_{of['first'] or last}{of['sign']}{right}"]


@pytest.mark.parametrize(
    "step",
    [
        "general",
        "variance",
        "marker",
        "seven",
        *(f"{of}_{level}" for of in ("schools", "waves") for level in LEVELS),
    ],
)
@pytest.mark.parametrize("quantity", ["value", "std_error", "robust_std_error"])
def test_estimates_agree_with_r(fits, from_r, step, quantity):
    fit, table = fits[step], from_r[step][quantity]
    values = {"value": fit.values, "std_error": fit.std_errors, "robust_std_error": fit.robust_std_errors}
    waves = step.startswith("waves")
    theirs = [theirs_for(name, table, waves=waves) for name in fit.model.parameters]
    assert values[quantity] == pytest.approx(np.array(theirs), abs=SEARCH, rel=SEARCH)


@pytest.mark.parametrize(
    "step",
    [
        "general",
        "variance",
        "marker",
        "seven",
        "five",
        "three",
        *(f"{of}_{level}" for of in ("schools", "waves") for level in LEVELS),
    ],
)
def test_indices_agree_with_r(fits, from_r, step):
    fit, theirs = fits[step], from_r[step]["index"]
    plain, robust = fit_indices(fit, robust=False), fit_indices(fit)
    assert fit.scaling == pytest.approx(theirs["chisq.scaling.factor"], rel=FIT)
    for ours, name in ((plain, ""), (robust, ".robust")):
        for index in ("cfi", "tli", "rmsea"):
            assert getattr(ours, index) == pytest.approx(theirs[index + name], abs=FIT)
        assert ours.rmsea_low == pytest.approx(theirs[f"rmsea.ci.lower{name}"], abs=FIT)
        assert ours.rmsea_high == pytest.approx(theirs[f"rmsea.ci.upper{name}"], abs=FIT)
    assert (plain.chi2, plain.p_value) == pytest.approx(
        (theirs["chisq"], theirs["pvalue"]), rel=FIT, abs=1e-9
    )
    scaled = theirs["chisq.scaled"], theirs["pvalue.scaled"]
    assert (robust.chi2, robust.p_value) == pytest.approx(scaled, rel=FIT, abs=1e-7)
    assert plain.srmr == pytest.approx(theirs["srmr_bentler_nomean"], abs=FIT)
    assert (plain.df, plain.robust, robust.robust) == (theirs["df"], False, True)


@pytest.mark.parametrize(
    ("restricted", "free"),
    [
        ("general", "variance"),
        ("five", "seven"),
        ("three", "five"),
        *(
            (f"{of}_{level}", f"{of}_{freer}")
            for of in ("schools", "waves")
            for level, freer in (("metric", "configural"), ("scalar", "metric"))
        ),
    ],
)
def test_differences_agree_with_r(fits, from_r, restricted, free):
    ours, theirs = scaled_difference(fits[restricted], fits[free]), from_r[restricted]["difference"]
    assert (ours.chi2, ours.df) == pytest.approx((theirs["chi2"], theirs["df"]), rel=1e-5)
    assert ours.p_value == pytest.approx(theirs["p_value"], abs=FIT)
    plain = fits[restricted].chi2 - fits[free].chi2
    assert plain == pytest.approx(theirs["plain_chi2"], rel=FIT)


def test_published_numbers(fits):
    """The example of lavaan's own manual."""
    assert round(fits["variance"].chi2, 3) == 85.306
    assert round(fit_indices(fits["variance"], robust=False).cfi, 3) == 0.931


def test_seven_factors_take_77_parameters():
    assert (len(SEVEN.parameters), SEVEN.df) == (77, 329)


def test_one_missing_answer_leaves_one_person_out(fits):
    waves = pd.read_csv(R / "data" / "wave_items.csv")
    fit = fits["waves_metric"]
    assert (fit.n, fit.n_incomplete) == (len(waves.dropna()), len(waves) - len(waves.dropna()))
    assert fit.n_incomplete > 0


@pytest.mark.parametrize("level", LEVELS)
def test_gradient_is_that_of_the_misfit(level):
    """By finite differences, away from the optimum, in two groups of unequal size and over waves."""
    rng = np.random.default_rng(3)
    factors = {"a": ("x1", "x2", "x3"), "b": ("x4", "x5", "x6")}
    groups = tuple(Sample.of(rng.normal(size=(n, 6)) + rng.normal(size=(n, 1))) for n in (60, 90))
    waves = (Sample.of(rng.normal(size=(80, 12)) + rng.normal(size=(80, 1))),)
    for model, samples in (
        (across_groups(factors, groups=("1", "2"), level=level), groups),
        (over_waves(factors, waves=("1", "2"), level=level), waves),
    ):
        values = _start(model, samples) * rng.uniform(0.9, 1.1, size=len(model.parameters))
        numeric = approx_fprime(values, lambda v, m=model, s=samples: misfit(m, s, v), 1e-7)
        assert slopes(model, samples, values)[0] == pytest.approx(numeric, abs=1e-5)


def heavy_tailed(rng, n):
    """Two factors that correlate .5, loadings .7; heavy tails that factors and residuals share."""
    scale = np.sqrt(8 / rng.chisquare(8, size=(n, 1)) * 6 / 8)
    factors = rng.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], size=n)
    answers = 0.7 * np.repeat(factors, 3, axis=1) + np.sqrt(0.51) * rng.normal(size=(n, 6))
    return pd.DataFrame(answers * scale, columns=list("abcdef"))


TWO = one_group({"one": "abc", "two": "def"})


def test_recovers_what_was_planted_and_holds_its_level():
    """300 true models with heavy tails: the scaled test rejects about 5 %, the plain one too often."""
    rng = np.random.default_rng(20240808)
    plain, scaled, correlations, held = [], [], [], []
    for _ in range(300):
        fit = fit_factors(TWO, [heavy_tailed(rng, 600)])
        plain.append(fit.p_value < 0.05)
        scaled.append(fit.scaled_p_value < 0.05)
        correlations.append(fit.value("one~~two"))
        reach = 1.96 * fit.robust_std_errors[fit.model.parameters.index("one~~two")]
        held.append(abs(correlations[-1] - 0.5) < reach)
    assert np.mean(plain) > 0.12
    assert 0.02 < np.mean(scaled) < 0.09
    assert np.mean(correlations) == pytest.approx(0.5, abs=0.02)
    assert 0.91 < np.mean(held) < 0.985


def test_a_planted_shift_of_one_item_breaks_equal_intercepts():
    rng = np.random.default_rng(4)
    one, other = heavy_tailed(rng, 400), heavy_tailed(rng, 400)
    models = {
        level: across_groups({"one": "abc", "two": "def"}, groups=("1", "2"), level=level) for level in LEVELS
    }
    same = {level: fit_factors(model, [one, other + 0.5]) for level, model in models.items()}
    moved = {level: fit_factors(models[level], [one, other.assign(a=other["a"] + 0.5)]) for level in LEVELS}
    assert scaled_difference(same["metric"], same["configural"]).p_value > 0.01
    assert scaled_difference(same["scalar"], same["metric"]).df == 4
    assert scaled_difference(moved["scalar"], moved["metric"]).p_value < 0.001
    assert scaled_difference(moved["metric"], moved["configural"]).p_value > 0.01


@pytest.mark.parametrize(("persons", "refused"), [(99, True), (100, False)])
def test_support_in_persons(persons, refused):
    answers = heavy_tailed(np.random.default_rng(5), persons)
    if refused:
        with pytest.raises(NotEstimable, match="persons") as caught:
            fit_supported(TWO, [answers])
        assert (caught.value.needed, caught.value.found) == (100, 99)
    else:
        assert fit_supported(TWO, [answers]).n == 100


def test_support_per_parameter_and_in_groups():
    rng = np.random.default_rng(6)
    answers = pd.read_csv(R / "data" / "motivation_items.csv")
    with pytest.raises(NotEstimable, match="persons") as caught:
        fit_supported(SEVEN, [answers.head(384)])
    assert (caught.value.needed, caught.value.found) == (385, 384)
    assert fit_supported(SEVEN, [answers.head(385)]).n == 385
    groups = across_groups({"one": "abc", "two": "def"}, groups=("1", "2"), level="metric")
    with pytest.raises(NotEstimable, match="smallest_group"):
        fit_supported(groups, [heavy_tailed(rng, 300), heavy_tailed(rng, 99)])
    assert fit_supported(groups, [heavy_tailed(rng, 300), heavy_tailed(rng, 100)]).n == 400


def exactly(covariance):
    """200 persons whose answers have exactly this covariance."""
    raw = np.random.default_rng(7).normal(size=(200, len(covariance)))
    raw -= raw.mean(axis=0)
    white = np.linalg.solve(np.linalg.cholesky(raw.T @ raw / 200), raw.T).T
    return pd.DataFrame(white @ np.linalg.cholesky(covariance).T)


def test_a_negative_variance_is_not_interpreted():
    """Correlations .8, .8 and .5 ask of the first item more shared variance than it has."""
    answers = exactly([[1, 0.8, 0.8], [0.8, 1, 0.5], [0.8, 0.5, 1]]).set_axis(list("abc"), axis=1)
    assert fit_factors(one_group({"f": "abc"}), [answers]).improper == ("a~~a",)
    with pytest.raises(NotEstimable, match="improper_solution: a~~a"):
        fit_supported(one_group({"f": "abc"}), [answers])


def test_factors_that_contradict_each_other_are_not_interpreted():
    """Items of two factors go together more closely across than within."""
    block, across = np.full((3, 3), 0.49) + 0.51 * np.eye(3), np.full((3, 3), 0.54)
    answers = exactly(np.block([[block, across], [across, block]]))
    assert fit_factors(TWO, [answers.set_axis(list("abcdef"), axis=1)]).improper == ("factors",)


def test_residuals_that_contradict_each_other_are_not_interpreted():
    """Residuals of an item at two waves have variances of .3 and a covariance of .4."""
    loadings, residuals = np.kron(np.eye(2), np.ones((3, 1))), 0.3 * np.eye(6)
    residuals[0, 3] = residuals[3, 0] = 0.4
    model = over_waves({"f": ("a", "b", "c")}, waves=("0", "1"), level="configural")
    covariance = loadings @ np.array([[1, 0.3], [0.3, 1]]) @ loadings.T + residuals
    answers = exactly(covariance).set_axis(model.items, axis=1)
    assert fit_factors(model, [answers]).improper == ("residuals",)
    with pytest.raises(NotEstimable, match="improper_solution: residuals"):
        fit_supported(model, [answers])


def test_rmsea_interval_is_that_of_the_noncentral_chi_square():
    rng = np.random.default_rng(11)
    found = fit_indices(fit_factors(one_group({"all": "abcdef"}), [heavy_tailed(rng, 900)]), robust=False)
    assert found.rmsea_low < found.rmsea < found.rmsea_high
    for end, share in ((found.rmsea_low, 0.95), (found.rmsea_high, 0.05)):
        assert ncx2.cdf(found.chi2, found.df, end**2 * 900 * found.df) == pytest.approx(share)


def test_a_search_that_does_not_end_is_refused(monkeypatch):
    answers = heavy_tailed(np.random.default_rng(12), 200)
    monkeypatch.setattr(fit_module, "MAX_STEPS", 1)
    with pytest.raises(NotEstimable, match="not_converged"):
        fit_factors(TWO, [answers])
    monkeypatch.undo()
    further = count(1.0)
    monkeypatch.setattr(fit_module, "misfit", lambda *_: next(further))
    with pytest.raises(NotEstimable, match="not_converged"):
        fit_factors(TWO, [answers])


def test_where_a_covariance_is_not_defined_the_misfit_is_infinite():
    sample = Sample.of(heavy_tailed(np.random.default_rng(13), 200).to_numpy())
    assert misfit(TWO, (sample,), np.full(len(TWO.parameters), -1.0)) == np.inf
    assert misfit(TWO, (sample,), np.full(len(TWO.parameters), 0.0)) == np.inf


def test_a_model_without_degrees_of_freedom_is_not_tested():
    fit = fit_factors(one_group({"one": "abc"}), [heavy_tailed(np.random.default_rng(8), 200)])
    assert fit.df == 0
    assert np.isnan([fit.p_value, fit.scaling, fit.scaled_p_value]).all()
    with pytest.raises(NotEstimable, match="saturated"):
        fit_indices(fit)


def test_what_the_data_do_not_tell_apart_is_refused():
    answers = heavy_tailed(np.random.default_rng(9), 200)
    with pytest.raises(NotEstimable, match="not_identified"):
        fit_factors(one_group({"one": "ab", "two": ("c",)}, unit="variance"), [answers])


@pytest.mark.parametrize("broken", ["constant", "copy", "few"])
def test_singular_covariances_are_refused(broken):
    answers = heavy_tailed(np.random.default_rng(10), 200)
    made = {
        "constant": answers.assign(a=1.0),
        "copy": answers.assign(a=2 * answers["b"]),
        "few": answers.head(6),
    }
    with pytest.raises(NotEstimable, match="variation"):
        fit_factors(TWO, [made[broken]])


def test_a_difference_needs_nested_models_of_the_same_persons(fits):
    with pytest.raises(ValueError, match="same persons"):
        scaled_difference(fits["seven"], fits["five"])
    with pytest.raises(ValueError, match="same persons"):
        scaled_difference(fits["five"], replace(fits["seven"], n=10))


def test_a_difference_with_a_factor_below_zero_is_refused(fits):
    with pytest.raises(NotEstimable, match="scaled_difference"):
        scaled_difference(fits["five"], replace(fits["seven"], scaling=2.0))
