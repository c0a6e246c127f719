"""Where each box goes on A4 pages: the largest type with which everything holds, on as few pages as can be read.

Lengths are millimetres. A lane flows down a column and goes on in the next one; boxes are never cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from engine.i18n import Words
from engine.library.diagram.channels import MOST, channels, gutter, jumps
from engine.library.diagram.measure import width, wrapped
from engine.library.diagram.plan import Box, Lane, Plan, Way

__all__ = ["MARGIN", "PAGE", "Block", "Page", "Row", "Segment", "Sheet", "laid_out"]

PAGE = (210.0, 297.0)
MARGIN = 11.0
_GAP = 8.0
"""Between two columns."""
_FOOT = 14.0
_SIZES = (4.2, 4.0, 3.8, 3.6, 3.4, 3.2, 3.0, 2.85)
"""Type sizes, from 12 points to 8."""
_SMALLEST = 3.2
_MOST_PAGES = 12


@dataclass(slots=True)
class Row:
    """A way out inside its box: where its text is, from the top of the box."""

    way: Way
    top: float
    height: float
    label: list[str]
    notes: list[tuple[str, bool]]
    """Small lines below the label; True for one that tells an opening."""


@dataclass(slots=True)
class Block:
    """A box with its text cut in lines, and its height."""

    box: Box
    height: float
    title: list[str]
    who: list[str]
    rows: list[Row]
    top: float = 0.0


@dataclass(slots=True)
class Segment:
    """What one column shows of a lane."""

    lane: Lane
    continued: bool
    x: float
    top: float
    width: float
    left: float
    """Room for the lines that go back, on the left of the boxes."""
    right: float
    head: list[str]
    opening: list[str]
    blocks: list[Block] = field(default_factory=list)
    back: dict[str, int] = field(default_factory=dict)
    """For each box that lines go back to, its channel from the boxes outwards; `onward` on the right."""
    onward: dict[str, int] = field(default_factory=dict)

    @property
    def box_x(self) -> float:
        return self.x + self.left

    @property
    def box_width(self) -> float:
        return self.width - self.left - self.right


@dataclass(slots=True)
class Page:
    """What one sheet of paper shows."""

    segments: list[Segment] = field(default_factory=list)


@dataclass(slots=True)
class Sheet:
    """The whole picture: its type size and its pages."""

    size: float
    pages: list[Page]
    title: list[str]
    summary: list[str]

    @property
    def line(self) -> float:
        return self.size * 1.28

    @property
    def small(self) -> float:
        return self.size * 0.84

    @property
    def small_line(self) -> float:
        return self.small * 1.28

    @property
    def pad(self) -> float:
        return self.size * 0.42


def laid_out(plan: Plan, words: Words) -> Sheet:
    """Try fewer pages first, and on each number of pages the largest type first."""
    columns = 2 if len(plan.lanes) > 1 or len(plan.lanes[0].boxes) > 6 else 1
    tries = [(size, keep) for size in _SIZES for keep in (True, False)]

    @cache
    def tried(size: float, keep: bool) -> Sheet:
        return _Flow(plan, words, size, columns, keep=keep).sheet()

    for pages in range(1, _MOST_PAGES + 1):
        for size, keep in tries:
            # The smallest type is for those that then hold on one page.
            if (pages == 1 or size >= _SMALLEST) and len(tried(size, keep).pages) <= pages:
                return tried(size, keep)
    return tried(*tries[-1])


class _Flow:
    """Pours the lanes of a plan into columns, at one type size. `keep` doesn't cut a lane that one column can hold."""

    def __init__(self, plan: Plan, words: Words, size: float, columns: int, *, keep: bool) -> None:
        self.plan, self.words, self.columns, self.keep = plan, words, columns, keep
        room = PAGE[0] - 2 * MARGIN
        self.sheet_ = Sheet(
            size=size,
            pages=[],
            title=wrapped(plan.title, room - size * 6, size * 2, bold=True, most=2),
            summary=wrapped(plan.summary, room, size, most=3),
        )
        self.column_width = (room - _GAP * (columns - 1)) / columns if columns > 1 else min(room, 150.0)
        self.blocks: dict[tuple[str, float], Block] = {}
        self.column = columns
        self.y = PAGE[1]

    def sheet(self) -> Sheet:
        for lane in self.plan.lanes:
            self._lane(lane)
        return self.sheet_

    def _top(self) -> float:
        """Where columns begin: below the title on the first page, below one line on the others."""
        sheet = self.sheet_
        if len(sheet.pages) > 1:
            return MARGIN + sheet.line * 2
        return MARGIN + len(sheet.title) * sheet.size * 2.4 + len(sheet.summary) * sheet.line + sheet.line

    def _next_column(self) -> None:
        self.column += 1
        if self.column >= self.columns:
            self.sheet_.pages.append(Page())
            self.column = 0
        self.y = self._top()

    @property
    def _left(self) -> float:
        return PAGE[1] - MARGIN - _FOOT - self.y

    def _lane(self, lane: Lane) -> None:
        segment = self._segment(lane, lane.boxes, continued=False)
        blocks = [self._block(box, segment.box_width) for box in lane.boxes]
        whole = self._head_height(segment) + sum(self._spaced(block) for block in blocks)
        start = self._head_height(segment) + sum(self._spaced(block) for block in blocks[:2])
        empty = PAGE[1] - 2 * MARGIN - _FOOT - self.sheet_.line * 2
        if self._left < min(whole, start) or (self.keep and self._left < whole <= empty):
            self._next_column()
        self._open(segment)
        for n, box in enumerate(lane.boxes):
            block = self._block(box, segment.box_width)
            if self._left < block.height and segment.blocks:
                self._close(segment)
                self._next_column()
                segment = self._segment(lane, lane.boxes[n:], continued=True)
                self._open(segment)
                block = self._block(box, segment.box_width)
            block.top = self.y
            segment.blocks.append(block)
            self.y += self._spaced(block)
        self._close(segment)
        self.y += self.sheet_.line * 1.2

    def _open(self, segment: Segment) -> None:
        segment.x = MARGIN + self.column * (self.column_width + _GAP)
        if self.columns == 1:
            segment.x = (PAGE[0] - self.column_width) / 2
        segment.top = self.y
        self.sheet_.pages[-1].segments.append(segment)
        self.y += self._head_height(segment)

    def _close(self, segment: Segment) -> None:
        """Keep the lines whose two ends are in this column; the others are told by their number alone."""
        here = {block.box.id: n for n, block in enumerate(segment.blocks)}
        onward, back = jumps([block.box for block in segment.blocks], here)
        segment.onward = {to: n for to, n in channels(onward).items() if n < MOST}
        segment.back = {to: n for to, n in channels(back).items() if n < MOST}

    def _segment(self, lane: Lane, boxes: Sequence[Box], *, continued: bool) -> Segment:
        sheet, order = self.sheet_, {box.id: n for n, box in enumerate(boxes)}
        onward, back = jumps(boxes, order)
        head = f"{lane.letter}  {lane.title}"
        if continued:
            head += f" ({self.words.say('draw.continued')})"
        segment = Segment(
            lane=lane,
            continued=continued,
            x=0.0,
            top=0.0,
            width=self.column_width,
            left=gutter(back),
            right=gutter(onward),
            head=wrapped(head, self.column_width - 2 * sheet.pad, sheet.size * 1.1, bold=True, most=2),
            opening=[],
        )
        if not continued:
            room = self.column_width - 2 * sheet.pad
            segment.opening = wrapped(lane.opening, room, sheet.small, most=6)
        return segment

    def _head_height(self, segment: Segment) -> float:
        sheet = self.sheet_
        height = len(segment.head) * sheet.line * 1.1 + sheet.pad
        if segment.opening:
            height += len(segment.opening) * sheet.small_line + sheet.pad * 1.5
        return height + sheet.size

    def _spaced(self, block: Block) -> float:
        return block.height + self.sheet_.size * 1.15

    def _block(self, box: Box, room: float) -> Block:
        """A box as it stands in a column that leaves it this room; measured once."""
        key = (box.number, room)
        if key not in self.blocks:
            self.blocks[key] = self._measured(box, room)
        return self.blocks[key]

    def _measured(self, box: Box, room: float) -> Block:
        sheet = self.sheet_
        inner = room - 2 * (sheet.size if box.end else sheet.pad)
        title = wrapped(f"{box.number}  {box.title}", inner, sheet.size, bold=True, most=3)
        who = wrapped(box.end or box.who, inner, sheet.small, most=3)
        if box.current:
            who.append(self.words.say("draw.legend_current"))
        top = sheet.pad + len(title) * sheet.line + len(who) * sheet.small_line
        rows: list[Row] = []
        for way in box.ways:
            top += sheet.pad
            rows.append(self._row(way, top, inner))
            top += rows[-1].height
        return Block(box=box, height=top + sheet.pad, title=title, who=who, rows=rows)

    def _row(self, way: Way, top: float, inner: float) -> Row:
        sheet = self.sheet_
        room = inner - width(way.tag, sheet.small, bold=True) - sheet.size * 1.6
        label = wrapped(way.label, room, sheet.size, most=3)
        notes = [
            (line, opening)
            for note, opening in _noted(way)
            for line in wrapped(note, inner - 2 * sheet.size, sheet.small, most=3)
        ]
        height = len(label) * sheet.line + len(notes) * sheet.small_line
        return Row(way=way, top=top, height=height, label=label, notes=notes)


def _noted(way: Way) -> Iterator[tuple[str, bool]]:
    for note in way.notes:
        yield note, note == way.opening
