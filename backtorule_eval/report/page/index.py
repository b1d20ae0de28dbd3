"""A cohort's front page: the questions, an answer to each in plain words, and what must be kept in mind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from backtorule_eval.report.catalogue import translator
from backtorule_eval.report.page.shell import Frame, Link, put_in_frame, template
from backtorule_eval.report.remarks import Certainty, certainty_dots, certainty_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One question and its answer, each sentence made from an audited claim, and how sure we are of it."""

    question: str
    sentences: Sequence[str]
    link: Link | None = None
    certainty: Certainty | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """What stands on a cohort's front page.

    Attributes
    ----------
    lead : str
        Who, how many (as released), until when.
    banner : str
        What must be read first; "" if nothing.
    """

    title: str
    lead: str
    banner: str = ""
    answers: Sequence[Answer] = ()
    limits: Sequence[str] = ()
    pages: Sequence[Link] = ()


def index_page(front: Front, *, frame: Frame) -> str:
    """Return the cohort's front page."""
    main = template("index.html.j2").render(
        _=translator(frame.language),
        with_certainty=any(answer.certainty for answer in front.answers),
        words=lambda certainty: certainty_words(certainty, frame.language),
        dots=certainty_dots,
        **{name: getattr(front, name) for name in ("title", "lead", "banner", "answers", "limits", "pages")},
    )
    return put_in_frame(Markup(main), frame)  # made by our own templates
