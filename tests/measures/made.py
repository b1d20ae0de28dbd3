"""Small tables for the tests of measures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from backtorule_eval.cohort.cohort import Cohort
from backtorule_eval.cohort.dictionary import PANDAS_TYPES, load_dictionary
from backtorule_eval.cohort.mapping.mapped import MappedTable
from backtorule_eval.measures.scales import find_scale


def table(name: str, rows: Iterable[Mapping[str, object]] = ()) -> pd.DataFrame:
    """A table of the dictionary, typed; columns that no row has are missing."""
    columns = load_dictionary().tables[name].columns
    frame = pd.DataFrame(list(rows), columns=list(columns))
    return frame.astype({c: PANDAS_TYPES[column.type] for c, column in columns.items()})


def answered(scale: str, *people: Iterable[float | None], wave: int = 0) -> pd.DataFrame:
    """Surveys of people p1, p2, ... who answered every item of a scale so; None is "not answered"."""
    names = find_scale(scale).item_names
    rows = [
        {
            "person": f"p{number}",
            "wave": wave,
            "item": item,
            "value": answer,
            "missing_reason": "not_answered" if answer is None else None,
        }
        for number, answers in enumerate(people, 1)
        for item, answer in zip(names, answers, strict=True)
    ]
    return table("surveys", rows)


def scores(**people: Mapping[str, float | None]) -> pd.DataFrame:
    """Scores at wave 0, by person and scale."""
    rows = [
        {"person": person, "wave": 0, "scale": scale, "value": value}
        for person, own in people.items()
        for scale, value in own.items()
    ]
    return table("scores", rows)[["person", "wave", "scale", "value"]]


def cohort(**tables: pd.DataFrame) -> Cohort:
    """A cohort of these tables; the others are empty."""
    whole = {name: tables.get(name, table(name)) for name in load_dictionary().tables}
    return Cohort(slug="made", tables=whole, extra_columns={}, flow=())


def mapped(frame: pd.DataFrame, *, item_columns: Mapping[str, str] | None = None) -> dict[str, MappedTable]:
    """Mapped tables with these surveys: one row of the file "svar.csv" per person and wave."""
    number = frame.groupby(["person", "wave"], sort=False).ngroup() + 2
    origin = pd.DataFrame({"file": "svar.csv", "row": number.astype("int64")}, index=frame.index)
    surveys = MappedTable(
        name="surveys",
        frame=frame,
        origin=origin,
        source_columns={"person": "Deltaker", "item": "Sp", "value": "Svar"},
        item_columns=item_columns or {},
    )
    return {"surveys": surveys}
