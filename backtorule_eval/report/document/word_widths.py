"""How wide a table's columns are in a Word file: Word is told, so that every program shows the same."""

from __future__ import annotations

from collections.abc import Sequence

from backtorule_eval.report.canvas import TEXT, width_of

TWIPS = 20  # of a point
PAGE_WIDTH = 9072  # between the margins: 160 mm
PADDING = 198  # to the right of every cell but the last, as in the style
# No column of words asks for more than this; it wraps.
WIDEST = 4400


def column_widths(columns: Sequence[Sequence[str]], *, points: float) -> tuple[int, ...]:
    """How wide is each column, in twentieths of a point? As wide as its words; together no wider than a page.

    Parameters
    ----------
    columns : sequence of sequence of str
        The texts of each column, its head first. What must stay on one line is held together by spaces that
        do not break.
    points : float
        Size of the letters. The typeface measured is wider than the file's, which leaves room for another.
    """
    padding = [PADDING] * (len(columns) - 1) + [0]
    wide = [min(WIDEST, _widest(column, points)) + p for column, p in zip(columns, padding, strict=True)]
    if sum(wide) <= PAGE_WIDTH:
        return tuple(wide)
    words = [[word for text in column for word in text.split(" ")] for column in columns]
    longest = [_widest(column, points) + p for column, p in zip(words, padding, strict=True)]
    narrow = [min(pair) for pair in zip(longest, wide, strict=True)]
    room = PAGE_WIDTH - sum(narrow)
    if room <= 0:
        return tuple(int(PAGE_WIDTH * width / sum(narrow)) for width in narrow)
    wanted = [most - least for most, least in zip(wide, narrow, strict=True)]
    return tuple(int(least + room * more / sum(wanted)) for least, more in zip(narrow, wanted, strict=True))


def _widest(texts: Sequence[str], points: float) -> int:
    """Return the width of the widest text."""
    return int(max((width_of(text) for text in texts), default=0.0) * points / TEXT * TWIPS) + 1
