"""Small cohorts for tests: typed tables of the dictionary, empty where nothing is given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from backtorule_eval.cohort.cohort import Cohort, FlowStep
from backtorule_eval.cohort.dictionary import PANDAS_TYPES, Column, Text, load_dictionary

# What a separator, a quote, a decomposed letter or an early date could break.
AWKWARD = [
    "æøå ÆØÅ",
    'line\nand "quote"',
    "tab\t| , ; \x1f\x1d\x1e",
    "",
    " a ",
    "A\u030a",
    "\U0001f600",
    "NA",
    "nan",
]


def typed(name: str, rows: Mapping[str, Any], extra: Mapping[str, Column] | None = None) -> pd.DataFrame:
    """One table with all its columns in the dictionary's types; columns not given are missing."""
    columns = {**load_dictionary().tables[name].columns, **(extra or {})}
    n = len(next(iter(rows.values()), []))
    return pd.DataFrame(
        {
            c: pd.Series(rows.get(c, [None] * n), dtype=PANDAS_TYPES[column.type])
            for c, column in columns.items()
        }
    )


def make_cohort(extra: Mapping[str, Column] | None = None, **rows: Mapping[str, Any]) -> Cohort:
    """A cohort with these tables; the others are empty."""
    tables = {
        name: typed(name, rows.get(name, {}), extra if name == "extras" else None)
        for name in load_dictionary().tables
    }
    n = len(tables["persons"])
    flow = (
        FlowStep(step="received", label=Text(nb="Mottatt", en="Received"), n=n),
        FlowStep(step="analysed", label=Text(nb="Analysert", en="Analysed"), n=n),
    )
    return Cohort(slug="small", tables=tables, extra_columns=extra or {}, flow=flow, as_of="2026-06-30")


def awkward_cohort() -> Cohort:
    """A cohort of everything that could be lost on the way to a file and back."""
    n = len(AWKWARD)
    people = [f"p{i:02d}" for i in range(n)]
    travel = Column(
        name="travel",
        type="level",
        label=Text(nb="Reisemåte", en="Way of travel"),
        levels={"b": Text(nb="Buss", en="Bus"), "a": Text(nb="Gange", en="On foot")},
        sensitive=True,
    )
    return make_cohort(
        {"travel": travel},
        persons={
            "person": people,
            "birth_year": [2004, None, *[2005] * (n - 2)],
            "residence_years": [0.1, -0.0, None, 1e-300, 1 / 3, float("inf"), 2.0, 3.0, 60.0],
            "start_date": pd.to_datetime(["1901-02-03", "1969-12-31", None, *["2025-08-18"] * (n - 3)]),
        },
        context={"event": AWKWARD, "text_nb": [None, *AWKWARD[1:]], "outcomes": AWKWARD},
        contacts={"contact": ["c1", "c2", "c3"], "person": people[:3], "held": [True, None, False]},
        extras={"person": people[:2], "travel": ["a", None]},
        surveys={"person": ["p00"], "wave": [0], "item": ["ams_01"], "value": [None]},
    )
