from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest

from backtorule_eval.measures.absence_rules import load_absence_rules
from backtorule_eval.measures.documentation import COMMAND, document_scales, main
from backtorule_eval.measures.scales import load_catalogue

PAGE = Path(__file__).parents[2] / "docs" / "scales.md"


def page():
    return document_scales(load_catalogue(), load_absence_rules())


def test_the_page_is_not_stale():
    assert PAGE.read_text(encoding="utf-8") == page(), f"run: {COMMAND}"


def test_every_scale_rule_and_mark_is_on_the_page():
    for scale in load_catalogue().scales.values():
        assert f"## {scale.name}: {scale.title}" in page()
        for note in scale.notes:
            assert f"- {note.en} ({note.mark})" in page()
        for cut_off in scale.cut_offs:
            word = "limit" if cut_off.usable else "limit, not applied"
            assert f"| {word} | `{cut_off.name}`" in page()


def test_what_is_not_verified_is_marked():
    assert "| limit | `high_distress`: at least 1.85 (mean) | R | Strand et al. 2003 |" in page()
    assert "| limit, not applied | `lonely`: at least 6 (sum) | U |  |" in page()
    assert "| key, only by name | `cycle_of_four`" in page()
    assert "35 = 35.00" in page()


def test_run_as_a_program(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["documentation", str(tmp_path / "scales.md")])
    monkeypatch.delitem(sys.modules, "backtorule_eval.measures.documentation")
    with pytest.raises(SystemExit, match="0"):
        runpy.run_module("backtorule_eval.measures.documentation", run_name="__main__")
    assert (tmp_path / "scales.md").read_bytes() == page().encode()


def test_written_to_a_file_or_to_standard_output(tmp_path, capfdbinary):
    assert main([str(tmp_path / "scales.md")]) == 0
    assert (tmp_path / "scales.md").read_bytes() == page().encode()
    assert main([]) == 0
    assert capfdbinary.readouterr().out == page().encode()
