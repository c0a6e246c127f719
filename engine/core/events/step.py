"""The work inside a step."""

from __future__ import annotations

from typing import ClassVar

from engine.core.events.base import Event

__all__ = [
    "Escalated",
    "EvidenceAdded",
    "FactSet",
    "ItemTicked",
    "MessageSent",
    "RollMarked",
    "StepBlocked",
    "StepTaken",
    "StepWoken",
]


class StepTaken(Event, frozen=True, kw_only=True):
    """Somebody took the step."""

    run: int
    track: str
    step: str
    visit: int


class StepWoken(Event, frozen=True, kw_only=True):
    """A sleeping step woke."""

    run: int
    track: str
    step: str
    visit: int
    late_ms: int = 0


class ItemTicked(Event, frozen=True, kw_only=True):
    """A box was ticked, or unticked."""

    run: int
    track: str
    step: str
    visit: int
    item: int
    done: bool = True


class FactSet(Event, frozen=True, kw_only=True):
    """`run` 0: a fact of the whole incident. `unknown`: asked, and not known for now."""

    LEAVES: ClassVar = ("value",)
    run: int = 0
    name: str
    value: str = ""
    unknown: bool = False
    sensitive: bool = False


class EvidenceAdded(Event, frozen=True, kw_only=True):
    """Evidence was brought: a text, or a file named by its SHA-256."""

    LEAVES: ClassVar = ("name", "text")
    run: int = 0
    track: str = ""
    step: str = ""
    name: str = ""
    sha256: str = ""
    size: int = 0
    media: str = ""
    text: str = ""


class StepBlocked(Event, frozen=True, kw_only=True):
    """Somebody said "bloqué", and why."""

    LEAVES: ClassVar = ("text",)
    run: int
    track: str
    step: str
    visit: int
    text: str = ""


class RollMarked(Event, frozen=True, kw_only=True):
    """An item of a roster changed state."""

    run: int
    track: str
    step: str
    visit: int
    item: int
    status: str


class MessageSent(Event, frozen=True, kw_only=True):
    """A prepared text was sent; as sent."""

    LEAVES: ClassVar = ("text",)
    run: int
    message: str
    audience: str = ""
    text: str = ""


class Escalated(Event, frozen=True, kw_only=True):
    """A late step was reminded or escalated. `people`: who was told. `rung` counts from 1."""

    LEAVES: ClassVar = ("people",)
    run: int
    track: str
    step: str
    visit: int
    rung: int
    to: str
    """holder, role, deputies, directors, all."""
    people: tuple[str, ...] = ()
    late_ms: int = 0
    paced: bool = False
    """A reminder at the pace of `updates`, for want of a target: no rung of the ladder."""
    told: bool = True
    """False: journalled only, a higher rung of the same step was due at the same time (after a stop)."""
