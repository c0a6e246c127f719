"""Slack as the relay uses it: post, edit, find again, pin, blank."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final

from bots.chat.values import Content, Place
from bots.relay.port import Closed, Down, Gone, Rejected, Trouble
from bots.slack.render import Block, drawn, notification
from bots.slack.web import Web
from engine.home import Home
from engine.i18n import Words

__all__ = ["EVENT_TYPE", "SURFACE", "SlackPlatform", "user_of"]

SURFACE: Final = "slack"
EVENT_TYPE: Final = "tocsin_card"
"""Marks our messages, with the relay's key beside it: so they are found again after a lost answer."""
PAGE: Final = 200
MOST_PAGES: Final = 10

_UNPINNED: Final = ("already_pinned", "not_pinnable", "too_many_pins", "permission_denied")


def user_of(account: str) -> str:
    """The user of an account `T…/U…`."""
    return account.rpartition("/")[2]


class SlackPlatform:
    """The relay's Platform over the Web API."""

    surface = SURFACE

    def __init__(self, web: Web, home: Home) -> None:
        self._web, self._home = web, home
        self._privates: dict[str, str] = {}

    async def post(self, place: Place, content: Content, *, key: str, silent: bool, repeat: bool) -> str:
        """Post with our key as metadata. Nothing marks a repeat: Slack is asked first (`find`).

        Slack can't post in silence: in a channel, a phone buzzes for those who are mentioned and those who asked
        for every message; in private, always.
        """
        told = await self._web.asked(
            "chat.postMessage",
            self._web.client.chat_postMessage(
                channel=place.chat,
                text=notification(content),
                blocks=self._blocks(place, content),
                metadata={"event_type": EVENT_TYPE, "event_payload": {"key": key}},
                parse="none",
                link_names=False,
                unfurl_links=False,
                unfurl_media=False,
            ),
        )
        return str(told["ts"])

    async def edit(self, place: Place, message: str, content: Content) -> None:
        """Redraw a message: always its text and its blocks, since text alone would take the buttons away."""
        await self._web.asked(
            "chat.update",
            self._web.client.chat_update(
                channel=place.chat,
                ts=message,
                text=notification(content),
                blocks=self._blocks(place, content),
                parse="none",
                link_names=False,
            ),
        )

    async def find(self, place: Place, key: str, since: int) -> str | None:
        """The newest of our messages that carries this key."""
        cursor = None
        for _ in range(MOST_PAGES):
            told = await self._web.asked(
                "conversations.history",
                self._web.client.conversations_history(
                    channel=place.chat,
                    oldest=f"{max(since, 0) / 1000:.6f}",
                    limit=PAGE,
                    include_all_metadata=True,
                    cursor=cursor,
                ),
            )
            for message in told.get("messages", ()):
                if _key(message) == key and message.get("bot_id"):
                    return str(message["ts"])
            cursor = (told.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                break
        return None

    async def pin(self, place: Place, message: str) -> None:
        """Pin; a pin that is there already, or that isn't allowed, is no trouble."""
        try:
            await self._web.asked(
                "pins.add", self._web.client.pins_add(channel=place.chat, timestamp=message)
            )
        except Trouble as trouble:
            if not _no_right(trouble):
                raise

    async def blank(self, place: Place, message: str) -> None:
        """Delete our message, or empty it where the workspace lets nobody delete; it may be gone already."""
        try:
            await self._web.asked("chat.delete", self._web.client.chat_delete(channel=place.chat, ts=message))
        except Gone as gone:
            if gone.args[0] != "message_not_found":
                words = Words(self._home.config.organisation.lang, strict=False)
                with suppress(Gone):  # not ours to empty either: it stays, and is not tried for ever
                    await self.edit(place, message, Content(title=words.say("slack.blanked")))

    async def private(self, account: str) -> str:
        """The direct channel with an account; Closed when it is deactivated or unknown."""
        if account not in self._privates:
            told = await self._web.asked(
                "conversations.open", self._web.client.conversations_open(users=user_of(account))
            )
            self._privates[account] = str(told["channel"]["id"])
        return self._privates[account]

    def _blocks(self, place: Place, content: Content) -> list[Block]:
        """The message, with the users of Slack to whom the people to mention are linked; in private nobody is."""
        mentioned = [
            user_of(id)
            for person in content.mentions
            for surface, id in self._home.house.accounts(person)
            if surface == SURFACE
        ]
        return drawn(content, () if place.person else mentioned)


def _key(message: dict[str, Any]) -> str:
    marked = message.get("metadata") or {}
    if marked.get("event_type") != EVENT_TYPE:
        return ""
    return str((marked.get("event_payload") or {}).get("key") or "")


def _no_right(trouble: Trouble) -> bool:
    match trouble:
        case Down(why=why):
            return why in ("missing_scope", "no_permission")
        case Rejected():
            return trouble.args[0] in _UNPINNED
        case _:
            return isinstance(trouble, Closed)
