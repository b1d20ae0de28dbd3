"""Every way the workbook says no, each with the exit code a scheduler sees.

In a secure setting the exit code may be all that is seen of a run, so each kind of refusal has its own.
Messages name files, columns, row numbers and remedies; they never carry a value that a participant gave.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

SHOWN_ROWS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong with the data of a site, told without telling anyone's answer.

    Attributes
    ----------
    rule : str
        Identifier of the broken rule, a key of ``cohort/rules.yaml``, where the words (nb, en) live.
    file : str
        Name of the raw file (not its path), or of the database table.
    table, column : str
        Where it is: the dictionary's table and the column's name as the file spells it; "" if it has none.
    n_rows : int
        How many rows break the rule; 0 when the rule is about the file as a whole.
    first_rows : tuple of int
        Physical row numbers in the file (the header is row 1), at most five, ascending.
    detail : mapping of str to str
        Words for the rule's text: column names, allowed levels, formats, counts. Never a participant's value.
    """

    rule: str
    file: str
    table: str = ""
    column: str = ""
    n_rows: int = 0
    first_rows: tuple[int, ...] = ()
    detail: Mapping[str, str] = field(default_factory=dict)


class EvaluationError(Exception):
    """Base of all errors that are shown without a traceback."""

    exit_code = 1


class ParameterProblem(EvaluationError):
    """A study file, a notebook parameter or a command-line option is wrong."""

    exit_code = 2


class DataProblem(EvaluationError):
    """The data of a site cannot be used as they are; all problems found are told at once.

    Parameters
    ----------
    message : str
        One sentence that stands alone.
    problems : iterable of Problem
        Every problem found, in the order of files and columns.
    """

    exit_code = 3

    def __init__(self, message: str, problems: Iterable[Problem] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


class DisclosureRefused(EvaluationError):
    """Something was about to be shown that the disclosure rules do not let out."""

    exit_code = 4


class NotebookFailed(EvaluationError):
    """A notebook stopped; the broken copy was saved before this was raised."""

    exit_code = 5


class SomeCohortsFailed(EvaluationError):
    """Some cohorts of a matrix failed; the others are done."""

    exit_code = 6


class NotEstimable(EvaluationError):
    """The data cannot carry the model that was asked for; the reason is for the reader.

    Parameters
    ----------
    reason : str
        Identifier of the reason, a key of the report's catalogue of refusals.
    needed, found : float or None
        What the support rule asks for and what the data have, in the unit the reason names.
    columns : tuple of str
        Variables the reason is about, by name; never their values.
    """

    exit_code = 5

    def __init__(
        self,
        reason: str,
        *,
        needed: float | None = None,
        found: float | None = None,
        columns: tuple[str, ...] = (),
    ) -> None:
        super().__init__(f"{reason}: {', '.join(columns)}" if columns else reason)
        self.reason = reason
        self.columns = columns
        self.needed = needed
        self.found = found
