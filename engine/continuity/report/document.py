"""What a document is made of, whatever it is written as: titles, sentences, lists and tables."""

from __future__ import annotations

import msgspec

__all__ = ["Block", "Bullets", "Document", "Heading", "Legend", "Note", "Paragraph", "Table"]


class _Block(msgspec.Struct, frozen=True, tag_field="kind", tag=str.lower):
    """A block names its kind when it is handed over as data."""


class Heading(_Block, frozen=True):
    """A title. Level 1 is a part of the plan, 2 is inside it."""

    text: str
    level: int = 1
    new_page: bool = False


class Paragraph(_Block, frozen=True):
    """Sentences."""

    text: str


class Note(_Block, frozen=True):
    """A sentence that must not be missed."""

    text: str


class Bullets(_Block, frozen=True):
    """A list."""

    items: tuple[str, ...]
    numbered: bool = False


class Legend(_Block, frozen=True):
    """What the signs of a table mean, a line each, the sign first."""

    items: tuple[str, ...]


class Table(_Block, frozen=True):
    """Rows under their titles."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    """How much of the width each column takes, in parts."""
    signs: bool = False
    """Signs rather than sentences: centred, but for the first column."""


Block = Heading | Paragraph | Note | Bullets | Legend | Table


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """`banner` is on every page: what this is not, when it is not what it seems."""

    title: str
    town: str
    dated: str
    standing: str
    """Adopted when and by what, or not."""
    banner: str
    foot: str
    lang: str
    blocks: tuple[Block, ...]
