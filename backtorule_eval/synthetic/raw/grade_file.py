"""Grades as records like those of the national diploma database (NVB).

¤V begins a document, ¤P a programme area, ¤F a subject. Fields are numbered as in the format's description
(Unit 2021): F1 is the letter. Where a real file has the person's identity number, V2, there is the pseudonym.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from backtorule_eval.synthetic.raw.cells import misspell, text_of
from backtorule_eval.synthetic.raw.words import Words
from backtorule_eval.synthetic.site import Site

NO_GRADE = "-"
_SIGN = "¤"
_COMMON = ("NOR", "MAT", "ENG", "NAT", "SAK", "GEO", "HIS", "KRO", "REL")
_OF_PROGRAMME = ("HSF", "HEA")
_FULL_DAY = 6
_MISSPELT = 0.25


def write_grades(site: Site, folder: Path, words: Words) -> None:
    """Write the grade file: UTF-8, one record a line."""
    subjects = _fields(site)
    lines: list[str] = []
    programmes = _programmes(site)
    for person, rows in subjects.groupby("person", sort=True):
        lines.append(_record("V", str(person)))
        lines.append(programmes[str(person)])
        lines.extend(_subjects(rows))
    text = "".join(f"{line}\n" for line in lines)
    (folder / words.file("grades")).write_text(text, encoding="utf-8", newline="\n")


def _record(letter: str, *fields: str) -> str:
    """One line: the sign before every field, the letter first."""
    return "".join(f"{_SIGN}{field}" for field in (letter, *fields))


def _fields(site: Site) -> pd.DataFrame:
    """The fields of every subject; a few grades are written in other letters."""
    table = site.tables["subjects"]
    standpunkt = misspell(
        text_of(table["standpunkt"]), {"IV": ["iv", "Iv"]}, share=_MISSPELT, rng=site.dirt("grades")
    )
    return pd.DataFrame(
        {
            "person": table["person"],
            "F2": table["subject"],
            "F3": table["subject"].str[:3].map(_kind),
            "F5": standpunkt.replace("", NO_GRADE),
            "F6": text_of(table["exam"]).replace("", NO_GRADE),
            "F7": text_of(table["exam_form"]),
            "F8": text_of(table["hours"]),
            "F9": table["term"].str[4:],
            "F10": table["term"].str[:4],
            "F12": table["route"],
        }
    )


def _kind(prefix: str) -> str:
    """Kind of subject: common, of the programme, or chosen in it."""
    if prefix in _COMMON:
        return "FF"
    return "FP" if prefix in _OF_PROGRAMME else "VP"


def _subjects(rows: pd.DataFrame) -> Iterator[str]:
    """Records of one person's subjects; fields the site does not use are empty."""
    for row in rows.to_dict("records"):
        yield _record("F", *(str(row.get(f"F{n}", "")) for n in range(2, 13)))


def _programmes(site: Site) -> dict[str, str]:
    """The record of each person's programme area: code, year, result, days and hours of absence."""
    persons, schooling = site.tables["persons"], site.tables["schooling"]
    passed = set(schooling.loc[schooling["status"] == "completed", "person"])
    through = set(schooling.loc[schooling["status"] == "completed_not_passed", "person"])
    absence: Any = site.tables["attendance"]
    whole = absence["subject"].isna() & (absence["hours"] >= _FULL_DAY)
    days = absence[whole].groupby("person").size()
    hours = absence[~whole].groupby("person")["hours"].sum()
    records = {}
    for person, area in zip(persons["person"], persons["programme_area"], strict=True):
        result = "B" if person in passed else "F" if person in through else ""
        of_days, of_hours = str(days.get(person, 0)), f"{hours.get(person, 0):.0f}"
        records[person] = _record("P", area, f"VG{area[5]}", result, "", of_days, of_hours)
    return records
