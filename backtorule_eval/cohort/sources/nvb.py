"""Reading grade files in the format of the national diploma database (NVB).

One record per line; a line begins with ¤ and a letter, and its fields are separated by ¤. V is a document,
P a programme area of it, F a subject of that, M a remark on the document (Unit, *NVB-kontrollmotor:
teknisk brukerdokumentasjon*, 2021). The file is flattened to one row per subject with its document's and
programme's fields beside. Fields are numbered as in that document: F1 is the letter itself, F2 the subject
code.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

import pandas as pd

from backtorule_eval.cohort.sources.declaration import FileDeclaration
from backtorule_eval.cohort.sources.encoding import find_encoding
from backtorule_eval.cohort.sources.raw_table import ReadResult, raw_table, refused
from backtorule_eval.errors import SHOWN_ROWS, Problem

_SIGN = "¤"
_LETTERS = "VPFM"


@dataclass(slots=True)
class _Records:
    """Subjects so far, what the next one is nested in, lines no subject uses, and those that break a rule."""

    rows: list[dict[str, str]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    document: dict[str, str] | None = None
    programme: dict[str, str] | None = None
    in_document: int = 0
    nested: dict[str, list[int]] = field(default_factory=dict)
    aside: dict[int, str] = field(default_factory=dict)
    faults: dict[str, list[int]] = field(
        default_factory=lambda: {"nvb_line_strange": [], "nvb_line_misplaced": []}
    )

    def add(self, number: int, line: str) -> None:
        """Add one line."""
        before, *fields = line.strip("\r\n").split(_SIGN)
        letter = fields[0] if fields else ""
        if before.strip() or len(letter) != 1 or letter not in _LETTERS:
            self.faults["nvb_line_strange"].append(number)
            return
        record = {
            f"{letter}{i}": text.strip() for i, text in enumerate(fields, start=1) if i > 1 and text.strip()
        }
        self._note(number, letter, line)
        if letter == "V":
            self.document, self.programme, self.in_document = record, None, 0
        elif self.document is None or (letter == "F" and self.programme is None):
            self.faults["nvb_line_misplaced"].append(number)
        elif letter == "P":
            self.programme = record
        elif letter == "M":
            self._remark(record, self.document)
        else:
            self.rows.append({**self.document, **(self.programme or {}), **record})
            self.numbers.append(number)
            self.in_document += 1
            for used in chain.from_iterable(self.nested.values()):
                self.aside.pop(used, None)

    def _note(self, number: int, letter: str, line: str) -> None:
        """Keep a line until a subject has taken it over; remarks after a subject are taken over at once."""
        if letter == "F" or (letter == "M" and self.in_document):
            return
        self.nested = {} if letter == "V" else self.nested
        self.nested[letter] = [*(self.nested.get("M", []) if letter == "M" else []), number]
        self.aside[number] = line

    def _remark(self, record: dict[str, str], document: dict[str, str]) -> None:
        """Set a remark beside the subject it follows; before the first, beside all of the document."""
        beside = self.rows[-1] if self.in_document else document
        for name, text in record.items():
            beside[name] = f"{beside[name]} | {text}" if name in beside else text


def read_nvb(path: Path, declared: FileDeclaration, *, source: str) -> ReadResult:
    """What subjects does an NVB file hold? Columns V2 ..., P2 ..., F2 ..., M2 ...; empty is missing."""
    encoding = find_encoding(path, declared=declared.encoding.lower())
    if encoding.rule == "encoding_unclear":
        # The format knows two encodings, and it is not the first.
        encoding = find_encoding(path, declared="iso-8859-1")
    if encoding.rule:
        return refused(encoding.rule, path.name, encoding=encoding.detail)
    records = _Records()
    with path.open(encoding=encoding.codec) as file:
        for number, line in enumerate(file, start=1):
            if number <= declared.skip_rows:
                records.aside[number] = line
            elif line.strip():
                records.add(number, line)
    names = sorted({name for row in records.rows for name in row}, key=_place)
    columns = {name: pd.array([row.get(name) for row in records.rows], dtype="str") for name in names}
    frame = pd.DataFrame(columns, index=pd.Index(records.numbers, dtype="int64", name="row"))
    table = raw_table(frame, declared, source=source, file=path.name, kind="text")
    dates = declared.dates or "yyyymmdd"
    own = replace(table, decimal=declared.decimal or ".", dates=dates, aside=records.aside)
    problems = [_problem(r, n, path.name) for r, n in records.faults.items() if n]
    return ReadResult(table=own, problems=tuple(problems))


def _place(name: str) -> tuple[int, int]:
    """Order of the columns: document, programme, subject, remark; then by number."""
    return _LETTERS.index(name[0]), int(name[1:])


def _problem(rule: str, lines: list[int], file: str) -> Problem:
    """The problem of lines that cannot be placed."""
    return Problem(rule=rule, file=file, n_rows=len(lines), first_rows=tuple(lines[:SHOWN_ROWS]))
