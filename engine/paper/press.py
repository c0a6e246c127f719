"""From documents to PDF: the templates and the fonts are with the program, nothing of the machine is asked for.

People's texts reach the template as JSON, never as source: there is nothing for them to close or to call.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Final

import msgspec
import pypdfium2
import segno

from engine.paper.blocks import Document
from engine.paper.compiler import compiler
from engine.paper.typography import typeset

__all__ = ["Press", "Stamp", "bound", "pages_of"]

_TEMPLATES: Final = Path(__file__).parent / "templates"
_A4: Final = (595.28, 841.89)
"""In points, as a PDF counts."""


class Stamp(msgspec.Struct, frozen=True, kw_only=True):
    """What the margins of a document say: whose it is, when it was printed, what it is worth, where it is bound."""

    town: str
    printed: str
    grouped: str
    """Its fingerprint, as it is read out."""
    sheet: int
    """The number of its first page in the whole kit."""
    proof: str
    """What its QR code holds."""


class Press:
    """Prints documents, each compiled once; the fonts are read once for all of them."""

    def __init__(self, lang: str, labels: dict[str, str], printed_at: datetime) -> None:
        self.lang, self.labels = lang, typeset(labels)
        self.printed_at = round(printed_at.timestamp())
        self._compiler = compiler(_TEMPLATES / "kit.typ")

    def pdf(self, document: Document, stamp: Stamp) -> bytes:
        """The pages of one document."""
        handed = {
            "lang": self.lang,
            "labels": self.labels,
            "document": typeset(msgspec.to_builtins(document)),
            "stamp": typeset(msgspec.to_builtins(stamp)),
            "qr": {"svg": _qr(stamp.proof)},
        }
        printed = self._compiler.compile(
            format="pdf",
            sys_inputs={"page": msgspec.json.encode(handed).decode()},
            timestamp=self.printed_at,
        )
        assert isinstance(printed, bytes)
        return printed


def pages_of(pdf: bytes) -> int:
    """How many pages it has."""
    with pypdfium2.PdfDocument(pdf) as document:
        return len(document)


def bound(pdfs: Iterable[bytes]) -> bytes:
    """All of them in one, each beginning on the front of a sheet."""
    whole, written = pypdfium2.PdfDocument.new(), BytesIO()
    for pdf in pdfs:
        if len(whole) % 2:
            whole.new_page(*_A4)
        with pypdfium2.PdfDocument(pdf) as one:
            whole.import_pages(one)
    whole.save(written)
    return written.getvalue()


def _qr(text: str) -> str:
    drawn = BytesIO()
    segno.make(text, error="m", micro=False).save(drawn, kind="svg", border=0, xmldecl=False)
    return drawn.getvalue().decode()
