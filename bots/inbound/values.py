"""What goes into the understanding of a line, and what comes out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.core.cards import Place, Scene
from engine.core.commands import Approve, Command, OpenRunbook, PickOutcome, Tick
from engine.core.quantities import Instant
from engine.speech import Speech

__all__ = ["Asked", "Context", "Heard", "Misheard", "Shown", "Understood"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the numbers and letters on the screen refer to, as it was when it was shown.

    Each command carries its visit: if the step has moved on meanwhile, the press is refused, never applied elsewhere.
    """

    outcomes: tuple[PickOutcome | Approve | OpenRunbook, ...] = ()
    """1, 2, 3…: the outcomes of the card in front, the approvals that wait for whoever reads, procedures to open."""
    boxes: tuple[Tick, ...] = ()
    """a, b, c…"""
    questions: tuple[tuple[int, str], ...] = ()
    """The letters that follow: the run and the name of each fact that is asked."""
    focus: tuple[int, str] | None = None
    """The run and track of the step that words without a step are about."""
    front: tuple[int, str] | None = None
    """The run and track of the card that is shown whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Who types, what they see, what is true now."""

    scene: Scene
    person: str
    speech: Speech
    shown: Shown = field(default_factory=Shown)
    runbooks: Mapping[str, str] = field(default_factory=dict)
    """The procedures that may be opened, id to title."""
    sentences: bool = False
    """People write sentences here (a chat): the beginning of one of our words is then only the beginning of theirs."""
    shared_keyboard: bool = False
    """`@marie …` then means that Marie herself types (the terminal); elsewhere, that it is typed for her."""

    @property
    def now(self) -> Instant:
        return self.scene.now

    def places(self) -> tuple[Place, ...]:
        return tuple(self.scene.places())


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Commands to submit, in order, with who acts and who types."""

    commands: tuple[Command, ...]
    by: str
    entered_by: str = ""
    occurred_at: Instant | None = None
    by_number: bool = False
    """A bare number was pressed: what it means is what was drawn, and nothing else says what was meant."""
    unsure: str = ""
    """What can't be undone and isn't confirmed (`!`): erase, abandon, vacant. The surface asks before it is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question to the surface: nothing is written. `what`: status, help, timeline, message and so on."""

    what: str
    subject: str = ""
    by: str = ""
    """Who asks, when it isn't whoever the conversation is with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Misheard:
    """Why a line can't be understood (`inbound.misheard.<code>`), and what would do."""

    code: str
    facts: Mapping[str, str] = field(default_factory=dict)
    suggestions: tuple[str, ...] = ()


Understood = Heard | Asked | Misheard
