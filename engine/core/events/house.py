"""The house's own book: accounts, groups, places; and, inside an incident, a surface that is no longer trusted."""

from __future__ import annotations

from typing import ClassVar

from engine.core.events.base import Event
from engine.core.quantities import Instant

__all__ = [
    "AccountLinked",
    "AccountRevoked",
    "BotNamed",
    "ChatMoved",
    "GroupBound",
    "InvitationCancelled",
    "PersonInvited",
    "PinSet",
    "PlaceBound",
    "ReachChanged",
    "Reminded",
    "SurfaceChanged",
]


class PersonInvited(Event, frozen=True, kw_only=True):
    """A one-time code was given to somebody; only its salted digest is kept. An older one no longer counts."""

    LEAVES: ClassVar = ("person", "salt", "digest")
    person: str = ""
    salt: str = ""
    digest: str = ""
    surface: str = ""
    expires: Instant


class InvitationCancelled(Event, frozen=True, kw_only=True):
    """The code that waited for somebody no longer counts."""

    LEAVES: ClassVar = ("person",)
    person: str = ""


class AccountLinked(Event, frozen=True, kw_only=True):
    """Somebody gave their code from this account: it is theirs; their other one on this surface no longer is."""

    LEAVES: ClassVar = ("person", "account")
    person: str = ""
    surface: str
    account: str = ""


class AccountRevoked(Event, frozen=True, kw_only=True):
    """An account is no longer anybody's."""

    LEAVES: ClassVar = ("person", "account", "reason")
    person: str = ""
    surface: str
    account: str = ""
    reason: str = ""


class ReachChanged(Event, frozen=True, kw_only=True):
    """The bot may write to an account in private again, or no longer may (`why`: a code)."""

    LEAVES: ClassVar = ("person", "account")
    person: str = ""
    surface: str
    account: str = ""
    open: bool
    why: str = ""


class GroupBound(Event, frozen=True, kw_only=True):
    """A group serves the crisis, exercises or declarations from now on; without `chat`, none does."""

    surface: str
    purpose: str
    chat: str = ""
    thread: str = ""


class PlaceBound(Event, frozen=True, kw_only=True):
    """A channel or topic is the place of one incident."""

    place_of: str
    surface: str
    chat: str
    thread: str = ""


class ChatMoved(Event, frozen=True, kw_only=True):
    """The platform has given a chat another identity: what it served, the new one serves."""

    surface: str
    old: str
    new: str


class BotNamed(Event, frozen=True, kw_only=True):
    """The platform tells the bot's name: links to it are made of it."""

    surface: str
    name: str


class PinSet(Event, frozen=True, kw_only=True):
    """Somebody chose a PIN; only its salted digest is kept."""

    LEAVES: ClassVar = ("person", "salt", "digest")
    person: str = ""
    salt: str = ""
    digest: str = ""


class Reminded(Event, frozen=True, kw_only=True):
    """Somebody was told in private of something that is due. `rung`: 1 the first time, 2 again, 3 to a director."""

    LEAVES: ClassVar = ("person", "title")
    person: str = ""
    what: str
    """Its name in the calendar: `review:revue-pare-feu`."""
    on: str
    """The day that it is due, ISO: another day is another occurrence."""
    rung: int
    title: str = ""


class SurfaceChanged(Event, frozen=True, kw_only=True):
    """In an incident: a surface is `suspect`, nothing may be done from it; or `sound` again."""

    LEAVES: ClassVar = ("reason",)
    surface: str
    status: str
    reason: str = ""
