"""A formula on a page: MathML that browsers set by themselves, with the words for whoever hears the page.

The catalogue's formulas come ready and with words. Any other passes `safe_mathml`, or stands as its TeX.
"""

from __future__ import annotations

import re
from html import escape

from backtorule_eval.report.catalogue import translator
from backtorule_eval.report.formula_mathml import safe_mathml
from backtorule_eval.report.formulas import find_formula

SIGN = re.compile("<m[ino]>|<m[ino] ")
# About what fits on a telephone.
MOST_SIGNS_IN_LINE = 18


def formula_html(tex: str, language: str, *, block: bool) -> str:
    """Write a formula within a line, or as a line of its own; a long one scrolls on a narrow screen."""
    found = find_formula(tex)
    inside = found.mathml if found else safe_mathml(tex)
    if inside is None:
        return _as_tex(tex, block=block)
    words = escape(found.spoken[language]) if found else ""
    spoken = f' alttext="{words}" aria-label="{words}"' if words else ""
    math = f'<math display="{"block" if block else "inline"}"{spoken}>{inside}</math>'
    if not block and len(SIGN.findall(inside)) <= MOST_SIGNS_IN_LINE:
        return math
    # A span, because a formula may stand within a paragraph or a cell.
    _ = translator(language)
    label = escape(_("Formula"))
    css = "formula" if block else "long"
    return f'<span class="scroll {css}" role="group" tabindex="0" aria-label="{label}">{math}</span>'


def _as_tex(tex: str, *, block: bool) -> str:
    """Write the TeX itself."""
    code = f"<code>{escape(tex)}</code>"
    return f'<span class="formula">{code}</span>' if block else code
