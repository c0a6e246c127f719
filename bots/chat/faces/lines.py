"""Say a card in a chat: as on every surface (`bots.lines`), but in absolute times, for a message is not drawn again.

A running count ("il reste 12 min") would go stale, or spend an edit a minute. What is typed in a terminal isn't said:
there are buttons.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from bots.lines import SIGNS, Line, block_lines, row_words
from engine.core.cards.values import (
    At,
    Block,
    Body,
    Checklist,
    Due,
    Evidence,
    Heading,
    Phrase,
    Questions,
    Row,
    Section,
    Who,
)
from engine.core.incident import Incident
from engine.speech import Speech

__all__ = ["LETTERS", "by_when", "head", "marked", "overview_lines", "step_lines"]

LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_TYPED: Final = ("how",)
"""Lines that say what to type in a terminal."""


def marked(text: str, incident: Incident, speech: Speech) -> str:
    """A first line: an exercise says so before anything else."""
    return f"{speech.say('cards.heading.exercise')} {text}" if incident.exercise else text


def head(block: Heading, speech: Speech, *parts: str) -> str:
    """`INC-2026-003 · Rançongiciel · G4 · depuis 03:02`: since when, never for how long."""
    if block.closed:
        last = speech.say("cards.heading.closed", at=speech.at(block.closed))
    else:
        last = speech.say("cards.heading.since_now", at=speech.at(block.since)) if block.since else ""
    return " · ".join(
        filter(None, (block.incident, block.title, speech.severity(block.severity), *parts, last))
    )


def by_when(block: Due, speech: Speech) -> str:
    """`avant 04:02`; once it has passed, `en retard depuis 04:02`."""
    if block.asleep:
        return speech.say("cards.due.asleep", at=speech.at(block.at))
    late = block.late or block.at <= speech.now
    return speech.phrase(Phrase(f"track.{'late' if late else 'before'}", {"at": At(block.at)}))


def step_lines(blocks: Iterable[Block], speech: Speech, *, whole: bool = False) -> Iterator[Line]:
    """What is read of a step below its first lines: whose, what to do, what never to do.

    `whole`: its details and its ready text too.
    """
    for block in blocks:
        match block:
            case Heading() | Due():
                pass  # they are in the first two lines
            case Who():
                yield from (one for one in block_lines(block, speech) if one.text)
            case Body():
                yield from block_lines(block, speech, whole=whole)
            case Checklist():
                yield from _numbered(block, speech)
            case Questions():
                yield from _lettered(block, speech)
            case Evidence():
                wanted = ", ".join(block.wanted)
                yield Line(kind="item", text=wanted, label=speech.say("cards.section.evidence"))
            case _:
                found = block_lines(block, speech, whole=whole)
                yield from (one for one in found if one.kind not in _TYPED)


def _numbered(block: Checklist, speech: Speech) -> Iterator[Line]:
    """Boxes with their numbers: those of the buttons."""
    for line in block_lines(block, speech):
        yield Line(kind=line.kind, text=f"{line.id}. {line.text}", id=line.id)


def _lettered(block: Questions, speech: Speech) -> Iterator[Line]:
    letters = iter(LETTERS)
    for line in block_lines(block, speech):
        if line.kind not in _TYPED:
            yield Line(kind=line.kind, text=f"{next(letters, '')}. {line.text}", id=line.id)


def overview_lines(blocks: Iterable[Block], speech: Speech, *, leave: tuple[str, ...] = ()) -> Iterator[Line]:
    """A line a track or activity; each other section in one line under its name."""
    for block in blocks:
        if isinstance(block, Section) and block.name not in leave:
            if block.name == "tracks":
                yield from block_lines(block, speech)
            elif block.name == "activities" and len(block.rows) > 1:
                yield Line(kind="label", text=speech.say("cards.section.activities"))
                yield from block_lines(block, speech)
            else:
                yield _together(block, speech)


def _together(block: Section, speech: Speech) -> Line:
    title = speech.say(f"cards.section.{block.name}")
    told = " · ".join(_sentence(row, speech) for row in block.rows)
    return Line(kind="plain", text=told, label=title)


def _sentence(row: Row, speech: Speech) -> str:
    """What a row is about, a colon, what is told; what is late or asked for has its sign."""
    colon = " : " if speech.words.lang == "fr" else ": "
    sign = SIGNS[row.sign] if row.sign in ("hand", "late") else ""
    return f"{sign} {colon.join(filter(None, (speech.phrase(row.label), row_words(row, speech))))}".strip()
