"""What the paper says, before it is laid out: plain values that the templates are handed as JSON.

No block holds markup: whatever a town writes is text, and is printed as the letters that it is.
"""

from __future__ import annotations

from typing import Literal

import msgspec

__all__ = [
    "Block", "Choice", "Column", "Columns", "Document", "Fill", "Frame", "Group", "Heading", "Items", "NewPage",
    "Paragraph", "Picture", "Question", "Step", "Table", "Way",
]  # fmt: skip

Mark = Literal["box", "dash", "never"]


class _Block(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind", tag=str.lower):
    """A block names its kind, so that the template knows how to draw it."""


class Heading(_Block, frozen=True, kw_only=True):
    """Level 1 is a black band, 2 a bold line; with a `note`, all three stay with what follows."""

    text: str
    level: Literal[1, 2] = 2
    note: str = ""


class Paragraph(_Block, frozen=True, kw_only=True):
    """Running text; each of its lines begins a line."""

    text: str


class Items(_Block, frozen=True, kw_only=True):
    """Lines behind a mark: a box to tick, a dash, or the sign of what must not be done."""

    items: tuple[str, ...]
    mark: Mark = "dash"


class Column(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The head of a column of a table."""

    title: str
    share: float = 1.0
    """Its part of the width, beside those of the others."""
    strong: bool = False
    """The first line of each of its cells is bold."""


class Table(_Block, frozen=True, kw_only=True):
    """Rows under a head, which comes again on each page."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    tall: float = 0.0
    """The least height of a row in millimetres, where people write by hand."""


class Fill(_Block, frozen=True, kw_only=True):
    """A question of a form, then ruled lines to write on."""

    label: str
    lines: int = 1


class Choice(_Block, frozen=True, kw_only=True):
    """A question of a form, then boxes."""

    label: str
    options: tuple[str, ...]


class Frame(_Block, frozen=True, kw_only=True):
    """Blocks in a box; `heavy` for what must be seen first."""

    title: str
    blocks: tuple[Block, ...]
    heavy: bool = False


class Columns(_Block, frozen=True, kw_only=True):
    """Blocks that flow down two columns, from one page to the next."""

    blocks: tuple[Block, ...]


class Picture(_Block, frozen=True, kw_only=True):
    """A drawing that is a whole A4 page of its own."""

    svg: str
    alt: str


class NewPage(_Block, frozen=True, kw_only=True):
    """What follows begins on a fresh page."""


class Way(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A way out of a step: a box, where it leads, what it asks or opens."""

    label: str
    to: str
    notes: tuple[str, ...] = ()


class Step(_Block, frozen=True, kw_only=True):
    """A step of a procedure, with room for the hour and the initials."""

    number: str
    title: str
    who: str = ""
    do: tuple[str, ...] = ()
    boxes: tuple[str, ...] = ()
    asked: tuple[Choice | Fill, ...] = ()
    evidence: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    paper: tuple[str, ...] = ()
    message: str = ""
    ways: tuple[Way, ...] = ()
    end: str = ""


class Question(_Block, frozen=True, kw_only=True):
    """A question of the quiz, on the poster."""

    number: int
    question: str
    choices: tuple[str, ...]


Block = (
    Heading
    | Paragraph
    | Items
    | Table
    | Fill
    | Choice
    | Frame
    | Columns
    | Picture
    | NewPage
    | Step
    | Question
)


Group = Literal["first", "procedures", "preparation", "forms"]


class Document(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One PDF: `name` is its file, without accents; `badge` stands beside the title (a gravity)."""

    name: str
    title: str
    blocks: tuple[Block, ...]
    group: Group = "first"
    summary: str = ""
    badge: str = ""
    edition: str = ""
    """Its own version and review date, where it has them."""
    confidential: bool = False
    landscape: bool = False
