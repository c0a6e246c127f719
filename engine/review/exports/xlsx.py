"""`timeline.xlsx`: the main courante to sort and to filter; hours are dates, texts are never formulas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter

from engine.review.dossier import Dossier
from engine.review.exports.archive import timeless
from engine.review.exports.columns import NAMES, RISKY, cells, titles
from engine.review.exports.outline import Outline, outline

__all__ = ["xlsx"]

_FULL: Final = 32_767
"""What a cell of Excel holds, counted as UTF-16 does; the rest goes on in the cells after the last column."""
_WIDTHS: Final = {
    "number": 7, "happened": 19, "kind": 20, "who": 30, "what": 80, "decision": 10, "flag": 14, "step": 28,
    "corrected_by": 10, "corrects": 10, "exercise": 12, "sha256": 66,
    "happened_utc": 26, "recorded": 19, "recorded_utc": 26, "id": 20,
}  # fmt: skip
"""In letters."""
_PRINTED: Final = NAMES.index("flag") + 1
"""Columns that are printed: the others would make the letters too small to read."""
_LINE: Final = 15
"""Points of a line; a program that opens the file doesn't always count how many lines a text takes."""
_TALLEST: Final = 409
"""Points of a row, at most."""
_A4: Final = 9
"""As Excel numbers the sizes of paper."""
_PLAIN: Final = Font(name="Calibri", size=11)
_HEAD: Final = Font(name="Calibri", size=11, bold=True, color="FFFFFF")
_DEEP: Final = PatternFill("solid", start_color="12355B")
_ALARM: Final = PatternFill("solid", start_color="B3261E")
_FILLS: Final = {
    "loud": PatternFill("solid", start_color="FDF0EF"),
    "decision": PatternFill("solid", start_color="EEF4FA"),
}
_WHOLE: Final = Alignment(vertical="top")
_WRAPPED: Final = Alignment(wrap_text=True, vertical="top")


def xlsx(dossier: Dossier) -> bytes:
    """The file, dated of the dossier: the entries, the measures, what to know before reading."""
    told, book = outline(dossier), Workbook(write_only=True)
    _entries(book, dossier, told)
    for table in told.tables:
        _sheet(book, told, table.title, table.columns, table.rows, [30] + [24] * (len(table.columns) - 1))
    if told.tasks:
        _sheet(book, told, told.tasks_title, [told.tasks_title], [[task] for task in told.tasks], [90])
    about = [
        *told.facts,
        f"{told.legend_title}. {told.legend}",
        *(one.replace("`", "") for one in told.proof),
    ]
    _sheet(
        book, told, dossier.speech.say("exports.sheet.about"), [told.title], [[one] for one in about], [110]
    )
    book.properties.title, book.properties.creator = told.title, dossier.speech.organisation
    written = datetime.fromtimestamp(dossier.scene.now // 1000, UTC).replace(tzinfo=None)
    book.properties.created = book.properties.modified = written
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        ExcelWriter(book, archive).write_data()  # `book.save` would date it of now
    return timeless(out)


def _entries(book: Workbook, dossier: Dossier, told: Outline) -> None:
    widths = [_WIDTHS.get(name, 24) for name in NAMES]
    marks = ["loud" if line.loud else "decision" if line.decision else "" for line in dossier.lines]
    rows = (_cut(row) for row in cells(dossier))
    _sheet(book, told, told.entries_title, titles(dossier), rows, widths, marks)


def _cut(row: list[str | int | datetime]) -> list[str | int | datetime]:
    """What a cell can't hold follows after the last one: nothing is lost."""
    at = NAMES.index("what")
    text = row[at]
    assert isinstance(text, str)
    if len(text) * 2 < _FULL:
        return row
    size = _FULL if text.isascii() or max(text) <= "\uffff" else _FULL // 2
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    return [*row[:at], pieces[0], *row[at + 1 :], *pieces[1:]]


def _sheet(
    book: Workbook,
    told: Outline,
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[str | int | datetime]],
    widths: Sequence[int],
    marks: Sequence[str] = (),
) -> None:
    """A sheet; of an exercise, its name and its first row say so."""
    name = f"{told.mark.strip('[]')} {title}".strip()[:31]  # brackets are refused in a name
    sheet: Any = book.create_sheet(name)
    for number, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    head = 2 if told.banner else 1
    sheet.freeze_panes = f"A{head + 1}"
    sheet.print_title_rows = f"1:{head}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", _A4
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    sheet.oddFooter.center.text = f"{told.mark} &P / &N".strip()
    if told.banner:
        banner = [_cell(sheet, told.banner if not n else "", _HEAD, _ALARM) for n in range(len(columns))]
        banner[0].alignment = _WHOLE
        sheet.append(banner)
    sheet.append([_cell(sheet, column, _HEAD, _DEEP) for column in columns])
    count = 0
    for count, row in enumerate(rows, 1):
        fill = _FILLS.get(marks[count - 1]) if marks else None
        sheet.row_dimensions[head + count].height = _height(row, widths)
        sheet.append(list(_row(sheet, row, fill)))
    sheet.print_area = f"A1:{get_column_letter(min(len(columns), _PRINTED))}{head + count}"
    sheet.auto_filter.ref = f"A{head}:{get_column_letter(len(columns))}{head + count}"


def _height(row: Sequence[str | int | datetime], widths: Sequence[int]) -> int:
    lines = 1
    for value, width in zip(row, widths, strict=False):
        if isinstance(value, str) and (len(value) > width or "\n" in value):
            lines = max(lines, sum(1 + len(one) // width for one in value.split("\n")))
    return min(lines * _LINE, _TALLEST)


def _row(sheet: Any, row: Sequence[str | int | datetime], fill: PatternFill | None) -> Iterator[Any]:
    for value in row:
        yield _cell(sheet, value, _PLAIN, fill) if value != "" else None


def _cell(sheet: Any, value: str | int | datetime, font: Font, fill: PatternFill | None) -> Any:
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"  # else what begins with "=" is a formula
        if value.startswith(RISKY):
            cell.quotePrefix = True  # nor does it become one when somebody edits it
    elif isinstance(value, datetime):
        cell.number_format = "dd/mm/yyyy hh:mm:ss"
    cell.font, cell.alignment = font, _WRAPPED
    if fill:
        cell.fill = fill
    return cell
