"""Which rows are there twice, and which refer to something that does not exist?"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from backtorule_eval.cohort.checks.site import Site, spelled, told
from backtorule_eval.cohort.dictionary import Column, Table, load_dictionary
from backtorule_eval.cohort.mapping.mapped import MappedTable
from backtorule_eval.errors import Problem


def check_keys(site: Site) -> list[Problem]:
    """What is wrong with keys and references, in any table?"""
    problems = _check_pseudonyms(site.tables["persons"])
    for name, table in load_dictionary().tables.items():
        if name not in site:
            continue
        problems += _check_key(site.tables[name], table)
        for column in table.columns.values():
            if column.references:
                problems += _check_reference(site, site.tables[name], column)
    return problems


def _check_key(mapped: MappedTable, table: Table) -> list[Problem]:
    """Which rows are mere copies, and which share a key but say different things?"""
    frame, key = mapped.frame, list(table.key)
    twice = frame.duplicated(key, keep=False) & frame[key].notna().all(axis=1)
    if not twice.any():
        return []
    different = frame[twice].drop_duplicates()
    at_odds = different[different.duplicated(key, keep=False)]
    contradict = pd.MultiIndex.from_frame(frame[key]).isin(pd.MultiIndex.from_frame(at_odds[key]))
    place: dict[str, Any] = {
        "column": key[0] if len(key) == 1 else "",
        "detail": {"key": ", ".join(spelled(mapped, column) for column in key)},
    }
    return told(mapped, twice & ~contradict, rule="repeated_row", **place) + told(
        mapped, twice & contradict, rule="duplicate_key", **place
    )


def _check_reference(site: Site, mapped: MappedTable, column: Column) -> list[Problem]:
    """Which rows refer to a person or a document that is not there?"""
    target = site.tables.get(column.references)
    values = mapped.frame[column.name]
    known = target.frame[column.name].dropna().unique() if target is not None else np.array([])
    lost = values.notna() & ~values.isin(known)
    if not lost.any():
        return []
    place: dict[str, Any] = {"column": column.name, "detail": {"target": column.references}}
    if column.references != "persons":
        return told(mapped, lost, rule="unknown_reference", **place)
    spelled_so = {_bare(person) for person in known}
    different = [person for person in values[lost].unique() if _bare(person) in spelled_so]
    nearly = lost & values.isin(different)
    return told(mapped, lost & ~nearly, rule="unknown_person", **place) + told(
        mapped, nearly, rule="unknown_person_spelling", **place
    )


def _check_pseudonyms(persons: MappedTable) -> list[Problem]:
    """Which pseudonyms differ only in how they are written?"""
    different = pd.Series(persons.frame["person"].dropna().unique(), dtype="str")
    alike = different[different.map(_bare).duplicated(keep=False)]
    return told(persons, persons.frame["person"].isin(alike), rule="pseudonyms_alike", column="person")


def _bare(pseudonym: str) -> str:
    """Return a pseudonym in small letters, without signs and leading zeros."""
    signs_gone = re.sub(r"[\W_]+", "", pseudonym).casefold()
    return re.sub(r"(?<!\d)0+(?=\d)", "", signs_gone)
