"""Draw the board: the incident's line, then a column of labels and a column of words."""

from __future__ import annotations

from typing import Final

from rich.console import Group, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from bots.console.paint import STYLES, painted, unbroken
from bots.console.screen import Part
from bots.lines import SIGNS, Line, block_lines
from engine.core.cards.values import Heading, Section
from engine.speech import Speech

__all__ = ["draw_overview"]

LABEL: Final = 17
_EACH: Final = ("tracks", "activities")


def draw_overview(part: Part, speech: Speech) -> RenderableType:
    """The incident's line, then a column of labels and a column of words."""
    top: list[RenderableType] = []
    rows: list[tuple[str, RenderableType]] = []
    for block in part.card.blocks:
        if isinstance(block, Heading):
            top += [painted(line) for line in block_lines(block, speech)]
        elif isinstance(block, Section):
            rows += _each(block, speech) if block.name in _EACH else _together(block, speech)
    table = Table.grid(padding=(0, 1))
    table.add_column(width=min(max((len(label) for label, _ in rows), default=0), LABEL))
    table.add_column(ratio=1)
    for label, told in rows:
        table.add_row(Text(label), told)
    return Group(*top, Rule(style="dim"), table)


def _each(block: Section, speech: Speech) -> list[tuple[str, RenderableType]]:
    """A line a track or activity; what has not begun needs no label."""
    found: list[tuple[str, RenderableType]] = []
    for line in block_lines(block, speech):
        label, words = (line.label, unbroken(line.text)) if line.text else ("", line.label)
        found.append(
            (label, Text(f"{SIGNS.get(line.kind, '')} {words}".strip(), style=STYLES.get(line.kind, "")))
        )
    return found


def _together(block: Section, speech: Speech) -> list[tuple[str, RenderableType]]:
    """All the lines of a section in one cell, under its title."""
    title, told = speech.say(f"cards.section.{block.name}"), Text()
    for number, line in enumerate(block_lines(block, speech)):
        told.append(" · " if number else "")
        told.append(unbroken(_sentence(line, title, speech)), STYLES.get(line.kind, ""))
    return [(title, told)]


def _sentence(line: Line, title: str, speech: Speech) -> str:
    """A row as one sentence: what it is about, a colon, what is told; the sign before."""
    label = "" if line.label == title else line.label
    colon = " : " if speech.words.lang == "fr" else ": "
    sign = SIGNS[line.kind] if line.kind in ("hand", "late") else ""
    return f"{sign} {colon.join(filter(None, (label, line.text)))}".strip()
