"""What a formula says, sign by sign, whichever format it is written in: to compare formats."""

from __future__ import annotations

import unicodedata
from xml.etree.ElementTree import Element

# Accents and bars have several signs; which one a format uses does not matter.
ALIKE = {"\u0302": "^", "\u0303": "~", "\u0304": "¯", "\u0305": "¯"}
SHAPES = {"mfrac": "frac", "mtable": "table", "mtr": "row"}
ROWS = {"msqrt": "root", "mtd": "cell"}
SCRIPTS = {
    "msub": "_",
    "munder": "_",
    "msup": "^",
    "mover": "^",
    "msubsup": "_^",
    "munderover": "_^",
}


def signs_of_mathml(element: Element) -> str:
    """The signs of MathML with brackets round each part; groups, spaces and spacing do not count."""
    parts = [signs_of_mathml(child) for child in element]
    if element.tag in SHAPES:
        return SHAPES[element.tag] + "".join(f"⟨{part}⟩" for part in parts)
    if element.tag in ROWS:
        return f"{ROWS[element.tag]}⟨{''.join(parts)}⟩"
    if element.tag in SCRIPTS:
        marks = SCRIPTS[element.tag]
        return parts[0] + "".join(f"{m}⟨{part}⟩" for m, part in zip(marks, parts[1:], strict=True))
    return plain(element.text or "") + "".join(parts)


def plain(text: str) -> str:
    """Letters without slant or weight, accents alike, no white space."""
    alike = "".join(ALIKE.get(s) or (s if s == "¯" else unicodedata.normalize("NFKC", s)) for s in text)
    return "".join(alike.split())
