"""The document as PDF, set by typst: the template and the font are with the program."""

from __future__ import annotations

from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Final

import msgspec
import typst

from engine.continuity.report.document import Document

__all__ = ["pdf_bytes"]

_TEMPLATE: Final = Path(__file__).with_name("report.typ")


def pdf_bytes(document: Document, printed_at: datetime) -> bytes:
    """The file, dated. People's texts reach the template as data, never as source."""
    # The machine's own fonts are left out: the same plan has the same pages everywhere.
    fonts = typst.Fonts(
        include_system_fonts=False,
        font_paths=[str(files("fontpkg_atkinson_hyperlegible").joinpath("files"))],
    )
    compiler = typst.Compiler(
        input=_TEMPLATE, root=_TEMPLATE.parent, font_paths=fonts, ignore_system_fonts=True
    )
    handed = {"document": msgspec.json.encode(document).decode()}
    printed = compiler.compile(format="pdf", sys_inputs=handed, timestamp=round(printed_at.timestamp()))
    assert isinstance(printed, bytes)
    return printed
