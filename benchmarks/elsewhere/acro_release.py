"""Release tables with `acro`, run by a Python that has it; that package needs an older pandas than this one.

Reads from standard input, and writes to standard output, JSON:

    in:  [{"threshold": 5, "tables": [{"columns": [[0, 1, ...], ...]}, ...]}, ...]     one entry per report
    out: [[[[[0, 1], 12], [[0, 2], null], ...], ...], ...]     per table its cells: levels and number shown
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import sys
import warnings

import pandas as pd

logging.disable(logging.CRITICAL)
warnings.simplefilter("ignore")
import acro  # noqa: E402  # it writes to the log while it is loaded

ALL = "All"
Cells = dict[tuple[str, ...], int | None]


def release(report: dict) -> list[list]:
    """Return the cells of all tables of one report, None where a number is hidden."""
    session = acro.ACRO(suppress=True)
    session.sdc_checks.risk_appetite["safe_threshold"] = report["threshold"]
    released = []
    for table in report["tables"]:
        seen = cells(session, table["columns"])
        check_margins(seen)
        width = len(table["columns"])
        released.append([[[int(at) for at in key[:width]], n] for key, n in seen.items() if ALL not in key])
    return released


def cells(session: acro.ACRO, columns: list[list[int]]) -> Cells:
    """Return the numbers of one table and its margins, by levels; one way is counted over a constant."""
    rows = [pd.Series(column, name=f"v{i}").astype(str) for i, column in enumerate(columns)]
    across = rows.pop() if len(rows) > 1 else pd.Series(["everyone"] * len(rows[0]), name="whom")
    try:
        table = session.crosstab(rows, across, margins=True)
    except KeyError:  # acro 1.0.2 stops at margins when every cell is hidden
        table = pd.crosstab(rows, across).astype(float) * float("nan")
    return {
        (*(at if isinstance(at, tuple) else (at,)), column): None if pd.isna(number) else int(number)
        for at, row in table.iterrows()
        for column, number in row.items()
    }


def check_margins(seen: Cells) -> None:
    """Stop if the sum over everyone is not that of the cells shown: it would tell more than is taken here."""
    shown = sum(number or 0 for key, number in seen.items() if ALL not in key)
    for key, number in seen.items():
        if key[0] == key[-1] == ALL and (number or 0) != shown:
            raise SystemExit("a margin is not the sum of the cells that are shown")


if __name__ == "__main__":
    reports = json.load(sys.stdin)
    with contextlib.redirect_stdout(io.StringIO()):
        answers = [release(report) for report in reports]
    json.dump(answers, sys.stdout)
