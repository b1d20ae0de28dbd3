"""How wide a table's columns are in a Word file: Word is told, so that every program shows the same."""

from __future__ import annotations

from collections.abc import Sequence

from backtorule_eval.report.canvas import TEXT, width_of

TWIPS = 20  # of a point
PAGE_WIDTH = 9072  # between the margins: 160 mm
PADDING = 198  # to the right of every cell but the last, as in the style
# No column of words asks for more than this; it wraps.
WIDEST = 4400
# The heads of rows get what they want up to this, and up to this share of the room that words leave.
MOST_TO_HEADS, SHARE_TO_HEADS = 2600, 0.75
# Calibri needs about eight tenths of what is measured in DejaVu Sans. A line gets a little more than that, as
# it can wrap; a word gets more than its measure: it must not break where DejaVu stands in for Calibri.
OF_A_LINE, OF_A_WORD, OF_A_BOLD_WORD = 0.9, 1.05, 1.19


def column_widths(columns: Sequence[Sequence[str]], *, points: float) -> tuple[int, ...]:
    """How wide is each column, in twentieths of a point? As wide as its words; together no wider than a page.

    Parameters
    ----------
    columns : sequence of sequence of str
        The texts of each column, its head first. What must stay on one line is held together by spaces that
        do not break.
    points : float
        Size of the letters.
    """
    padding = [PADDING] * (len(columns) - 1) + [0]
    narrow = [
        min(WIDEST, _longest_word(column, points)) + p for column, p in zip(columns, padding, strict=True)
    ]
    lines = [int(OF_A_LINE * _widest(column, points)) for column in columns]
    wide = [max(least, min(WIDEST, line) + p) for least, line, p in zip(narrow, lines, padding, strict=True)]
    if sum(wide) <= PAGE_WIDTH:
        return tuple(wide)
    room = PAGE_WIDTH - sum(narrow)
    if room <= 0:
        return tuple(int(PAGE_WIDTH * width / sum(narrow)) for width in narrow)
    more = _shared(room, [most - least for most, least in zip(wide, narrow, strict=True)])
    return tuple(int(least + share) for least, share in zip(narrow, more, strict=True))


def _shared(room: float, wanted: Sequence[int]) -> tuple[float, ...]:
    """Share what room there is: the heads of rows come first where that leaves some to the others."""
    first, others = wanted[0], sum(wanted[1:])
    if others and first <= min(MOST_TO_HEADS, SHARE_TO_HEADS * room):
        return (first, *((room - first) * more / others for more in wanted[1:]))
    return tuple(room * more / sum(wanted) for more in wanted)


def _longest_word(column: Sequence[str], points: float) -> int:
    """Return the width of the longest word of a column, whose first text is a bold head."""
    head, *others = (text.split(" ") for text in column)
    longest = _widest([word for words in others for word in words], points)
    return int(max(OF_A_BOLD_WORD * _widest(head, points), OF_A_WORD * longest))


def _widest(texts: Sequence[str], points: float) -> int:
    """Return the width of the widest text."""
    return int(max((width_of(text) for text in texts), default=0.0) * points / TEXT * TWIPS) + 1
