"""The PCA as a document for the mayor: one content, written as Markdown, DOCX or PDF."""

from datetime import datetime

from engine.continuity.report.content import report_of
from engine.continuity.report.document import Document
from engine.continuity.report.markdown import markdown

__all__ = ["Document", "report_of", "written"]


def written(document: Document, kind: str, at: datetime) -> bytes:
    """The document as a file: `md`, `docx` or `pdf`."""
    # Late: the two others take half a second to import, and Markdown needs neither.
    if kind == "docx":
        from engine.continuity.report.docx import docx_bytes

        return docx_bytes(document, at)
    if kind == "pdf":
        from engine.continuity.report.pdf import pdf_bytes

        return pdf_bytes(document, at)
    return markdown(document).encode()
