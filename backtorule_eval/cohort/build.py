"""From a site's raw data to a cohort: all that is wrong is told at once, nothing is repaired in silence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from backtorule_eval.cohort.arrange import arrange_tables, without_people
from backtorule_eval.cohort.checks import Removal, check_tables, persons_to_remove
from backtorule_eval.cohort.cohort import Cohort, FlowStep
from backtorule_eval.cohort.dictionary import Text
from backtorule_eval.cohort.identity import redact
from backtorule_eval.cohort.imported import Imported, ImportReport, RowsMade
from backtorule_eval.cohort.mapping import MappedTable
from backtorule_eval.cohort.problems import severity
from backtorule_eval.cohort.read_site import SiteRead, read_site
from backtorule_eval.cohort.source import SiteSource, source_key
from backtorule_eval.cohort.store import load_cohort, save_cohort
from backtorule_eval.errors import DataProblem, Problem

__all__ = ["ExtraRule", "Imported", "SiteSource", "build_cohort", "load_or_build"]

ExtraRule = Callable[[Mapping[str, MappedTable]], list[Problem]]
RECEIVED = Text(nb="Mottatt fra kilden", en="Received from the source")
ANALYSED = Text(nb="Med i analysene", en="Analysed")


def build_cohort(
    source: SiteSource, *, slug: str, as_of: date | None, rules: Sequence[ExtraRule] = ()
) -> Imported:
    """What cohort do these raw data make?

    Parameters
    ----------
    source : SiteSource
        Raw files or a database with their mapping, or a folder of Parquet files in the dictionary's form.
    slug : str
        The study file's name of the cohort.
    as_of : date or None
        The day the data were cut; None if the source has no dates.
    rules : sequence of callables
        Checks handed in from above: all tables -> problems.

    Returns
    -------
    Imported
        The cohort, without the people who had to be removed and without a row of theirs in any table, and the
        report of the import with its warnings.

    Raises
    ------
    DataProblem
        Anything of severity "error" was found; it carries all problems of all files, warnings included.
    ParameterProblem
        The mapping file is wrong.
    """
    read = read_site(source)
    warnings = _refuse_errors(_all_problems(read, as_of=as_of, rules=rules), slug=slug)
    removals = persons_to_remove(read.tables)
    received = {name: table.frame for name, table in read.tables.items()}
    staying = without_people(received, frozenset[str]().union(*(r.persons for r in removals)))
    cohort = Cohort(
        slug=slug,
        tables=arrange_tables(staying, extra_columns=read.extra_columns),
        extra_columns=read.extra_columns,
        flow=_flow(removals, received=len(received["persons"]), analysed=len(staying["persons"])),
        as_of="" if as_of is None else as_of.isoformat(),
    )
    report = ImportReport(files=read.files, tables=_rows_made(read.tables), warnings=warnings)
    return Imported(cohort=cohort, report=report)


def load_or_build(
    source: SiteSource, *, slug: str, as_of: date | None, store: Path, rules: Sequence[ExtraRule] = ()
) -> Imported:
    """Give the cohort of a source: from the store if nothing has changed, else built and kept.

    Parameters
    ----------
    source, slug, as_of, rules
        As for `build_cohort`. Rules are taken to be part of this package, whose code is in the key.
    store : Path
        The private folder, ``.backtorule``.

    Raises
    ------
    DataProblem, ParameterProblem
        As for `build_cohort`; nothing is kept then.
    """
    key = source_key(source, slug=slug, as_of=as_of)
    kept = None if key is None else load_cohort(store=store, key=key)
    if kept is not None:
        return kept
    imported = build_cohort(source, slug=slug, as_of=as_of, rules=rules)
    save_cohort(imported, store=store, key=key or imported.cohort.content_hash)
    return imported


def _all_problems(read: SiteRead, *, as_of: date | None, rules: Sequence[ExtraRule]) -> list[Problem]:
    """Everything that is wrong, each thing once: errors first, then in the order of the files."""
    found = check_tables(
        read.tables,
        extra_columns=read.extra_columns,
        as_of=as_of,
        rules=rules,
        already_told=read.problems,
    )
    found = [problem for problem in found if not _follows_from_unread(problem, read.unread)]
    unique: list[Problem] = []
    for problem in map(_redacted, (*read.problems, *found)):
        if problem not in unique:
            unique.append(problem)
    place = {file.file: number for number, file in enumerate(read.files)}
    return sorted(unique, key=lambda p: (severity(p.rule) != "error", place.get(p.file, len(place))))


def _follows_from_unread(problem: Problem, unread: frozenset[str]) -> bool:
    """Whether a problem only says that a table is not there, which has been told of its file already."""
    target = "persons" if problem.rule == "persons_missing" else problem.detail.get("target")
    return target in unread


def _redacted(problem: Problem) -> Problem:
    """Return the problem with identity numbers blotted out of the names of its file and column."""
    return replace(problem, file=redact(problem.file), column=redact(problem.column))


def _refuse_errors(problems: Sequence[Problem], *, slug: str) -> tuple[Problem, ...]:
    """Raise if one of the problems is an error; else they are the warnings."""
    errors = [problem for problem in problems if severity(problem.rule) == "error"]
    if not errors:
        return tuple(problems)
    files = {problem.file for problem in errors if problem.file}
    where = f" in {_counted(len(files), 'file')}" if files else ""
    raise DataProblem(
        f"The data of {slug!r} cannot be used: {_counted(len(errors), 'error')}{where}. "
        "All of them, and what to do, are listed by: backtorule check",
        problems,
    )


def _counted(n: int, word: str) -> str:
    """Write a count with its word."""
    return f"{n} {word}" if n == 1 else f"{n} {word}s"


def _flow(removals: Iterable[Removal], *, received: int, analysed: int) -> tuple[FlowStep, ...]:
    """The way from those received to those analysed."""
    return (
        FlowStep(step="received", label=RECEIVED, n=received),
        *(FlowStep(step=r.step, label=r.label, n=len(r.persons)) for r in removals),
        FlowStep(step="analysed", label=ANALYSED, n=analysed),
    )


def _rows_made(tables: Mapping[str, MappedTable]) -> tuple[RowsMade, ...]:
    """How many rows of each table came from each file."""
    return tuple(
        RowsMade(table=name, file=str(file), rows=int(rows))
        for name, table in tables.items()
        for file, rows in table.origin["file"].value_counts(sort=False).items()
    )
