"""A workspace as Slack holds it: people, channels, messages, views. Nothing here speaks to anybody."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

__all__ = ["BOT", "Channel", "Ephemeral", "Message", "Person", "View", "Workspace"]

BOT = "U0TOCSIN"
"""The bot's own user."""


@dataclass
class Person:
    id: str
    name: str
    deleted: bool = False
    is_bot: bool = False


@dataclass
class Message:
    ts: str
    user: str
    text: str
    blocks: list[dict[str, Any]] = field(default_factory=list)
    metadata: dict[str, Any] | None = None
    files: list[dict[str, Any]] = field(default_factory=list)
    thread: str = ""
    """The message that it answers, in its thread."""
    edits: int = 0
    reactions: list[tuple[str, str]] = field(default_factory=list)

    @property
    def mine(self) -> bool:
        """Whether the bot wrote it."""
        return self.user == BOT

    def as_json(self, metadata: bool = False) -> dict[str, Any]:
        told: dict[str, Any] = {"type": "message", "ts": self.ts, "user": self.user, "text": self.text}
        if self.blocks:
            told["blocks"] = self.blocks
        if self.thread:
            told["thread_ts"] = self.thread
        if self.files:
            told["files"] = self.files
        if self.mine:
            told["bot_id"] = "B0TOCSIN"
        if self.metadata and metadata:
            told["metadata"] = self.metadata
        return told


@dataclass
class Channel:
    id: str
    name: str
    private: bool = False
    im_of: str = ""
    creator: str = ""
    members: set[str] = field(default_factory=set)
    messages: dict[str, Message] = field(default_factory=dict)
    pins: list[str] = field(default_factory=list)
    topic: str = ""
    archived: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "is_private": self.private,
            "is_im": bool(self.im_of),
            "is_archived": self.archived,
            "is_member": BOT in self.members,
            "creator": self.creator,
            "topic": {"value": self.topic},
        }


@dataclass
class Ephemeral:
    """A message that one person sees, until they reload."""

    ts: str
    user: str
    channel: str
    text: str
    blocks: list[dict[str, Any]]


@dataclass
class View:
    id: str
    user: str
    hash: str
    body: dict[str, Any]
    closed: bool = False

    def as_json(self, team: str) -> dict[str, Any]:
        return {"id": self.id, "team_id": team, "hash": self.hash, "root_view_id": self.id, **self.body}


class Workspace:
    """All that this Slack knows."""

    def __init__(self, team: str = "T0VALMONT", clock: Callable[[], float] = time.time) -> None:
        self.team, self.clock = team, clock
        self.people = {BOT: Person(BOT, "tocsin", is_bot=True)}
        self.channels: dict[str, Channel] = {}
        self.views: dict[str, View] = {}
        self.homes: dict[str, dict[str, Any]] = {}
        self.ephemerals: list[Ephemeral] = []
        self.files: dict[str, tuple[dict[str, Any], bytes]] = {}
        self.buzzed: list[tuple[str, str, str]] = []
        """Person, channel, text: each time that a phone buzzed."""
        self._numbers = itertools.count(1)
        self._last = 0.0

    def number(self) -> int:
        return next(self._numbers)

    def ts(self) -> str:
        """An hour that no other message has."""
        self._last = max(self.clock(), self._last + 0.000_001)
        return f"{self._last:.6f}"

    def person(self, id: str, name: str = "") -> Person:
        return self.people.setdefault(id, Person(id, name or id))

    def channel(self, name: str) -> Channel:
        """By id or name; KeyError."""
        found = self.channels.get(name) or next((c for c in self.channels.values() if c.name == name), None)
        if found is None:
            raise KeyError(name)
        return found

    def make(self, name: str, *members: str, private: bool = False, creator: str = "") -> Channel:
        for one in members:
            self.person(one)
        made = Channel(
            id=f"{'G' if private else 'C'}{self.number():07d}", name=name, private=private, creator=creator
        )  # fmt: skip
        made.members.update(members)
        self.channels[made.id] = made
        return made

    def private(self, user: str) -> Channel:
        """The chat between the bot and somebody."""
        found = next((c for c in self.channels.values() if c.im_of == user), None)
        if found is None:
            found = Channel(id=f"D{self.number():07d}", name="", private=True, im_of=user)
            found.members.update((user, BOT))
            self.channels[found.id] = found
        return found

    def add(self, channel: Channel, user: str, text: str, **more: Any) -> Message:
        made = Message(ts=self.ts(), user=user, text=text, **more)
        channel.messages[made.ts] = made
        for one in sorted(channel.members - {user}):
            told = text + "".join(_obeyed(more.get("blocks") or []))
            everybody = "<!channel>" in told or "<!here>" in told or "<!everyone>" in told
            if everybody or channel.im_of == one or f"<@{one}>" in told:
                self.buzzed.append((one, channel.id, text))
        return made


def _obeyed(node: Any) -> Iterator[str]:
    """The texts in which Slack reads mentions; a plain text is only shown."""
    match node:
        case {"type": "mrkdwn", "text": str(text)}:
            yield text
        case dict():
            for one in node.values():
                yield from _obeyed(one)
        case list():
            for one in node:
                yield from _obeyed(one)
