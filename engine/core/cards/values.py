"""The parts of a card: who, by when, what to do, what never to do, the buttons. No word of any language.

What the runbook's author wrote stays as written (`str`); what tocsin says is a `Phrase`: a key of the catalogue and
what fills it. The order is the same on every surface: what now, who, how long; what to do; what never to do;
buttons last, most likely first. A card tells absolute times, so that it reads the same until something happens or
`next_change` comes.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from engine.core.commands import Command
from engine.core.quantities import Instant

__all__ = [
    "Answer", "At", "Block", "Body", "Box", "Button", "Card", "Checklist", "Due", "Evidence", "Fill", "Heading",
    "Named", "Never", "Phrase", "Questions", "Roster", "Row", "Section", "Span", "Text", "ToSend", "Who",
]  # fmt: skip


class At(msgspec.Struct, frozen=True, tag=True):
    """An instant, told in the reader's local time."""

    instant: Instant


class Span(msgspec.Struct, frozen=True, tag=True):
    """A length of time."""

    ms: int


class Named(msgspec.Struct, frozen=True, tag=True):
    """A thing whose name is a word of the catalogue, if it has one: `kind` is role or activity."""

    kind: str
    id: str
    title: str = ""
    """Its name in the town's data, when there is one."""


class Phrase(msgspec.Struct, frozen=True, tag=True):
    """A sentence of the catalogue (`cards.<key>`) and what fills it."""

    key: str
    facts: Mapping[str, Fill] = {}


Fill = str | int | At | Span | Named | Phrase


class Text(msgspec.Struct, frozen=True):
    """A text of the runbook, with `{{ facts }}` to be filled in by the surface; `masked` are the sensitive ones."""

    source: str
    facts: Mapping[str, str] = {}
    masked: tuple[str, ...] = ()


# Blocks


class Block(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A part of a card. Blocks come in the order in which they are read."""


class Heading(Block, frozen=True, kw_only=True):
    """The first line: which incident, what now."""

    incident: str
    exercise: bool
    severity: str
    title: str
    place: str = ""
    """The track, when the card is about a step."""
    step: str = ""
    visit: int = 1
    since: Instant = 0
    closed: Instant = 0


class Who(Block, frozen=True, kw_only=True):
    """Whose it is: the role, the first person to turn to, whether somebody has taken it."""

    role: Named
    person: str = ""
    phone: str = ""
    substitute: bool = False
    """Nobody holds the role: this person has it by the directory's fallback, or as director."""
    taken_by: str = ""
    taken_at: Instant = 0
    left_by: str = ""
    """Who had taken it, and is no longer of the cell."""
    blocked: tuple[tuple[str, str], ...] = ()
    """Who said "bloqué", and why."""


class Due(Block, frozen=True, kw_only=True):
    """By when. `reached`: the last threshold passed (0, 50, 75, 90, 100); 100 is late."""

    at: Instant
    start: Instant
    reached: int = 0
    asleep: bool = False
    """`at` is then when the step wakes."""

    @property
    def late(self) -> bool:
        return self.reached >= 100 and not self.asleep


class Body(Block, frozen=True, kw_only=True):
    """What to do; `more` is longer, shown on demand."""

    text: Text
    more: Text | None = None
    lang: str = "fr"
    """The language that its author wrote: the program's own words are the reader's."""


class Box(msgspec.Struct, frozen=True, kw_only=True):
    """One box of a checklist, numbered from 1."""

    number: int
    text: Text
    optional: bool = False
    by: str = ""
    at: Instant = 0


class Checklist(Block, frozen=True, kw_only=True):
    """Boxes to tick; they never block."""

    boxes: tuple[Box, ...]


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A question and what is known: an answer, "not known for now" (a visible debt), or nothing yet."""

    fact: str
    label: str
    help: str = ""
    kind: str = "text"
    choices: tuple[tuple[str, str], ...] = ()
    value: str = ""
    unknown: bool = False
    sensitive: bool = False


class Questions(Block, frozen=True, kw_only=True):
    """What is asked at this step; it never blocks either."""

    answers: tuple[Answer, ...]


class Evidence(Block, frozen=True, kw_only=True):
    """What should be kept as proof."""

    wanted: tuple[str, ...]


class ToSend(Block, frozen=True, kw_only=True):
    """A text ready to copy, for an audience."""

    id: str
    audience: str
    text: Text


class Roster(Block, frozen=True, kw_only=True):
    """A step over many items: how many are in each state; never names."""

    title: str
    size: int
    counts: tuple[tuple[str, str, int], ...]


class Never(Block, frozen=True, kw_only=True):
    """What must never be done here."""

    texts: tuple[str, ...]


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a section: a sign (done, now, late, waiting…), what it is about, what is told of it."""

    label: Fill
    told: tuple[Phrase, ...] = ()
    sign: str = ""
    id: str = ""
    person: str = ""


class Section(Block, frozen=True, kw_only=True):
    """Lines of one kind: tracks, clocks, activities, cell, tasks. `name` is its title's key."""

    name: str
    rows: tuple[Row, ...]


class Button(msgspec.Struct, frozen=True, kw_only=True):
    """What may be pressed. `command` is the intent; `needs` says what the surface must ask before sending it.

    `name` is what is typed instead. A button with a `why_not` is shown disabled, with its reason.
    """

    name: str
    label: str | Phrase
    command: Command | None = None
    needs: tuple[str, ...] = ()
    """reason, confirm, text, person, item, answer."""
    confirm: str = ""
    signs: tuple[tuple[str, ...], ...] = ()
    """Groups of roles that must sign."""
    signs_after: bool = False
    why_not: Phrase | None = None


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """A keyed piece of screen: a surface edits it when it reads otherwise."""

    key: str
    blocks: tuple[Block, ...]
    buttons: tuple[Button, ...] = ()
    next_change: Instant = 0
    """When it will read otherwise though nothing happens (a threshold, lateness); 0 never."""

    def find(self, kind: type[Block]) -> Block | None:
        """The first block of this kind."""
        return next((block for block in self.blocks if isinstance(block, kind)), None)
