"""The document as DOCX: for whoever has to amend it before the council."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import Any, Final, assert_never

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from engine.continuity.report.document import (
    Block,
    Bullets,
    Document,
    Heading,
    Legend,
    Note,
    Paragraph,
    Table,
)

__all__ = ["docx_bytes"]

_FONT: Final = "Arial"
_LANGUAGES: Final = {"fr": "fr-FR", "en": "en-GB"}
_FEW: Final = 8
"""Rows of a table that is not cut between two pages."""
_PROPERTY: Final = 255
"""Letters of a property of the file, at most."""
_WIDTH: Final = Cm(17)
"""Between the margins of an A4 page."""


def docx_bytes(document: Document, printed_at: datetime) -> bytes:
    """The file, dated."""
    made = docx.Document()
    _page(made, document, printed_at)
    title = made.add_paragraph(document.title, style="Title")
    title.paragraph_format.space_before = Cm(1)
    made.add_paragraph(document.town, style="Subtitle")
    made.add_paragraph(f"{document.dated}. {document.standing}")
    if document.banner:
        _note(made, document.banner)
    for block in document.blocks:
        _block(made, block)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def _page(made: Any, document: Document, printed_at: datetime) -> None:
    """A4, one font, the language of the spelling, the foot of each page."""
    section = made.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin = section.bottom_margin = Cm(2)
    for style in made.styles:
        if (hasattr(style, "font") and style.element.find(qn("w:rPr")) is not None) or style.name == "Normal":
            style.font.name = _FONT
            # Headings name a font of the theme, which would win.
            fonts = style.element.rPr.rFonts
            for name in [one for one in fonts.attrib if one.endswith("Theme")]:
                del fonts.attrib[name]
    normal = made.styles["Normal"]
    normal.font.size = Pt(10)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), _LANGUAGES[document.lang])
    normal.element.rPr.append(language)
    properties = made.core_properties
    properties.title = f"{document.title} – {document.town}"[:_PROPERTY]
    properties.author = document.town[:_PROPERTY]
    properties.language, properties.comments = _LANGUAGES[document.lang], ""
    properties.created = properties.modified = printed_at.astimezone(UTC).replace(tzinfo=None)
    foot = section.footer.paragraphs[0]
    foot.text = f"{document.foot} · "
    _field(foot, "PAGE")
    foot.add_run(" / ")
    _field(foot, "NUMPAGES")
    if document.banner:
        head = section.header.paragraphs[0]
        head.alignment = WD_ALIGN_PARAGRAPH.CENTER
        head.add_run(document.banner).bold = True


def _field(paragraph: Any, code: str) -> None:
    """A number that the word processor counts."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    paragraph._p.append(field)
    field.append(paragraph.add_run("1")._r)  # shown until it is counted


def _block(made: Any, block: Block) -> None:
    match block:
        case Heading():
            heading = made.add_heading(block.text, block.level)
            heading.paragraph_format.page_break_before = block.new_page
        case Paragraph():
            made.add_paragraph(block.text)
        case Note():
            _note(made, block.text)
        case Legend():
            for item in block.items:
                made.add_paragraph(item).paragraph_format.space_after = Pt(0)
        case Bullets():
            for item in block.items:
                made.add_paragraph(item, style="List Number" if block.numbered else "List Bullet")
        case Table():
            _table(made, block)
        case _:
            assert_never(block)


def _note(made: Any, text: str) -> None:
    paragraph = made.add_paragraph()
    paragraph.add_run(text).bold = True
    borders = OxmlElement("w:pBdr")
    left = OxmlElement("w:left")
    for name, value in (("val", "single"), ("sz", "24"), ("space", "6"), ("color", "000000")):
        left.set(qn(f"w:{name}"), value)
    borders.append(left)
    paragraph._p.get_or_add_pPr().append(borders)


def _table(made: Any, table: Table) -> None:
    """Widths are given to columns and to cells: word processors don't agree on who decides."""
    grid = made.add_table(rows=1 + len(table.rows), cols=len(table.columns), style="Table Grid")
    grid.autofit = False
    widths = [int(_WIDTH * part / sum(table.widths)) for part in table.widths]
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = width
    for number, (row, texts) in enumerate(zip(grid.rows, (table.columns, *table.rows), strict=True)):
        for column, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            cell.width = widths[column]
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(0)
            paragraph.paragraph_format.keep_with_next = number < len(table.rows) <= _FEW
            run = paragraph.add_run(text)
            run.bold, run.font.size = number == 0, Pt(9)
            if table.signs and column:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _row_rules(row, head=number == 0)
    made.add_paragraph()


def _row_rules(row: Any, *, head: bool) -> None:
    """A row is never cut between two pages; the first is said again on each."""
    rules = row._tr.get_or_add_trPr()
    rules.append(OxmlElement("w:cantSplit"))
    if head:
        rules.append(OxmlElement("w:tblHeader"))
