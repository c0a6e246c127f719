"""What the Bot API checks before it does anything: the chat, the right to write there, the text, the buttons."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.servers.telegram.limits import Limits
from tests.servers.telegram.text import CannotParse, Parsed, parse, units
from tests.servers.telegram.world import Chat, Message, User, World

__all__ = ["Checks", "Refused", "bad"]

LONGEST = 4096


class Refused(Exception):
    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


def bad(description: str) -> Refused:
    return Refused(400, f"Bad Request: {description}")


@dataclass
class Checks:
    world: World
    limits: Limits

    def _chat(self, given: Mapping[str, Any]) -> Chat:
        chat = self.world.chats.get(int(given["chat_id"]))
        if chat is None:
            raise bad("chat not found")
        if chat.moved_to:
            raise Refused(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=chat.moved_to,
            )
        return chat

    def _writable(self, given: Mapping[str, Any]) -> Chat:
        chat = self._chat(given)
        if chat.type == "private":
            self._may_write_to(self.world.users[chat.id])
        elif chat.kicked:
            kind = "supergroup" if chat.type == "supergroup" else "group"
            raise Refused(403, f"Forbidden: bot was kicked from the {kind} chat")
        elif chat.mute and chat.rights is None:
            raise bad("not enough rights to send text messages to the chat")
        return chat

    @staticmethod
    def _may_write_to(user: User) -> None:
        if user.deleted:
            raise Refused(403, "Forbidden: user is deactivated")
        if user.blocks:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        if not user.started:
            raise Refused(403, "Forbidden: bot can't initiate conversation with a user")

    def _editable(self, given: Mapping[str, Any]) -> tuple[Chat, Message]:
        chat = self._writable(given)
        message = chat.messages.get(int(given["message_id"]))
        if message is None:
            raise bad("message to edit not found")
        if message.by != self.world.bot.id or message.more:
            raise bad("message can't be edited")
        return chat, message

    def _parsed(self, given: Mapping[str, Any]) -> Parsed:
        try:
            parsed = parse(given.get("text", ""), given.get("parse_mode", ""))
        except CannotParse as error:
            raise bad(f"can't parse entities: {error}") from error
        if not parsed.text:
            raise bad("message text is empty")
        if units(parsed.text) > LONGEST:
            raise bad("message is too long")
        return parsed

    def _markup(self, given: Mapping[str, Any], chat: Chat) -> dict[str, Any]:
        markup: dict[str, Any] = json.loads(given.get("reply_markup") or "{}")
        buttons = [one for row in markup.get("inline_keyboard", ()) for one in row]
        if len(buttons) > 100:
            raise bad("reply markup is too long")
        for one in buttons:
            if not one["text"].strip():
                raise bad("inline keyboard button text is empty")
            data, url = one.get("callback_data"), one.get("url")
            if data is not None and not 1 <= len(data.encode()) <= 64:
                raise bad("BUTTON_DATA_INVALID")
            if url is not None and not re.match(r"(https?|tg)://", url):
                raise bad("inline keyboard button URL is invalid: Unsupported URL protocol")
            if data is None and url is None:
                raise bad("text buttons are unallowed in the inline keyboard")
        return {} if markup.get("inline_keyboard") == [] else markup

    @staticmethod
    def _thread(given: Mapping[str, Any], chat: Chat) -> int:
        thread = int(given.get("message_thread_id") or 0)
        if thread and thread not in chat.topics:
            raise bad("message thread not found")
        return thread

    def _spend(self, chat: Chat, edit: bool = False) -> None:
        if wait := self.limits.spend(chat.id, edit):
            raise Refused(429, f"Too Many Requests: retry after {wait}", retry_after=wait)

    def _buzz(self, chat: Chat, message: Message) -> None:
        if not message.silent:
            rung = [chat.id] if chat.type == "private" else sorted(chat.members)
            self.world.buzzes += [(user, chat.id, message.id) for user in rung]
