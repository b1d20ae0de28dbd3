"""The follow-up team's workbook, one sheet for each of the tables it keeps."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from openpyxl import Workbook

from backtorule_eval.cohort.dictionary import load_dictionary
from backtorule_eval.synthetic.raw.cells import date_text, misspell, text_of
from backtorule_eval.synthetic.raw.words import Words
from backtorule_eval.synthetic.site import Site

SHEETS = ("persons", "contacts", "goals", "living", "other_support", "coverage")
# Columns with spellings that creep in, and with dates that somebody typed as text.
_MISSPELT = {("persons", "gender"), ("persons", "stage"), ("contacts", "kind")}
_TYPED_AS_TEXT = {("persons", "start_date"), ("goals", "date_due")}
_SHARE = 0.06
_EPOCH = (1980, 1, 1, 0, 0, 0)
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def write_workbook(site: Site, folder: Path, words: Words) -> None:
    """Write the workbook; the same site gives the same bytes."""
    workbook = Workbook(write_only=True)
    for table in SHEETS:
        sheet = workbook.create_sheet(words.sheet(table))
        names = words.columns(table)
        sheet.append(list(names.values()))
        columns = [_cells(site, words, table=table, column=column) for column in names]
        for row in zip(*columns, strict=True):
            sheet.append(row)
    saved = BytesIO()
    workbook.save(saved)
    (folder / words.file("workbook")).write_bytes(_without_times(saved.getvalue()))


def _cells(site: Site, words: Words, *, table: str, column: str) -> list[Any]:
    """One column as cells: words for levels, dates as dates, numbers as numbers."""
    values = site.tables[table][column]
    described = load_dictionary().tables[table].columns[column]
    rng = site.dirt(f"{table}.{column}")
    if column == "wave":
        return text_of(values, words.cells("wave")).tolist()
    if described.type == "level":
        return _words_of_levels(values, words, rng, table=table, column=column)
    if described.type == "boolean":
        return text_of(values.map({True: "true", False: "false"}), words.cells("boolean")).tolist()
    if described.type == "date":
        return _dates(values, rng, some_as_text=(table, column) in _TYPED_AS_TEXT)
    return [None if missing else value for value, missing in zip(values.tolist(), values.isna(), strict=True)]


def _words_of_levels(
    values: pd.Series[Any], words: Words, rng: np.random.Generator, *, table: str, column: str
) -> list[Any]:
    """Levels as the dictionary calls them, a few of them misspelt."""
    called = words.levels(table, column)
    text = text_of(values, called)
    if (table, column) in _MISSPELT:
        wrong = {called[level]: ways for level, ways in words.misspelt(column).items()}
        text = misspell(text, wrong, share=_SHARE, rng=rng)
    return [cell or None for cell in text.tolist()]


def _dates(values: pd.Series[Any], rng: np.random.Generator, *, some_as_text: bool) -> list[Any]:
    """Dates as dates; some that somebody typed as text if `some_as_text`."""
    written = rng.random(len(values)) < (_SHARE if some_as_text else 0.0)
    text = date_text(values).tolist()
    days: list[date | None] = [None if pd.isna(v) else v.date() for v in values]
    return [t if as_text and d else d for d, t, as_text in zip(days, text, written, strict=True)]


def _without_times(saved: bytes) -> bytes:
    """The same archive with fixed times, so that it does not tell when it was made."""
    fixed = BytesIO()
    with zipfile.ZipFile(BytesIO(saved)) as source, zipfile.ZipFile(fixed, "w") as target:
        for name in sorted(source.namelist()):
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _STAMP.sub(rb"\g<1>1980-01-01T00:00:00Z", content)
            entry = zipfile.ZipInfo(name, date_time=_EPOCH)
            entry.create_system, entry.external_attr = 0, 0
            # Stored, not deflated: compressed bytes may differ between versions of zlib.
            target.writestr(entry, content, compress_type=zipfile.ZIP_STORED)
    return fixed.getvalue()
