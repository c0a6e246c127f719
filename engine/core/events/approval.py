"""Signatures: asked, given, forced, refused, late."""

from __future__ import annotations

from typing import ClassVar

from engine.core.events.base import Event
from engine.core.quantities import Instant

__all__ = [
    "ApprovalAsked",
    "ApprovalCancelled",
    "ApprovalDoubted",
    "ApprovalForced",
    "ApprovalGiven",
    "ApprovalRefused",
    "ApprovalSilent",
    "ApprovalStarted",
    "RatificationLate",
    "VoiceConfirmed",
    "VoiceUnconfirmed",
]


class ApprovalAsked(Event, frozen=True, kw_only=True):
    """`after`: the act is done, signatures are owed by `due` (ratification)."""

    LEAVES: ClassVar = ("reason",)
    approval: int
    run: int
    track: str
    step: str
    visit: int
    outcome: str
    groups: tuple[tuple[str, ...], ...]
    after: bool = False
    due: Instant = 0
    reason: str = ""
    unticked: tuple[int, ...] = ()


class ApprovalGiven(Event, frozen=True, kw_only=True):
    """One signature. `voice`: a spoken yes entered by somebody else, which the signer confirms by `confirm_by`."""

    approval: int
    fits: tuple[int, ...] = ()
    """The groups (from 0) that the signer's roles fitted when the vote was cast."""
    voice: bool = False
    confirm_by: Instant = 0
    complete: bool = False
    """This signature was the last one needed."""
    proof: str = ""
    """While a surface was suspect: by a PIN (`pin`), or said two ways (`second_way`)."""


class ApprovalStarted(Event, frozen=True, kw_only=True):
    """Half a signature, while a surface is suspect: to be said again another way, or proved by a PIN."""

    approval: int
    way: str


class ApprovalDoubted(Event, frozen=True, kw_only=True):
    """Signatures given through a surface that is suspect no longer count: their people sign again another way."""

    LEAVES: ClassVar = ("people",)
    approval: int
    surface: str
    signatures: tuple[int, ...]
    """Which of those that it had, from 0."""
    people: tuple[str, ...] = ()


class ApprovalForced(Event, frozen=True, kw_only=True):
    """The director went on without the signatures: in red in the timeline and the RETEX."""

    LEAVES: ClassVar = ("reason",)
    approval: int
    reason: str = ""
    proof: str = ""


class ApprovalRefused(Event, frozen=True, kw_only=True):
    """Somebody who could sign said no."""

    LEAVES: ClassVar = ("reason",)
    approval: int
    reason: str = ""


class ApprovalCancelled(Event, frozen=True, kw_only=True):
    """The step was left by another way: the request falls."""

    approval: int


class ApprovalSilent(Event, frozen=True, kw_only=True):
    """Nobody of a group answered: the deputies are called, the director may force."""

    LEAVES: ClassVar = ("people",)
    approval: int
    people: tuple[str, ...] = ()
    late_ms: int = 0


class RatificationLate(Event, frozen=True, kw_only=True):
    """A signature owed did not come in time."""

    approval: int
    late_ms: int = 0


class VoiceConfirmed(Event, frozen=True, kw_only=True):
    """A spoken yes was confirmed by its author."""

    approval: int


class VoiceUnconfirmed(Event, frozen=True, kw_only=True):
    """A spoken yes was not confirmed within the hour."""

    LEAVES: ClassVar = ("person",)
    approval: int
    person: str = ""
    late_ms: int = 0
