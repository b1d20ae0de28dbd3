"""The curve of all choices: R's numbers deal by deal, a planted null and a planted effect."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from backtorule_eval.analyses.design_matrix import build_design
from backtorule_eval.analyses.logit import fit_logit
from backtorule_eval.analyses.permuted import Exposure, permuted_refits
from backtorule_eval.analyses.specification_curve import (
    Specification,
    exposure_of,
    permutations,
    specification_curve,
)
from backtorule_eval.errors import NotEstimable
from tests.analyses.references import R, reference, small_people, standardised
from tests.analyses.test_logit import VARIABLES

SUBJECTS = {"math": ("interest_math", "utility_math"), "science": ("interest_science", "utility_science")}
HELD = {"": (), "_adjusted": ("grade", "age", "points")}


def specification(people, subject: str, held: str) -> Specification:
    design = build_design(people, variables=[VARIABLES[n] for n in (*SUBJECTS[subject], *HELD[held])])
    weights = np.zeros(len(design.names))
    weights[1:3] = (1.0, -1.0)
    return Specification(choices=(("subject", subject), ("held", held)), x=design.x, weights=weights)


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("held", HELD)
def test_every_deal_agrees_with_r_glm(subject, held):
    people = standardised(small_people())
    deals = pd.read_csv(R / "data" / "specification_deals.csv").to_numpy() - 1
    exposure = exposure_of(specification(people, subject, held))
    y = people["left"].to_numpy(dtype=float)
    value, error = permuted_refits(exposure, y=y, permutations=deals)
    r = reference("specification_curve").loc[subject + held]
    for name, ours in (("value", value), ("std_error", error)):
        theirs = r[name].sort_index(key=lambda index: index.astype(int))
        assert ours == pytest.approx(theirs.to_numpy(), abs=1e-6)


def made(effect: float, *, seed: int, n: int = 240):
    """Four specifications about invented people: two measures of both sides, with and without a covariate."""
    chance = np.random.default_rng(seed)
    a, b, c = chance.normal(size=(3, n))
    log_odds = -0.4 + effect * (a - b) / 2 + 0.5 * c
    y = (chance.random(n) < 1 / (1 + np.exp(-log_odds))).astype(float)
    found = []
    for measure in range(2):
        noise = chance.normal(scale=0.5, size=(2, n))
        sides = np.column_stack([a + noise[0], b + noise[1]])
        for held in (np.empty((n, 0)), c[:, None]):
            x = np.column_stack([np.ones(n), sides, held])
            weights = np.r_[0.0, 1.0, -1.0, np.zeros(held.shape[1])]
            choices = (("measure", str(measure)), ("held", str(held.shape[1])))
            found.append(Specification(choices=choices, x=x, weights=weights))
    return found, y


def test_the_contrast_is_that_of_the_plain_model():
    specifications, y = made(0.6, seed=1)
    result = specification_curve(specifications=specifications, y=y, n_permutations=3, seed=1)
    for i, one in enumerate(specifications):
        fit = fit_logit(x=one.x, y=y)
        assert result.value[i] == pytest.approx(one.weights @ fit.coef, abs=1e-9)
        assert result.std_error[i] == pytest.approx(np.sqrt(one.weights @ fit.cov @ one.weights), abs=1e-7)


def test_a_planted_association_is_found_by_all_three_statistics():
    specifications, y = made(1.5, seed=2)
    result = specification_curve(specifications=specifications, y=y, n_permutations=99, seed=1)
    assert result.median.value > 0
    assert result.median.p_value == 0.01
    assert result.significant.p_value <= 0.05
    assert (result.same_sign.value, result.significant.value) == (1.0, 1.0)


def test_without_an_association_the_curve_is_seldom_called_one():
    # 40 draws: at 5 % more than 6 of them would be a chance of one in a hundred.
    p_values = [
        specification_curve(specifications=s, y=y, n_permutations=39, seed=1).median.p_value
        for s, y in (made(0.0, seed=seed, n=120) for seed in range(40))
    ]
    assert sum(p <= 0.05 for p in p_values) <= 6
    assert 0.3 < np.mean(p_values) < 0.7


def test_the_same_bits_for_any_number_of_workers():
    specifications, y = made(0.5, seed=3)
    exposure, deals = exposure_of(specifications[1]), permutations(n=len(y), n_permutations=80, seed=4)
    one, two = (permuted_refits(exposure, y=y, permutations=deals, workers=w) for w in (1, 2))
    assert np.concatenate(one).tobytes() == np.concatenate(two).tobytes()


def test_a_deal_that_is_separated_has_no_estimate():
    compared, y = np.repeat([0.0, 1.0], [6, 4]), np.array([0.0, 0, 0, 0, 0, 1, 1, 1, 1, 0])
    # Moved by one, those with the exposure are exactly those with the outcome.
    deals = np.stack([np.arange(10), np.roll(np.arange(10), -1)])
    value, error = permuted_refits(
        Exposure(compared=compared, held=np.ones((10, 1))), y=y, permutations=deals
    )
    assert np.isnan([value[1], error[1]]).all()
    assert np.isfinite([value[0], error[0]]).all()


def test_fewer_than_a_hundred_are_refused():
    specifications, y = made(0.5, seed=1, n=99)
    with pytest.raises(NotEstimable, match="persons"):
        specification_curve(specifications=specifications, y=y, n_permutations=9, seed=1)
