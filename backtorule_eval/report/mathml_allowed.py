"""Which MathML may stand on a page: elements and attributes on a list, from which it is written anew."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from html import escape
from xml.etree.ElementTree import Element

MOST_ELEMENTS = 600
DEEPEST = 40
LONGEST_TOKEN = 200

# How many children an element has; None: any number.
CHILDREN: Mapping[str, int | None] = {
    "mi": 0,
    "mn": 0,
    "mo": 0,
    "mtext": 0,
    "mspace": 0,
    "mrow": None,
    "mstyle": None,
    "msqrt": None,
    "mroot": 2,
    "mfrac": 2,
    "msub": 2,
    "msup": 2,
    "msubsup": 3,
    "munder": 2,
    "mover": 2,
    "munderover": 3,
    "mtable": None,
    "mtr": None,
    "mtd": None,
}
TOKENS = frozenset({"mi", "mn", "mo", "mtext"})
AROUND: Mapping[str, str] = {"mtr": "mtable", "mtd": "mtr"}
YES_OR_NO = re.compile(r"true|false")
SHORT_LENGTH = re.compile(r"-?[0-3](\.\d{1,4})?em")
ATTRIBUTES: Mapping[str, re.Pattern[str]] = {
    "accent": YES_OR_NO,
    "columnalign": re.compile(r"left|right|center"),
    "displaystyle": YES_OR_NO,
    "fence": YES_OR_NO,
    "form": re.compile(r"prefix|infix|postfix"),
    "linethickness": re.compile(r"0"),
    "lspace": SHORT_LENGTH,
    "mathvariant": re.compile(r"normal|bold|italic|bold-italic"),
    "maxsize": SHORT_LENGTH,
    "minsize": SHORT_LENGTH,
    "movablelimits": YES_OR_NO,
    "rspace": SHORT_LENGTH,
    "scriptlevel": re.compile(r"[0-2]"),
    "stretchy": YES_OR_NO,
    "width": SHORT_LENGTH,
}
# Signs that cannot be seen, or turn the direction of what follows, and halves of signs.
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def is_small(tree: Element) -> bool:
    """Tell whether a tree has few enough elements, none too deep, to be worked on."""
    level, n = [tree], 0
    for _ in range(DEEPEST):
        n += len(level)
        level = [child for element in level for child in element]
        if n > MOST_ELEMENTS or not level:
            break
    return not level and n <= MOST_ELEMENTS


def allowed_mathml(math: Element) -> str | None:
    """Return what stands inside a ``math`` element, written anew; None if any of it is not on the list.

    An attribute that is not on the list, or not with that value, is left out.
    """
    if math.tag != "math" or not len(math) or not is_small(math):
        return None
    if not all(_is_allowed(child, math.tag) for child in math):
        return None
    return "".join(_written(child) for child in math)


def _is_allowed(element: Element, around: str) -> bool:
    """Tell whether an element and all inside it are on the list, each where it may stand."""
    tag, n = element.tag, len(element)
    if tag not in CHILDREN or CHILDREN[tag] not in (None, n) or AROUND.get(tag, around) != around:
        return False
    if "linebreak" in element.attrib:  # browsers do not break there, and what follows would run on
        return False
    if (around == "mtable") != (tag == "mtr") or (around == "mtr") != (tag == "mtd"):
        return False
    return _has_plain_text(element) and all(_is_allowed(child, tag) for child in element)


def _has_plain_text(element: Element) -> bool:
    """Tell whether text stands in tokens alone, and holds nothing unseen and no left-over TeX."""
    text = element.text or ""
    if (element.tail or "").strip() or len(text) > LONGEST_TOKEN:
        return False
    if element.tag not in TOKENS:
        return not text.strip()
    if "\\" in text or (element.tag != "mtext" and "&" in text):
        return False
    return not any(unicodedata.category(sign) in UNSEEN for sign in text)


def _written(element: Element) -> str:
    """Write an element with the attributes that are on the list."""
    known = {name: value for name, value in sorted(element.attrib.items()) if name in ATTRIBUTES}
    kept = "".join(f' {name}="{value}"' for name, value in known.items() if ATTRIBUTES[name].fullmatch(value))
    inside = escape(element.text or "") if element.tag in TOKENS else "".join(map(_written, element))
    return f"<{element.tag}{kept}>{inside}</{element.tag}>"
