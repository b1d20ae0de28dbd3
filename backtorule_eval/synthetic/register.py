"""A synthetic register: tables of the dictionary as Parquet, made and written a part at a time.

Nothing is held for longer than one part, so memory does not grow with the number of people. What is written
does not depend on how many people a part holds: they are made in blocks of fixed size with random numbers
of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from backtorule_eval.cohort.dictionary import load_dictionary
from backtorule_eval.cohort.parquet import connect, quoted
from backtorule_eval.synthetic.frames import named, whole
from backtorule_eval.synthetic.lives import Lives, Plan, live
from backtorule_eval.synthetic.parameters import SUBSCALES
from backtorule_eval.synthetic.streams import BLOCK, Block, blocks
from backtorule_eval.synthetic.surveys import AMS_SUBSCALE, ams_answers
from backtorule_eval.synthetic.tables import REGISTER_TABLES, pseudonyms

PART = 50_000
_SQL_TYPES = {
    "person": "VARCHAR",
    "code": "VARCHAR",
    "level": "VARCHAR",
    "text": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "date": "DATE",
    "boolean": "BOOLEAN",
}


def write_register(plan: Plan, folder: Path, *, part: int = PART) -> None:
    """Which tables would a register hold of so many people? Written as one file per table and part.

    Parameters
    ----------
    plan : Plan
        How many people, and of which kind.
    folder : Path
        Gets a folder for each table, with files ``part-00000.parquet`` and so on.
    part : int
        People in one file, rounded up to whole blocks of 5,000.
    """
    names = (*REGISTER_TABLES, "scores")
    for name in names:
        (folder / name).mkdir()
    waiting, number = blocks(plan.people, plan.seed), 0
    with connect() as connection:
        while together := tuple(islice(waiting, max(1, -(-part // BLOCK)))):
            _fill(connection, plan, together)
            for name in names:
                path = folder / name / f"part-{number:05d}.parquet"
                connection.execute(f"COPY {name} TO {quoted(path)} (FORMAT parquet, COMPRESSION zstd)")
                connection.execute(f"DROP TABLE {name}")
            number += 1


def _fill(connection: duckdb.DuckDBPyConnection, plan: Plan, together: Sequence[Block]) -> None:
    """Make the people of one part and put their rows into tables, block after block."""
    for block in together:
        lives = live(block, plan)
        for name, make in REGISTER_TABLES.items():
            _append(connection, name, make(lives))
        _append(connection, "scores", _scores(lives))


def _append(connection: duckdb.DuckDBPyConnection, table: str, frame: pd.DataFrame) -> None:
    """Append rows to a table, in the dictionary's types."""
    columns = load_dictionary().tables[table].columns
    typed = ", ".join(f'CAST("{c}" AS {_SQL_TYPES[columns[c].type]}) AS "{c}"' for c in columns if c in frame)
    connection.register("frame", frame)
    made = connection.execute("SELECT count(*) FROM information_schema.tables WHERE table_name = ?", [table])
    exists = (made.fetchone() or (0,))[0]
    verb = f"INSERT INTO {table}" if exists else f"CREATE TABLE {table} AS"
    connection.execute(f"{verb} SELECT {typed} FROM frame")
    connection.unregister("frame")


def _scores(lives: Lives) -> pd.DataFrame:
    """Scores of the seven AMS subscales at start: means of four items each."""
    rng = lives.block.stream("surveys")
    answers = ams_answers(rng, lives.motivation[0], lives.plan.given)
    means = np.stack(
        [answers[:, place == AMS_SUBSCALE].mean(axis=1) for place in range(len(SUBSCALES))], axis=1
    )
    n, scales = means.shape
    person: Any = np.repeat(np.arange(n), scales)
    return pd.DataFrame(
        {
            "person": pseudonyms(lives, person),
            "wave": whole(np.zeros(n * scales, dtype=np.int64)),
            "scale": named(np.tile(np.arange(scales), n), [f"ams_{name}" for name in SUBSCALES]),
            "value": means.ravel(),
        }
    )
