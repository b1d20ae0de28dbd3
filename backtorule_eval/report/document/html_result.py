"""A result as HTML: the sentence first, then picture, numbers, cautions, and the method folded away."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from backtorule_eval.report.catalogue import translator
from backtorule_eval.report.figures import fold
from backtorule_eval.report.numbers import NOTHING
from backtorule_eval.report.remarks import certainty_dots, certainty_words
from backtorule_eval.report.result import Answer, Result
from backtorule_eval.report.turning import unturned


def result_html(result: Result, language: str) -> str:
    """Write a result as a part of a page."""
    _ = translator(language)
    parts = []
    if result.warning:
        parts.append(f'<p class="banner" role="note"><strong>{escape(result.warning)}</strong></p>')
    if result.lead:
        parts.append(f'<p class="lead">{escape(result.lead)}</p>')
    parts += [f'<p class="answer">{escape(sentence)}</p>' for sentence in result.sentences]
    if result.answers:
        parts.append(_answers(result.answers, language))
    parts += [picture.to_html(language) for picture in result.pictures]
    parts += [table.to_html() for table in result.tables]
    parts += [fold(_("Show the figures"), table.to_html()) for table in result.folded]
    parts += [f'<p class="note">{escape(note)}</p>' for note in result.notes]
    if result.cautions:
        items = "".join(f"<li>{escape(caution)}</li>" for caution in result.cautions)
        unknown = _("What we do not know")
        parts.append(f'<p class="unknown">{escape(unknown)}</p><ul>{items}</ul>')
    if result.method:
        parts.append(fold(_("How we did it"), "".join(f"<p>{escape(line)}</p>" for line in result.method)))
    return unturned("".join(parts))


def _answers(answers: Sequence[Answer], language: str) -> str:
    """Write questions with their answers as one table, which becomes a list on a narrow screen."""
    _ = translator(language)
    title = escape(_("What we asked, and what the data can say"))
    with_certainty = any(answer.certainty for answer in answers)
    head = [_("Question"), _("Answer"), *([_("How sure are we?")] if with_certainty else [])]
    heads = "".join(f'<th scope="col">{escape(words)}</th>' for words in head)
    rows = "".join(_answer(answer, language, with_certainty=with_certainty) for answer in answers)
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{title}"><table class="answers">'
        f"<caption>{title}</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _answer(answer: Answer, language: str, *, with_certainty: bool) -> str:
    """Write one question, its answer and how sure we are."""
    _ = translator(language)
    question = escape(answer.question)
    said = "".join(f"<p>{escape(sentence)}</p>" for sentence in answer.sentences)
    if answer.page:
        read = _("Read the whole answer")
        words = f'{escape(read)}<span class="aside">: {question}</span>'
        said += f'<p><a href="{escape(answer.page)}">{words}</a></p>'
    certainty = f'<td class="certainty">{_certainty(answer, language)}</td>' if with_certainty else ""
    return f'<tr><th scope="row">{question}</th><td>{said}</td>{certainty}</tr>'


def _certainty(answer: Answer, language: str) -> str:
    """Write how sure we are, as a word and as dots."""
    if answer.certainty is None:
        return NOTHING
    dots = f'<span class="dots" aria-hidden="true">{certainty_dots(answer.certainty)}</span>'
    return f"{escape(certainty_words(answer.certainty, language))} {dots}"
