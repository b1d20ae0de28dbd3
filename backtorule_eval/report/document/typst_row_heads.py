"""Row heads of a tagged PDF: a listener hears both heads of a number, its column's and its row's.

Typst marks the heads of columns only. The tables of results have a head for every row, so their first cells
become heads here, in the finished file.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Name


def with_row_heads(pdf: bytes) -> bytes:
    """Mark the first cell of each row of a table with a caption; the same file gives the same bytes."""
    written = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as opened:
        for table in _tagged(opened.Root.StructTreeRoot, "/Table"):
            if any(part.S == "/Caption" for part in table.K):
                _mark(table)
        opened.save(written, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return written.getvalue()


def _tagged(element: Any, tag: str) -> Iterator[Any]:
    """Yield the elements with a tag at or below an element, in order."""
    if isinstance(element, pikepdf.Array):
        for part in element:
            yield from _tagged(part, tag)
    elif isinstance(element, pikepdf.Dictionary):
        if element.get("/S") == tag:
            yield element
        else:
            yield from _tagged(element.get("/K"), tag)


def _mark(table: Any) -> None:
    """Make heads of a table's first cells.

    Typst lists the heads that belong to each cell, which are the columns' alone; without the list they are
    found by where they stand, the rows' among them.
    """
    rows = [row for body in _tagged(table.K, "/TBody") for row in _tagged(body.K, "/TR")]
    for attributes in (a for row in rows for cell in row.K for a in cell.A if a.O == "/Table"):
        del attributes["/Headers"]
    for head in (row.K[0] for row in rows):
        head.S = Name.TH
        head.A.append(pikepdf.Dictionary(O=Name.Table, Scope=Name.Row))
