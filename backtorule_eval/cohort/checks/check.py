"""Every check of a site's tables, in one go."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import pandas as pd

from backtorule_eval.cohort.checks.columns import check_columns
from backtorule_eval.cohort.checks.coverage import check_coverage, check_documents
from backtorule_eval.cohort.checks.events import check_events
from backtorule_eval.cohort.checks.grades import check_grades
from backtorule_eval.cohort.checks.keys import check_keys
from backtorule_eval.cohort.checks.people import check_consent, check_people
from backtorule_eval.cohort.checks.removal import persons_to_remove, without_persons
from backtorule_eval.cohort.checks.site import Site
from backtorule_eval.cohort.checks.spells import check_spells
from backtorule_eval.cohort.checks.waves import check_waves
from backtorule_eval.cohort.dictionary import Column
from backtorule_eval.cohort.mapping.mapped import MappedTable
from backtorule_eval.errors import Problem

ExtraRule = Callable[[Mapping[str, MappedTable]], list[Problem]]

# Each looks at several tables or columns at once, and at those who stay in the cohort only.
CROSS_CHECKS = (check_waves, check_spells, check_events, check_grades, check_coverage, check_documents)
# An unreadable cell is empty after mapping; being empty is then no further problem.
ECHOES = frozenset(
    {
        "birth_year_missing",
        "consent_missing",
        "held_without_minutes",
        "no_value_no_reason",
        "required_empty",
        "start_missing",
    }
)


def check_tables(
    tables: Mapping[str, MappedTable],
    *,
    extra_columns: Mapping[str, Column],
    as_of: date | None,
    rules: Sequence[ExtraRule] = (),
    already_told: Sequence[Problem] = (),
) -> list[Problem]:
    """What is wrong with a site's tables, all of it at once?

    Parameters
    ----------
    tables : mapping of table name to MappedTable
        All tables of the dictionary, typed; those no source feeds are empty.
    extra_columns : mapping of name to Column
        What the mapping file declares for `extras`.
    as_of : date or None
        The day the data were cut; without it nothing is in the future.
    rules : sequence of callables
        Checks from above this room, such as answers outside a scale's range; they see those who stay.
    already_told : sequence of Problem
        What reading and mapping found; a cell that could not be read is not told again as empty.

    Returns
    -------
    list of Problem
        Errors and warnings (`cohort.problems.stops` tells which), in the order of the checks. Rows of persons
        who are taken out are checked by column and key, but not against other tables.
    """
    site = Site(tables=tables, as_of=None if as_of is None else pd.Timestamp(as_of))
    if "persons" not in site:
        return [*check_columns(site, extra_columns=extra_columns), _nobody("persons_missing", tables)]
    problems = [*check_columns(site, extra_columns=extra_columns), *check_keys(site)]
    problems += [*check_people(site), *check_consent(site)]
    leaving = frozenset[str]().union(*(removal.persons for removal in persons_to_remove(tables)))
    staying = {name: without_persons(table, leaving) for name, table in tables.items()}
    rest = Site(tables=staying, as_of=site.as_of)
    if "persons" not in rest:
        problems.append(_nobody("nobody_left", tables))
    else:
        problems += [problem for check in CROSS_CHECKS for problem in check(rest)]
        problems += [problem for rule in rules for problem in rule(staying)]
    return _without_echoes(problems, already_told)


def _nobody(rule: str, tables: Mapping[str, MappedTable]) -> Problem:
    """Say that there are no persons, or none left."""
    file = ", ".join(tables["persons"].origin["file"].unique()) if "persons" in tables else ""
    return Problem(rule=rule, file=file, table="persons")


def _without_echoes(problems: Sequence[Problem], already_told: Sequence[Problem]) -> list[Problem]:
    """Drop what is only empty because it could not be read."""
    unread = {(problem.file, problem.column) for problem in already_told}
    return [p for p in problems if p.rule not in ECHOES or (p.file, p.column) not in unread]
