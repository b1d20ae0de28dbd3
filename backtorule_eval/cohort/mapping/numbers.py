"""Text to numbers, strictly: one decimal sign, no thousands separator, nothing dropped."""

from __future__ import annotations

import math
import re

import numpy as np

from backtorule_eval.cohort.mapping.reading import Array, Reading, Texts, present

_WITH_POINT = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_WITH_COMMA = re.compile(r"[+-]?(\d+,?\d*|,\d+)([eE][+-]?\d{1,3})?", re.ASCII)
# One to three digits, a sign, exactly three digits: a decimal or a thousand.
_MAYBE_THOUSAND = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
# Longer ones are no amounts; R and Python write a float in at most 24 characters.
_LONGEST = 40


def read_numbers(texts: Texts, *, decimal: str) -> Reading:
    """Which numbers do the texts write?

    Parameters
    ----------
    texts : sequence of str or None
        Distinct trimmed cells of one column.
    decimal : {"", ".", ","}
        The declared sign. "" accepts the sign that the column uses, unless it uses both, or all its
        fractions have exactly three digits and so could be thousands.

    Returns
    -------
    Reading
        Float values. Rules ``decimal_mixed`` (marks the rarer sign), ``decimal_unclear``,
        ``decimal_other`` and ``number_unreadable``.
    """
    point, comma = _matching(_WITH_POINT, texts), _matching(_WITH_COMMA, texts)
    plain, number = point & comma, point | comma
    sign = decimal or _sign_in_use(texts, point=point & ~plain, comma=comma & ~plain)
    broken = {"number_unreadable": present(texts) & ~number}
    if sign == "decimal_mixed":
        broken[sign] = _rarer(point & ~plain, comma & ~plain)
    elif sign == "decimal_unclear":
        broken[sign] = number & ~plain
    good = {".": point, ",": comma}.get(sign, plain)
    if sign in {".", ","}:
        broken["decimal_other"] = number & ~good
    return Reading(
        values=_floats(texts, good), broken=broken, detail={"decimal": sign[:1] if sign in ".," else ""}
    )


def read_integers(texts: Texts, *, decimal: str) -> Reading:
    """Which whole numbers do the texts write? ``3,0`` is one; ``3,5`` breaks ``integer_unreadable``."""
    numbers = read_numbers(texts, decimal=decimal)
    fractional = ~np.isnan(numbers.values) & (numbers.values != np.floor(numbers.values))
    broken = {**numbers.broken, "integer_unreadable": fractional}
    return Reading(values=np.where(fractional, np.nan, numbers.values), broken=broken, detail=numbers.detail)


def _matching(pattern: re.Pattern[str], texts: Texts) -> Array:
    """Which texts the pattern describes in full, and a float can hold."""
    found = (t is not None and pattern.fullmatch(t) is not None and _holds(t) for t in texts)
    return np.fromiter(found, dtype=bool, count=len(texts))


def _holds(text: str) -> bool:
    """Whether a float holds the number: it has no more digits than one writes, and does not overflow."""
    return len(text) <= _LONGEST and math.isfinite(_float(text))


def _float(text: str) -> float:
    """The number that a text writes with either sign."""
    return float(text.replace(",", "."))


def _sign_in_use(texts: Texts, *, point: Array, comma: Array) -> str:
    """The one decimal sign of a column, or the rule that keeps it from being known."""
    if point.any() and comma.any():
        return "decimal_mixed"
    used = point | comma
    if used.any() and all(_MAYBE_THOUSAND.fullmatch(t) for t, u in zip(texts, used, strict=True) if u and t):
        return "decimal_unclear"
    return "," if comma.any() else "."


def _rarer(point: Array, comma: Array) -> Array:
    """The texts with the sign fewer of them use: most likely the ones to correct."""
    return point if point.sum() < comma.sum() else comma


def _floats(texts: Texts, good: Array) -> Array:
    """The good texts as floats, the others missing."""
    values = (_float(t or "") if g else np.nan for t, g in zip(texts, good, strict=True))
    return np.fromiter(values, dtype=np.float64, count=len(texts))
