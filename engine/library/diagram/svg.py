"""A procedure on A4 pages, black on white: lanes of numbered boxes, arrows onwards and back, openings dashed."""

from __future__ import annotations

from engine.i18n import Words
from engine.library.diagram.channels import CHANNEL
from engine.library.diagram.layout import MARGIN, PAGE, Block, Page, Row, Segment, Sheet, laid_out
from engine.library.diagram.measure import cut, width
from engine.library.diagram.paper import Paper
from engine.library.diagram.plan import Plan

__all__ = ["pages", "svg"]

_FOOT_SIZE = 3.0


def svg(plan: Plan, words: Words) -> str:
    """The picture, as one SVG whose pages stand one above the other, each exactly A4."""
    sheet = laid_out(plan, words)
    drawing = _Drawing(plan, words, sheet, pages=len(sheet.pages))
    for number in range(len(sheet.pages)):
        drawing.page(number, number * PAGE[1])
    return str(drawing.paper)


def pages(plan: Plan, words: Words) -> list[str]:
    """The picture, as one SVG for each A4 page; the lowest 14 millimetres are left to whoever binds them."""
    sheet, drawn = laid_out(plan, words), list[str]()
    for number in range(len(sheet.pages)):
        drawing = _Drawing(plan, words, sheet, pages=1)
        drawing.page(number, 0.0, bound=True)
        drawn.append(str(drawing.paper))
    return drawn


class _Drawing:
    def __init__(self, plan: Plan, words: Words, sheet: Sheet, *, pages: int) -> None:
        self.plan, self.words, self.sheet = plan, words, sheet
        self.paper = Paper(PAGE[0], PAGE[1] * pages, plan.title)

    def page(self, number: int, offset: float, *, bound: bool = False) -> None:
        """One page of the sheet, `offset` down the paper. Bound with others, its version and number stand elsewhere."""
        self._heading(number, offset)
        self._segments(self.sheet.pages[number], offset)
        self._legend(MARGIN, offset + PAGE[1] - MARGIN - 5, _FOOT_SIZE)
        if not bound:
            self._foot(number, offset)

    def _heading(self, number: int, offset: float) -> None:
        sheet, paper = self.sheet, self.paper
        if number:
            title = cut(self.plan.title, PAGE[0] - 2 * MARGIN, sheet.size * 1.2, bold=True)
            paper.text(MARGIN, offset + MARGIN + sheet.size, title, sheet.size * 1.2, bold=True)
            return
        y = offset + MARGIN + sheet.size * 1.8
        for line in sheet.title:
            paper.text(MARGIN, y, line, sheet.size * 2, bold=True)
            y += sheet.size * 2.4
        if self.plan.severity:
            self._badge(PAGE[0] - MARGIN, offset + MARGIN, self.plan.severity)
        y -= sheet.size * 0.6
        for line in sheet.summary:
            paper.text(MARGIN, y, line, sheet.size)
            y += sheet.line

    def _badge(self, right: float, top: float, text: str) -> None:
        size = self.sheet.size * 1.5
        wide = width(text, size, bold=True) + size
        self.paper.rect(right - wide, top, wide, size * 1.5, fill="black")
        self.paper.text(
            right - wide / 2, top + size * 1.1, text, size, bold=True, color="white", anchor="middle"
        )

    def _segments(self, page: Page, offset: float) -> None:
        for segment in page.segments:
            segment.top += offset
            for block in segment.blocks:
                block.top += offset
            self._lane_head(segment)
            self._lines(segment)
            for block in segment.blocks:
                self._box(segment, block)

    def _lane_head(self, segment: Segment) -> None:
        sheet, paper = self.sheet, self.paper
        size, y = sheet.size * 1.1, segment.top
        height = len(segment.head) * sheet.line * 1.1 + sheet.pad
        paper.rect(segment.x, y, segment.width, height, fill="black")
        for n, line in enumerate(segment.head, 1):
            paper.text(
                segment.x + sheet.pad,
                y + n * sheet.line * 1.1 - sheet.pad * 0.3,
                line,
                size,
                bold=True,
                color="white",
            )
        if segment.opening:
            y += height
            tall = len(segment.opening) * sheet.small_line + sheet.pad
            if not segment.lane.starts:
                paper.rect(segment.x, y, segment.width, tall, dashed=True)
            for n, line in enumerate(segment.opening, 1):
                paper.text(segment.x + sheet.pad, y + n * sheet.small_line, line, sheet.small)

    def _lines(self, segment: Segment) -> None:
        """The arrows of a lane, drawn before its boxes so that these lie over them."""
        blocks = {block.box.id: block for block in segment.blocks}
        for above, below in zip(segment.blocks, segment.blocks[1:], strict=False):
            if any(way.to == below.box.id for way in above.box.ways):
                x = segment.box_x + segment.box_width / 2
                self.paper.arrow([(x, above.top + above.height), (x, below.top)], thick=0.5)
        for block in segment.blocks:
            for row in block.rows:
                target = blocks.get(row.way.to or "")
                if target is None or self._is_next(segment, block, target):
                    continue
                self._jump(segment, block, row, target)

    @staticmethod
    def _is_next(segment: Segment, block: Block, target: Block) -> bool:
        return segment.blocks.index(target) == segment.blocks.index(block) + 1

    def _jump(self, segment: Segment, block: Block, row: Row, target: Block) -> None:
        onward = target.top > block.top
        channel = (segment.onward if onward else segment.back).get(target.box.id)
        if channel is None:
            return  # too many lines side by side: the number tells
        edge = segment.box_x + segment.box_width if onward else segment.box_x
        beside = edge + (channel + 1) * (CHANNEL if onward else -CHANNEL)
        start = block.top + row.top + self.sheet.line * 0.5
        end = target.top + self.sheet.pad + self.sheet.line * 0.5
        self.paper.arrow([(edge, start), (beside, start), (beside, end), (edge, end)])

    def _box(self, segment: Segment, block: Block) -> None:
        sheet, paper, box = self.sheet, self.paper, block.box
        x, wide = segment.box_x, segment.box_width
        thick = 1.1 if box.current else 0.3
        paper.rect(x, block.top, wide, block.height, thick=thick, round_=sheet.size * 1.2 if box.end else 0.8)
        y = block.top + sheet.pad
        inside = x + (sheet.size if box.end else sheet.pad)
        for line in block.title:
            y += sheet.line
            paper.text(inside, y - sheet.size * 0.3, line, sheet.size, bold=True)
        for n, line in enumerate(block.who):
            y += sheet.small_line
            last = box.current and n == len(block.who) - 1
            paper.text(inside, y - sheet.small * 0.3, line, sheet.small, bold=last)
        if block.rows:
            paper.line([(x, y + sheet.pad * 0.6), (x + wide, y + sheet.pad * 0.6)], thick=0.2)
        for row in block.rows:
            self._row(segment, block, row)

    def _row(self, segment: Segment, block: Block, row: Row) -> None:
        sheet, paper = self.sheet, self.paper
        y = block.top + row.top
        x = segment.box_x + sheet.pad
        for n, line in enumerate(row.label, 1):
            paper.text(x, y + n * sheet.line - sheet.size * 0.35, line, sheet.size)
        self._tag(segment.box_x + segment.box_width - sheet.pad, y, row)
        y += len(row.label) * sheet.line
        for line, opening in row.notes:
            if opening:
                wide = width(line, sheet.small) + sheet.size * 0.8
                paper.rect(
                    x + sheet.size * 0.6,
                    y,
                    wide,
                    sheet.small_line * 0.96,
                    dashed=True,
                    thick=0.25,
                    round_=0.6,
                )
            paper.text(x + sheet.size, y + sheet.small_line * 0.76, line, sheet.small)
            y += sheet.small_line

    def _tag(self, right: float, top: float, row: Row) -> None:
        """Where a way out goes: a number in a frame, or a word."""
        sheet = self.sheet
        y = top + sheet.line - sheet.size * 0.38
        if row.way.to is None:
            self.paper.text(right, y, row.way.tag, sheet.small, anchor="end")
            return
        wide = width(row.way.tag, sheet.small, bold=True) + sheet.size * 0.6
        self.paper.rect(right - wide, top + sheet.line * 0.06, wide, sheet.line * 0.9, thick=0.2)
        self.paper.text(right - wide / 2, y, row.way.tag, sheet.small, bold=True, anchor="middle")

    def _foot(self, number: int, offset: float) -> None:
        sheet, paper = self.sheet, self.paper
        y = offset + PAGE[1] - MARGIN
        told = self.words.say("draw.version", runbook=self.plan.id, version=self.plan.version)
        page = self.words.say("draw.page", number=number + 1, count=len(sheet.pages))
        paper.text(MARGIN, y, told, _FOOT_SIZE)
        paper.text(PAGE[0] - MARGIN, y, page, _FOOT_SIZE, anchor="end")

    def _legend(self, x: float, y: float, size: float) -> None:
        paper, middle = self.paper, y - size * 0.3
        paper.line([(MARGIN, y - 4), (PAGE[0] - MARGIN, y - 4)], thick=0.2)
        for key, dashed, rounded in (
            ("next", False, False),
            ("back", False, False),
            ("opens", True, False),
            ("end", False, True),
        ):
            if dashed or rounded:
                paper.rect(x, middle - 1.3, 7, 2.6, dashed=dashed, round_=1.3 if rounded else 0.6, thick=0.25)
            elif key == "next":
                paper.arrow([(x, middle), (x + 7, middle)], thick=0.5)
            else:
                paper.arrow(
                    [(x + 7, middle + 1), (x + 2, middle + 1), (x + 2, middle - 1), (x + 7, middle - 1)]
                )
            text = self.words.say(f"draw.legend_{key}")
            paper.text(x + 9, y, text, size)
            x += 9 + width(text, size) + 6
