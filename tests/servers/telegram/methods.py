"""The methods of the Bot API that a bot of ours may call, with the refusals of the real one."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.servers.telegram.checks import Checks, Refused, bad
from tests.servers.telegram.text import parse, units
from tests.servers.telegram.world import Chat

__all__ = ["Methods", "Query"]

TWO_DAYS = 48 * 3600


@dataclass
class Query:
    """A press that waits: its button turns until it is answered."""

    user: int
    at: int
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    text: str = ""
    alert: bool = False
    url: str = ""


@dataclass
class Methods(Checks):
    queries: dict[str, Query] = field(default_factory=dict)
    patience: int = 30
    """Seconds after which a press is too old to be answered."""
    commands: dict[tuple[str, str], list[dict[str, str]]] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def call(self, method: str, given: dict[str, Any]) -> Any:
        found = getattr(self, f"on_{method.casefold()}", None)
        if found is None:
            raise Refused(404, "Not Found")
        self.calls.append((method, given))
        return found(given)

    # Asking

    def on_getme(self, _: Mapping[str, Any]) -> Any:
        return self.world.bot.told() | {
            "can_join_groups": True,
            "can_read_all_group_messages": not self.world.privacy,
            "supports_inline_queries": False,
        }

    def on_getchat(self, given: Mapping[str, Any]) -> Any:
        chat = self._chat(given)
        return chat.told() | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": _GIFTS}

    def on_getchatmember(self, given: Mapping[str, Any]) -> Any:
        chat, user = self._chat(given), int(given["user_id"])
        if user == self.world.bot.id:
            return self.bot_member(chat)
        if user not in self.world.users:
            raise bad("PARTICIPANT_ID_INVALID")
        status = "member" if user in chat.members else "left"
        return {"status": status, "user": self.world.users[user].told()}

    def bot_member(self, chat: Chat) -> dict[str, Any]:
        user = self.world.bot.told()
        if chat.kicked:
            return {"status": "kicked", "user": user, "until_date": 0}
        if chat.rights is None:
            return {"status": "member", "user": user}
        return {"status": "administrator", "user": user, "can_be_edited": False, "is_anonymous": False} | {
            name: name in chat.rights for name in _RIGHTS
        }

    def on_getfile(self, given: Mapping[str, Any]) -> Any:
        content = self.world.files.get(given["file_id"])
        if content is None:
            raise bad("invalid file_id")
        if len(content) > 20 * 1024 * 1024:
            raise bad("file is too big")
        file = {
            "file_id": given["file_id"],
            "file_unique_id": f"u{given['file_id']}",
            "file_size": len(content),
        }
        return file | {"file_path": f"documents/{given['file_id']}"}

    # Writing

    def on_sendmessage(self, given: Mapping[str, Any]) -> Any:
        chat = self._writable(given)
        parsed, markup = self._parsed(given), self._markup(given, chat)
        thread = self._thread(given, chat)
        reply = json.loads(given.get("reply_parameters") or "{}")
        if (
            reply
            and reply["message_id"] not in chat.messages
            and not reply.get("allow_sending_without_reply")
        ):
            raise bad("message to be replied not found")
        self._spend(chat)
        silent, to = given.get("disable_notification") == "true", reply.get("message_id", 0)
        message = self.world.new(
            chat, self.world.bot.id, parsed, markup=markup, thread=thread, silent=silent, reply_to=to
        )
        self._buzz(chat, message)
        return self.world.told(message)

    def on_senddocument(self, given: Mapping[str, Any]) -> Any:
        chat = self._writable(given)
        thread, content = self._thread(given, chat), given["document"]
        parsed = parse(given.get("caption", ""), given.get("parse_mode", ""))
        if units(parsed.text) > 1024:
            raise bad("message caption is too long")
        self._spend(chat)
        number = f"sent{len(self.world.files)}"
        self.world.files[number] = content
        document = {"file_id": number, "file_unique_id": number, "file_size": len(content)}
        message = self.world.new(chat, self.world.bot.id, parsed, thread=thread, more={"document": document})
        return self.world.told(message)

    def on_editmessagetext(self, given: Mapping[str, Any]) -> Any:
        chat, message = self._editable(given)
        parsed, markup = self._parsed(given), self._markup(given, chat)
        if (parsed.text, parsed.entities, markup) == (message.text, message.entities, message.markup):
            raise bad(_SAME)
        self._spend(chat, edit=True)
        message.text, message.entities, message.markup = parsed.text, parsed.entities, markup
        message.edits += 1
        return self.world.told(message)

    def on_editmessagereplymarkup(self, given: Mapping[str, Any]) -> Any:
        chat, message = self._editable(given)
        markup = self._markup(given, chat)
        if markup == message.markup:
            raise bad(_SAME)
        self._spend(chat, edit=True)
        message.markup = markup
        message.edits += 1
        return self.world.told(message)

    def on_deletemessage(self, given: Mapping[str, Any]) -> Any:
        chat = self._chat(given)
        message = chat.messages.get(int(given["message_id"]))
        if message is None:
            raise bad("message to delete not found")
        mine = message.by == self.world.bot.id or chat.type == "private"
        if self.world.now() - message.date > TWO_DAYS or not (
            mine or "can_delete_messages" in (chat.rights or ())
        ):
            raise bad("message can't be deleted for everyone")
        del chat.messages[message.id]
        return True

    def on_pinchatmessage(self, given: Mapping[str, Any]) -> Any:
        chat = self._chat(given)
        if chat.type != "private" and "can_pin_messages" not in (chat.rights or ()):
            raise bad("not enough rights to manage pinned messages in the chat")
        if int(given["message_id"]) not in chat.messages:
            raise bad("message to pin not found")
        self._spend(chat, edit=True)
        chat.pinned.append(int(given["message_id"]))
        return True

    def on_answercallbackquery(self, given: Mapping[str, Any]) -> Any:
        query = self.queries.get(given["callback_query_id"])
        if query is None or query.answered.is_set() or self.world.now() - query.at > self.patience:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        url, text = given.get("url", ""), given.get("text", "")
        if url and not re.fullmatch(
            rf"https://t\.me/{self.world.bot.username}\?start=[A-Za-z0-9_-]{{1,64}}", url
        ):
            raise bad("URL_INVALID")
        if units(text) > 200:
            raise bad("MESSAGE_TOO_LONG")
        query.text, query.url, query.alert = text, url, given.get("show_alert") == "true"
        query.answered.set()
        return True

    def on_createforumtopic(self, given: Mapping[str, Any]) -> Any:
        chat = self._chat(given)
        if not chat.forum:
            raise bad("the chat is not a forum")
        if "can_manage_topics" not in (chat.rights or ()):
            raise bad("not enough rights to create a topic")
        if not 1 <= len(given["name"]) <= 128:
            raise bad("TOPIC_TITLE_INVALID")
        message = self.world.new(chat, self.world.bot.id, more={"forum_topic_created": {}})
        chat.topics[message.id] = given["name"]
        return {"message_thread_id": message.id, "name": given["name"], "icon_color": 7322096}

    def on_setmycommands(self, given: Mapping[str, Any]) -> Any:
        listed = json.loads(given["commands"])
        for one in listed:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", one["command"]):
                raise bad("BOT_COMMAND_INVALID")
            if not 1 <= len(one["description"]) <= 256:
                raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
        if len(listed) > 100:
            raise bad("BOT_COMMANDS_TOO_MUCH")
        scope = json.loads(given.get("scope") or '{"type": "default"}')["type"]
        self.commands[scope, given.get("language_code", "")] = listed
        return True


_SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
_GIFTS = {
    "unlimited_gifts": True, "limited_gifts": True, "unique_gifts": True, "premium_subscription": True,
    "gifts_from_channels": True,
}  # fmt: skip
_RIGHTS = (
    "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members", "can_promote_members",
    "can_change_info", "can_invite_users", "can_pin_messages", "can_manage_topics", "can_post_stories",
    "can_edit_stories", "can_delete_stories",
)  # fmt: skip
