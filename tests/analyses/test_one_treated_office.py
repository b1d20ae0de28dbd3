from __future__ import annotations

import numpy as np
import pytest

from backtorule_eval.analyses.one_treated_office import (
    INTRACLASS,
    Offices,
    _distances,
    difference_of_these_offices,
    placebo_test,
    refuse_one_treated,
    what_if_alike,
)
from backtorule_eval.errors import NotEstimable
from tests.analyses.references import reference, small_people

# Closed form on both sides; R's what-if sums over matrices of all people.
R_TOLERANCE = 1e-9
STEPS = {"unadjusted": [], "adjusted": ["age", "points"]}
PARTS = ("value", "std_error", "low", "high", "p_value")


def fourteen_offices(step):
    people = small_people().dropna()
    return Offices(
        y=people["left"].to_numpy(float),
        offices=people["office"].to_numpy(object),
        treated=people["office"].eq("o07").to_numpy(),
        covariates=people[STEPS[step]].to_numpy(float),
    )


def by_r(value):
    return pytest.approx(value, rel=R_TOLERANCE, abs=R_TOLERANCE)


@pytest.mark.parametrize("step", STEPS)
def test_difference_agrees_with_r(step):
    found, r = difference_of_these_offices(fourteen_offices(step)), reference("one_treated_office").loc[step]
    assert [getattr(found.contrast, part) for part in PARTS] == by_r(
        [r[part, "difference"] for part in PARTS]
    )
    assert found.df == by_r(r["df", "difference"])


def test_without_covariates_the_standard_error_is_welchs():
    found = difference_of_these_offices(fourteen_offices("unadjusted"))
    r = reference("one_treated_office").loc["unadjusted"]
    assert (found.contrast.value, found.contrast.std_error) == by_r(
        (r["value", "welch"], r["std_error", "welch"])
    )
    # Welch's degrees of freedom take the variances from the data, these from the sizes.
    assert found.df == pytest.approx(r["df", "welch"], rel=0.05)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("intraclass", [0, *INTRACLASS])
def test_what_if_agrees_with_r(step, intraclass):
    found = what_if_alike(fourteen_offices(step), intraclass=intraclass)
    r = reference("one_treated_office").loc[step]
    name = f"{intraclass:g}"
    assert [getattr(found.contrast, part) for part in PARTS] == by_r([r[part, name] for part in PARTS])
    assert found.intraclass == intraclass


@pytest.mark.parametrize("step", STEPS)
def test_placebo_agrees_with_r(step):
    rows, r = fourteen_offices(step), reference("one_treated_office").loc[step]
    member = np.unique(rows.offices, return_inverse=True)[1]
    assert _distances(rows, member) == by_r(r["distance"].sort_index().to_numpy())
    found = placebo_test(rows)
    assert found.p_value == by_r(r["p_value", ""])
    assert (found.smallest_p, found.n_offices) == (1 / 14, 14)


def two_offices(m):
    rng = np.random.default_rng(5)
    return Offices(
        y=rng.normal(size=2 * m),
        offices=np.repeat(["a", "b"], m).astype(object),
        treated=np.repeat([True, False], m),
        covariates=np.empty((2 * m, 0)),
    )


def test_what_if_of_two_offices_is_the_design_effect():
    rows = two_offices(20)
    alone, alike = (what_if_alike(rows, intraclass=rho).contrast for rho in (0, 0.1))
    assert alike.value == alone.value
    assert alike.std_error == pytest.approx(alone.std_error * np.sqrt(1 + 20 * 0.1 / 0.9))


def drawn(rng, *, sizes, treated, effect=0.0, intraclass=0.1):
    member = np.repeat(np.arange(len(sizes)), sizes)
    level = np.sqrt(intraclass) * rng.normal(size=len(sizes))
    covariate = rng.normal(size=len(member))
    y = level[member] + np.sqrt(1 - intraclass) * rng.normal(size=len(member)) + 0.5 * covariate
    return Offices(
        y=y + effect * (member == treated),
        offices=np.array([f"o{g:02}" for g in member], dtype=object),
        treated=member == treated,
        covariates=covariate[:, None],
    )


def test_what_if_holds_the_truth_as_often_as_promised_if_it_is_so():
    rng = np.random.default_rng(20240801)
    inside = []
    for _ in range(400):
        rows = drawn(rng, sizes=(30, 25), treated=0, effect=0.4)
        found = what_if_alike(rows, intraclass=0.1).contrast
        inside.append(found.low <= 0.4 <= found.high)
    assert np.mean(inside) == pytest.approx(0.95, abs=0.035)


SIZES = (4, 6, 8, 10, 12, 15, 15, 20, 25, 30, 60)


@pytest.mark.parametrize("treated", [0, 10])
def test_a_true_null_is_seldom_rejected_in_a_small_office_and_in_a_large_one(treated):
    rng = np.random.default_rng(20240801)
    p_values = [placebo_test(drawn(rng, sizes=SIZES, treated=treated)).p_value for _ in range(300)]
    # The smallest p among eleven offices is .09; three standard errors above twice that among 300.
    share = np.mean(np.array(p_values) <= 2 / 11 + 1e-9)
    assert share <= 2 / 11 + 3 * np.sqrt(2 / 11 * 9 / 11 / 300)


def test_an_office_far_from_all_gets_the_smallest_p():
    rng = np.random.default_rng(20240801)
    found = placebo_test(drawn(rng, sizes=SIZES, treated=9, effect=3.0))
    assert found.p_value == found.smallest_p == 1 / 11


@pytest.mark.parametrize(
    ("n_treated", "n_others", "is_refused"), [(1, 1, True), (1, 50, True), (2, 1, True), (2, 2, False)]
)
def test_one_office_in_an_arm_is_refused(n_treated, n_others, is_refused):
    offices = np.repeat(np.arange(n_treated + n_others), 5)
    arms = {"offices": offices, "treated": offices < n_treated}
    if not is_refused:
        refuse_one_treated(**arms)
        return
    with pytest.raises(NotEstimable, match=r"^office_and_programme$") as caught:
        refuse_one_treated(**arms)
    assert (caught.value.needed, caught.value.found) == (2, 1)


def test_too_few_comparison_offices_are_refused():
    with pytest.raises(NotEstimable, match=r"^comparison_offices$") as caught:
        placebo_test(drawn(np.random.default_rng(1), sizes=SIZES[:10], treated=3))
    assert (caught.value.needed, caught.value.found) == (10, 9)


def test_several_treated_offices_are_not_one():
    rows = fourteen_offices("unadjusted")
    two = Offices(
        y=rows.y,
        offices=rows.offices,
        treated=np.isin(rows.offices, ["o07", "o08"]),
        covariates=rows.covariates,
    )
    with pytest.raises(NotEstimable, match="treated_offices"):
        placebo_test(two)


def test_an_outcome_that_does_not_vary_inside_offices_is_refused():
    rows = fourteen_offices("unadjusted")
    flat = Offices(
        y=rows.treated.astype(float), offices=rows.offices, treated=rows.treated, covariates=rows.covariates
    )
    with pytest.raises(NotEstimable, match="variation"):
        placebo_test(flat)


@pytest.mark.parametrize("treated", [[True, True, False], [True, False, False], [True, True, True]])
def test_an_office_is_in_one_arm(treated):
    offices = np.array(["a", "a", "b"], dtype=object)
    if treated == [True, True, False]:
        Offices(y=np.arange(3.0), offices=offices, treated=np.array(treated), covariates=np.empty((3, 0)))
        return
    with pytest.raises(ValueError, match="none in part"):
        Offices(y=np.arange(3.0), offices=offices, treated=np.array(treated), covariates=np.empty((3, 0)))


@pytest.mark.parametrize("intraclass", [-0.1, 1.0])
def test_a_correlation_outside_its_range_is_refused(intraclass):
    with pytest.raises(ValueError, match="intraclass correlation"):
        what_if_alike(two_offices(5), intraclass=intraclass)


def test_dependent_covariates_are_refused():
    rows = two_offices(5)
    twice = Offices(y=rows.y, offices=rows.offices, treated=rows.treated, covariates=rows.x[:, [1]])
    for estimate in (difference_of_these_offices, lambda rows: what_if_alike(rows, intraclass=0.1)):
        with pytest.raises(NotEstimable, match="collinear"):
            estimate(twice)
