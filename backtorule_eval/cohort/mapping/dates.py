"""Text to dates: by a declared format, or by the only reading that every value of the column allows."""

from __future__ import annotations

import re
from functools import cache

import numpy as np

from backtorule_eval.cohort.mapping.reading import Array, Reading, Texts, present

ISO = "yyyy-mm-dd"
_TIME = r"(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)?"
_ZONE = re.compile(r"\d{4}-\d{2}-\d{2}[T ][\d:.,]+ ?(?:Z|[+-]\d{2}(?::?\d{2})?)", re.ASCII)
_TOKENS = {
    "yyyy": r"(?P<year>\d{4})",
    "mm": r"(?P<month>\d{2})",
    "m": r"(?P<month>\d{1,2})",
    "dd": r"(?P<day>\d{2})",
    "d": r"(?P<day>\d{1,2})",
}
_TOKEN = re.compile(r"y+|m+|d+|[^ymd]+")
# Both orders for every separator: a list of dates that could be either is not read without a declaration.
_CANDIDATES = (
    *(f"d{s}m{s}yyyy" for s in "./-"),
    *(f"m{s}d{s}yyyy" for s in "./-"),
    *(f"yyyy{s}m{s}d" for s in "./-"),
    "yyyymmdd",
    "ddmmyyyy",
    "mmddyyyy",
)
# 9999 is how some case systems write "goes on"; whether a date can be meant is for the checks to say.
_FIRST_YEAR, _LAST_YEAR = 1800, 9999
_EPOCH = 1970
_MONTHS, _LONGEST_MONTH = 12, 31


def check_format(form: str) -> str:
    """Say what is wrong with a declared date format, or "" if it can be used.

    A format is written with yyyy, mm or m, dd or d, and separators: ``dd.mm.yyyy``. ``d`` and ``m`` take
    one digit or two. A time of day may follow in the data; only the date is kept. Years have four digits:
    two could be two years.
    """
    tokens = [t for t in _TOKEN.findall(form.lower()) if t[0] in "ymd"]
    if sorted(t[0] for t in tokens) != ["d", "m", "y"] or any(t not in _TOKENS for t in tokens):
        return f"the date format {form!r} needs yyyy, mm (or m) and dd (or d) once each, such as dd.mm.yyyy."
    return ""


def read_dates(texts: Texts, *, form: str, iso_too: bool = False) -> Reading:
    """Which dates do the texts write?

    Parameters
    ----------
    texts : sequence of str or None
        Distinct trimmed cells of one column.
    form : str
        Declared format; "" takes ISO, or else the one reading that fits every value.
    iso_too : bool
        Besides the declared format take ISO, which is how cells that already were dates are written.

    Returns
    -------
    Reading
        Values are ``datetime64[D]``. Rules ``date_unreadable``, ``date_unclear`` and ``date_with_zone``:
        the day of a moment with a time zone depends on where one is.
    """
    zoned = np.array([t is not None and _ZONE.fullmatch(t) is not None for t in texts], dtype=bool)
    values, rule = _values(texts, form=form.lower(), iso_too=iso_too)
    unread = present(texts) & np.isnat(values) & ~zoned
    return Reading(
        values=values, broken={"date_with_zone": zoned, rule: unread}, detail={"format": form or ISO}
    )


def _values(texts: Texts, *, form: str, iso_too: bool) -> tuple[Array, str]:
    """Dates by the declared or the only possible format, and the rule that what is not read breaks."""
    iso = _parse(texts, ISO)
    if form:
        declared = _parse(texts, form)
        return (np.where(np.isnat(declared), iso, declared) if iso_too else declared), "date_unreadable"
    if not np.isnat(iso).all():
        return iso, "date_unreadable"
    readings = {r.tobytes(): r for r in (_parse(texts, c) for c in _CANDIDATES) if _complete(r, texts)}
    if len(readings) == 1:
        return next(iter(readings.values())), "date_unreadable"
    return iso, "date_unclear" if readings else "date_no_format"


def _complete(read: Array, texts: Texts) -> bool:
    """Whether every text that is present was read."""
    return bool((~np.isnat(read) | ~present(texts)).all())


@cache
def _pattern(form: str) -> re.Pattern[str]:
    """Regular expression of one format; a time of day may follow."""
    parts = [_TOKENS.get(token, re.escape(token)) for token in _TOKEN.findall(form)]
    return re.compile("".join(parts) + _TIME, re.ASCII)


def _parse(texts: Texts, form: str) -> Array:
    """Dates in one format; NaT for the texts it does not describe."""
    pattern = _pattern(form)
    found = [pattern.fullmatch(t) if t else None for t in texts]
    parts = [(int(m["year"]), int(m["month"]), int(m["day"])) if m else (0, 0, 0) for m in found]
    year, month, day = np.array(parts, dtype=np.int64).reshape(-1, 3).T
    plausible = (
        ((year >= _FIRST_YEAR) & (year <= _LAST_YEAR))
        & ((month >= 1) & (month <= _MONTHS))
        & ((day >= 1) & (day <= _LONGEST_MONTH))
    )
    months = np.where(plausible, (year - _EPOCH) * _MONTHS + month - 1, 0).astype("datetime64[M]")
    dates = months.astype("datetime64[D]") + np.where(plausible, day - 1, 0)
    # A 31st of a short month runs over into the next.
    good = plausible & (dates.astype("datetime64[M]") == months)
    return np.where(good, dates, np.datetime64("NaT", "D"))
