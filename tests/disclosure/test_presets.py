"""Rules by the name of who uses them: what a study file may write, and what it means."""

from __future__ import annotations

import pytest

from backtorule_eval.disclosure.rules import (
    PRESETS,
    DisclosureRules,
    rules_from_plain,
    rules_of,
    rules_to_plain,
)
from backtorule_eval.errors import DisclosureRefused
from backtorule_eval.report.remarks import PRESET_WORDS, rules_sentence


@pytest.mark.parametrize(
    ("name", "threshold", "base", "group"), [("ssb", 3, 3, 10), ("opensafely", 8, 5, 10), ("acro", 10, 5, 10)]
)
def test_a_preset_sets_the_numbers_it_is_known_for(name, threshold, base, group):
    rules = rules_of({"preset": name})
    assert (rules.threshold, rules.base, rules.smallest_group, rules.preset) == (threshold, base, group, name)


def test_a_study_s_own_numbers_replace_a_preset_s():
    rules = rules_of({"preset": "acro", "base": 10, "smallest_group": 12})
    assert (rules.threshold, rules.base, rules.smallest_group) == (10, 10, 12)


def test_without_a_preset_the_numbers_are_the_study_s_own():
    assert rules_of({"threshold": 5, "base": 5}) == DisclosureRules()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"preset": "nav"}, "no rules called 'nav'; there are: ssb, opensafely, acro"),
        ({"preset": ""}, "no rules called ''"),
        ({"tresold": 5}, "there is no tresold; give base, coarse_below"),
        ({"preset": "acro", "threshold": 2}, "threshold must be a whole number, 3 or more"),
    ],
)
def test_what_is_not_known_is_refused(given, told):
    with pytest.raises(DisclosureRefused, match=told):
        rules_of(given)


def test_rules_cannot_bear_a_name_that_nobody_uses():
    with pytest.raises(DisclosureRefused, match="no rules called 'nav'"):
        DisclosureRules(preset="nav")


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_written_read_and_said(name):
    rules = rules_of({"preset": name})
    assert rules_from_plain(rules_to_plain(rules)) == rules
    assert PRESETS[name].source
    said = {language: rules_sentence(rules, language) for language in ("nb", "en")}
    assert said["en"].endswith(PRESET_WORDS[name])
    assert said["nb"] != said["en"]


def test_every_preset_has_its_words():
    assert PRESET_WORDS.keys() == PRESETS.keys()
