"""A formula in a Word file: one of the catalogue as Word's own, any other as its TeX, which is text."""

from __future__ import annotations

from docx.oxml import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.text.paragraph import Paragraph

from backtorule_eval.report.formulas import OMML, omml_formula


def add_formula(paragraph: Paragraph, tex: str, *, alone: bool = False) -> None:
    """Write a formula into a paragraph; one that stands alone is centred and has room for its limits."""
    written = omml_formula(tex)
    if written is None:
        paragraph.add_run(tex, style="Code")
        return
    formula: BaseOxmlElement = parse_xml(written)  # our own, made with the catalogue
    if alone:
        around: BaseOxmlElement = parse_xml(f'<m:oMathPara xmlns:m="{OMML}"/>')
        around.append(formula)
        formula = around
    paragraph._p.append(formula)
