"""The document as Markdown: to read anywhere, and to compare with last year's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

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

__all__ = ["markdown"]


def markdown(document: Document) -> str:
    """The whole document, ending with a line break."""
    lines = [f"# {_text(document.title)}", "", f"**{_text(document.town)}** · {_text(document.dated)}", ""]
    if document.banner:
        lines += [f"> **{_text(document.banner)}**", ""]
    lines += [_text(document.standing), ""]
    for block in document.blocks:
        lines += [*_block(block), ""]
    return "\n".join(lines).rstrip() + "\n"


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield f"{'#' * (block.level + 1)} {_text(block.text)}"
        case Paragraph():
            yield _text(block.text)
        case Note():
            yield f"> {_text(block.text)}"
        case Legend():
            yield from (f"- {_text(item)}" for item in block.items)
        case Bullets():
            for number, item in enumerate(block.items, 1):
                yield f"{f'{number}.' if block.numbered else '-'} {_text(item)}"
        case Table():
            yield f"| {' | '.join(map(_text, block.columns))} |"
            yield f"|{'---|' * len(block.columns)}"
            for row in block.rows:
                yield f"| {' | '.join(map(_text, row))} |"
        case _:
            assert_never(block)


def _text(text: str) -> str:
    """Text that stays text: nothing that a person typed draws a link, a column, a title or a tag."""
    for sign in "\\`*_[]<>|#":
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.split("\n"))
