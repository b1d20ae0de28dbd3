"""The exporter for PDF: its name is one JupyterLab can ask for, and it says when a file is provisional."""

from __future__ import annotations

import tomllib
from pathlib import Path

import nbformat

from backtorule_eval.run.exporters import PdfExporter
from tests.report.pdf_text import text_of

ROOT = Path(__file__).parents[2]


def test_a_notebook_under_way_becomes_a_provisional_pdf():
    output = nbformat.v4.new_output("stream", text="person p-01 is at home")
    cells = [
        nbformat.v4.new_markdown_cell("# Hvem er med?"),
        nbformat.v4.new_code_cell("print(study)", outputs=[output]),
    ]
    written, resources = PdfExporter().from_notebook_node(nbformat.v4.new_notebook(cells=cells))
    assert resources["output_extension"] == ".pdf"
    assert text_of(written) == (
        "Hvem er med?"
        "Foreløpig: ikke kontrollert mot resten, ikke for deling."
        "Ikke vist: resultatet gikk ikke gjennom publish."
        "1 / 1"
    )


def test_the_exporter_is_registered():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    registered = project["entry-points"]["nbconvert.exporters"]["backtorule_pdf"]
    assert registered == f"{PdfExporter.__module__}:{PdfExporter.__qualname__}"
