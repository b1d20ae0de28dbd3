"""What a view makes of a releasable result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from backtorule_eval.report.content import Content
from backtorule_eval.report.document.html_result import result_html
from backtorule_eval.report.figures import Described
from backtorule_eval.report.remarks import Certainty, provisional_sentence
from backtorule_eval.report.result import MIME, Result, result_to_plain
from backtorule_eval.report.tables import Table

MARK = "backtorule"


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """One result as a reader sees it.

    Attributes
    ----------
    key : str
        The claim's key; it names the files of a release.
    content : Content
        What it consists of, whatever the format.
    claim, plan : str
        Digests of the claim and of the audited plan; `plan` is "" when provisional.
    provisional : bool
        Checked alone; it says so wherever it is shown.
    certainty : Certainty or None
        How sure we are; None where that has no answer.
    """

    key: str
    language: str
    content: Content
    claim: str = field(repr=False)
    plan: str = field(repr=False)
    provisional: bool
    certainty: Certainty | None = None

    @property
    def warning(self) -> str:
        """What must be read first; "" once it is audited."""
        return provisional_sentence(self.language) if self.provisional else ""

    @cached_property
    def result(self) -> Result:
        """The same in the form that every format is written from."""
        return self.content.result(self.key, warning=self.warning)

    @property
    def html(self) -> str:
        """Part of a page; without script, without anything to fetch."""
        return result_html(self.result, self.language)

    @property
    def text(self) -> str:
        """The same for a terminal."""
        return self.result.to_text()

    @property
    def sentences(self) -> tuple[str, ...]:
        """What the result says, in plain sentences, the main one first."""
        return self.content.sentences

    @property
    def cautions(self) -> tuple[str, ...]:
        """What must be said beside it."""
        return self.content.cautions

    @property
    def figures(self) -> tuple[Described, ...]:
        """Figures, to be written as files."""
        return self.content.figures

    @property
    def tables(self) -> tuple[Table, ...]:
        """All its tables, those under figures first."""
        return self.content.every_table()

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The result as a table file: head first, decimal points, the same digits as on the page."""
        return self.content.rows()

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[Mapping[str, Any], Mapping[str, Mapping[str, str]]]:
        """Show it in Jupyter, marked with its claim."""
        return bundle(self.result, self.language), {MARK: {"key": self.key, "digest": self.claim}}


def bundle(result: Result, language: str) -> dict[str, Any]:
    """Return what a notebook's output holds: HTML, text, and what other formats are written from."""
    return {
        "text/html": result_html(result, language),
        "text/plain": result.to_text(),
        MIME: result_to_plain(result),
    }
