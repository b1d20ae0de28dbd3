"""Makes every form of the formulas in `formulas.yaml`, so that nothing is converted when a page is written.

``python -m backtorule_eval.report.formula_catalogue`` writes `formulas_generated.json` beside it, and
docs/formulas.md. A test fails while either is stale.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring

import yaml

from backtorule_eval.errors import ParameterProblem
from backtorule_eval.report.formula_mathml import safe_mathml
from backtorule_eval.report.formula_omml import omml
from backtorule_eval.report.formulas import GENERATED, Formula

COMMAND = "python -m backtorule_eval.report.formula_catalogue"
FOLDER = Path(__file__).parent
DOCUMENTATION = FOLDER.parents[1] / "docs" / "formulas.md"
PARTS = {"tex", "typst", "spoken", "source"}
INTRODUCTION = f"""\
# Formulas

<!-- Made from backtorule_eval/report/formulas.yaml. Do not edit; run: {COMMAND} -->

A formula written like this in a notebook, between `$` or `$$`, is set as a formula on pages, in PDF and in
Word, and pages and PDF read it aloud in plain words. White space does not matter. Any other formula is set on
pages where that is safe, and stands as TeX in PDF and Word.
"""


def read_sources() -> dict[str, Any]:
    """Read the formulas as people edit them."""
    sources: dict[str, Any] = yaml.safe_load((FOLDER / "formulas.yaml").read_text(encoding="utf-8"))
    return sources


def make_formulas(sources: Mapping[str, Any]) -> dict[str, Formula]:
    """Make every form of every formula.

    Raises
    ------
    ParameterProblem
        A formula lacks a part, or its TeX cannot be set as MathML or for Word.
    """
    return {name: _formula(name, parts) for name, parts in sources.items()}


def _formula(name: str, parts: Mapping[str, Any]) -> Formula:
    """Make every form of one formula."""
    if set(parts) != PARTS or set(parts["spoken"]) != {"nb", "en"}:
        raise ParameterProblem(
            f"Formula {name} needs exactly: {', '.join(sorted(PARTS))}; spoken in nb and en."
        )
    mathml = safe_mathml(parts["tex"])
    if mathml is None:
        raise ParameterProblem(f"The TeX of formula {name} cannot be set as MathML.")
    word = omml(fromstring(f"<math>{mathml}</math>"))
    return Formula(name=name, mathml=mathml, omml=word, **parts)


def generated(formulas: Mapping[str, Formula]) -> str:
    """Return what `formulas_generated.json` holds."""
    fields = ("tex", "typst", "spoken", "source", "mathml", "omml")
    plain = {name: {field: getattr(f, field) for field in fields} for name, f in formulas.items()}
    return json.dumps(plain, ensure_ascii=False, indent=1) + "\n"


def document_formulas(formulas: Mapping[str, Formula]) -> str:
    """Return docs/formulas.md: each formula, its TeX, how it is read and where it was published."""
    sections = [
        f"\n## {name.replace('_', ' ')}\n\n$$\n{f.tex}\n$$\n\n`{f.tex}`\n\n"
        f"- nb: {f.spoken['nb']}\n- en: {f.spoken['en']}\n- Source: {f.source}\n"
        for name, f in formulas.items()
    ]
    return INTRODUCTION + "".join(sections)


def main(arguments: Sequence[str]) -> int:
    """Write both files, or those named instead: the catalogue first, then the documentation."""
    formulas = make_formulas(read_sources())
    catalogue, documentation = map(Path, arguments or (FOLDER / GENERATED, DOCUMENTATION))
    catalogue.write_bytes(generated(formulas).encode())
    documentation.write_bytes(document_formulas(formulas).encode())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
