from __future__ import annotations

import copy
from importlib import resources

import pytest
import yaml
from pydantic import ValidationError

from backtorule_eval.errors import ParameterProblem
from backtorule_eval.measures.evidence import Evidence
from backtorule_eval.measures.scales import Missing, find_scale, load_catalogue, read_catalogue

RAW = yaml.safe_load(
    resources.files("backtorule_eval.measures").joinpath("scales.yaml").read_text(encoding="utf-8")
)

# Scale, items, lowest and highest answer, default method.
KNOWN = [
    ("ams", 28, 1, 7, "mean"),
    ("srqa", 32, 1, 4, "mean"),
    ("sims", 16, 1, 7, "mean"),
    ("bpns", 24, 1, 5, "mean"),
    ("hscl", 10, 1, 4, "mean"),
    ("swemwbs", 7, 1, 5, "converted"),
    ("wemwbs", 14, 1, 5, "sum"),
    ("ucla", 3, 1, 3, "sum"),
    ("tils", 3, 1, 5, "sum"),
    ("uls", 8, 1, 4, "sum"),
    ("gse", 10, 1, 4, "sum"),
    ("rses", 10, 0, 3, "sum"),
    ("cantril", 1, 0, 10, "sum"),
    ("lifesat", 1, 0, 10, "sum"),
]


def test_every_scale_is_there():
    assert [name for name, *_ in KNOWN] == list(load_catalogue().scales)


@pytest.mark.parametrize(("name", "count", "low", "high", "method"), KNOWN)
def test_items_range_and_method(name, count, low, high, method):
    scale = find_scale(name)
    coding = next(iter(scale.codings.values()))
    assert (scale.items.count, coding.low, coding.high) == (count, low, high)
    assert next(iter(scale.methods)) == method
    assert scale.item_names[0] == f"{name}_01"
    assert scale.item_names[-1] == f"{name}_{count:02d}"


def test_ams_subscales_take_turns():
    key = find_scale("ams").keys["cycle_of_seven"]
    first = {"external": 1, "know": 2, "identified": 3, "stimulation": 4, "amotivation": 5}
    first |= {"accomplish": 6, "introjected": 7}
    assert key.items == {name: (n, n + 7, n + 14, n + 21) for name, n in first.items()}
    assert key.reversed == frozenset()
    assert key.mark is Evidence.UNVERIFIED


def test_rses_has_two_item_orders_and_two_codings():
    scale = find_scale("rses")
    assert scale.keys["reversed_3_5_8_9_10"].reversed == {3, 5, 8, 9, 10}
    assert scale.keys["reversed_2_5_6_8_9"].reversed == {2, 5, 6, 8, 9}
    assert {(c.low, c.high) for c in scale.codings.values()} == {(0, 3), (1, 4)}


def test_srqa_can_be_coded_as_printed():
    assert not find_scale("srqa").codings["scored"].flipped
    assert find_scale("srqa").codings["as_printed"].flipped


def test_conversion_rises_from_end_to_end():
    conversion = find_scale("swemwbs").conversion
    assert conversion is not None
    assert len(conversion.values) == 35 - 7 + 1
    assert list(conversion.values) == sorted(set(conversion.values))
    assert (conversion.values[0], conversion.values[-1]) == (7.0, 35.0)


@pytest.mark.parametrize(
    ("scale", "usable"),
    [("hscl", ["high_distress"]), ("swemwbs", []), ("ucla", []), ("rses", ["low"]), ("cantril", [])],
)
def test_cut_offs_that_a_report_may_use(scale, usable):
    assert [c.name for c in find_scale(scale).cut_offs if c.usable] == usable


def test_every_composite_and_reading_is_made_of_known_scores():
    catalogue = load_catalogue()
    known = {scale.score_name(s) for scale in catalogue.scales.values() for s in scale.subscales or {"": 0}}
    for composite in catalogue.composites.values():
        assert set(composite.parts) <= known
    for reading in catalogue.readings.values():
        assert set(reading.scores) <= known | set(catalogue.composites)


@pytest.mark.parametrize("name", ["ams_self_determination", "srqa_relative_autonomy"])
def test_weighted_indices_carry_their_warning(name):
    warning = load_catalogue().composites[name].warning
    assert warning is not None
    assert "omstridt" in warning.nb
    assert "contested" in warning.en


def test_unknown_scale_gives_the_nearest_name():
    with pytest.raises(ParameterProblem, match=r"no scale 'hslc'\. Did you mean 'hscl'\?"):
        find_scale("hslc")


def test_unknown_scale_without_a_near_name_lists_them():
    with pytest.raises(ParameterProblem, match=r"Known scales: ams, srqa"):
        find_scale("zzzzzz")


def changed(scale, **parts):
    """The catalogue with parts of one scale replaced."""
    raw = copy.deepcopy(RAW)
    raw["scales"][scale] |= parts
    return raw


KEY = {"mark": "U", "label": {"nb": "n", "en": "n"}}


@pytest.mark.parametrize(
    ("scale", "parts", "message"),
    [
        ("ams", {"keys": {"k": KEY | {"items": {"know": [1]}}}}, "must have the scale's subscales"),
        (
            "sims",
            {"keys": {"k": KEY | {"items": {s: [1, 2, 3, 4] for s in RAW["scales"]["sims"]["subscales"]}}}},
            "must use each item once",
        ),
        ("gse", {"keys": {"k": KEY | {"reversed": [11]}}}, "reverses items the scale does not have"),
        ("gse", {"keys": {"k": KEY | {"reversed": [1]}}}, "a key that reverses nothing must stand beside"),
        ("gse", {"missing": {"mark": "U"}}, "either min_answered or complete"),
        ("gse", {"missing": {"mark": "U", "min_answered": 7, "complete": True}}, "either min_answered or"),
        ("gse", {"methods": {"converted": {"mark": "U"}}}, "belong together"),
        ("swemwbs", {"conversion": None}, "belong together"),
        ("rses", {"methods": {"mean": {"mark": "R"}}}, "needs a method and a coding of the scale"),
        ("rses", {"codings": {"1-4": RAW["scales"]["rses"]["codings"]["1-4"]}}, "a method and a coding"),
        ("gse", {"wordings": ["..."]}, "Extra inputs are not permitted"),
        ("gse", {"items": {"count": 10}}, "mark"),
    ],
)
def test_data_that_do_not_fit_together_are_refused(scale, parts, message):
    with pytest.raises(ValidationError, match=message):
        read_catalogue(changed(scale, **parts))


@pytest.mark.parametrize(
    ("rule", "needed"), [({"complete": True}, 4), ({"min_answered": 3}, 3), ({"min_answered": 1}, 1)]
)
def test_items_needed(rule, needed):
    assert Missing(mark=Evidence.DECIDED, **rule).needed(4) == needed


def test_no_wording_of_an_item_is_shipped():
    assert all(set(RAW["scales"][name]["items"]) <= {"count", "mark", "source"} for name in RAW["scales"])
