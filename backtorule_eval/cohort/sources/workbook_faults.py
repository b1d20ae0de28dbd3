"""Cells of a workbook that are not empty and yet hold no value.

The reader of cells gives "" both for an empty cell, for one that shows an error such as #N/A, and for a
formula that no program has calculated yet. Only the sheet's XML tells them apart.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_PLACE = re.compile(rb'\br="([A-Z]+)(\d+)"')
_ERROR = re.compile(rb'\bt="e"')
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_RESULT = re.compile(rb"<(?:\w+:)?v>[^<]")
_ALPHABET = 26


class UnplacedCell(Exception):
    """A cell without a value does not say where it stands, as some programs write it; Excel always does."""


def cells_without_value(path: Path, sheet: str) -> dict[tuple[int, int], str]:
    """Which cells (row and column, from 0) show an error or were never calculated?

    Returns
    -------
    dict
        Cell -> rule, ``cell_error`` or ``formula_uncalculated``.

    Raises
    ------
    UnplacedCell
        There is such a cell, and it cannot be told which.
    """
    with zipfile.ZipFile(path) as book:
        xml = book.read(_part(book, sheet))
    if not (_ERROR.search(xml) or _FORMULA.search(xml)):
        return {}
    found = {}
    for cell in _CELL.finditer(xml):
        attributes, content = cell[1], cell[2] or b""
        place = _PLACE.search(attributes)
        if place is None and (_ERROR.search(attributes) or _FORMULA.search(content)):
            raise UnplacedCell(sheet)
        if place is None:
            continue
        if _ERROR.search(attributes):
            found[_position(place)] = "cell_error"
        elif _FORMULA.search(content) and not _RESULT.search(content) and b't="str"' not in attributes:
            found[_position(place)] = "formula_uncalculated"
    return found


def _part(book: zipfile.ZipFile, sheet: str) -> str:
    """Name of the part of the file that holds a sheet."""
    workbook = ElementTree.fromstring(book.read("xl/workbook.xml"))
    links = ElementTree.fromstring(book.read("xl/_rels/workbook.xml.rels"))
    # Any namespace: Excel's "strict" files have another.
    found = next(s for s in workbook.iterfind(".//{*}sheet") if s.get("name") == sheet)
    wanted = next(value for key, value in found.items() if key.endswith("}id"))
    target = next(str(link.get("Target")) for link in links if link.get("Id") == wanted)
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _position(place: re.Match[bytes]) -> tuple[int, int]:
    """Row and column, from 0, of a place such as B5."""
    column = 0
    for letter in place[1].decode():
        column = column * _ALPHABET + ord(letter) - ord("A") + 1
    return int(place[2]) - 1, column - 1
