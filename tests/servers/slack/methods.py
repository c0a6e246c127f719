"""What each method of the Web API does to the workspace, and what it refuses."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tests.servers.slack.blocks import wrong_blocks
from tests.servers.slack.views import Failed, Views, parsed
from tests.servers.slack.workspace import BOT, Channel, Ephemeral, Message, Workspace

__all__ = ["Failed", "Methods"]


class Methods(Views):
    """One function a method, named after it."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.new_socket: Callable[[], str] = lambda: ""
        self.posted: Callable[[Channel, Message, str], None] = lambda *_: None

    # Channels as the bot sees them

    def _channel(self, id: str, *, writing: bool = False) -> Channel:
        found = self.workspace.channels.get(id)
        if found is None or (found.private and BOT not in found.members):
            raise Failed("channel_not_found")
        if writing and found.archived:
            raise Failed("is_archived")
        if writing and BOT not in found.members:
            raise Failed("not_in_channel")
        return found

    def _own(self, channel: str, ts: str, error: str) -> tuple[Channel, Message]:
        found = self._channel(channel, writing=True)
        message = found.messages.get(ts)
        if message is None:
            raise Failed("message_not_found")
        if not message.mine:
            raise Failed(error)
        return found, message

    # Methods

    def _auth_test(self) -> dict[str, Any]:
        return {
            "url": "https://valmont.slack.com/",
            "team": "Valmont",
            "team_id": self.workspace.team,
            "user": "tocsin",
            "user_id": BOT,
            "bot_id": "B0TOCSIN",
        }

    def _apps_connections_open(self) -> dict[str, Any]:
        return {"url": self.new_socket()}

    def _chat_postmessage(
        self, channel: str, text: str = "", blocks: Any = None, metadata: Any = None, **_: Any
    ) -> dict[str, Any]:
        found = self.workspace.private(channel) if channel.startswith("U") else None
        if found is not None and self.workspace.person(channel).deleted:
            raise Failed("user_disabled")
        found = found or self._channel(channel, writing=True)
        blocks, metadata = _content(text, blocks), parsed(metadata)
        if metadata and set(metadata) != {"event_type", "event_payload"}:
            raise Failed("invalid_metadata_format")
        made = self.workspace.add(found, BOT, _short(text), blocks=blocks, metadata=metadata)
        self.posted(found, made, "")
        return {"channel": found.id, "ts": made.ts, "message": made.as_json(metadata=True)}

    def _chat_update(
        self, channel: str, ts: str, text: str = "", blocks: Any = None, metadata: Any = None, **_: Any
    ) -> dict[str, Any]:
        if channel.startswith("U"):
            raise Failed("channel_not_found")
        found, message = self._own(channel, ts, "cant_update_message")
        if blocks is None and len(text) > 4000:
            raise Failed("msg_too_long")
        message.blocks = _content(text, blocks)  # without blocks, those it had are gone
        message.text, message.edits = _short(text), message.edits + 1
        message.metadata = parsed(metadata) or message.metadata
        self.posted(found, message, "message_changed")
        return {"channel": found.id, "ts": ts, "text": text, "message": message.as_json()}

    def _chat_delete(self, channel: str, ts: str, **_: Any) -> dict[str, Any]:
        found, message = self._own(channel, ts, "cant_delete_message")
        del found.messages[ts]
        found.pins = [one for one in found.pins if one != ts]
        self.posted(found, message, "message_deleted")
        return {"channel": found.id, "ts": ts}

    def _chat_postephemeral(
        self, channel: str, user: str, text: str = "", blocks: Any = None, **_: Any
    ) -> dict[str, Any]:
        found = self._channel(channel, writing=True)
        if user not in found.members:
            raise Failed("user_not_in_channel")
        made = Ephemeral(self.workspace.ts(), user, found.id, text, _content(text, blocks))
        self.workspace.ephemerals.append(made)
        return {"message_ts": made.ts}

    def _conversations_create(self, name: str, is_private: Any = False, **_: Any) -> dict[str, Any]:
        if not re.fullmatch(r"[a-z0-9_\-]{1,80}", name):
            raise Failed("invalid_name_specials")
        if any(one.name == name for one in self.workspace.channels.values()):
            raise Failed("name_taken")
        made = self.workspace.make(name, BOT, private=_true(is_private), creator=BOT)
        return {"channel": made.as_json()}

    def _conversations_info(self, channel: str, **_: Any) -> dict[str, Any]:
        return {"channel": self._channel(channel).as_json()}

    def _conversations_list(self, types: str = "public_channel", **_: Any) -> dict[str, Any]:
        kinds = types.split(",")
        found = [
            one.as_json()
            for one in self.workspace.channels.values()
            if not one.im_of
            and (
                ("private_channel" in kinds and BOT in one.members)
                if one.private
                else "public_channel" in kinds
            )
        ]
        return {"channels": found, "response_metadata": {"next_cursor": ""}}

    def _conversations_members(self, channel: str, **_: Any) -> dict[str, Any]:
        members = sorted(self._channel(channel).members)
        return {"members": members, "response_metadata": {"next_cursor": ""}}

    def _conversations_invite(self, channel: str, users: Any, force: Any = False, **_: Any) -> dict[str, Any]:
        found = self._channel(channel, writing=True)
        asked = users if isinstance(users, list) else users.split(",")
        slips = []
        for one in asked:
            person = self.workspace.people.get(one)
            if one == BOT:
                slips.append((one, "cant_invite_self"))
            elif person is None or person.deleted:
                slips.append((one, "user_not_found"))
            elif one in found.members:
                slips.append((one, "already_in_channel"))
        wrong = [one for one, _ in slips]
        if slips and (not _true(force) or len(slips) == len(asked)):
            raise Failed(slips[0][1], errors=[{"user": one, "error": e, "ok": False} for one, e in slips])
        found.members.update(one for one in asked if one not in wrong)
        return {"channel": found.as_json()}

    def _conversations_kick(self, channel: str, user: str, **_: Any) -> dict[str, Any]:
        found = self._channel(channel, writing=True)
        if user == BOT:
            raise Failed("cant_kick_self")
        if user not in found.members:
            raise Failed("not_in_channel")
        found.members.discard(user)
        return {}

    def _conversations_settopic(self, channel: str, topic: str, **_: Any) -> dict[str, Any]:
        if len(topic) > 250:
            raise Failed("too_long")
        self._channel(channel, writing=True).topic = topic
        return {"channel": self._channel(channel).as_json()}

    def _conversations_archive(self, channel: str, **_: Any) -> dict[str, Any]:
        self._channel(channel, writing=True).archived = True
        return {}

    def _conversations_open(self, users: str, **_: Any) -> dict[str, Any]:
        person = self.workspace.people.get(users)
        if person is None:
            raise Failed("user_not_found")
        if person.deleted:
            raise Failed("user_disabled")
        if person.is_bot:
            raise Failed("cannot_dm_bot")
        return {"channel": {"id": self.workspace.private(users).id}}

    def _conversations_history(
        self,
        channel: str,
        oldest: Any = 0,
        latest: Any = None,
        limit: Any = 100,
        include_all_metadata: Any = False,
        inclusive: Any = False,
        cursor: str = "",
        **_: Any,
    ) -> dict[str, Any]:
        found = self._channel(channel)
        if BOT not in found.members:
            raise Failed("not_in_channel")
        first, last, both = float(oldest), float(cursor or latest or "inf"), _true(inclusive) and not cursor
        shown = [
            one
            for one in found.messages.values()
            if one.thread in ("", one.ts)
            and (first < float(one.ts) < last or (both and float(one.ts) in (first, last)))
        ]
        shown.sort(key=lambda one: one.ts, reverse=True)
        page, more = shown[: int(limit)], shown[int(limit) :]
        return {
            "messages": [one.as_json(_true(include_all_metadata)) for one in page],
            "has_more": bool(more),
            "response_metadata": {"next_cursor": page[-1].ts if more else ""},
        }

    def _conversations_replies(self, channel: str, ts: str, **_: Any) -> dict[str, Any]:
        found = self._channel(channel)
        if ts not in found.messages:
            raise Failed("thread_not_found")
        thread = found.messages[ts].thread or ts
        shown = [one for one in found.messages.values() if thread in (one.ts, one.thread)]
        return {"messages": [one.as_json() for one in shown], "has_more": False}

    def _pins_add(self, channel: str, timestamp: str, **_: Any) -> dict[str, Any]:
        found = self._channel(channel, writing=True)
        if timestamp not in found.messages:
            raise Failed("message_not_found")
        if timestamp in found.pins:
            raise Failed("already_pinned")
        found.pins.append(timestamp)
        return {}

    def _pins_remove(self, channel: str, timestamp: str, **_: Any) -> dict[str, Any]:
        found = self._channel(channel, writing=True)
        if timestamp not in found.pins:
            raise Failed("no_pin")
        found.pins.remove(timestamp)
        return {}

    def _users_info(self, user: str, **_: Any) -> dict[str, Any]:
        person = self.workspace.people.get(user)
        if person is None:
            raise Failed("user_not_found")
        profile = {"real_name": person.name, "display_name": person.name}
        return {
            "user": {
                "id": user,
                "team_id": self.workspace.team,
                "deleted": person.deleted,
                "is_bot": person.is_bot,
                "real_name": person.name,
                "profile": profile,
            }
        }

    def _files_info(self, file: str, **_: Any) -> dict[str, Any]:
        if file not in self.workspace.files:
            raise Failed("file_not_found")
        return {"file": self.workspace.files[file][0]}

    def _reactions_add(self, channel: str, name: str, timestamp: str, **_: Any) -> dict[str, Any]:
        message = self._channel(channel, writing=True).messages.get(timestamp)
        if message is None:
            raise Failed("message_not_found")
        if (name, BOT) in message.reactions:
            raise Failed("already_reacted")
        message.reactions.append((name, BOT))
        return {}


def _true(value: Any) -> bool:
    return value in (True, 1, "1", "true")


def _short(text: str) -> str:
    return text[:40_000]


def _content(text: str, blocks: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = parsed(blocks) or []
    if not found and not text:
        raise Failed("no_text")
    if slips := wrong_blocks(found):
        raise Failed("invalid_blocks", errors=slips, response_metadata={"messages": slips})
    return found
