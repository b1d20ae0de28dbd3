"""The formulas of the catalogue, found by the TeX that stands in prose: as MathML, Typst, OMML, and in words.

`formulas.yaml` is what people edit; `formula_catalogue` makes `formulas_generated.json` of it, and that alone
is read here. So nothing is converted while a page is written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

# Word's vocabulary for formulas.
OMML = "http://schemas.openxmlformats.org/officeDocument/2006/math"
GENERATED = "formulas_generated.json"
LONGEST_TEX = 2000
# A command, an escaped sign, or a sign: between these, white space means nothing.
TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\S", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """One formula in every form.

    Attributes
    ----------
    name : str
        Its name in the catalogue.
    tex : str
        As it stands in prose, between dollar signs.
    mathml : str
        What stands inside a page's ``math`` element.
    typst : str
        Between dollar signs in Typst.
    omml : str
        An ``m:oMath`` element for Word.
    spoken : mapping of language to str
        How one reads it aloud.
    source : str
        Where it was published.
    """

    name: str
    tex: str
    mathml: str
    typst: str
    omml: str
    spoken: Mapping[str, str]
    source: str


def find_formula(tex: str) -> Formula | None:
    """Return the formula of the catalogue that some TeX means, whatever its white space, or None."""
    return _by_tex().get(tight(tex)) if len(tex) <= LONGEST_TEX else None


def typst_formula(tex: str, language: str) -> tuple[str, str] | None:
    """Return a formula in Typst and how it is read aloud; None if the catalogue does not hold it."""
    found = find_formula(tex)
    return (found.typst, found.spoken[language]) if found else None


def omml_formula(tex: str) -> str | None:
    """Return a formula as Word's ``m:oMath`` element; None if the catalogue does not hold it."""
    found = find_formula(tex)
    return found.omml if found else None


@cache
def load_formulas() -> Mapping[str, Formula]:
    """Return the catalogue by name."""
    text = resources.files(__package__).joinpath(GENERATED).read_text(encoding="utf-8")
    return {name: Formula(name=name, **parts) for name, parts in json.loads(text).items()}


def tight(tex: str) -> str:
    """Return TeX without the white space that means nothing; a command keeps it before a letter."""
    written = ""
    for token in TOKEN.findall(tex):
        command_ends = re.search(r"\\[A-Za-z]+$", written)
        written += f" {token}" if command_ends and token[0].isalpha() else token
    return written


@cache
def _by_tex() -> Mapping[str, Formula]:
    """Return the catalogue by TeX."""
    return {tight(formula.tex): formula for formula in load_formulas().values()}
