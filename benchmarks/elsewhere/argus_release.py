"""Release tables with the package `pytauargus`, run by a Python that has it.

Reads from standard input, and writes to standard output, JSON as `acro_release.py` does; here margins are
cells too, with null where everyone of that way is counted:

    out: [[[[[0, 1], 12], [[0, null], null], ...], ...], ...]

Every table by itself: numbers below the threshold are unsafe, and the cheapest further cells are hidden that
keep a reader of that table from narrowing one (its optimal method).
"""

from __future__ import annotations

import contextlib
import csv
import json
import os
import sys
import tempfile
from itertools import product
from pathlib import Path

import pytauargus

TOTAL = "Total"
SAFE = "S"


def release(report: dict) -> list[list]:
    """Return the cells of all tables of one report, None where a number is hidden."""
    return [cells(table["columns"], report["threshold"]) for table in report["tables"]]


def cells(columns: list[list[int]], threshold: int) -> list[list]:
    """Return the numbers of one table and its margins; a cell that nobody is in is shown as such."""
    names = [f"v{i}" for i in range(len(columns))]
    rows = {name: [str(at) for at in column] for name, column in zip(names, columns, strict=True)}
    rows["one"] = [1] * len(columns[0])
    # The engine leaves a file of its own in the working folder.
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        made = pytauargus.protect(
            rows, [names], "one", safety_rules=f"FREQ({threshold},30)", suppress="OPT(1)", workdir=folder
        )
        with Path(made.tables[0].path).open(encoding="utf-8") as file:
            lines = list(csv.reader(file, delimiter=";"))
    width = len(names)
    found = {
        tuple(None if code == TOTAL else int(code) for code in line[:width]): (
            round(float(line[width])) if line[width + 3] == SAFE else None
        )
        for line in lines
    }
    if not found:
        raise SystemExit("a table came back empty")
    levels = [(None, *sorted(set(column))) for column in columns]
    return [[list(key), found.get(key, 0)] for key in product(*levels)]


if __name__ == "__main__":
    reports = json.load(sys.stdin)
    # The engine writes to the process' own output.
    with contextlib.ExitStack() as stack:
        kept = os.dup(1)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        stack.callback(os.dup2, kept, 1)
        answers = [release(report) for report in reports]
    json.dump(answers, sys.stdout)
