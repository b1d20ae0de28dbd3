from __future__ import annotations

import pytest

from backtorule_eval.measures.evidence import Evidence, Rule, weakest


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        (["R"], "R"),
        (["R", "C"], "C"),
        (["C", "D", "R"], "D"),
        (["D", "R-"], "R-"),
        (["U", "R-", "R"], "U"),
    ],
)
def test_a_result_is_known_no_better_than_its_worst_rule(marks, expected):
    assert weakest(Evidence(mark) for mark in marks) == expected


@pytest.mark.parametrize("mark", list(Evidence))
def test_only_what_was_read_is_usable(mark):
    assert Rule(mark=mark).usable == (mark == "R")
