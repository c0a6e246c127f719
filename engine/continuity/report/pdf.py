"""The document as PDF, set by typst: the template and the font are with the program."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from engine.continuity.report.document import Document
from engine.paper.compiler import compiler

__all__ = ["pdf_bytes"]

_TEMPLATE: Final = Path(__file__).with_name("report.typ")


def pdf_bytes(document: Document, printed_at: datetime) -> bytes:
    """The file, dated. People's texts reach the template as data, never as source."""
    handed = {"document": msgspec.json.encode(document).decode()}
    printed = compiler(_TEMPLATE).compile(
        format="pdf", sys_inputs=handed, timestamp=round(printed_at.timestamp())
    )
    assert isinstance(printed, bytes)
    return printed
