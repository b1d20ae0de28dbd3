"""A result in a Word file: the same parts in the same order as on a page; what a page folds away is small."""

from __future__ import annotations

import io
from collections.abc import Sequence

from docx.shared import Mm

from backtorule_eval.report.catalogue import translator
from backtorule_eval.report.document.raster import svg_to_png
from backtorule_eval.report.document.word_file import Word
from backtorule_eval.report.document.word_table import Grid, Paragraphs, add_grid, add_table
from backtorule_eval.report.document.word_text import Piece, clean, one_piece
from backtorule_eval.report.figures import Picture
from backtorule_eval.report.numbers import NOTHING
from backtorule_eval.report.remarks import certainty_dots, certainty_words
from backtorule_eval.report.result import Answer, Result

# As wide as the text, whose letters the picture's are then as large as.
PICTURE_WIDTH = Mm(128)
# Question, answer and certainty, in twentieths of a point: together as wide as the page.
WITH_CERTAINTY = (2500, 4750, 1822)
WITHOUT_CERTAINTY = (2700, 6372)


def add_result(word: Word, result: Result) -> None:
    """Add a result."""
    _ = translator(word.language)
    if result.warning:
        word.paragraph("Banner", result.warning)
    if result.lead:
        word.paragraph("Body Text", result.lead)
    for i, sentence in enumerate(result.sentences):
        word.paragraph("Body Text" if i else "Answer", sentence)
    if result.answers:
        _add_answers(word, result.answers)
    for picture in result.pictures:
        _add_picture(word, picture)
    for table in result.tables:
        add_table(word, table)
    for table in result.folded:
        add_table(word, table, small=True)
    for note in result.notes:
        word.paragraph("Note", note)
    _add_under(word, "Label", _("What we do not know"), "List Bullet", result.cautions)
    _add_under(word, "Small Label", _("How we did it"), "Note", result.method)


def _add_under(word: Word, label: str, title: str, style: str, lines: Sequence[str]) -> None:
    """Add lines under a word that says what they are; nothing when there are none."""
    if lines:
        word.paragraph(label, title)
    for line in lines:
        word.paragraph(style, line)


def _add_picture(word: Word, picture: Picture) -> None:
    """Add a picture under its title, with the sentence that stands in for it and its numbers below."""
    word.caption(word.figure_label(), picture.title)
    paragraph = word.paragraph("Picture")
    run = paragraph.add_run()
    inline = run.add_picture(io.BytesIO(svg_to_png(picture.svg)), width=PICTURE_WIDTH)._inline
    for side in ("distT", "distB", "distL", "distR"):
        inline.set(side, "0")  # left out, some programs take it for three millimetres
    inline.docPr.set("descr", clean(picture.alt))
    inline.docPr.set("title", clean(picture.title))
    add_table(word, picture.table, small=True)


def _add_answers(word: Word, answers: Sequence[Answer]) -> None:
    """Add questions with their answers as one table."""
    _ = translator(word.language)
    title = _("What we asked, and what the data can say")
    with_certainty = any(answer.certainty for answer in answers)
    heads = [_("Question"), _("Answer"), *([_("How sure are we?")] if with_certainty else [])]
    word.caption(word.table_label(), title)
    grid = Grid(
        name=title,
        head=tuple(one_piece(head) for head in heads),
        rows=tuple(_row(answer, word.language)[: len(heads)] for answer in answers),
        style="Answer Table",
        widths=WITH_CERTAINTY if with_certainty else WITHOUT_CERTAINTY,
    )
    add_grid(word, grid)


def _row(answer: Answer, language: str) -> tuple[Paragraphs, ...]:
    """Return one question, its answer and how sure we are."""
    said = tuple(one_piece(sentence) for sentence in answer.sentences)
    return (one_piece(answer.question),), said, _certainty(answer, language)


def _certainty(answer: Answer, language: str) -> Paragraphs:
    """Return how sure we are, as a word and as dots."""
    if answer.certainty is None:
        return (one_piece(NOTHING),)
    word = one_piece(certainty_words(answer.certainty, language))
    dots = certainty_dots(answer.certainty)
    return (word, (Piece(text=dots, style="Dots"),)) if dots else (word,)
