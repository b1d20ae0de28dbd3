"""Columns of the dictionary as the text of cells, and the spellings that creep in."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

NORWEGIAN_DATE = "%d.%m.%Y"


def text_of(values: pd.Series[Any], names: Mapping[str, str] | None = None) -> pd.Series[Any]:
    """Values as text, "" where missing; `names` says what they are called."""
    text = values.astype("object").map(str, na_action="ignore")
    called = text if names is None else text.map(names)
    return called.where(values.notna(), "")


def date_text(values: pd.Series[Any], form: str = NORWEGIAN_DATE) -> pd.Series[Any]:
    """Dates as text, "" where missing."""
    written: pd.Series[Any] = values.dt.strftime(form).astype("object")
    return written.where(values.notna(), "")


def number_text(values: pd.Series[Any], *, decimal: str) -> pd.Series[Any]:
    """Numbers as text with one decimal and the given sign, "" where missing."""
    text = values.astype("object").map(lambda v: f"{v:.1f}".replace(".", decimal), na_action="ignore")
    return text.where(values.notna(), "")


def misspell(
    text: pd.Series[Any], wrong: Mapping[str, Sequence[str]], *, share: float, rng: np.random.Generator
) -> pd.Series[Any]:
    """Write some of the cells in one of the wrong ways there are for their text."""
    chosen, which = rng.random(len(text)) < share, rng.random(len(text))
    spelt = text.to_numpy(dtype=object).copy()
    for right, ways in wrong.items():
        rows = np.flatnonzero(chosen & (spelt == right))
        spelt[rows] = np.array(ways, dtype=object)[np.floor(which[rows] * len(ways)).astype(np.int64)]
    return pd.Series(spelt, index=text.index, dtype="object")


def lined(columns: Mapping[str, pd.Series[Any]], names: Mapping[str, str]) -> pd.DataFrame:
    """Put columns under the names they have in a file, in the file's order."""
    return pd.DataFrame({called: columns[name].to_numpy() for name, called in names.items()})


def write_delimited(
    frame: pd.DataFrame, path: Path, *, delimiter: str, encoding: str, line_end: str = "\n"
) -> None:
    """Write a frame of text as a delimited file."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator=line_end)
        writer.writerow(frame.columns)
        writer.writerows(frame.itertuples(index=False, name=None))
