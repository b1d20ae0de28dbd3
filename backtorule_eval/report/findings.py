"""What the shared page is made of: claims of other notebooks shown again, and all answers as one table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from backtorule_eval.disclosure.rules import DisclosureRules
from backtorule_eval.report.catalogue import translator
from backtorule_eval.report.numbers import day
from backtorule_eval.report.remarks import Certainty, rules_sentence
from backtorule_eval.report.rendered import Rendered
from backtorule_eval.report.result import Answer, Result

ENDS = (".", "?", "!")
# The name under which a notebook publishes the answer to its own question.
ANSWER = "answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What one notebook asks: its name, and its title in the reader's language."""

    notebook: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """What the table of answers begins with: which study, until when, under which rules."""

    title: str
    as_of: date | None
    rules: DisclosureRules


def answers(
    questions: Sequence[Question], rendered: Mapping[str, Rendered], *, lead: Lead, language: str
) -> Result:
    """What did we ask, what can the data say, and how sure are we?

    Parameters
    ----------
    questions : sequence of Question
        In the order of the table.
    rendered : mapping of claim key
        What may be seen.
    """
    return Result(
        key=f"answers/{ANSWER}",
        warning=next((r.warning for r in rendered.values() if r.warning), ""),
        lead=_lead(lead, language),
        answers=tuple(_answer(question, rendered, language) for question in questions),
    )


def _lead(lead: Lead, language: str) -> str:
    """Say which study this is, until when it goes, and what was done to the figures."""
    _ = translator(language)
    parts = [lead.title if lead.title.endswith(ENDS) else f"{lead.title}."]
    if lead.as_of:
        parts.append(_("Data up to {day}.").format(day=day(lead.as_of, language)))
    return " ".join([*parts, rules_sentence(lead.rules, language)])


def _answer(question: Question, rendered: Mapping[str, Rendered], language: str) -> Answer:
    """Answer one question with the sentences its notebook published as its answer."""
    _ = translator(language)
    answer = rendered.get(f"{question.notebook}/{ANSWER}")
    return Answer(
        question=question.title,
        sentences=answer.sentences[:1]
        if answer
        else (_("This page describes; it does not answer with one number."),),
        page=f"notebooks/{question.notebook}.html",
        certainty=answer.certainty if answer else Certainty.DESCRIPTION,
    )


def again(key: str, rendered: Mapping[str, Rendered], *, picture: str = "", language: str) -> Result:
    """Show what another notebook published, with the picture of a third if one is named.

    Where the study has no such result, it says so, and what would fill the place.
    """
    if key not in rendered:
        return _missing(key, language)
    shown = rendered[key].result
    if not picture or picture not in rendered:
        return shown
    return replace(shown, pictures=rendered[picture].result.pictures)


def _missing(key: str, language: str) -> Result:
    """Say that a study has no such result."""
    _ = translator(language)
    template = _(
        "Not part of this study yet: notebook {notebook} has not been run. Its answer will stand here."
    )
    return Result(key=key, sentences=(template.format(notebook=key.partition("/")[0]),))
