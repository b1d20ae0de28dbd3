"""Words and tables as LaTeX that compiles anywhere with booktabs; nothing in a text becomes a command."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

# First line of a file of tables, for whoever puts it into a thesis.
NEEDS = "% \\usepackage[T1]{fontenc} and \\usepackage{booktabs}\n"
# What LaTeX, its ligatures, or babel's shorthands for Norwegian would read as something else.
ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\symbol{34}",
    "`": r"\textasciigrave{}",
    # After the end of a row these would be read as its argument.
    "[": "{[}",
    "]": "{]}",
    "*": "{*}",
    "\N{NO-BREAK SPACE}": "~",
    "\N{MINUS SIGN}": "$-$",
    "\N{EN DASH}": r"\textendash{}",
    "\N{EM DASH}": r"\textemdash{}",
    "\N{MULTIPLICATION SIGN}": r"$\times$",
    "\N{LEFT DOUBLE QUOTATION MARK}": r"\textquotedblleft{}",
    "\N{RIGHT DOUBLE QUOTATION MARK}": r"\textquotedblright{}",
    "\N{LEFT SINGLE QUOTATION MARK}": r"\textquoteleft{}",
    "\N{RIGHT SINGLE QUOTATION MARK}": r"\textquoteright{}",
    "\N{HORIZONTAL ELLIPSIS}": r"\dots{}",
    "\N{LESS-THAN OR EQUAL TO}": r"$\leq$",
    "\N{GREATER-THAN OR EQUAL TO}": r"$\geq$",
}
# Two of these in a row are another character: --, '', ,,
LIGATURES = re.compile(r"([-',!?])(?=\1|\\textasciigrave)")
SPACE = re.compile(r"[^\S\N{NO-BREAK SPACE}]+")
UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn")
# Longer heads are broken, and longer labels get a column that breaks them.
LONGEST_HEAD, LONGEST_LABEL = 10, 30
# A table of more columns than this is set small, and its labels get less of the width.
FEW_COLUMNS = 6
SIZE = r"\centering\small\setlength{\tabcolsep}{4pt}"
SMALL_SIZE = r"\centering\scriptsize\setlength{\tabcolsep}{3pt}"


def latex_text(text: str) -> str:
    """Write a text so that LaTeX shows it as it is, whatever it holds."""
    seen = "".join(c for c in SPACE.sub(" ", text) if unicodedata.category(c) not in UNSEEN)
    return LIGATURES.sub(r"\1{}", "".join(ESCAPES.get(c, c) for c in SPACE.sub(" ", seen)))


def latex_head(text: str) -> str:
    """Write the head of a column of figures, broken where it is wider than what stands under it."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and len(lines[-1]) + len(word) < LONGEST_HEAD:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    written = r" \\ ".join(map(latex_text, lines))
    return rf"\shortstack[r]{{{written}}}" if len(lines) > 1 else written


def latex_size(n_columns: int) -> str:
    """Return the size in which a table is set."""
    return SIZE if n_columns <= FEW_COLUMNS else SMALL_SIZE


def latex_columns(labels: Sequence[str], numeric: Sequence[bool]) -> str:
    """Return the columns: figures to the right, words to the left, a long first one as a paragraph."""
    share = 0.4 if len(numeric) <= FEW_COLUMNS else 0.22
    first = rf"p{{{share}\linewidth}}" if is_paragraph(labels) else "l"
    return first + "".join("r" if is_number else "l" for is_number in numeric[1:])


def is_paragraph(labels: Sequence[str]) -> bool:
    """Tell whether the labels of rows need a column that breaks lines."""
    return max(map(len, labels), default=0) > LONGEST_LABEL


def latex_label(key: str) -> str:
    """Return a name to refer to, of letters that LaTeX takes for nothing else."""
    return "tab:" + re.sub(r"[^A-Za-z0-9-]+", "-", key)
