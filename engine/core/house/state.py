"""What is true of the house now. Values are frozen and shared, as an incident's are."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Final

import msgspec

from engine.core.house import codes
from engine.core.house.staff import Staff
from engine.core.quantities import Instant

__all__ = [
    "CRISIS", "DECLARE", "EXERCISES", "PURPOSES", "SURFACES", "Chat", "House", "Invitation", "Link", "Pin", "Reminder",
    "account_key", "group_key", "place_key",
]  # fmt: skip

SURFACES: Final = ("slack", "telegram")
"""Where people have accounts of their own."""

CRISIS: Final = "crisis"
EXERCISES: Final = "exercise"
DECLARE: Final = "declare"
PURPOSES: Final = (CRISIS, EXERCISES, DECLARE)
"""What a group is for: the crisis cell, exercises, or declaring before there is a crisis."""


class Link(msgspec.Struct, gc=False, frozen=True, kw_only=True):
    """An account that is somebody's."""

    person: str
    surface: str
    account: str
    since: Instant
    open: bool = True
    """Whether the bot may write to it in private."""
    why: str = ""
    """Why not, as a code of the platform's door."""


class Invitation(msgspec.Struct, gc=False, frozen=True, kw_only=True):
    """A one-time code that waits to be given; only what it is compared with is here."""

    person: str
    salt: str
    digest: str
    expires: Instant
    surface: str = ""
    """The only surface it is for; empty: any."""


class Chat(msgspec.Struct, gc=False, frozen=True, kw_only=True):
    """A group or channel, with its topic; `serves`: its purpose, or the incident whose place it is."""

    surface: str
    serves: str
    chat: str
    thread: str = ""
    since: Instant = 0
    """When it was bound."""

    @property
    def where(self) -> tuple[str, str]:
        return self.chat, self.thread


class Pin(msgspec.Struct, gc=False, frozen=True):
    """What somebody's PIN is compared with."""

    salt: str
    digest: str


class Reminder(msgspec.Struct, gc=False, frozen=True, kw_only=True):
    """The last time that somebody was told of something due."""

    on: str
    rung: int
    at: Instant


def account_key(surface: str, account: str) -> str:
    """Name an account among all."""
    return f"{surface}:{account}"


def group_key(surface: str, purpose: str) -> str:
    """Name the group of a surface that serves a purpose."""
    return f"{surface}:{purpose}"


def place_key(surface: str, incident: str) -> str:
    """Name the place of an incident on a surface."""
    return f"{surface}:{incident}"


class House(msgspec.Struct, gc=False, frozen=True, kw_only=True):
    """Accounts, invitations, groups and places of one town."""

    links: Mapping[str, Link] = {}
    """By surface and account, in the order they were made."""
    invitations: Mapping[str, Invitation] = {}
    """By person: a new one takes the place of the older."""
    groups: Mapping[str, Chat] = {}
    """By surface and purpose."""
    places: Mapping[str, Chat] = {}
    """By surface and incident, the latest last."""
    pins: Mapping[str, Pin] = {}
    """By person."""
    reminded: Mapping[str, Reminder] = {}
    """By what is due, as the calendar names it."""
    bots: Mapping[str, str] = {}
    """The bot's name on each surface, as its platform tells it."""
    staff: Staff = Staff()
    """What was changed of the directory from a chat."""

    def person(self, surface: str, account: str) -> str:
        """Whose account this is; empty when it is nobody's."""
        link = self.links.get(account_key(surface, account))
        return link.person if link else ""

    def accounts(self, person: str) -> tuple[tuple[str, str], ...]:
        """The accounts of somebody, surface and identity, the one linked first first."""
        return tuple((link.surface, link.account) for link in self.links.values() if link.person == person)

    def account(self, person: str, surface: str) -> str:
        """Somebody's account on a surface; empty when there is none."""
        return next((account for on, account in self.accounts(person) if on == surface), "")

    def reachable(self, surface: str, account: str) -> bool:
        """Whether the bot may write to this account in private."""
        link = self.links.get(account_key(surface, account))
        return link is not None and link.open

    def cut_off(self, person: str, suspect: AbstractSet[str]) -> bool:
        """Whether the bot may write to somebody on suspect surfaces only: they must be called."""
        open_on = {on for on, account in self.accounts(person) if self.reachable(on, account)}
        return bool(open_on) and open_on <= suspect

    def group(self, surface: str, purpose: str) -> tuple[str, str] | None:
        """The chat and topic that serve this purpose."""
        found = self.groups.get(group_key(surface, purpose))
        return found.where if found else None

    def place(self, incident: str, surface: str) -> tuple[str, str] | None:
        """The chat and topic of an incident."""
        found = self.places.get(place_key(surface, incident))
        return found.where if found else None

    def shows(self, incident: str, surface: str, purpose: str) -> Chat | None:
        """Where a surface shows an incident: its own place, else the group that serves this purpose."""
        return self.places.get(place_key(surface, incident)) or self.groups.get(group_key(surface, purpose))

    def incident_at(self, surface: str, chat: str, thread: str = "") -> str:
        """The incident whose place this is, the latest when several had it; empty when it is none's."""
        found = ""
        for place in self.places.values():
            if place.surface == surface and place.where == (chat, thread):
                found = place.serves
        return found

    def purpose(self, surface: str, chat: str) -> str:
        """What the group of this chat serves; empty when it is bound to nothing."""
        found = (one.serves for one in self.groups.values() if (one.surface, one.chat) == (surface, chat))
        return next(found, "")

    def is_pin(self, person: str, typed: str) -> bool:
        """Whether this is the PIN that somebody chose. Slow on purpose: in a loop, asked from a thread."""
        chosen = self.pins.get(person)
        return chosen is not None and codes.is_pin(typed, chosen.salt, chosen.digest)

    def invitation(self, surface: str, code: str) -> Invitation | None:
        """The invitation that this code, typed on this surface, answers; it may have expired."""
        for one in self.invitations.values():
            if one.surface in ("", surface) and codes.is_code(code, one.salt, one.digest):
                return one
        return None
