"""A formula in a Word file."""

from __future__ import annotations

from docx.text.paragraph import Paragraph


def add_formula(paragraph: Paragraph, tex: str) -> None:
    """Write a formula into a paragraph: as its TeX, which is text."""
    paragraph.add_run(tex, style="Code")
