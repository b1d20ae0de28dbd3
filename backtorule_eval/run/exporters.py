"""Exporters for JupyterLab's menu and `jupyter nbconvert --to`: `backtorule_html` and its siblings.

They keep only outputs that carry a claim's mark, and say that a page is provisional unless a run shared it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode

from backtorule_eval.report.document.html import document_html
from backtorule_eval.report.document.model import Document
from backtorule_eval.report.document.typst_pdf import document_pdf
from backtorule_eval.report.document.word import document_docx
from backtorule_eval.run.document import notebook_document


class DocumentExporter(Exporter):
    """What the exporters have in common: a notebook becomes a document, and that is written."""

    def from_notebook_node(  # type: ignore[override]  # nbconvert's own exporters return texts and bytes too
        self, nb: NotebookNode, resources: Any | None = None, **kw: Any
    ) -> tuple[str | bytes, dict[str, Any]]:
        """Write a notebook as a document.

        Raises
        ------
        DisclosureRefused
            An output is marked as a claim and holds none.
        """
        notebook, resources = super().from_notebook_node(nb, resources, **kw)
        folder = Path(resources.get("metadata", {}).get("path") or Path.cwd())
        return self.written(notebook_document(notebook, folder=folder)), resources

    def written(self, document: Document) -> str | bytes:
        """Write a document."""
        raise NotImplementedError


class HtmlExporter(DocumentExporter):
    """One self-contained page."""

    export_from_notebook = "Back to Rule: HTML"
    output_mimetype = "text/html"

    def _file_extension_default(self) -> str:
        return ".html"

    def written(self, document: Document) -> str:
        """Write a document as HTML."""
        return document_html(document)


class PdfExporter(DocumentExporter):
    """A tagged PDF for paper, archive and screen reader."""

    export_from_notebook = "Back to Rule: PDF"
    output_mimetype = "application/pdf"

    def _file_extension_default(self) -> str:
        return ".pdf"

    def written(self, document: Document) -> bytes:
        """Write a document as a PDF."""
        return document_pdf(document)


class WordExporter(DocumentExporter):
    """One Word file."""

    export_from_notebook = "Back to Rule: Word"
    output_mimetype = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

    def _file_extension_default(self) -> str:
        return ".docx"

    def written(self, document: Document) -> bytes:
        """Write a document for Word."""
        return document_docx(document)
