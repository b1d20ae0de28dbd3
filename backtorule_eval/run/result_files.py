"""Results as files: tables and figures for a thesis, and every estimate as it was released."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from enum import StrEnum
from pathlib import Path

from backtorule_eval.disclosure.released import Releasable, ShownEstimate
from backtorule_eval.disclosure.rounding import Band, Mark
from backtorule_eval.report.document.word import tables_docx
from backtorule_eval.report.latex import NEEDS
from backtorule_eval.report.rendered import Rendered
from backtorule_eval.report.tables import Table, write_csv

HIDDEN = "hidden"
WORD = "docx"
# Words in two languages, not figures: they are on the pages.
LEFT_OUT = frozenset({"terms"})


def write_tables(rendered: Mapping[str, Rendered], folder: Path, *, formats: Collection[str] = ()) -> None:
    """Write each result as CSV and LaTeX, with the digits of the page; as Word too if that is asked for."""
    for key, result in sorted(rendered.items()):
        if result.tables:
            _write(folder / f"{file_name(key)}.tex", _latex(key, result.tables).encode("utf-8"))
        if result.rows:
            _write(folder / f"{file_name(key)}.csv", write_csv(result.rows).encode("utf-8"))
        if result.rows and WORD in formats:
            _write(folder / f"{file_name(key)}.docx", tables_docx(result.tables, result.language))


def write_figures(rendered: Mapping[str, Rendered], folder: Path) -> None:
    """Write each figure as SVG and PNG, and its alt text beside it for whoever puts it into a document."""
    for _, result in sorted(rendered.items()):
        for figure in result.figures:
            name = file_name(figure.key)
            _write(folder / f"{name}.svg", figure.picture().svg.encode("utf-8"))
            _write(folder / f"{name}.png", figure.to_png())
            _write(folder / f"{name}.alt.txt", f"{figure.alt}\n".encode())


def write_estimates(releasables: Mapping[str, Releasable], path: Path) -> None:
    """Write every released estimate as one row, as released: hidden is hidden here too."""
    names = [f.name for f in fields(ShownEstimate) if f.name not in LEFT_OUT]
    rows = [("claim", *names)]
    for key, releasable in sorted(releasables.items()):
        estimates = [t for t in releasable.things if isinstance(t, ShownEstimate)]
        rows += [(key, *(_plain(getattr(estimate, name)) for name in names)) for estimate in estimates]
    _write(path, write_csv(rows).encode("utf-8"))


def file_name(key: str) -> str:
    """Return a claim's or figure's key as a file name."""
    return key.replace("/", "-")


def _latex(key: str, tables: Sequence[Table]) -> str:
    """Write all tables of one result as LaTeX, each under a name of its own."""
    keys = [key if len(tables) == 1 else f"{key}-{i + 1}" for i in range(len(tables))]
    return NEEDS + "\n".join(table.to_latex(name) for table, name in zip(tables, keys, strict=True))


def _plain(value: object) -> str:
    """Write one field for a machine: decimal point, shortest exact digits, "" for nothing."""
    if value is None:
        return ""
    if isinstance(value, Mark):
        return HIDDEN
    if isinstance(value, Band):
        return f"{value.low!r} to {value.high!r}"
    if isinstance(value, tuple):
        return ", ".join(_plain(part) for part in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value.value) if isinstance(value, StrEnum) else str(value)


def _write(path: Path, content: bytes) -> None:
    """Write one file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
