"""Quantiles, extremes, dots and residuals are refused, and whoever asked is told why, and what to publish."""

from __future__ import annotations

import json
from dataclasses import dataclass, make_dataclass, replace

import pandas as pd
import pytest

from backtorule_eval.analyses.estimate import Estimate
from backtorule_eval.disclosure.audit import FORMS
from backtorule_eval.disclosure.claim import KINDS, Claim, claim_from_json, claim_to_json
from backtorule_eval.disclosure.never_shown import NEVER_SHOWN, why_never
from backtorule_eval.errors import DisclosureRefused
from backtorule_eval.report.views import VIEWS, render
from tests.disclosure.examples import claim, counts, estimate
from tests.report.examples import released

ASKED = {
    "QuantileTable": "a quantile is the value of one person",
    "Medians": "a quantile is the value of one person",
    "BoxPlot": "a quantile is the value of one person",
    "Minimum": "the smallest and the largest value belong to one person each",
    "MaxMin": "the smallest and the largest value belong to one person each",
    "ScatterPlot": "every dot or line is a person",
    "ResidualPlot": "every residual is a person",
    "PredictedRisks": "a foretold risk is about one person",
    "Figure": "what a finished picture tells cannot be checked",
}


def claimed(*things):
    return Claim(key="a/b", cohort="demo", view="counts", things=things)


@pytest.mark.parametrize("name", ASKED)
def test_an_output_of_one_person_s_values_is_refused_with_the_reason(name):
    thing = make_dataclass(name, ["question"])("q")
    with pytest.raises(DisclosureRefused, match=rf"rules for {name}; .*shown: {ASKED[name]}"):
        claimed(thing)


def test_a_frame_of_rows_is_refused_and_what_to_publish_is_said():
    with pytest.raises(DisclosureRefused, match=r"rows are persons. Publish how many .*\(CountTable\)"):
        claimed(pd.DataFrame({"a": [1]}))


def test_a_known_kind_in_disguise_is_still_refused():
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Quantiles(Estimate):
        """An estimate that says it is something else."""

    disguised = Quantiles(**{name: getattr(estimate(), name) for name in Estimate.__slots__})
    with pytest.raises(DisclosureRefused, match=r"rules for Quantiles; .* value of one person"):
        claimed(disguised)


@pytest.mark.parametrize("kind", ["quantiles", "min_max", "scatter", "residuals"])
def test_a_stored_claim_of_such_a_kind_is_refused(kind):
    stored = json.loads(claim_to_json(claim(counts(7, 8)))) | {"kind": kind}
    with pytest.raises(DisclosureRefused, match=f"outputs of kind '{kind}'. Never shown: .* Publish "):
        claim_from_json(json.dumps(stored))


@pytest.mark.parametrize("view", ["scatter", "residual_plot", "boxplot", "histogram"])
def test_there_is_no_view_of_single_persons(view):
    told = "" if view == "histogram" else r" Never shown: .* Publish .*\.$"
    with pytest.raises(DisclosureRefused, match=f"There is no view '{view}'; there are: [a-z_, ]*[.]{told}"):
        render(replace(released(counts(9, 8), view="counts"), view=view), "nb")


def test_why_is_said_once_whatever_is_mixed():
    first, second = (make_dataclass(name, [])() for name in ("Median", "Quartile"))
    with pytest.raises(DisclosureRefused) as refused:
        claimed(first, second)
    assert str(refused.value).count("Never shown") == 1


def test_nothing_is_made_up_about_a_kind_of_which_nothing_is_known():
    assert why_never("Pie") == why_never("maximally") == ""


def test_no_kind_with_rules_and_no_view_is_among_them():
    names = [*KINDS, *VIEWS, *(known.__name__ for known in KINDS.values())]
    assert [name for name in names if why_never(name)] == []
    assert KINDS.keys() == FORMS.keys()


def test_every_reason_says_what_to_publish_by_a_name_that_exists():
    kinds = [known.__name__ for known in KINDS.values()]
    for never in NEVER_SHOWN:
        assert never.why
        assert any(kind in never.instead for kind in kinds) or "the report draws it" in never.instead
