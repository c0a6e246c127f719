"""`timeline.xlsx`: the main courante to sort and to filter; hours are dates, texts are never formulas."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from engine.review.dossier import Dossier
from engine.review.exports.columns import NAMES, RISKY, cells, titles
from engine.review.exports.outline import Outline, outline

__all__ = ["xlsx"]

_Value = str | int | datetime

_FULL: Final = 32_767
"""What a cell of Excel holds, counted as UTF-16 does; the rest goes on in the cells after the last column."""
_WIDTHS: Final = {
    "number": 7, "happened": 19, "kind": 20, "who": 38, "what": 80, "decision": 10, "flag": 14, "step": 28,
    "corrected_by": 10, "corrects": 10, "exercise": 12, "sha256": 66,
    "happened_utc": 26, "recorded": 19, "recorded_utc": 26, "id": 20,
}  # fmt: skip
"""In letters."""
_PRINTED: Final = NAMES.index("flag")
"""The last column that is printed: the others would make the letters too small to read."""
_LINE: Final = 15
"""Points of a line; a program that opens the file doesn't always count how many lines a text takes."""
_TALLEST: Final = 409
"""Points of a row, at most."""
_A4: Final = 9
"""As Excel numbers the sizes of paper."""
_LOOKS: Final[dict[str, dict[str, object]]] = {
    "": {},
    "head": {"bold": True, "font_color": "#FFFFFF", "bg_color": "#12355B"},
    "banner": {"bold": True, "font_color": "#FFFFFF", "bg_color": "#B3261E", "text_wrap": False},
    "loud": {"bg_color": "#FDF0EF"},
    "decision": {"bg_color": "#EEF4FA"},
}


def xlsx(dossier: Dossier) -> bytes:
    """The file, dated of the dossier: the entries, the measures, what to know before reading."""
    told, out = outline(dossier), BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        written = datetime.fromtimestamp(dossier.scene.now // 1000, UTC).replace(tzinfo=None)
        book.set_properties({"title": told.title, "author": dossier.speech.organisation, "created": written})
        pages = _Pages(book, told)
        pages.entries(dossier)
        for table in told.tables:
            widths = [30] + [24] * (len(table.columns) - 1)
            pages.page(table.title, table.columns, table.rows, widths)
        if told.tasks:
            pages.page(told.tasks_title, [told.tasks_title], [[task] for task in told.tasks], [90])
        about = [*told.facts, *told.warnings, f"{told.legend_title}. {told.legend}"]
        about += [one.replace("`", "") for one in told.proof]
        pages.page(dossier.speech.say("exports.sheet.about"), [told.title], [[one] for one in about], [110])
    return out.getvalue()


class _Pages:
    """The sheets of a workbook; of an exercise, the name and the first row of each say so."""

    def __init__(self, book: Workbook, told: Outline) -> None:
        self._book, self._told = book, told
        self._looks = {
            (look, kind): self._look(look, kind) for look in _LOOKS for kind in ("text", "date", "risky")
        }

    def _look(self, look: str, kind: str) -> Format:
        shape: dict[str, object] = {"valign": "top", "text_wrap": True} | _LOOKS[look]
        if kind == "date":
            shape["num_format"] = "dd/mm/yyyy hh:mm:ss"
        if kind == "risky":
            shape["quote_prefix"] = True  # it becomes no formula when somebody edits it
        return self._book.add_format(shape)

    def entries(self, dossier: Dossier) -> None:
        """A row for each entry, with all that is known of it."""
        widths = [_WIDTHS.get(name, 24) for name in NAMES]
        marks = ["loud" if line.loud else "decision" if line.decision else "" for line in dossier.lines]
        rows = (_cut(row) for row in cells(dossier))
        self.page(self._told.entries_title, titles(dossier), rows, widths, marks)

    def page(
        self,
        title: str,
        columns: Sequence[str],
        rows: Iterable[Sequence[_Value]],
        widths: Sequence[int],
        marks: Sequence[str] = (),
    ) -> None:
        """One sheet: a head that stays in sight, a filter, and so set that it prints."""
        told = self._told
        name = f"{told.mark.strip('[]')} {title}".strip()[:31]  # brackets are refused in a name
        sheet: Any = self._book.add_worksheet(name)
        for number, width in enumerate(widths):
            sheet.set_column(number, number, width)
        head = 1 if told.banner else 0
        if told.banner:
            for number in range(len(columns)):  # empty ones let the words run on
                sheet.write_blank(0, number, None, self._looks["banner", "text"])
            self._write(sheet, 0, 0, told.banner, "banner")
        sheet.set_row(head, 2 * _LINE)
        for number, column in enumerate(columns):
            self._write(sheet, head, number, column, "head")
        last = head
        for last, row in enumerate(rows, head + 1):
            sheet.set_row(last, _height(row, widths))
            look = marks[last - head - 1] if marks else ""
            for number, value in enumerate(row):
                self._write(sheet, last, number, value, look)
        sheet.freeze_panes(head + 1, 0)
        sheet.autofilter(head, 0, last, len(columns) - 1)
        sheet.print_area(0, 0, last, min(len(columns) - 1, _PRINTED))
        sheet.repeat_rows(0, head)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&C{told.mark} &P / &N")

    def _write(self, sheet: Any, row: int, column: int, value: _Value, look: str) -> None:
        match value:
            case "":
                pass
            case str():
                kind = "risky" if value.startswith(RISKY) else "text"
                sheet.write_string(row, column, value, self._looks[look, kind])
            case datetime():
                sheet.write_datetime(row, column, value, self._looks[look, "date"])
            case _:
                sheet.write_number(row, column, value, self._looks[look, "text"])


def _cut(row: list[_Value]) -> list[_Value]:
    """What a cell can't hold follows after the last one: nothing is lost."""
    at = NAMES.index("what")
    text = row[at]
    assert isinstance(text, str)
    if len(text) * 2 < _FULL:
        return row
    size = _FULL if max(text) <= "\uffff" else _FULL // 2
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    return [*row[:at], pieces[0], *row[at + 1 :], *pieces[1:]]


def _height(row: Sequence[_Value], widths: Sequence[int]) -> int:
    lines = 1
    for value, width in zip(row[:_PRINTED], widths, strict=False):
        if isinstance(value, str) and (len(value) > width or "\n" in value):
            lines = max(lines, sum(1 + len(one) // width for one in value.split("\n")))
    return min(lines * _LINE, _TALLEST)
