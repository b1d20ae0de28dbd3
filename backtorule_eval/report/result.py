"""One result in a form that every format is written from: HTML, PDF and Word say the same in the same order.

A notebook's output carries it as JSON under `MIME`, so that a notebook file is enough to write a document.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from backtorule_eval.errors import DisclosureRefused
from backtorule_eval.report.figures import Picture
from backtorule_eval.report.remarks import Certainty
from backtorule_eval.report.tables import Table

MIME = "application/vnd.backtorule.result+json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One question and its answer, each sentence made from an audited claim, and how sure we are of it.

    `page` is the address of the whole answer, relative to the document; "" if there is none.
    """

    question: str
    sentences: tuple[str, ...]
    page: str = ""
    certainty: Certainty | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The parts of one result, in the order a reader meets them.

    Attributes
    ----------
    key : str
        The claim's key, or what stands for several claims shown together.
    warning : str
        What must be read first ("" if nothing): that the result has not been checked against the rest.
    lead : str
        Whom and what it is about, before everything else; "" for most.
    sentences : tuple of str
        What it says, the main sentence first.
    answers : tuple of Answer
        Questions with their answers, as one table.
    pictures : tuple of Picture
        Each with its own table under it, folded away where a format can fold.
    tables, folded : tuple of Table
        Shown openly, and folded away.
    notes, cautions, method : tuple of str
        How to read the figures above; what we do not know; how it was done.
    """

    key: str
    warning: str = ""
    lead: str = ""
    sentences: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()
    pictures: tuple[Picture, ...] = ()
    tables: tuple[Table, ...] = ()
    folded: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    method: tuple[str, ...] = ()

    def to_text(self) -> str:
        """Write the result for a terminal."""
        told = [f"[{self.warning}]"] if self.warning else []
        told += [self.lead] if self.lead else []
        asked = [" ".join((answer.question, *answer.sentences)) for answer in self.answers]
        tables = (*(picture.table for picture in self.pictures), *self.tables, *self.folded)
        lines = [*told, *self.sentences, *asked, *(table.to_text() for table in tables)]
        return "\n".join([*lines, *self.notes, *self.cautions, *self.method])


def result_to_plain(result: Result) -> dict[str, Any]:
    """Return a result as plain values for JSON."""
    return asdict(result)


def result_from_plain(plain: Mapping[str, Any]) -> Result:
    """Read a result that `result_to_plain` wrote.

    Raises
    ------
    DisclosureRefused
        It is not one: another version wrote it, or somebody changed it.
    """
    try:
        result: Result = _adapter().validate_python(dict(plain))
    except ValidationError:
        raise DisclosureRefused(
            "An output is marked as a result and does not hold one; run its notebook again."
        ) from None
    return result


@cache
def _adapter() -> TypeAdapter[Result]:
    """Reader of results."""
    return TypeAdapter(Result)
