"""Evaluation workbook for Back to Rule: the names a notebook uses, loaded when they are first used."""

from __future__ import annotations

import importlib

# Name -> module. The stub beside this file repeats the names for type checkers; a test compares them.
_HOME = {
    "answered_by_wave": "analyses.describe",
    "average_numbers": "analyses.describe",
    "average_scores": "analyses.motivation_description",
    "count_levels": "analyses.describe",
    "coverage_by_source": "analyses.describe",
    "describe_flow": "analyses.describe",
    "motivation_by_group": "analyses.motivation_groups",
    "motivation_choices": "analyses.motivation_choices",
    "motivation_dominance": "analyses.motivation_choices",
    "motivation_change": "analyses.motivation_change",
    "motivation_correlations": "analyses.motivation_reliability",
    "motivation_invariance": "analyses.motivation_structure",
    "motivation_ladder": "analyses.motivation",
    "motivation_over_waves": "analyses.motivation_structure",
    "motivation_profiles": "analyses.motivation_change",
    "motivation_reliability": "analyses.motivation_reliability",
    "motivation_structure": "analyses.motivation_structure",
    "open_study": "study.study",
    "outcome_by_score": "analyses.motivation_description",
    "read_plan": "analyses.motivation_plan",
}
__all__ = sorted(_HOME)


def __getattr__(name: str) -> object:
    """Load a name's module on first use (PEP 562), so that importing the package loads nothing else."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    """Tell the names that completion should offer."""
    return __all__
