"""A result as data for the printed page: the sentence first, then picture, numbers, cautions, and the method.

What a page folds away stands openly here, and small: paper cannot be unfolded.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from backtorule_eval.report.canvas import to_printed_svg
from backtorule_eval.report.catalogue import translator
from backtorule_eval.report.document.typst_prose import Node, paragraph, printable, words
from backtorule_eval.report.figures import Picture
from backtorule_eval.report.numbers import NOTHING
from backtorule_eval.report.remarks import certainty_dots, certainty_words
from backtorule_eval.report.result import Answer, Result
from backtorule_eval.report.tables import Table

FILLED = "●"
# Figures have the page's typeface, in which letters as high as those they were measured in are narrower.
FAMILIES = "'Libertinus Serif', 'DejaVu Sans'"
LARGER = 1.13
# Percent of the width that a question, its answer and how sure we are take.
ANSWER_SHARES = (28, 52, 20)


def result_node(result: Result, language: str) -> Node:
    """Write a result as one node."""
    _ = translator(language)
    nodes: list[Node] = []
    if result.warning:
        nodes.append({"kind": "warning", "text": words(result.warning)})
    if result.lead:
        nodes.append({"kind": "lead", "text": words(result.lead)})
    nodes += [{"kind": "answer", "text": words(sentence)} for sentence in result.sentences[:1]]
    nodes += [paragraph(sentence) for sentence in result.sentences[1:]]
    if result.answers:
        nodes.append(_answers(result.answers, language))
    for picture in result.pictures:
        nodes += [_picture(picture), table_node(picture.table, small=True)]
    nodes += [table_node(table) for table in result.tables]
    nodes += [table_node(table, small=True) for table in result.folded]
    if result.notes:
        nodes.append({"kind": "quiet", "body": [paragraph(note) for note in result.notes]})
    if result.cautions:
        nodes += [_label(_("What we do not know")), _list(result.cautions)]
    if result.method:
        lines = [paragraph(line) for line in result.method]
        nodes.append({"kind": "aside", "label": words(_("How we did it")), "body": lines})
    return {"kind": "result", "body": nodes}


def table_node(table: Table, *, small: bool = False) -> Node:
    """Write a table with its notes at its foot."""
    figures = [any(row[i].figure for row in table.rows) for i in range(len(table.head))]
    return {
        "kind": "table",
        "caption": words(table.caption),
        "small": small,
        "shares": [],
        "head": [_cell(h, figure=f) for h, f in zip(table.head, figures, strict=True)],
        "rows": [[_cell(c.shown, figure=f) for c, f in zip(row, figures, strict=True)] for row in table.rows],
        "notes": [paragraph(note) for note in table.notes],
    }


def _cell(text: str, *, figure: bool = False) -> dict[str, Any]:
    """Write a cell of words or figures."""
    return {"body": words(text), "text": words(text), "figure": figure}


def _picture(picture: Picture) -> Node:
    """Write a figure with the sentence that stands in for it."""
    return {
        "kind": "picture",
        "svg": printable(to_printed_svg(picture.svg, families=FAMILIES, larger=LARGER)),
        "alt": words(picture.alt),
        "caption": words(picture.title),
    }


def _answers(answers: Sequence[Answer], language: str) -> Node:
    """Write questions with their answers as one table; where the whole answer stands is for a screen."""
    _ = translator(language)
    with_certainty = any(answer.certainty for answer in answers)
    head = [_("Question"), _("Answer"), *([_("How sure are we?")] if with_certainty else [])]
    return {
        "kind": "table",
        "caption": words(_("What we asked, and what the data can say")),
        "small": False,
        "shares": list(ANSWER_SHARES[: len(head)]),
        "head": [_cell(h) for h in head],
        "rows": [_answer(answer, language)[: len(head)] for answer in answers],
        "notes": [],
    }


def _answer(answer: Answer, language: str) -> list[dict[str, Any]]:
    """Write one question, its answer and how sure we are."""
    said = [paragraph(sentence) for sentence in answer.sentences]
    return [
        _cell(answer.question) | {"body": {"kind": "strong", "body": words(answer.question)}},
        _cell(" ".join(answer.sentences)) | {"body": said},
        _cell("") | {"body": _certainty(answer, language)},
    ]


def _certainty(answer: Answer, language: str) -> Node:
    """Write how sure we are, as a word and as dots."""
    if answer.certainty is None:
        return NOTHING
    filled = certainty_dots(answer.certainty).count(FILLED)
    return {"kind": "certainty", "words": certainty_words(answer.certainty, language), "filled": filled}


def _label(text: str) -> Node:
    """Write a line that says what follows."""
    return {"kind": "label", "text": words(text)}


def _list(items: Sequence[str]) -> Node:
    """Write a list without numbers."""
    return {"kind": "list", "ordered": False, "start": 1, "tight": True, "items": [words(i) for i in items]}
