"""Checked tables as a cohort keeps them: without the people who leave, complete, typed, in a fixed order."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from backtorule_eval.cohort.dictionary import PANDAS_TYPES, Column, load_dictionary


def without_people(tables: Mapping[str, pd.DataFrame], people: frozenset[str]) -> dict[str, pd.DataFrame]:
    """Take people out of every table, and with them every row that refers to a row of theirs.

    Follows the dictionary's references from table to table: a person's documents go, and the documents'
    codings. What refers to nobody stays: context, and interviews with staff.

    Parameters
    ----------
    tables : mapping of str to pd.DataFrame
        All tables of the dictionary.
    people : frozenset of str
        Pseudonyms.
    """
    gone = {"persons": people}
    staying = {}
    for name, table in load_dictionary().tables.items():
        frame = tables[name]
        leaving = pd.Series(False, index=frame.index)
        for column in table.columns.values():
            target = column.references or (name if table.key == (column.name,) else "")
            if target in gone:
                leaving |= frame[column.name].isin(gone[target])
        if len(table.key) == 1:
            gone[name] = frozenset(frame.loc[leaving, table.key[0]])
        staying[name] = frame[~leaving]
    return staying


def arrange_tables(
    tables: Mapping[str, pd.DataFrame], *, extra_columns: Mapping[str, Column]
) -> dict[str, pd.DataFrame]:
    """Give every table all its columns in the dictionary's order and types, its rows sorted by key.

    Keys are unique, so the order is the same however the source listed its rows. Letters are ordered by code
    point, which no machine's language changes.
    """
    arranged = {}
    for name, table in load_dictionary().tables.items():
        columns = {**table.columns, **(extra_columns if table.open else {})}
        frame = tables[name].reindex(columns=list(columns))
        wanted = {column: PANDAS_TYPES[c.type] for column, c in columns.items()}
        typed = frame.astype({c: t for c, t in wanted.items() if str(frame.dtypes[c]) != t})
        arranged[name] = typed.sort_values(list(table.key), kind="stable", ignore_index=True)
    return arranged
