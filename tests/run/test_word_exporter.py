"""The exporter for Word: its name is one JupyterLab can ask for, and it says when a file is provisional."""

from __future__ import annotations

import io
import tomllib
from pathlib import Path

import docx
import nbformat

from backtorule_eval.run.exporters import WordExporter

ROOT = Path(__file__).parents[2]


def test_a_notebook_under_way_becomes_a_provisional_word_file():
    output = nbformat.v4.new_output("stream", text="person p-01 is at home")
    cells = [
        nbformat.v4.new_markdown_cell("# Hvem er med?"),
        nbformat.v4.new_code_cell("print(study)", outputs=[output]),
    ]
    written, resources = WordExporter().from_notebook_node(nbformat.v4.new_notebook(cells=cells))
    assert resources["output_extension"] == ".docx"
    assert [(p.text, p.style.name) for p in docx.Document(io.BytesIO(written)).paragraphs] == [
        ("Foreløpig: ikke kontrollert mot resten, ikke for deling.", "Banner"),
        ("Hvem er med?", "Heading 1"),
        ("Ikke vist: resultatet gikk ikke gjennom publish.", "Not Shown"),
    ]


def test_the_exporter_is_registered():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    registered = project["entry-points"]["nbconvert.exporters"]["backtorule_docx"]
    assert registered == f"{WordExporter.__module__}:{WordExporter.__qualname__}"
