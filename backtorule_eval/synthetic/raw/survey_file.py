"""The survey export, as Nettskjema gives it: comma, UTF-8, one row per submission, one column per item."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from backtorule_eval.synthetic.raw.cells import date_text, lined, text_of, write_delimited
from backtorule_eval.synthetic.raw.words import Words
from backtorule_eval.synthetic.site import Site

DO_NOT_KNOW_CODE = "99"
# Shares of forms that wrote labels instead of numbers, and of those with a comment.
_LABELLED, _COMMENTED = 0.05, 0.08
_KEY = ["person", "wave"]


def write_survey(site: Site, folder: Path, words: Words) -> None:
    """Write the survey export."""
    rng = site.dirt("survey")
    long = site.tables["surveys"]
    forms = long.drop_duplicates(_KEY).sort_values(["date", "person"], ignore_index=True)
    about = lined(_about(forms, rng, words), words.columns("survey"))
    comment = about.columns[-1]
    items = _items(long, forms, rng, words)
    whole = pd.concat([about.drop(columns=comment), items, about[[comment]]], axis=1)
    write_delimited(whole, folder / words.file("survey"), delimiter=",", encoding="utf-8")


def _about(forms: pd.DataFrame, rng: np.random.Generator, words: Words) -> dict[str, pd.Series[Any]]:
    """Columns about each submission: some as codes, some as labels, one as both."""
    n = len(forms)
    helped, places = forms["assisted_by"], list(words.levels("surveys", "assisted_by"))
    minutes = 540 + np.floor(rng.random(n) * 420).astype(np.int64)
    clock = pd.Series([f"T{m // 60:02d}:{m % 60:02d}" for m in minutes.tolist()], dtype="object")
    said = np.array([*words.comments(), ""], dtype=object)
    which = np.floor(rng.random(n) * (len(said) - 1)).astype(np.int64)
    which[rng.random(n) >= _COMMENTED] = len(said) - 1
    staff = forms["staff_present"].map({True: "true", False: "false"})
    return {
        "submission": pd.Series([str(40_000 + 7 * number) for number in range(n)], dtype="object"),
        "created": date_text(forms["date"], "%Y-%m-%d") + clock,
        "person": text_of(forms["person"]),
        "wave": text_of(forms["wave"], words.cells("wave")),
        "language": text_of(forms["language"], words.cells("language")),
        "assisted_by": text_of(helped, {level: str(place + 1) for place, level in enumerate(places)}),
        "assisted_by_label": text_of(helped, words.levels("surveys", "assisted_by")),
        "staff_present": text_of(staff, words.cells("boolean")),
        "comment": pd.Series(said[which], dtype="object"),
    }


def _items(long: pd.DataFrame, forms: pd.DataFrame, rng: np.random.Generator, words: Words) -> pd.DataFrame:
    """One column per item; a few forms wrote the label text where an answer has one."""
    code = text_of(long["value"].astype("Int64"))
    code = code.mask(long["missing_reason"] == "do_not_know", DO_NOT_KNOW_CODE)
    wide = long[[*_KEY, "item"]].assign(code=code).pivot(index=_KEY, columns="item", values="code")
    wide = wide.loc[pd.MultiIndex.from_frame(forms[_KEY]), list(dict.fromkeys(long["item"]))]
    cells = wide.to_numpy(dtype=object).copy()
    labelled = rng.random(len(cells)) < _LABELLED
    for scale, texts in words.answers().items():
        own = np.array([name.startswith(f"{scale}_") for name in wide.columns])
        for number, label in texts.items():
            cells[np.outer(labelled, own) & (cells == number)] = label
    return pd.DataFrame(cells, columns=list(wide.columns))
