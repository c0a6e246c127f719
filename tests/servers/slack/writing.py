"""What people write in channels, and what Slack tells the app of it."""

from __future__ import annotations

from typing import Any

from tests.servers.slack.server import Server
from tests.servers.slack.workspace import BOT

__all__ = ["Writing"]


class Writing(Server):
    """The server, with people who write, react, edit and delete."""

    async def write(
        self, user: str, channel: str, text: str, *files: tuple[str, str, bytes], thread: str = ""
    ) -> str:
        """Write a message, with files (name, media type, content); its ts."""
        found = self.workspace.channel(channel)
        kept = [self.upload(user, *one) for one in files]
        made = self.workspace.add(found, user, text, files=kept, thread=thread)
        event = {**made.as_json(), "team": self.workspace.team} | ({"subtype": "file_share"} if kept else {})
        if (payload := self.message_event(found, event)) is not None:
            await self.delivery.event(payload)
        if f"<@{BOT}>" in text:
            told = {"type": "app_mention", "channel": found.id, "user": user, "text": text, "ts": made.ts}
            await self._told(self.event("app_mention", told))
        return made.ts

    async def add_bot(self, user: str, channel: str) -> None:
        """Type `/invite @tocsin` in a channel."""
        found = self.workspace.channel(channel)
        found.members.add(BOT)
        told = {"type": "member_joined_channel", "user": BOT, "channel": found.id, "channel_type": "G"}
        await self._told(self.event("member_joined_channel", {**told, "inviter": user}))

    def upload(self, user: str, name: str, media: str, content: bytes) -> dict[str, Any]:
        """Give a file to Slack; what is told of it."""
        id = f"F{self.workspace.number():07d}"
        url = f"{self.url}/files/{id}"
        told = {
            "id": id,
            "name": name,
            "mimetype": media,
            "size": len(content),
            "user": user,
            "mode": "hosted",
        }
        told |= {"url_private": url, "url_private_download": url}
        self.workspace.files[id] = (told, content)
        return told

    async def edit_message(self, user: str, channel: str, ts: str, text: str) -> None:
        """Change one's own message."""
        found = self.workspace.channel(channel)
        message = found.messages[ts]
        before, message.text = message.as_json(), text
        after = {**message.as_json(), "edited": {"user": user, "ts": self.workspace.ts()}}
        told = {"subtype": "message_changed", "message": after, "previous_message": before}
        await self._told(self.message_event(found, {**told, "ts": self.workspace.ts(), "hidden": True}))

    async def delete_message(self, user: str, channel: str, ts: str) -> None:
        """Delete a message, one's own or, as an administrator, another's."""
        found = self.workspace.channel(channel)
        message = found.messages.pop(ts)
        found.pins = [one for one in found.pins if one != ts]
        told = {"subtype": "message_deleted", "deleted_ts": ts, "previous_message": message.as_json()}
        await self._told(self.message_event(found, {**told, "ts": self.workspace.ts(), "hidden": True}))

    async def react(self, user: str, channel: str, ts: str, name: str = "pushpin") -> dict[str, Any] | None:
        """Put an emoji on a message; what was delivered."""
        found = self.workspace.channel(channel)
        message = found.messages[ts]
        message.reactions.append((name, user))
        told = {
            "type": "reaction_added",
            "user": user,
            "reaction": name,
            "item": {"type": "message", "channel": found.id, "ts": ts},
            "item_user": message.user,
        }
        payload = self.event("reaction_added", told) if BOT in found.members else None
        await self._told(payload)
        return payload

    async def archive(self, channel: str) -> None:
        """Archive a channel."""
        found = self.workspace.channel(channel)
        found.archived = True
        kind = "group_archive" if found.private else "channel_archive"
        await self._told(self.event(kind, {"type": kind, "channel": found.id}))

    async def throw_out(self, channel: str) -> None:
        """Remove the bot from a channel."""
        found = self.workspace.channel(channel)
        found.members.discard(BOT)
        kind = "group_left" if found.private else "channel_left"
        await self._told(self.event(kind, {"type": kind, "channel": found.id}))

    async def open_home(self, user: str) -> None:
        """Open the app's own tab."""
        told = {
            "type": "app_home_opened",
            "user": user,
            "tab": "home",
            "channel": self.workspace.private(user).id,
        }
        await self._told(self.event("app_home_opened", told))

    async def _told(self, payload: dict[str, Any] | None) -> None:
        if payload is not None:
            await self.delivery.event(payload)
