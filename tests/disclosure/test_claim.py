"""Claims: refused when unknown, written so that the same figures give the same bytes."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from backtorule_eval.disclosure.claim import Claim, claim_from_json, claim_to_json, digest
from backtorule_eval.errors import DisclosureRefused
from tests.disclosure.examples import claim, counts, estimate, flow, mean, means, refusal, two_way

EVERY_KIND = {
    "estimate": claim(estimate(), estimate(outcome="left", p_value=None), worthwhile=10.0, direction="up"),
    "counts": claim(counts(12, 3, 0), two_way(7, 8, 9, 10)),
    "means": claim(means(mean(40, 2), mean(0, 42, mean=None, sd=None, low=None, high=None))),
    "flow": claim(flow(60, 2, 8)),
    "refusal": claim(refusal()),
}


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_a_claim_survives_being_written(kind):
    written = claim_to_json(EVERY_KIND[kind])
    assert claim_from_json(written) == EVERY_KIND[kind]
    assert json.loads(written)["kind"] == kind


def test_the_same_figures_give_the_same_digest_whatever_their_python_type():
    exact = estimate(value=1.0, low=0.0, high=2.0)
    loose = replace(exact, value=np.float64(1), low=0, high=2)
    assert digest(claim(exact)) == digest(claim(loose))


def test_another_figure_gives_another_digest():
    assert digest(claim(counts(12, 5))) != digest(claim(counts(12, 6)))


@pytest.mark.parametrize(
    "key", ["", "01_cohort", "01/../q", "A/b", "a/b/c/d", "a//b", "/a/b", "a/b c", "-/b"]
)
def test_a_key_that_cannot_name_a_file_is_refused(key):
    with pytest.raises(DisclosureRefused, match="two or three names"):
        claim(counts(1), key=key)


@pytest.mark.parametrize(
    ("things", "named"),
    [
        ((), "nothing"),
        ((counts(1), refusal()), "CountTable, Refusal"),
        (("<img>",), "str"),
        ((object(),), "object"),
    ],
)
def test_an_unknown_kind_is_refused(things, named):
    with pytest.raises(DisclosureRefused, match=f"no disclosure rules for {named}"):
        Claim(key="a/b", cohort="demo", view="counts", things=things)


@pytest.mark.parametrize(
    "declared",
    [
        {"worthwhile": 10.0},
        {"direction": "up"},
        {"worthwhile": 10.0, "direction": "sideways"},
        {"worthwhile": 0.0, "direction": "up"},
        {"worthwhile": float("nan"), "direction": "up"},
    ],
)
def test_a_half_declared_question_is_refused(declared):
    with pytest.raises(DisclosureRefused, match="01_cohort/q: a size worth having is a number above 0"):
        claim(counts(1), **declared)


def test_a_figure_that_is_not_finite_is_refused():
    with pytest.raises(DisclosureRefused, match="01_cohort/q: a figure is not a finite number"):
        claim_to_json(claim(means(mean(40, 2, mean=float("nan")))))


def test_a_figure_of_another_type_is_refused():
    with pytest.raises(DisclosureRefused, match="not of its declared type"):
        claim_to_json(claim(refusal(found="many")))


@pytest.mark.parametrize("kind", ["picture", ["estimate"], None])
def test_an_unknown_stored_kind_is_refused(kind):
    stored = json.loads(claim_to_json(claim(counts(1))))
    with pytest.raises(DisclosureRefused, match=r"kind|cannot be read"):
        claim_from_json(json.dumps(stored | {"kind": kind}))


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"kind":"counts"}', '{"kind":"counts","things":[{"n":3}]}']
)
def test_what_is_no_claim_is_refused_without_telling_what_it_holds(text):
    with pytest.raises(DisclosureRefused, match="cannot be read; run its notebook again") as refused:
        claim_from_json(text)
    assert refused.value.__cause__ is None


def test_a_stored_claim_that_says_more_than_it_should_is_refused():
    stored = json.loads(claim_to_json(claim(counts(1))))
    stored["things"][0]["note"] = "more"
    with pytest.raises(DisclosureRefused, match="was changed, or another version wrote it"):
        claim_from_json(json.dumps(stored))
