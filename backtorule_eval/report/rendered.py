"""What a view makes of a releasable result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from backtorule_eval.report.figures import Described

MARK = "backtorule"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """One result as a reader sees it.

    Attributes
    ----------
    key : str
        The claim's key; it names the files of a release.
    html : str
        Part of a page; without script, without anything to fetch.
    text : str
        The same for a terminal.
    sentences : tuple of str
        What the result says, in plain sentences, the main one first; for a front page.
    cautions : tuple of str
        What must be said beside it.
    figures : tuple of Described
        To be written as SVG and PNG files.
    rows : tuple of tuple of str
        The result as a table file: head first, decimal points, the same digits as on the page.
    claim, plan : str
        Digests of the claim and of the audited plan; `plan` is "" when provisional.
    provisional : bool
    """

    key: str
    html: str
    text: str
    sentences: tuple[str, ...]
    cautions: tuple[str, ...] = ()
    figures: tuple[Described, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    claim: str = field(repr=False)
    plan: str = field(repr=False)
    provisional: bool

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[Mapping[str, str], Mapping[str, Mapping[str, str]]]:
        """Show it in Jupyter, marked with its claim."""
        data = {"text/html": self.html, "text/plain": self.text}
        return data, {MARK: {"key": self.key, "digest": self.claim}}
