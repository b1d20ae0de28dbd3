"""The other text files: absence list, spell list, highlights of interviews, list of documents, calendar."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from backtorule_eval.synthetic.raw.cells import (
    date_text,
    lined,
    misspell,
    number_text,
    text_of,
    write_delimited,
)
from backtorule_eval.synthetic.raw.words import Words
from backtorule_eval.synthetic.site import Site

EVENTS = "calendar.events.yaml"
_MISSPELT = 0.04
_TAGUETTE = ("id", "document", "tag", "tag_parent", "tag_full_path", "tag_description", "content")


def write_absence(site: Site, folder: Path, words: Words) -> None:
    """Write the absence list with Visma's codes: semicolon, decimal comma, cp1252, Windows line ends."""
    table = site.tables["attendance"]
    wrong = words.misspelt("code")
    columns = {
        "record": text_of(table["record"]),
        "person": text_of(table["person"]),
        "date": date_text(table["date"]),
        "hours": number_text(table["hours"], decimal=","),
        "code": misspell(text_of(table["code"]), wrong, share=_MISSPELT, rng=site.dirt("absence")),
        "subject": text_of(table["subject"]),
    }
    frame = lined(columns, words.columns("absence"))
    path = folder / words.file("absence")
    write_delimited(frame, path, delimiter=";", encoding="cp1252", line_end="\r\n")


def write_spells(site: Site, folder: Path, words: Words) -> None:
    """Write schooling, work and benefits as one list with a column for the type: tab, UTF-8."""
    parts = [
        _spells(site, words, table="schooling", status="status"),
        _spells(site, words, table="work", status="kind"),
        _spells(site, words, table="benefits", status="kind"),
    ]
    whole = pd.concat(parts, ignore_index=True).sort_values(["person", "order"], kind="stable")
    names = words.columns("spells")
    frame = lined({name: whole[name] for name in names}, names)
    write_delimited(frame, folder / words.file("spells"), delimiter="\t", encoding="utf-8")


def _spells(site: Site, words: Words, *, table: str, status: str) -> pd.DataFrame:
    """Spells of one table as rows of the list."""
    spells = site.tables[table]
    n = len(spells)
    none = pd.Series([""] * n, dtype="object")
    per_cent = text_of(spells["per_cent"].astype("Int64")) if "per_cent" in spells else none
    return pd.DataFrame(
        {
            "person": text_of(spells["person"]),
            "order": spells["from"],
            "type": pd.Series([words.cells("type")[table]] * n, dtype="object"),
            "status": text_of(spells[status], words.levels(table, status)),
            "per_cent": per_cent,
            "from": date_text(spells["from"]),
            "to": date_text(spells["to"]),
        }
    )


def write_codings(site: Site, folder: Path, words: Words) -> None:
    """Write the highlights as Taguette exports them: one row for each highlight and tag."""
    rows = []
    number = 0
    for interview in site.interviews:
        for quote in interview.quotes:
            number += 1
            said = quote.words.in_language(words.language)
            for tag in quote.tags:
                path = tag.path.in_language(words.language)
                parent, _, own = path.rpartition("/")
                about = tag.about.in_language(words.language)
                rows.append((str(number), interview.document, own, parent, path, about, said))
    frame = pd.DataFrame(rows, columns=list(_TAGUETTE))
    write_delimited(frame, folder / words.file("codings"), delimiter=",", encoding="utf-8")


def write_documents(site: Site, folder: Path, words: Words) -> None:
    """Write the list of interviews."""
    pseudonyms = site.tables["persons"]["person"].tolist()
    roles = words.levels("documents", "role")
    interviews = site.interviews
    columns: dict[str, pd.Series[Any]] = {
        "document": pd.Series([i.document for i in interviews], dtype="object"),
        "person": pd.Series(
            [pseudonyms[i.person] if i.person >= 0 else "" for i in interviews], dtype="object"
        ),
        "wave": pd.Series([words.cells("wave")[str(i.wave)] for i in interviews], dtype="object"),
        "role": pd.Series([roles[i.role] for i in interviews], dtype="object"),
    }
    frame = lined(columns, words.columns("documents"))
    write_delimited(frame, folder / words.file("documents"), delimiter=",", encoding="utf-8")


def write_calendar(site: Site, folder: Path, words: Words) -> None:
    """Write what changed for everybody: the same for every site."""
    text = resources.files("backtorule_eval.synthetic").joinpath(EVENTS).read_text(encoding="utf-8")
    events = yaml.safe_load(text)["events"]
    rows = [
        {
            "event": name,
            "from": str(event["from"]),
            "to": str(event["to"] or ""),
            "outcomes": event["outcomes"],
            "text_nb": event["nb"],
            "text_en": event["en"],
        }
        for name, event in events.items()
    ]
    frame = pd.DataFrame(rows).rename(columns=words.columns("calendar"))
    write_delimited(frame, folder / words.file("calendar"), delimiter=",", encoding="utf-8")
