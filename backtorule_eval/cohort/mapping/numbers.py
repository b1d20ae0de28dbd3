"""Text to numbers, strictly: one decimal sign, no thousands separator, nothing dropped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

_WITH_POINT = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?", re.ASCII)
_WITH_COMMA = re.compile(r"[+-]?(\d+,?\d*|,\d+)([eE][+-]?\d{1,2})?", re.ASCII)
# One to three digits, a sign, exactly three digits: a decimal or a thousand.
_MAYBE_THOUSAND = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Distinct texts read as values, and which of them break which rule.

    Attributes
    ----------
    values : np.ndarray
        One value per distinct text; missing (nan, NaT, None) where the text is missing or cannot be read.
    broken : mapping of rule to bool array
        True for the texts that break the rule.
    detail : mapping of str to str
        Words for the rules' texts.
    """

    values: np.ndarray[Any, Any]
    broken: dict[str, np.ndarray[Any, Any]] = field(default_factory=dict)
    detail: dict[str, str] = field(default_factory=dict)


def read_numbers(texts: Sequence[str | None], *, decimal: str) -> Reading:
    """Which numbers do the texts write?

    Parameters
    ----------
    texts : sequence of str or None
        Distinct trimmed cells of one column.
    decimal : {"", ".", ","}
        The declared sign. "" accepts the sign that the column uses, unless it uses both, or all its fractions have
        exactly three digits and so could be thousands.

    Returns
    -------
    Reading
        Rules ``decimal_mixed``, ``decimal_unclear``, ``decimal_other`` and ``number_unreadable``.
    """
    point = _matching(_WITH_POINT, texts)
    comma = _matching(_WITH_COMMA, texts)
    present = np.array([t is not None for t in texts], dtype=bool)
    plain = point & comma
    sign = decimal or _sign_in_use(texts, point=point & ~plain, comma=comma & ~plain)
    broken = {"number_unreadable": present & ~point & ~comma}
    if sign in {"decimal_mixed", "decimal_unclear"}:
        broken[sign] = _rarer(point & ~plain, comma & ~plain)
        return Reading(values=_floats(texts, plain), broken=_some(broken))
    good = point if sign == "." else comma
    broken["decimal_other"] = (point | comma) & ~good
    return Reading(values=_floats(texts, good), broken=_some(broken), detail={"decimal": sign})


def read_integers(texts: Sequence[str | None], *, decimal: str) -> Reading:
    """Which whole numbers do the texts write? ``3,0`` is one; ``3,5`` breaks ``integer_unreadable``."""
    numbers = read_numbers(texts, decimal=decimal)
    with np.errstate(invalid="ignore"):
        fractional = ~np.isnan(numbers.values) & (numbers.values != np.floor(numbers.values))
    broken = _some({**numbers.broken, "integer_unreadable": fractional})
    return Reading(values=np.where(fractional, np.nan, numbers.values), broken=broken, detail=numbers.detail)


def _matching(pattern: re.Pattern[str], texts: Sequence[str | None]) -> np.ndarray[Any, Any]:
    """Which texts the pattern describes in full."""
    return np.array([t is not None and pattern.fullmatch(t) is not None for t in texts], dtype=bool)


def _sign_in_use(texts: Sequence[str | None], *, point: np.ndarray[Any, Any], comma: np.ndarray[Any, Any]) -> str:
    """The one decimal sign of a column, or the rule that keeps it from being known."""
    if point.any() and comma.any():
        return "decimal_mixed"
    used = point | comma
    if used.any() and all(_MAYBE_THOUSAND.fullmatch(texts[i] or "") for i in np.flatnonzero(used)):
        return "decimal_unclear"
    return "," if comma.any() else "."


def _rarer(point: np.ndarray[Any, Any], comma: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The texts with the sign fewer of them use: most likely the ones to correct."""
    if not (point.any() and comma.any()):
        return point | comma
    return point if point.sum() < comma.sum() else comma


def _floats(texts: Sequence[str | None], good: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The good texts as floats, the others missing."""
    values = [float((t or "").replace(",", ".")) if g else np.nan for t, g in zip(texts, good, strict=True)]
    return np.array(values, dtype=np.float64)


def _some(broken: dict[str, np.ndarray[Any, Any]]) -> dict[str, np.ndarray[Any, Any]]:
    """The rules that some text breaks."""
    return {rule: mask for rule, mask in broken.items() if mask.any()}
