"""Reliability, correlations and fit: nobody counts back from them to how many answered."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from backtorule_eval.analyses.quality import Quality, QualityRow, Quantity
from backtorule_eval.analyses.tables import Refusal
from backtorule_eval.disclosure.audit import apply, audit
from backtorule_eval.disclosure.claim import claim_from_json, claim_to_json
from backtorule_eval.disclosure.interval_sizes import finest_step
from backtorule_eval.disclosure.qualities import decide
from backtorule_eval.disclosure.rounding import HIDDEN, Band
from backtorule_eval.disclosure.rules import PUBLIC
from tests.disclosure.examples import claim
from tests.report.examples import RULES, SCALES, change_rules, correlations, fits, reliability


def shown(thing, rules=RULES):
    one = claim(thing, view="quality")
    return apply(one, audit([one], rules)).things[0]


def test_an_interval_is_rounded_outward_and_a_count_to_the_base():
    row = shown(reliability((49, 8))).rows[0]
    value, low, high, omega = row.figures
    assert (value, omega, row.n) == (0.75, None, 50)
    assert low <= 0.6067
    assert high >= 0.8453


@pytest.mark.parametrize(("n", "value"), [(9, HIDDEN), (10, 0.75), (29, 0.75), (30, 0.75)])
def test_too_few_people_get_no_figures(n, value):
    row = shown(reliability((n, 12))).rows[0]
    assert row.figures[0] == value
    if value is HIDDEN:
        assert row.figures == (HIDDEN, HIDDEN, HIDDEN, None)
        assert row.n is HIDDEN


@pytest.mark.parametrize(
    ("n", "n_missing", "seen"), [(54, 0, 55), (54, 1, HIDDEN), (54, 4, HIDDEN), (54, 5, 55)]
)
def test_how_many_answered_does_not_tell_that_few_did_not(n, n_missing, seen):
    assert shown(reliability((n, n_missing))).rows[0].n == seen


def test_fit_is_rounded_by_what_each_figure_is():
    first, second = shown(fits()).rows
    assert first.figures == (340, 329, Band(0.1, 1.0), 1.0, 0.01, None)
    assert second.figures == (570, 340, Band(0.0, 0.001), 0.94, 0.04, Band(0.0, 0.001))


def test_what_is_in_units_of_the_scale_is_rounded_to_tenths():
    assert shown(change_rules()).rows[0].figures == (0.75, 1.0, 1.4)


def test_public_data_are_shown_in_full():
    row = shown(reliability((9, 3)), PUBLIC).rows[0]
    assert (row.n, row.figures[0]) == (9, 0.7464)


def test_a_claim_is_read_back_as_it_was_written():
    for thing in (reliability((49, 8)), correlations(), fits("waves"), change_rules()):
        one = claim(thing, view="quality")
        assert claim_from_json(claim_to_json(one)) == one


def feldt(value, n):
    """Ends of Feldt's interval for four questions."""
    upper, lower = (stats.f.ppf(q, n - 1, (n - 1) * 3) for q in (0.975, 0.025))
    return 1 - (1 - value) * upper, 1 - (1 - value) * lower


def fisher(value, n):
    reach = stats.norm.ppf(0.975) / np.sqrt(n - 3)
    return np.tanh(np.arctanh(value) - reach), np.tanh(np.arctanh(value) + reach)


def attacked(seen, ends, sizes, *, value_step):
    """Every n for which some value that rounds as shown gives the interval as shown, found another way.

    An interval that is not told leaves every n.
    """
    value, low, high = seen
    if low is HIDDEN:
        return list(sizes)
    exact = np.linspace(value - value_step / 2, min(value + value_step / 2, 0.9999), 101)[:, None]
    lower, upper = ends(exact, np.array(sizes)[None, :])
    fits = np.zeros(len(sizes), dtype=bool)
    for step in (0.01, 0.05, 0.1, 0.2):
        same_low = np.abs(np.floor(lower / step) * step - low) < 1e-6
        fits |= (same_low & (np.abs(np.ceil(upper / step) * step - high) < 1e-6)).any(axis=0)
    return list(np.array(sizes)[fits])


@pytest.mark.parametrize("n_missing", [0, 3, 9])
@pytest.mark.parametrize(("ends", "quantities"), [(feldt, "alpha"), (fisher, "correlation")])
@pytest.mark.parametrize("n", [12, 20, 31, 36, 49, 75])
def test_nobody_counts_back_from_an_interval(ends, quantities, n, n_missing):
    for value in (0.04, 0.31, 0.62, 0.88):
        names = (quantities, f"{quantities}_low", f"{quantities}_high")
        row = QualityRow(
            name="a", label=SCALES[0], n=n, n_missing=n_missing, n_items=4, figures=(value, *ends(value, n))
        )
        thing = Quality(
            question="x", population="everyone", quantities=tuple(map(Quantity, names)), rows=(row,)
        )
        decided = {d.figure: d for d in decide(thing, RULES).values()}
        seen = [decided[f"rows.0.{q}"].released(x) for q, x in zip(names, row.figures, strict=True)]
        known = range(4, n + (n_missing or 5) + 1)
        found = attacked(seen, ends, known, value_step=0.05 if n < 30 else 0.01)
        assert n in found
        if n_missing == 3:
            assert any(n + n_missing - m >= 5 for m in found)
            assert sum(n + n_missing - m < 5 for m in found) >= 3
        else:
            assert sum((m + 2) // 5 == (n + 2) // 5 for m in found) >= 3


def test_an_interval_that_tells_how_many_at_every_step_is_hidden():
    """Of 12 people in 12: there is nobody else it could be."""
    row = QualityRow(name="a", label=SCALES[0], n=4, n_missing=0, n_items=4, figures=(0.3, -1.0, 0.95))
    assert finest_step(row, Quantity.ALPHA, interval=(0.3, -1.0, 0.95), value_step=0.05, rules=RULES) is None


def test_a_table_without_rows_or_with_gaps_is_refused():
    one = reliability((49, 8))
    with pytest.raises(ValueError, match="needs rows"):
        Quality(question="reliability", population="everyone", quantities=(), rows=())
    with pytest.raises(ValueError, match="one figure per quantity"):
        Quality(question="x", population="everyone", quantities=(Quantity.ALPHA,), rows=one.rows)


def test_what_a_factor_model_needs_follows_from_the_model_and_is_told():
    refusal = Refusal(
        question="structure",
        population="everyone",
        model="confirmatory_factors",
        reason="persons",
        needed=385.0,
        found=33.0,
    )
    one = claim(refusal, view="refusal")
    seen = apply(one, audit([one], RULES)).things[0]
    assert (seen.needed, seen.found) == (385, 30)
