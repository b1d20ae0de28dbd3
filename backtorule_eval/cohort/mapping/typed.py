"""Texts read as a type of the dictionary."""

from __future__ import annotations

from backtorule_eval.cohort.dictionary import Column
from backtorule_eval.cohort.mapping.dates import read_dates
from backtorule_eval.cohort.mapping.numbers import read_integers, read_numbers
from backtorule_eval.cohort.mapping.reading import Reading, Texts, objects
from backtorule_eval.cohort.mapping.recoding import choose

_BOOLEANS = {"true": True, "false": False, "TRUE": True, "FALSE": False, "True": True, "False": False}


def read_typed(
    texts: Texts, column: Column, *, decimal: str = "", dates: str = "", iso_too: bool = False
) -> Reading:
    """What do the texts mean in a column of this type?

    Parameters
    ----------
    texts : sequence of str or None
        Distinct trimmed texts.
    column : Column
        Its type, and for type level its levels; range and pattern are not looked at.
    decimal, dates : str
        Declared decimal sign and date format; "" for none.
    iso_too : bool
        Whether dates may also be ISO.
    """
    match column.type:
        case "number":
            return read_numbers(texts, decimal=decimal)
        case "integer":
            return read_integers(texts, decimal=decimal)
        case "date":
            return read_dates(texts, form=dates, iso_too=iso_too)
        case "boolean":
            return choose(texts, _BOOLEANS, rule="boolean_unreadable")
        case "level":
            return choose(texts, {level: level for level in column.levels}, rule="level_unknown")
        case _:
            return Reading(values=objects(texts))


def read_stated(texts: Texts, column: Column) -> Reading:
    """What do texts mean that the mapping file itself states? They have decimal points and ISO dates."""
    return read_typed(texts, column, decimal=".", dates="yyyy-mm-dd")
