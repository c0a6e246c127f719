"""The door itself: what Telegram brings goes to the chat rooms, and each answer back to whoever spoke."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from typing import Any

from telegram import Message, Update
from telegram.error import TelegramError

from bots.chat.room import Room
from bots.chat.values import Place
from bots.relay.port import Wire
from bots.telegram.asking import Asking
from bots.telegram.bringing import Bringing
from bots.telegram.callers import SURFACE, Callers, thread_of
from bots.telegram.client import Client
from bots.telegram.commands import offer_commands
from bots.telegram.hand import Hand
from bots.telegram.health import Health
from bots.telegram.hearing import Hearing
from bots.telegram.joining import Joining
from bots.telegram.platform import TelegramPlatform
from bots.telegram.poller import Poller
from bots.telegram.pressing import Pressing
from bots.telegram.settings import TelegramSettings
from bots.telegram.sparing import Sparing
from bots.telegram.standing import House, Standing
from bots.telegram.topics import Topics
from bots.telegram.trouble import why_down
from bots.telegram.webhook import Webhook
from engine.home import Home
from engine.home.leftovers import INCOMING
from engine.timers import Clock, SystemClock

__all__ = ["TelegramDoor"]

log = logging.getLogger(__name__)


class TelegramDoor:
    """One town's bot."""

    def __init__(
        self, room: Room, home: Home, settings: TelegramSettings, clock: Clock | None = None
    ) -> None:
        self._home, self._settings = home, settings
        now = (clock or SystemClock()).now
        self._client = Client(settings)
        self.wire = Wire()
        self._hand = Hand(self._client, wire=self.wire)
        self._callers = Callers(home, self._hand.number)
        asking = Asking(room, home, self._hand, now)
        house = House(home, now)
        joining = Joining(room, home, self._hand)
        self._standing = Standing(house, self._hand, self._callers)
        bringing = Bringing(room, self._hand, home.path / INCOMING)
        self._hearing = Hearing(
            room, self._hand, self._callers, asking, bringing, joining, self._standing, Sparing(now)
        )
        self._pressing = Pressing(room, self._hand, self._callers, asking, bringing, joining)
        self._topics = Topics(self._client, house)
        home.desk.on_commit(self._topics.follow)
        self.platform = TelegramPlatform(self._client, home)
        self.health = Health(now)

    @property
    def name(self) -> str:
        """The bot, as people find it; empty until Telegram has told it."""
        return f"@{self._hand.username}" if self._hand.username else ""

    @property
    def settled(self) -> bool:
        """Whether each open incident has its topic, or the group."""
        return self._topics.settled

    async def run(self) -> None:
        """Until cancelled."""
        way = Webhook if self._settings.webhook_url else Poller
        receiver = way(self._client, self._settings, self.health, self._take)
        try:
            await self._open()
            async with asyncio.TaskGroup() as group:
                group.create_task(receiver.run(), name="telegram-updates")
                group.create_task(self._topics.run(), name="telegram-topics")
                group.create_task(offer_commands(self._client, self._home), name="telegram-commands")
        finally:
            with contextlib.suppress(TelegramError, RuntimeError):
                await self._client.shutdown()

    async def _open(self) -> None:
        """Ask who we are, until Telegram answers. Its refusal names the token: it is never logged."""
        pause = self._settings.pause
        while True:
            try:
                await self._client.initialize()
                if not self._settings.webhook_url:
                    await self._client.delete_webhook(drop_pending_updates=False)
                break
            except TelegramError as error:
                why = why_down(error)
                if self.health.why != why:
                    log.error("Telegram doesn't open: %s", why)
                self.health.down(why)
                await asyncio.sleep(pause)
                pause = min(pause * 1.5, self._settings.longest_pause)
        self._hand.username = self._client.username
        await self._standing.named()

    async def _take(self, raw: Mapping[str, Any]) -> None:
        """One update. What can't be read raises: it is passed by whoever received it."""
        try:
            update = self._client.read(dict(raw))
        except Exception:
            await self._spare(raw)
            raise
        key = self._callers.key(update.update_id)
        if (query := update.callback_query) is not None:
            await self._pressing.take(query, key)
        elif update.my_chat_member is not None:
            await self._standing.member(update.my_chat_member, key)
        else:
            await self._message(update, key)

    async def _message(self, update: Update, key: str) -> None:
        if (edited := update.edited_message) is not None:
            await self._hearing.changed(edited, key)
        elif (message := update.message) is not None and not await self._standing.moved(message):
            await self._hearing.take(message, key)
            self._seen(message)

    def _seen(self, message: Message) -> None:
        """What people write pushes the cards up; what Telegram says of ours (pinned…) doesn't count."""
        if message.from_user is not None and not message.from_user.is_bot:
            place = Place(surface=SURFACE, chat=str(message.chat.id), thread=thread_of(message))
            self.wire.listener.seen(place)

    async def _spare(self, raw: Mapping[str, Any]) -> None:
        """A press that can't be read is answered all the same, if it has a name."""
        query = raw.get("callback_query")
        if isinstance(query, Mapping) and isinstance(query.get("id"), str):
            await self._pressing.spare(query["id"])
