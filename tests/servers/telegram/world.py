"""Who is on this Telegram: people, chats, messages, and the updates that wait for the bot."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from tests.servers.telegram.text import Parsed

__all__ = ["ANONYMOUS", "Chat", "Message", "User", "World"]

ANONYMOUS = 1087968824
"""GroupAnonymousBot: who an anonymous administrator is for everybody."""


@dataclass
class User:
    id: int
    first_name: str
    username: str = ""
    lang: str = "fr"
    is_bot: bool = False
    started: bool = False
    """Pressed Start once: the bot may write."""
    blocks: bool = False
    deleted: bool = False

    def told(self) -> dict[str, Any]:
        found: dict[str, Any] = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        if self.username:
            found["username"] = self.username
        return found if self.is_bot else found | {"language_code": self.lang}


@dataclass
class Message:
    id: int
    chat: int
    by: int
    date: int
    text: str = ""
    entities: list[dict[str, Any]] = field(default_factory=list)
    markup: dict[str, Any] = field(default_factory=dict)
    thread: int = 0
    reply_to: int = 0
    edits: int = 0
    silent: bool = False
    more: dict[str, Any] = field(default_factory=dict)
    """What else it holds: a document, a photo, a service message."""
    as_chat: bool = False
    """By an anonymous administrator."""

    @property
    def buttons(self) -> list[dict[str, Any]]:
        """The buttons that a person sees under it."""
        return [one for row in self.markup.get("inline_keyboard", ()) for one in row]

    @property
    def labels(self) -> list[str]:
        return [one["text"] for one in self.buttons]

    @property
    def pings(self) -> list[int | str]:
        """Whom it mentions, really."""
        return [
            one["user"]["id"] if one["type"] == "text_mention" else self.text
            for one in self.entities
            if one["type"] in ("mention", "text_mention")
        ]


@dataclass
class Chat:
    id: int
    type: str
    title: str = ""
    forum: bool = False
    members: set[int] = field(default_factory=set)
    rights: set[str] | None = None
    """The bot's rights as an administrator; None: it is a plain member."""
    mute: bool = False
    """Members may not write, the bot neither unless it is an administrator."""
    topics: dict[int, str] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    moved_to: int = 0
    kicked: bool = False
    last: int = 0

    def told(self) -> dict[str, Any]:
        found: dict[str, Any] = {"id": self.id, "type": self.type}
        if self.type == "private":
            return found | {"first_name": self.title}
        return found | {"title": self.title} | ({"is_forum": True} if self.forum else {})

    def shown(self, thread: int = 0) -> list[Message]:
        """What people see there, oldest first."""
        return [one for one in self.messages.values() if not thread or one.thread == thread]


@dataclass
class World:
    bot: User
    privacy: bool = True
    users: dict[int, User] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    updates: deque[dict[str, Any]] = field(default_factory=deque)
    files: dict[str, bytes] = field(default_factory=dict)
    buzzes: list[tuple[int, int, int]] = field(default_factory=list)
    """Who was rung, in which chat, by which message."""
    next_update: int = 700_000_001
    news: asyncio.Event = field(default_factory=asyncio.Event)
    aged: float = 0.0
    """Seconds by which the world is older than the clock: a test may let two days pass."""

    def now(self) -> int:
        return int(time.time() + self.aged)

    # What the bot is told

    def tell(self, kind: str, content: dict[str, Any]) -> int:
        number = self.next_update
        self.next_update += 1
        self.updates.append({"update_id": number, kind: content})
        self.news.set()
        return number

    def put(self, message: Message) -> Message:
        self.chats[message.chat].messages[message.id] = message
        return message

    def new(self, chat: Chat, by: int, parsed: Parsed | None = None, **more: Any) -> Message:
        chat.last += 1
        parsed = parsed or Parsed("")
        return self.put(
            Message(
                id=chat.last, chat=chat.id, by=by, date=self.now(), text=parsed.text, entities=parsed.entities, **more
            )
        )  # fmt: skip

    def told(self, message: Message, depth: int = 0) -> dict[str, Any]:
        """The message as the API writes it; a reply carries the message that it answers, once."""
        chat = self.chats[message.chat]
        found: dict[str, Any] = {
            "message_id": message.id,
            "date": message.date,
            "chat": chat.told(),
            **message.more,
        }
        if message.as_chat:
            found |= {"sender_chat": chat.told(), "from": self.users[ANONYMOUS].told()}
        else:
            found["from"] = self.user(message.by).told()
        if message.text:
            caption = any(one in message.more for one in ("document", "photo", "voice"))
            text, entities = ("caption", "caption_entities") if caption else ("text", "entities")
            found[text] = message.text
            if message.entities:
                found[entities] = message.entities
        if message.markup.get("inline_keyboard"):
            found["reply_markup"] = {"inline_keyboard": message.markup["inline_keyboard"]}
        if message.thread:
            found |= {"message_thread_id": message.thread, "is_topic_message": True}
        if message.edits:
            found["edit_date"] = self.now()
        answered = chat.messages.get(message.reply_to)
        if answered is not None and depth == 0:
            found["reply_to_message"] = self.told(answered, depth + 1)
        return found

    def user(self, number: int) -> User:
        return self.bot if number == self.bot.id else self.users[number]
