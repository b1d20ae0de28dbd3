"""What the converter of TeX leaves to be put in order before MathML reads and sounds as it should.

Names of functions get the space that TeX gives them, upright letters become words, decimal commas belong to
their numbers, accents and limits are marked as such, and groups of one are no groups.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from xml.etree.ElementTree import Element

ROWS = frozenset({"math", "mrow", "msqrt", "mstyle", "mtd"})
LARGE = frozenset("∑∏")
LIMITED = frozenset({"lim", "max", "min", "inf", "sup"})
BESIDE_TO_ABOVE: Mapping[str, str] = {"msub": "munder", "msup": "mover", "msubsup": "munderover"}
ACCENTS = frozenset("^~¯→˙¨―")
OPENING, CLOSING = frozenset("([{"), frozenset(")]}")
# Signs that the converter takes for letters or operators, and are not.
ORDINARY = frozenset("\N{DOWN TACK}∞∅∀∃")
# Greek capitals stand upright, as in TeX.
UPRIGHT = frozenset("ΓΔΘΛΞΠΣΥΦΨΩ")
PRIME = "\N{PRIME}"
UNSPACED = frozenset("|/")
INSTEAD: Mapping[str, str] = {"~": "\N{TILDE OPERATOR}"}
REFERENCE = re.compile(r"&#x([0-9A-Fa-f]{1,6});")
LAST_SIGN = 0x10FFFF
ALONE = "alone"  # marks what stood in braces by itself; never written
THIN = "0.1667em"


def tidied(element: Element) -> Element:
    """Return a copy of the converter's elements, put in order."""
    new = Element(element.tag, dict(element.attrib))
    new.text = _resolved(element.text or "")
    inside = [tidied(child) for child in element]
    new.extend(_row(inside) if new.tag in ROWS else inside)
    if not inside and new.tag in ("mi", "mo"):
        _set_kind(new)
    if new.tag == "mrow" and len(new) == 1:
        new[0].set(ALONE, "true")
        return new[0]
    _place_scripts(new)
    return new


def _place_scripts(element: Element) -> None:
    """Set limits above and below their sign, and mark accents."""
    base, script = (*element, None, None)[:2]
    if base is None or script is None:
        return
    if element.tag in BESIDE_TO_ABOVE and _text(base) in LARGE | LIMITED:
        element.tag = BESIDE_TO_ABOVE[element.tag]
        base.set("movablelimits", "true")
    if element.tag == "mover" and _text(script) in ACCENTS:
        element.set("accent", "true")
        script.tag = "mo"


def _resolved(text: str) -> str:
    """Replace the converter's references by the signs they mean."""

    def sign(match: re.Match[str]) -> str:
        number = int(match[1], 16)
        return chr(number) if number <= LAST_SIGN else match[0]

    return REFERENCE.sub(sign, text)


def _set_kind(token: Element) -> None:
    """Make a token a letter or an operator, whichever its sign is."""
    text = token.text or ""
    named = token.tag == "mo" and len(text) == 1 and text.isalpha()
    if named or text in ORDINARY or (text in UPRIGHT and not token.get("mathvariant")):
        token.tag, token.attrib = "mi", {"mathvariant": "normal"}
    elif text in UNSPACED:
        token.tag, token.attrib = "mo", {"stretchy": "false", "lspace": "0em", "rspace": "0em"} | token.attrib
    elif token.tag == "mi" and len(text) == 1 and unicodedata.category(text)[0] in "PS" and text != PRIME:
        token.tag, token.text = "mo", INSTEAD.get(text, text)


def _row(inside: Sequence[Element]) -> list[Element]:
    """Put a row in order: words and decimal numbers joined, functions spaced, brackets round a binomial."""
    row = _joined_letters(_joined_numbers(inside))
    for before, token, after in zip([None, *row], row, [*row[1:], None], strict=False):
        core = _core(token)
        if _is_function(core):
            core.tag = "mo"
            core.attrib |= {"lspace": _space_before(before), "rspace": _space_after(after)}
    if [t.tag for t in row] == ["mo", "mfrac", "mo"] and row[1].get("linethickness") == "0":
        for bracket, form in ((row[0], "prefix"), (row[2], "postfix")):
            bracket.attrib = {"stretchy": "true", "fence": "true", "form": form}
    return row


def _space_before(before: Element | None) -> str:
    """Return the space before the name of a function: none after a sign or a space, or at the start."""
    if before is None or before.tag == "mspace" or (before.tag == "mo" and _text(before) not in CLOSING):
        return "0em"
    return THIN


def _space_after(after: Element | None) -> str:
    """Return the space after the name of a function: none before a bracket or at the end."""
    first = after
    while first is not None and len(first):
        first = first[0]
    return "0em" if first is None or _text(first) in OPENING else THIN


def _is_function(token: Element) -> bool:
    """Tell whether a token is the name of a function; letters set upright by hand are not."""
    text = token.text or ""
    named = token.tag in ("mi", "mo") and len(text) > 1 and text.isascii() and text.isalpha()
    return named and token.get("mathvariant") is None


def _joined_letters(inside: Iterable[Element]) -> list[Element]:
    """Make one word of neighbouring letters that were set upright or bold by hand."""
    row: list[Element] = []
    for token in inside:
        variant = token.get("mathvariant")
        before = row[-1] if row else None
        if token.tag == "mi" and variant and before is not None and _continues(before, token):
            before.text = f"{before.text}{token.text}"
        else:
            row.append(token)
    return row


def _continues(before: Element, token: Element) -> bool:
    """Tell whether a letter belongs to the word before it."""
    same = before.tag == "mi" and before.get("mathvariant") == token.get("mathvariant")
    return same and _text(before).isalpha() and _text(token).isalpha()


def _joined_numbers(inside: Iterable[Element]) -> list[Element]:
    """Make one number of digits, a comma in braces, and digits: how TeX writes a decimal comma."""
    row: list[Element] = []
    for token in inside:
        if (
            [t.tag for t in (*row[-2:], token)] == ["mn", "mo", "mn"]
            and row[-1].get(ALONE)
            and _text(row[-1]) == ","
        ):
            row.pop()
            row[-1].text = f"{row[-1].text},{token.text}"
        else:
            row.append(token)
    return row


def _core(element: Element) -> Element:
    """Return what carries the scripts and accents of an element."""
    while element.tag in ("msub", "msup", "msubsup", "munder", "mover", "munderover") and len(element):
        element = element[0]
    return element


def _text(element: Element) -> str:
    """Return a token's sign."""
    return element.text or ""
