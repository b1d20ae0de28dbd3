"""Cohorts for tests, made of a few frames; every other table is there and empty."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from backtorule_eval.cohort.cohort import Cohort, FlowStep
from backtorule_eval.cohort.dictionary import PANDAS_TYPES, Column, Text, load_dictionary


def words(text: str) -> Text:
    return Text(nb=f"{text} (nb)", en=text)


def column(name: str, kind: str, *, measured: str = "baseline", levels: tuple[str, ...] = ()) -> Column:
    return Column(
        name=name,
        type=kind,
        label=words(name),
        measured=measured,
        levels={level: words(level) for level in levels},
    )


def typed(frame: pd.DataFrame, columns: Mapping[str, Column]) -> pd.DataFrame:
    """The frame with every column of its table, typed."""
    full = frame.reindex(columns=list(columns))
    return full.astype({name: PANDAS_TYPES[column.type] for name, column in columns.items()})


def make_cohort(
    *,
    extra_columns: tuple[Column, ...] = (),
    as_of: str = "",
    flow: tuple[FlowStep, ...] = (),
    **tables: object,
) -> Cohort:
    """A cohort of these tables, each a frame or what a frame is made of."""
    extras = {c.name: c for c in extra_columns}
    frames = {}
    for name, table in load_dictionary().tables.items():
        columns = dict(table.columns) | (extras if name == "extras" else {})
        frames[name] = typed(pd.DataFrame(tables.get(name, {})), columns)
    return Cohort(slug="test", tables=frames, extra_columns=extras, flow=flow, as_of=as_of)
