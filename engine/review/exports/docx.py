"""`timeline.docx`: the main courante for whoever has to quote it, amend around it, or put it before the council."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from html import escape
from io import BytesIO
from typing import Any, Final

import docx as word
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

from engine.review.dossier import Dossier
from engine.review.exports.archive import timeless
from engine.review.exports.outline import Outline, Table, Told, outline
from engine.review.exports.picture import picture
from engine.review.exports.press import png

__all__ = ["docx"]

_FONT: Final = "Arial"
_LANGUAGES: Final = {"fr": "fr-FR", "en": "en-GB"}
_ALARM: Final = RGBColor(0xB3, 0x26, 0x1E)
_DEEP: Final = RGBColor(0x12, 0x35, 0x5B)
_WIDTH: Final = 17.8
"""Between the margins of an A4 page, in centimetres."""
_COLUMNS: Final = (1.2, 2.2, 4.4, 10.0)
_TWIPS: Final = 567
"""In a centimetre."""
_SHADES: Final = {"loud": "FDF0EF", "decision": "EEF4FA"}
_LONG: Final = 1_500
"""Letters of an entry that may be cut between two pages."""


def docx(dossier: Dossier) -> bytes:
    """The file, dated of the dossier."""
    told = outline(dossier)
    made = word.Document()
    _page(made, dossier, told)
    made.add_heading(told.title, 0)
    if told.banner:
        _coloured(made.add_paragraph(), told.banner, _ALARM)
    for fact in told.facts:
        made.add_paragraph(fact).paragraph_format.space_after = Pt(2)
    for one in told.warnings:
        made.add_paragraph().add_run(one).bold = True
    _picture(made, dossier)
    for listing in told.listings:
        made.add_heading(listing.title, 1)
        for line in listing.lines:
            _listed(made, line)
        if not listing.lines:
            made.add_paragraph(told.none)
    for table in told.tables:
        made.add_heading(table.title, 1)
        _measured(made, table)
    if told.tasks:
        made.add_heading(told.tasks_title, 1)
        for task in told.tasks:
            made.add_paragraph(f"☐ {task}")
    _entries(made, told)
    made.add_heading(told.proof_title, 1)
    for one in told.proof:
        _coded(made.add_paragraph(), one)
    out = BytesIO()
    made.save(out)
    return timeless(out)


# The page


def _page(made: Any, dossier: Dossier, told: Outline) -> None:
    """A4, one font, the language of the spelling, head and foot of each page."""
    section = made.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(1.6)
    section.top_margin = section.bottom_margin = Cm(1.8)
    for style in made.styles:
        properties = style.element.find(qn("w:rPr"))
        if properties is None and style.name != "Normal":
            continue
        if hasattr(style, "font"):
            style.font.name = _FONT
            fonts = style.element.rPr.rFonts
            for name in [one for one in fonts.attrib if one.endswith("Theme")]:
                del fonts.attrib[name]  # a font of the theme would win
    made.styles["Normal"].font.size = Pt(9.5)
    for name, size in (("Title", 20), ("Heading 1", 13), ("Heading 2", 10.5)):
        made.styles[name].font.size, made.styles[name].font.color.rgb = Pt(size), _DEEP
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), _LANGUAGES[told.lang])
    made.styles["Normal"].element.rPr.append(language)
    properties, written = made.core_properties, datetime.fromtimestamp(dossier.scene.now // 1000, UTC)
    properties.title, properties.author = told.title, dossier.speech.organisation
    properties.language, properties.comments = _LANGUAGES[told.lang], ""
    properties.created = properties.modified = written.replace(tzinfo=None)
    foot = section.footer.paragraphs[0]
    foot.text = " · ".join(filter(None, (told.mark, dossier.incident.id, dossier.speech.organisation)))
    foot.add_run(" · ")
    for code, after in (("PAGE", " / "), ("NUMPAGES", "")):
        _field(foot, code)
        foot.add_run(after)
    if told.mark:
        head = section.header.paragraphs[0]
        head.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _coloured(head, told.banner, _ALARM)
        head._p.append(parse_xml(_WATERMARK.format(ns=nsdecls("w"), text=escape(told.mark))))


def _field(paragraph: Any, code: str) -> None:
    """A number that the word processor counts."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    paragraph._p.append(field)
    field.append(paragraph.add_run("1")._r)  # shown until it is counted


_WATERMARK: Final = (
    '<w:r {ns} xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"><w:pict>'
    '<v:shapetype id="_x0000_t136" coordsize="1600,21600" o:spt="136" path="m@7,0l@8,0m@5,21600l@6,21600e">'
    '<v:textpath on="t" fitshape="t"/></v:shapetype>'
    '<v:shape id="PowerPlusWaterMarkObject1" o:spid="_x0000_s2049" type="#_x0000_t136" style="position:absolute;'
    "margin-left:0;margin-top:0;width:480pt;height:110pt;rotation:315;z-index:-251654144;"
    "mso-position-horizontal:center;mso-position-horizontal-relative:margin;mso-position-vertical:center;"
    'mso-position-vertical-relative:margin" o:allowincell="f" fillcolor="#f3d9d7" stroked="f">'
    '<v:textpath style="font-family:&quot;Arial&quot;;font-size:1pt;font-weight:bold" string="{text}"/>'
    "</v:shape></w:pict></w:r>"
)
"""As Word writes its own watermarks: both it and LibreOffice draw it behind each page."""


# What stands before the entries


def _coloured(paragraph: Any, text: str, colour: RGBColor) -> None:
    run = paragraph.add_run(text)
    run.bold, run.font.color.rgb = True, colour


def _coded(paragraph: Any, text: str) -> None:
    """What stands between back quotes is to be copied as it is."""
    for number, part in enumerate(text.split("`")):
        run = paragraph.add_run(part)
        if number % 2:
            run.font.name, run.font.size = "Courier New", Pt(8)


def _picture(made: Any, dossier: Dossier) -> None:
    drawn = picture(dossier, width=660)
    if not drawn:
        return
    made.add_heading(dossier.speech.say("exports.picture.title"), 1)
    shape = made.add_picture(BytesIO(png(drawn)), width=Cm(_WIDTH))
    if shape.height > Cm(21):  # more lanes than a page holds
        shape.width, shape.height = int(shape.width * Cm(21) / shape.height), Cm(21)
    shape._inline.docPr.set("descr", dossier.speech.say("exports.picture.title"))
    made.add_paragraph(dossier.speech.say("exports.picture.read"))


def _listed(made: Any, line: Told) -> None:
    paragraph = made.add_paragraph(style="List Bullet")
    paragraph.add_run(f"{line.hour} · {line.who} · ")
    for run in parse_xml(f"<w:p {nsdecls('w')}>{_what(line)}</w:p>"):
        paragraph._p.append(run)


def _measured(made: Any, table: Table) -> None:
    share = _WIDTH / (len(table.columns) + 1)
    widths = (2 * share, *(share for _ in table.columns[1:]))
    rows = [
        _row([_run(cell, bold=alarm, colour=str(_ALARM) if alarm else "") for cell in row], widths)
        for row, alarm in zip(table.rows, table.alarms, strict=True)
    ]
    _table(made, table.columns, rows, widths)


# Tables are written as XML: cell by cell, ten thousand entries would take minutes


def _entries(made: Any, told: Outline) -> None:
    made.add_heading(told.entries_title, 1)
    legend = made.add_paragraph()
    legend.add_run(f"{told.legend_title}. ").bold = True
    legend.add_run(told.legend)
    for day in told.days:
        made.add_heading(day.title, 2)
        rows = [
            _row(
                [_run(str(line.number)), _run(line.hour), _run(line.who), _what(line)],
                _COLUMNS,
                shade=_SHADES.get(line.mark, ""),
                whole=len(line.text) < _LONG,
            )
            for line in day.lines
        ]
        _table(made, told.columns, rows, _COLUMNS)


def _table(made: Any, columns: Iterable[str], rows: Iterable[str], widths: tuple[float, ...]) -> None:
    grid = "".join(f'<w:gridCol w:w="{round(width * _TWIPS)}"/>' for width in widths)
    head = _row([_run(name, bold=True) for name in columns], widths, head=True)
    body = (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{round(sum(widths) * _TWIPS)}" w:type="dxa"/>'
        '<w:tblBorders><w:bottom w:val="single" w:sz="4" w:color="999999"/>'
        '<w:insideH w:val="single" w:sz="4" w:color="CCCCCC"/></w:tblBorders><w:tblLayout w:type="fixed"/>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{head}{''.join(rows)}</w:tbl>"
    )
    made.element.body.insert(-1, parse_xml(body))  # before the section's own properties
    made.add_paragraph().paragraph_format.space_after = Pt(0)


def _row(
    cells: list[str], widths: tuple[float, ...], *, shade: str = "", head: bool = False, whole: bool = True
) -> str:
    rules = ("<w:cantSplit/>" if whole else "") + ("<w:tblHeader/>" if head else "")
    written = "".join(
        f"{opening}{cell}</w:p></w:tc>" for cell, opening in zip(cells, _openings(widths, shade), strict=True)
    )
    return f"<w:tr><w:trPr>{rules}</w:trPr>{written}</w:tr>"


@lru_cache
def _openings(widths: tuple[float, ...], shade: str) -> tuple[str, ...]:
    """How each cell of a row begins. Its width is that of the grid: word processors don't agree on which one counts."""
    fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{shade}"/>' if shade else ""
    return tuple(
        f'<w:tc><w:tcPr><w:tcW w:w="{round(width * _TWIPS)}" w:type="dxa"/>{fill}</w:tcPr>'
        '<w:p><w:pPr><w:spacing w:before="30" w:after="30"/></w:pPr>'
        for width in widths
    )


def _what(line: Told) -> str:
    if line.corrected:
        return _run(line.text, strike=True) + _run(f" ({line.corrected})")
    text = f"⚠ {line.text}" if line.mark == "loud" else line.text
    return _run(text, bold=bool(line.mark))


def _run(text: str, *, bold: bool = False, strike: bool = False, colour: str = "") -> str:
    """A run; line breaks and tabs are elements of their own."""
    rules = ("<w:b/>" if bold else "") + ("<w:strike/>" if strike else "")
    rules += f'<w:color w:val="{colour}"/>' if colour else ""
    if rules == "" and "\n" not in text and "\t" not in text:
        return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'  # nearly all of a long log
    lines = (
        "<w:tab/>".join(f'<w:t xml:space="preserve">{escape(part)}</w:t>' for part in one.split("\t"))
        for one in text.split("\n")
    )
    return f"<w:r><w:rPr>{rules}</w:rPr>{'<w:br/>'.join(lines)}</w:r>"
