"""How a figure is written: digits, decimal comma, minus sign, spaces that do not break.

This is the one place where a released figure gets its digits, for sentences, tables, figures and CSV alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import floor, log10

from babel.dates import format_date
from babel.numbers import format_decimal

from backtorule_eval.analyses.estimate import Measure
from backtorule_eval.disclosure.released import ShownEstimate
from backtorule_eval.disclosure.rounding import Band, Mark, Number
from backtorule_eval.report.catalogue import translator

MINUS = "\N{MINUS SIGN}"
NO_BREAK = "\N{NO-BREAK SPACE}"
NOTHING = "\N{EN DASH}"

SHARES = (Measure.RISK, Measure.RISK_DIFFERENCE, Measure.EXPLAINED)
PER_HUNDRED = 100
# Below ten per hundred, tenths are told where the release has them.
TENTHS_BELOW = 10
MOST_DECIMALS = 4
EXACT_P_DECIMALS = 3
SMALLEST_P = 0.001


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """An estimate and its interval in the unit a reader sees, with the decimals that all three share."""

    value: float
    low: float
    high: float
    decimals: int

    def rounded(self) -> tuple[float, float, float]:
        """Return value, low and high as they are written."""
        return tuple(round(x, self.decimals) + 0.0 for x in (self.value, self.low, self.high))  # type: ignore[return-value]


def read_figures(estimate: ShownEstimate, *, precise: bool) -> Figures | None:
    """What does a reader see of an estimate: people per hundred for shares, else the unit itself?

    Parameters
    ----------
    estimate : ShownEstimate
    precise : bool
        The release holds every digit (public data); then tenths of small shares are told.

    Returns
    -------
    Figures or None
        None when the estimate is hidden.
    """
    numbers = (estimate.value, estimate.low, estimate.high)
    if any(isinstance(x, Mark) for x in numbers):
        return None
    value, low, high = (float(x) for x in numbers if not isinstance(x, Mark))
    if estimate.measure not in SHARES:
        decimals = decimals_of((value, low, high), spread=high - low, precise=precise)
        return Figures(value=value, low=low, high=high, decimals=decimals)
    largest = max(abs(x) for x in (value, low, high)) * PER_HUNDRED
    tenths = precise or estimate.measure is Measure.EXPLAINED
    decimals = 1 if tenths and largest < TENTHS_BELOW else 0
    return Figures(
        value=value * PER_HUNDRED, low=low * PER_HUNDRED, high=high * PER_HUNDRED, decimals=decimals
    )


def _decimals_of_width(width: float) -> int:
    """Decimals that give an interval's width two figures, at most four."""
    if width <= 0:
        return 2
    return min(MOST_DECIMALS, max(0, 1 - floor(log10(width))))


def decimals_of(values: Sequence[float], *, spread: float, precise: bool) -> int:
    """Decimals for figures that vary as much as `spread`; never more than a rounded release holds."""
    wanted = _decimals_of_width(spread)
    return wanted if precise else min(wanted, max(_held_decimals(x) for x in values))


def _held_decimals(x: float) -> int:
    """Decimals that write a rounded figure exactly, at most four."""
    return len(f"{x:.{MOST_DECIMALS}f}".rstrip("0").partition(".")[2])


def number(value: float, decimals: int, language: str) -> str:
    """Write a number: decimal comma (nb) or point (en), true minus sign, spaces that do not break."""
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    written = format_decimal(round(value, decimals) + 0.0, format=pattern, locale=language)
    return str(written).replace("-", MINUS).replace(" ", NO_BREAK)


def plain_number(value: float, decimals: int) -> str:
    """Write a number for a machine, with the digits a reader sees: point, hyphen, no grouping."""
    return f"{round(value, decimals) + 0.0:.{decimals}f}"


def count(n: Number | None, language: str) -> str:
    """Write a count of persons; hidden ones by a word, missing ones by a dash."""
    if n is None:
        return NOTHING
    return hidden(language) if isinstance(n, Mark) else number(n, 0, language)


def hidden(language: str) -> str:
    """Return the word that stands for a withheld figure."""
    _ = translator(language)
    return _("hidden")


def per_cent(share: float, language: str, *, decimals: int = 0) -> str:
    """Write a share as a percentage: "18 %" in bokmål, "18%" in English."""
    space = NO_BREAK if language == "nb" else ""
    return f"{number(share * PER_HUNDRED, decimals, language)}{space}%"


def interval(figures: Figures, language: str) -> str:
    """Write an interval in words for tables and figures: "−0,14 til −0,02"."""
    _ = translator(language)
    low, high = (number(x, figures.decimals, language) for x in (figures.low, figures.high))
    return _unbroken(_("{low} to {high}").format(low=low, high=high))


def _unbroken(words: str) -> str:
    """Keep words on one line."""
    return words.replace(" ", NO_BREAK)


def p_value(p: Number | Band | None, language: str) -> str:
    """Write a p-value, or the band of one."""
    _ = translator(language)
    if p is None:
        return NOTHING
    if isinstance(p, Mark):
        return hidden(language)
    if isinstance(p, Band):
        return _p_band(p, language)
    if p < SMALLEST_P:
        return _unbroken(_("below {high}").format(high=number(SMALLEST_P, 3, language)))
    return number(p, EXACT_P_DECIMALS, language)


def _p_band(band: Band, language: str) -> str:
    """Write a band: "below 0.001", "0.01 to 0.05", "above 0.1"."""
    _ = translator(language)
    low, high = (number(edge, _held_decimals(edge), language) for edge in (band.low, band.high))
    if band.low == 0:
        return _unbroken(_("below {high}").format(high=high))
    if band.high == 1:
        return _unbroken(_("above {low}").format(low=low))
    return _unbroken(_("{low} to {high}").format(low=low, high=high))


def day(when: date, language: str) -> str:
    """Write a date: "30. juni 2026", "30 June 2026"."""
    pattern = "d. MMMM y" if language == "nb" else "d MMMM y"
    return str(format_date(when, pattern, locale=language)).replace(" ", NO_BREAK)


def listed(parts: Sequence[str], language: str) -> str:
    """Write a list: "a, b og c"."""
    _ = translator(language)
    if len(parts) <= 1:
        return "".join(parts)
    return _("{others} and {last}").format(others=", ".join(parts[:-1]), last=parts[-1])
