"""Every problem of a site's data, as a page a caseworker can read and as a table on the terminal.

Neither shows a value from the data: names of files and columns, row numbers, and words of the rules only.
"""

from __future__ import annotations

import os
import tempfile
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from backtorule_eval.cohort.identity import redact
from backtorule_eval.cohort.problems import DescribedProblem, describe
from backtorule_eval.errors import DataProblem, Problem
from backtorule_eval.run.problem_words import WORDS, counted, number, say

FOLDER = ".checks"
SEVERITIES = ("error", "warning")
NARROWEST, WIDEST = 60, 160
GAP = "  "
# The column of counts.
RIGHT = 2
RED, YELLOW, PLAIN = "\x1b[1;31m", "\x1b[1;33m", "\x1b[0m"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a check found.

    Attributes
    ----------
    name : str
        The cohort's slug.
    problems : tuple of Problem
        Errors and warnings.
    n_files, n_rows : int
        What was read; told only where the data can be used.
    """

    name: str
    problems: tuple[Problem, ...] = ()
    n_files: int = 0
    n_rows: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One problem as it is shown."""

    file: str
    column: str
    n_rows: str
    first_rows: str
    problem: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """All problems of one severity."""

    severity: str
    heading: str
    caption: str
    rows: tuple[_Row, ...]


def problem_page(checked: Checked, *, language: str) -> str:
    """Make one self-contained HTML page, no scripts, no requests; the same findings give the same bytes."""
    source = resources.files(__package__).joinpath("problem_page.html.j2").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return environment.from_string(source).render(
        language=language,
        title=say("title", language).format(name=redact(checked.name)),
        summary=summary(checked, language=language),
        words={name: text.in_language(language) for name, text in WORDS.items()},
        groups=_groups(checked.problems, language),
    )


def write_problem_page(problem: DataProblem, outputs: Path, *, cohort: str, language: str) -> Path:
    """Write the page of a failed import beside the outputs, which stay as they are, and say where it is."""
    page = problem_page(Checked(name=cohort, problems=problem.problems), language=language)
    path = outputs / FOLDER / f"{cohort}.html"
    write_page(page, path)
    return path


def write_page(page: str, path: Path) -> None:
    """Write a page whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(page)
        os.replace(beside, path)
    except BaseException:
        os.unlink(beside)
        raise


def summary(checked: Checked, *, language: str) -> str:
    """Say in one sentence whether the data can be used."""
    severities = [describe(problem, language).severity for problem in checked.problems]
    counts = {
        "errors": number(severities.count("error"), language),
        "warnings": number(severities.count("warning"), language),
        "files": counted(checked.n_files, ("one_file", "many_files"), language),
        "rows": counted(checked.n_rows, ("one_row", "many_rows"), language),
    }
    sentence = "stopped" if "error" in severities else "usable" if severities else "none"
    return say(sentence, language).format(**counts)


def where_it_is(path: Path, *, language: str) -> str:
    """Say in one sentence where the page lies."""
    return say("page", language).format(path=path)


def problem_table(problems: Sequence[Problem], *, language: str, width: int, colour: bool = False) -> str:
    """Make the terminal's table: plain text, aligned, no line longer than `width` characters (60 to 160)."""
    width = min(max(width, NARROWEST), WIDEST)
    lines: list[str] = []
    for group in _groups(problems, language):
        paint = {"error": RED, "warning": YELLOW}[group.severity] if colour else ""
        lines += [f"{paint}{group.heading}{PLAIN if colour else ''}", ""]
        lines += [*_table(group.rows, language, width), ""]
    return "\n".join(lines)


def _groups(problems: Sequence[Problem], language: str) -> tuple[_Group, ...]:
    """Sort problems into those that stop the import and those that do not."""
    described = [describe(problem, language) for problem in problems]
    groups = []
    for severity in SEVERITIES:
        rows = tuple(_row(d, language) for d in described if d.severity == severity)
        group = _Group(
            severity=severity,
            heading=say(f"{severity}_heading", language),
            caption=say(f"{severity}_caption", language),
            rows=rows,
        )
        groups += [group] if rows else []
    return tuple(groups)


def _row(described: DescribedProblem, language: str) -> _Row:
    """Write one problem's numbers."""
    more = "" if described.n_rows <= len(described.first_rows) else " …"
    return _Row(
        file=described.file,
        column=described.column,
        n_rows=number(described.n_rows, language) if described.n_rows else "",
        first_rows=", ".join(str(row) for row in described.first_rows) + more,
        problem=described.problem,
        remedy=described.remedy,
    )


def _table(rows: Sequence[_Row], language: str, width: int) -> list[str]:
    """Lay out one table; what is wrong and what to do stand below each other in the last column."""
    names = ("file", "column", "n_rows", "first_rows")
    head = [say(name, language) for name in names] + [say("problem", language)]
    most = (width // 4, width // 6, len(head[2]) + 2, width // 6)
    cells = [[getattr(row, name) for name in names] for row in rows]
    widths = [min(limit, max(len(head[i]), *(len(c[i]) for c in cells))) for i, limit in enumerate(most)]
    widths.append(width - sum(widths) - len(GAP) * len(widths))
    lines = [
        *_lines([textwrap.wrap(h, w) for h, w in zip(head, widths, strict=True)], widths),
        GAP.join("-" * w for w in widths),
    ]
    for row, short in zip(rows, cells, strict=True):
        text = [*textwrap.wrap(row.problem, widths[-1]), *_arrow(row.remedy, widths[-1])]
        wrapped = [textwrap.wrap(cell, w) or [""] for cell, w in zip(short, widths, strict=False)]
        wrapped[RIGHT] = [line.rjust(widths[RIGHT]) for line in wrapped[RIGHT]]
        lines += [*_lines([*wrapped, text], widths), ""]
    return lines[:-1]


def _arrow(text: str, width: int) -> list[str]:
    """Wrap what is to be done, behind an arrow."""
    return textwrap.wrap(text, width, initial_indent="> ", subsequent_indent="  ")


def _lines(cells: Sequence[Sequence[str]], widths: Sequence[int]) -> list[str]:
    """Put wrapped cells side by side."""
    height = max(len(cell) for cell in cells)
    padded = [[*cell, *[""] * (height - len(cell))] for cell in cells]
    return [
        GAP.join(text.ljust(w) for text, w in zip(line, widths, strict=True)).rstrip()
        for line in zip(*padded, strict=True)
    ]
