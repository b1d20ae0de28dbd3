"""Texts to other texts: a part of each, and the value that a mapping lists for a code or a label."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from backtorule_eval.cohort.mapping.cells import EMPTY, Cells
from backtorule_eval.cohort.mapping.model import Codes, Split
from backtorule_eval.cohort.mapping.reading import Reading, Texts, objects, present


def split_texts(texts: Texts, split: Split) -> Reading:
    """Which is part number `split.part` of each text? Other than `of` parts breaks ``split_parts``."""
    pieces = [None if t is None else [p.strip() for p in t.split(split.by)] for t in texts]
    odd = np.array([p is not None and len(p) != split.of for p in pieces], dtype=bool)
    taken = [
        None if p is None or wrong else p[split.part - 1] or None
        for p, wrong in zip(pieces, odd, strict=True)
    ]
    return Reading(
        values=objects(taken), broken={"split_parts": odd}, detail={"by": split.by, "of": str(split.of)}
    )


def recode(cells: Cells, codes: Codes) -> Reading:
    """Which value does the mapping give each code, or else its label?

    An empty cell has the value of the code "", if the mapping lists it. A code that is not listed breaks
    ``code_unmapped``; one that is listed with one value for the code and another for its label breaks
    ``code_label_clash``.
    """
    values: list[str | None] = []
    unmapped, clash = [], []
    for text, label, reason in zip(cells.texts, cells.labels, cells.reasons, strict=True):
        keys = {key for key in (text, label) if key} if text is not None else set() if reason else {EMPTY}
        targets = {codes[key] for key in keys if key in codes}
        unmapped.append(text is not None and not targets)
        clash.append(len(targets) > 1)
        values.append(targets.pop() if len(targets) == 1 else None)
    broken = {"code_unmapped": np.array(unmapped), "code_label_clash": np.array(clash)}
    return Reading(values=objects(values), broken=broken)


def choose(texts: Texts, known: Mapping[str, str | bool], *, rule: str) -> Reading:
    """Which value of a closed list does each text stand for? One that is not in it breaks `rule`."""
    values = [None if t is None else known.get(t) for t in texts]
    strange = present(texts) & np.array([t not in known for t in texts], dtype=bool)
    return Reading(values=objects(values), broken={rule: strange}, detail={"allowed": ", ".join(known)})
