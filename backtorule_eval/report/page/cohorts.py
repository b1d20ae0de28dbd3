"""The list of all cohorts that have outputs, and the state of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from backtorule_eval.report.catalogue import translator
from backtorule_eval.report.page.shell import Frame, put_in_frame, template


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortState:
    """One cohort: its title, its front page ("" if it has none) and its state in words."""

    title: str
    href: str
    state: str


def cohorts_page(cohorts: Sequence[CohortState], *, language: str) -> str:
    """Return the page that lists all cohorts."""
    _ = translator(language)
    main = template("cohorts.html.j2").render(cohorts=cohorts, _=_)
    frame = Frame(title=_("Evaluations"), language=language)
    return put_in_frame(Markup(main), frame)  # made by our own templates
