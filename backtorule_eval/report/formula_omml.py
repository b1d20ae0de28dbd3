"""MathML to OMML, the formulas of Word: for the formulas of the catalogue, when it is made.

It knows what those formulas hold and nothing more; anything else is an error, not a guess.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from xml.etree.ElementTree import Element

from backtorule_eval.errors import ParameterProblem
from backtorule_eval.report.formulas import OMML

# Above a letter Word wants the sign that combines with it.
COMBINING: Mapping[str, str] = {"^": "\u0302", "~": "\u0303", "¯": "\u0305"}
LARGE = frozenset("∑∏")
ABOVE, BESIDE = "undOvr", "subSup"
# Where the thing that is summed ends: at a sign between terms, or where a bracket closes that opened before.
BETWEEN_TERMS = frozenset("=+−,≤")
FELLOW: Mapping[str, str] = {"(": ")", "[": "]", "{": "}"}
THIN_SPACE, WIDE_SPACE = "\u2009", "\u2003"
WIDE = 0.9
SCRIPTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "msub": ("sSub", ("e", "sub")),
    "msup": ("sSup", ("e", "sup")),
    "msubsup": ("sSubSup", ("e", "sub", "sup")),
    "munder": ("limLow", ("e", "lim")),
}


def omml(math: Element) -> str:
    """Return a formula as an ``m:oMath`` element.

    Raises
    ------
    ParameterProblem
        The formula holds an element that is not known here.
    """
    return f'<m:oMath xmlns:m="{OMML}">{_row(list(math), ABOVE)}</m:oMath>'


def _row(elements: Sequence[Element], limits: str) -> str:
    """Write neighbours; a sum takes what it sums inside, and brackets with a script are one thing."""
    written, rest = "", list(elements)
    while rest:
        first = rest.pop(0)
        if _is_large(first):
            n_summed = _end_of_operand(rest)
            written += _large(first, _row(rest[:n_summed], limits), limits)
            del rest[:n_summed]
        elif (end := _end_of_bracket(first, rest)) is not None:
            written += _bracketed(first, rest[:end], rest[end], limits)
            del rest[: end + 1]
        else:
            written += _written(first, limits)
    return written


def _is_large(element: Element) -> bool:
    """Tell whether an element is a sum or a product with its limits."""
    return element.tag in ("munder", "munderover") and element[0].text in LARGE


def _end_of_bracket(first: Element, rest: Sequence[Element]) -> int | None:
    """Return where, among what follows, a bracket closes and carries a script; None if it does not."""
    depth = 1 if (first.text or "") in FELLOW else 0
    for number, element in enumerate(rest if depth else ()):
        depth += _opens_or_closes(element)
        if depth == 0:
            return number if element.tag in SCRIPTS else None
    return None


def _opens_or_closes(element: Element) -> int:
    """Return 1 where a bracket opens, -1 where it closes, with or without a script, and 0 elsewhere."""
    sign = (element[0] if element.tag in SCRIPTS else element).text or ""
    return (sign in FELLOW) - (sign in FELLOW.values())


def _bracketed(opening: Element, inside: Sequence[Element], closing: Element, limits: str) -> str:
    """Write brackets with what they hold and the script of the closing one: Word wants it on all."""
    brackets = _delimited(opening.text or "", inside, FELLOW[opening.text or ""], limits)
    name, parts = SCRIPTS[closing.tag]
    scripts = "".join(_part(p, [child], limits) for p, child in zip(parts[1:], closing[1:], strict=True))
    return f"<m:{name}><m:e>{brackets}</m:e>{scripts}</m:{name}>"


def _end_of_operand(rest: Sequence[Element]) -> int:
    """Return how many of the following elements belong to a sum."""
    depth = 0
    for number, element in enumerate(rest):
        depth += _opens_or_closes(element)
        if depth < 0 or (number and depth == 0 and (element.text or "") in BETWEEN_TERMS):
            return number
    return len(rest)


def _large(element: Element, operand: str, limits: str) -> str:
    """Write a sum or a product."""
    upper = _part("sup", element[2:3], limits)
    hidden = "" if len(element) > 2 else '<m:supHide m:val="1"/>'  # noqa: PLR2004  # sign, lower, upper
    properties = f'<m:chr m:val="{element[0].text}"/><m:limLoc m:val="{limits}"/>{hidden}'
    lower = _part("sub", element[1:2], limits)
    return f"<m:nary><m:naryPr>{properties}</m:naryPr>{lower}{upper}<m:e>{operand}</m:e></m:nary>"


def _written(element: Element, limits: str) -> str:
    """Write one element.

    Raises
    ------
    ParameterProblem
        It is not known here.
    """
    if element.tag in SCRIPTS:
        name, parts = SCRIPTS[element.tag]
        inside = "".join(_part(part, [child], limits) for part, child in zip(parts, element, strict=True))
        return f"<m:{name}>{inside}</m:{name}>"
    if element.tag not in WRITERS:
        raise ParameterProblem(f"A formula holds {element.tag}, which cannot be written for Word yet.")
    return WRITERS[element.tag](element, limits)


def _part(name: str, elements: Sequence[Element], limits: str) -> str:
    """Write one part of a construction."""
    return f"<m:{name}>{_row(elements, limits)}</m:{name}>"


def _run(element: Element, limits: str) -> str:
    """Write a letter, a number or a sign; a single letter slants unless it was set upright.

    A token without a sign holds the place before an aligned sign. A space holds it as text, not as a formula.
    """
    text = element.text or ""
    if not text:
        return '<m:r><m:rPr><m:nor/></m:rPr><m:t xml:space="preserve"> </m:t></m:r>'
    slanted = element.tag == "mi" and len(text) == 1 and element.get("mathvariant") is None
    upright = "" if slanted else '<m:rPr><m:sty m:val="p"/></m:rPr>'
    after = THIN_SPACE if element.get("rspace", "0em") != "0em" else ""
    return f'<m:r>{upright}<m:t xml:space="preserve">{escape(text + after)}</m:t></m:r>'


def _space(element: Element, limits: str) -> str:
    """Write a space as the sign for one."""
    wide = float(element.get("width", "0em").removesuffix("em")) > WIDE
    return f'<m:r><m:t xml:space="preserve">{WIDE_SPACE if wide else THIN_SPACE}</m:t></m:r>'


def _group(element: Element, limits: str) -> str:
    """Write a group; brackets that grow with what they hold are a construction of their own."""
    inside = list(element)
    if len(inside) > 1 and inside[0].get("form") == "prefix" and inside[-1].get("form") == "postfix":
        return _delimited(inside[0].text or "", inside[1:-1], inside[-1].text or "", limits)
    return _row(inside, limits)


def _delimited(opening: str, inside: Sequence[Element], closing: str, limits: str) -> str:
    """Write what stands between two brackets, which grow with it."""
    properties = f'<m:dPr><m:begChr m:val="{escape(opening)}"/><m:endChr m:val="{escape(closing)}"/></m:dPr>'
    return f"<m:d>{properties}{_part('e', inside, limits)}</m:d>"


def _fraction(element: Element, limits: str) -> str:
    """Write a fraction; within it the limits of a sum stand beside the sign."""
    bar = '<m:fPr><m:type m:val="noBar"/></m:fPr>' if element.get("linethickness") == "0" else ""
    over, under = element
    return f"<m:f>{bar}{_part('num', [over], BESIDE)}{_part('den', [under], BESIDE)}</m:f>"


def _root(element: Element, limits: str) -> str:
    """Write a square root."""
    return (
        f'<m:rad><m:radPr><m:degHide m:val="1"/></m:radPr><m:deg/>{_part("e", list(element), limits)}</m:rad>'
    )


def _accent(element: Element, limits: str) -> str:
    """Write an accent above a letter.

    Raises
    ------
    ParameterProblem
        What stands above is no accent known here.
    """
    base, above = element
    sign = above.text or ""
    if sign not in COMBINING:
        raise ParameterProblem(f"A formula holds {sign!r} above a letter, which is not known here.")
    properties = f'<m:accPr><m:chr m:val="{COMBINING[sign]}"/></m:accPr>'
    return f"<m:acc>{properties}{_part('e', [base], limits)}</m:acc>"


def _table(element: Element, limits: str) -> str:
    """Write rows of cells, each column set as its first cell is."""
    sides = (cell.get("columnalign", "center") for cell in element[0])
    columns = "".join(
        f'<m:mc><m:mcPr><m:count m:val="1"/><m:mcJc m:val="{side}"/></m:mcPr></m:mc>' for side in sides
    )
    rows = "".join(
        f"<m:mr>{''.join(_part('e', list(cell), limits) for cell in row)}</m:mr>" for row in element
    )
    return f"<m:m><m:mPr><m:mcs>{columns}</m:mcs></m:mPr>{rows}</m:m>"


WRITERS: Mapping[str, Callable[[Element, str], str]] = {
    "mi": _run,
    "mn": _run,
    "mo": _run,
    "mtext": _run,
    "mspace": _space,
    "mrow": _group,
    "mfrac": _fraction,
    "msqrt": _root,
    "mover": _accent,
    "mtable": _table,
}
