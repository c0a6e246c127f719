"""People who hold a phone: what they press, write and send, and what they then see."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from tests.servers.telegram.methods import Methods, Query
from tests.servers.telegram.text import Parsed, parse
from tests.servers.telegram.world import ANONYMOUS, Chat, Message, User, World

__all__ = ["People", "Pressed"]


@dataclass(frozen=True)
class Pressed:
    """What a press showed: words in a popup (`alert`) or a passing line, a page that opens, a button still turning."""

    text: str
    alert: bool
    url: str
    spinning: bool
    update: int


class People:
    """Mixed into the server: the hands of everybody on this Telegram."""

    world: World
    methods: Methods

    # Making them

    def person(
        self, number: int, name: str = "", *, username: str = "", lang: str = "fr", started: bool = False
    ) -> User:
        user = User(number, name or f"P{number}", username, lang, started=started)
        self.world.users[number] = user
        self.world.chats[number] = Chat(id=number, type="private", title=user.first_name)
        return user

    def group(
        self, number: int, title: str, *members: int, forum: bool = False, rights: str | None = None
    ) -> Chat:
        """`rights`: the bot's, as an administrator, by a space; None: it is a plain member."""
        chat = Chat(
            id=number,
            type="supergroup" if number < -1_000_000_000_000 else "group",
            title=title,
            forum=forum,
            members=set(members),
            rights=None if rights is None else set(rights.split()),
        )
        self.world.chats[number] = chat
        return chat

    def chat(self, number: int) -> Chat:
        return self.world.chats[number]

    def shown(self, number: int) -> list[Message]:
        return self.world.chats[number].shown()

    def last(self, number: int) -> Message:
        """The last message of the bot there."""
        return [one for one in self.shown(number) if one.by == self.world.bot.id][-1]

    # Their hands

    async def press(self, user: int, chat: int, message: int, label: str, *, wait: float = 5.0) -> Pressed:
        """Press the first button whose label holds these words. The spinner turns until the bot answers."""
        shown = self.world.chats[chat].messages[message]
        button = next((one for one in shown.buttons if label in one["text"]), None)
        if button is None:
            raise LookupError(f"no button {label!r} among {shown.labels}")
        if url := button.get("url"):
            return Pressed("", False, url, False, 0)
        return await self.press_data(user, chat, message, button["callback_data"], wait=wait)

    async def press_data(
        self, user: int, chat: int, message: int, data: str, *, wait: float = 5.0
    ) -> Pressed:
        """Press what was shown, whether it still is: an old client, or a forged one."""
        name = f"q{len(self.methods.queries) + 1}"
        query = self.methods.queries[name] = Query(user, self.world.now())
        shown = self.world.chats[chat].messages.get(message)
        old = {"message_id": message, "date": 0, "chat": self.world.chats[chat].told()}
        told = {
            "id": name,
            "from": self.world.user(user).told(),
            "message": old
            if shown is None or self.world.now() - shown.date > 48 * 3600
            else self.world.told(shown),
            "chat_instance": str(chat),
            "data": data,
        }
        number = self.world.tell("callback_query", told)
        with suppress(TimeoutError):
            await asyncio.wait_for(query.answered.wait(), wait)
        return Pressed(query.text, query.alert, query.url, not query.answered.is_set(), number)

    @staticmethod
    async def until(done: Any, wait: float = 5.0) -> bool:
        """Wait until this is true; whether it became."""
        loop = asyncio.get_running_loop()
        end = loop.time() + wait
        while loop.time() < end:
            if done():
                return True
            await asyncio.sleep(0.005)
        return bool(done())

    def send(
        self,
        user: int,
        chat: int,
        text: str,
        *,
        reply_to: int = 0,
        thread: int = 0,
        anonymous: bool = False,
        holds: dict[str, Any] | None = None,
    ) -> Message:
        """Write in a chat. The bot is told if it may read it. `holds`: what else is in the message, as the API says."""
        there = self.world.chats[chat]
        message = self.world.new(
            there, user, parse(text, ""), reply_to=reply_to, thread=thread, as_chat=anonymous
        )
        message.more |= holds or {}
        self._tell(there, message)
        return message

    def start(self, user: int, payload: str = "") -> Message:
        """Press Start, by a link or without."""
        self.world.users[user].started = True
        return self.send(user, user, f"/start {payload}".strip())

    def follow(self, user: int, url: str) -> Message:
        """Open a link to the bot, and press Start there."""
        found = re.fullmatch(rf"https://t\.me/{self.world.bot.username}\?start=([A-Za-z0-9_-]{{1,64}})", url)
        if found is None:
            raise LookupError(url)
        return self.start(user, found[1])

    def edit(self, user: int, chat: int, message: int, text: str) -> None:
        """Change one's own message."""
        changed = self.world.chats[chat].messages[message]
        if changed.by != user:
            raise PermissionError(message)
        parsed = parse(text, "")
        changed.text, changed.entities, changed.edits = parsed.text, parsed.entities, changed.edits + 1
        self._tell(self.world.chats[chat], changed, "edited_message")

    def send_file(
        self,
        user: int,
        chat: int,
        name: str,
        content: bytes,
        *,
        photo: bool = False,
        voice: bool = False,
        caption: str = "",
        reply_to: int = 0,
    ) -> Message:
        """Bring a file; `photo`: as clients send pictures, compressed and without a name."""
        number = f"f{len(self.world.files) + 1}"
        self.world.files[number] = content
        file = {"file_id": number, "file_unique_id": f"u{number}", "file_size": len(content)}
        more: dict[str, Any]
        if photo:
            small = file | {"file_id": "small", "file_size": 10, "width": 90, "height": 60}
            more = {"photo": [small, file | {"width": 1280, "height": 853}]}
        elif voice:
            more = {"voice": file | {"duration": 4, "mime_type": "audio/ogg"}}
        else:
            more = {"document": file | {"file_name": name, "mime_type": "application/octet-stream"}}
        message = self.world.new(
            self.world.chats[chat], user, parse(caption, "") if caption else Parsed(""), more=more, reply_to=reply_to
        )  # fmt: skip
        self._tell(self.world.chats[chat], message)
        return message

    # What happens to the bot

    def block(self, user: int, blocks: bool = True) -> None:
        self.world.users[user].blocks = blocks
        there = self.world.chats[user]
        states = ("member", "kicked") if blocks else ("kicked", "member")
        self._membership(there, user, *({"status": one, "user": self.world.bot.told()} for one in states))

    def kick(self, user: int, chat: int) -> None:
        there = self.world.chats[chat]
        old = self.methods.bot_member(there)
        there.kicked, there.rights = True, None
        self._membership(there, user, old, self.methods.bot_member(there))

    def promote(self, user: int, chat: int, rights: str) -> None:
        there = self.world.chats[chat]
        old = self.methods.bot_member(there)
        there.kicked, there.rights = False, set(rights.split())
        self._membership(there, user, old, self.methods.bot_member(there))

    def add(self, user: int, chat: int) -> None:
        """Add the bot to a group."""
        there = self.world.chats[chat]
        there.kicked, there.rights = False, None
        old = {"status": "left", "user": self.world.bot.told()}
        self._membership(there, user, old, self.methods.bot_member(there))

    def migrate(self, chat: int) -> Chat:
        """The group becomes a supergroup: another id, other numbers, the old messages out of reach."""
        old = self.world.chats[chat]
        new = self.group(-1_000_000_000_000 + chat, old.title, *old.members)
        new.rights = old.rights
        old.moved_to = new.id
        said = self.world.new(old, ANONYMOUS, more={"migrate_to_chat_id": new.id})
        self.world.tell("message", self.world.told(said))
        said = self.world.new(new, ANONYMOUS, more={"migrate_from_chat_id": old.id})
        self.world.tell("message", self.world.told(said))
        return new

    def _membership(self, chat: Chat, by: int, old: dict[str, Any], new: dict[str, Any]) -> None:
        told = {
            "chat": chat.told(),
            "from": self.world.user(by).told(),
            "date": self.world.now(),
            "old_chat_member": {"until_date": 0} | old,
            "new_chat_member": {"until_date": 0} | new,
        }
        self.world.tell("my_chat_member", told)

    def _tell(self, chat: Chat, message: Message, kind: str = "message") -> None:
        if self._may_read(chat, message):
            self.world.tell(kind, self.world.told(message))

    def _may_read(self, chat: Chat, message: Message) -> bool:
        """Privacy mode: in a group the bot reads commands and replies to it, all if it is an administrator."""
        if chat.type == "private":
            return not self.world.users[chat.id].blocks
        if chat.kicked:
            return False
        if not self.world.privacy or chat.rights is not None:
            return True
        answered = chat.messages.get(message.reply_to)
        mine = answered is not None and answered.by == self.world.bot.id
        return mine or bool(re.match(rf"/\w+(@{self.world.bot.username}\b|\s|$)", message.text))
