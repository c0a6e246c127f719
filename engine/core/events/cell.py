"""The cell: roles, presence, handovers, situation reports."""

from __future__ import annotations

from typing import ClassVar

from engine.core.events.base import Event

__all__ = [
    "CallMade",
    "HandedOver",
    "PresenceMarked",
    "PresenceSilent",
    "RoleAssigned",
    "RollCalled",
    "SituationDue",
    "SituationReported",
]


class RoleAssigned(Event, frozen=True, kw_only=True):
    """A role was given to somebody in this incident (empty: back to the directory)."""

    LEAVES: ClassVar = ("person",)
    role: str
    person: str = ""


class PresenceMarked(Event, frozen=True, kw_only=True):
    """Somebody is present, coming, or unavailable."""

    LEAVES: ClassVar = ("person",)
    person: str = ""
    status: str


class PresenceSilent(Event, frozen=True, kw_only=True):
    """Did not answer the roll-call; the deputy is called, then the director."""

    LEAVES: ClassVar = ("person", "people")
    person: str = ""
    rung: int
    people: tuple[str, ...] = ()
    late_ms: int = 0


class CallMade(Event, frozen=True, kw_only=True):
    """Somebody was telephoned. `result`: reached, voicemail, wrong_number."""

    LEAVES: ClassVar = ("person",)
    person: str = ""
    result: str


class RollCalled(Event, frozen=True, kw_only=True):
    """These people were called."""

    LEAVES: ClassVar = ("people",)
    people: tuple[str, ...] = ()


class HandedOver(Event, frozen=True, kw_only=True):
    """Roles were handed over, with a situation report."""

    LEAVES: ClassVar = ("to", "report")
    to: str = ""
    roles: tuple[str, ...]
    report: str = ""
    interim: bool = False
    """Who hands over only stood in as director: so does who takes over."""
    freed: tuple[tuple[int, str], ...] = ()
    """The (run, track) whose step was taken under these roles: it waits to be taken again."""


class SituationReported(Event, frozen=True, kw_only=True):
    """A situation report."""

    LEAVES: ClassVar = ("text",)
    text: str = ""


class SituationDue(Event, frozen=True, kw_only=True):
    """A situation report is due and was not made."""

    late_ms: int = 0
