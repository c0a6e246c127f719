"""Ask Telegram for updates, for ever: an update is confirmed once what it did is durable, and never before.

PTB's own loop confirms what it has put in memory, and ends for good at one 401. Here the offset moves past an update
when it has been handled; it is never stored (ids start anywhere after a quiet week): receipts make a redelivery
harmless. Messages of one chat are handled in order, those of different chats side by side.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from telegram.error import RetryAfter, TelegramError

from bots.relay.port import Wait
from bots.telegram.choosing import PREFIX
from bots.telegram.client import Client
from bots.telegram.health import Health
from bots.telegram.holding import held
from bots.telegram.settings import TelegramSettings
from bots.telegram.trouble import trouble, why_down
from engine.journal.errors import JournalUnavailable

__all__ = ["Poller", "chat_of"]

log = logging.getLogger(__name__)

PATIENCE: Final = 1.0
"""Seconds after which one slow update holds the others' up no longer; it stays unconfirmed."""
_GROWS: Final = 1.5

Raw = Mapping[str, Any]
Take = Callable[[Raw], Awaitable[None]]


class Poller:
    """One poll at a time. `take` handles an update; what it raises is logged, and the update is passed."""

    def __init__(self, client: Client, settings: TelegramSettings, health: Health, take: Take) -> None:
        self._client, self._settings, self._health, self._take = client, settings, health, take
        self._offset: int | None = None
        self._busy: dict[int, asyncio.Task[None]] = {}
        """Being handled, and not durable yet."""
        self._idle = asyncio.Event()
        """Nothing is: all that came may be confirmed."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._done: set[int] = set()
        """Handled, and not confirmed yet because one before is still being handled."""
        self._lanes: dict[str, asyncio.Event] = {}
        """Of each chat, whether its last update is durable: the next one follows it then."""

    async def run(self) -> None:
        """Until cancelled."""
        pause = self._settings.pause
        try:
            while True:
                try:
                    # Until Telegram is known to answer, it is asked for what there is now: a long poll would tell
                    # only at its end that all is well.
                    hold = self._health.sound and not self._busy
                    found = await self._client.updates(self._offset, hold=hold)
                except TelegramError as error:
                    pause = await self._rest(error, pause)
                    continue
                self._health.good()
                pause = self._settings.pause
                await self._handle(found)
        finally:
            await self._stop()

    async def _rest(self, error: TelegramError, pause: float) -> float:
        """Say why, wait, and how long to wait next time. A token that is refused may be mended any day."""
        why = why_down(error)
        if self._health.why != why:
            log.error("Telegram gives no updates: %s", why)
        self._health.down(why)
        if isinstance(error, RetryAfter):
            found = trouble(error)
            await asyncio.sleep(found.seconds if isinstance(found, Wait) else pause)
            return pause
        if why == "conflict":  # another program polls: to take it back at once would end its poll, then ours…
            pause = max(pause, 3 * self._settings.pause)
        await asyncio.sleep(pause)
        return min(pause * _GROWS, self._settings.longest_pause)

    async def _handle(self, found: list[dict[str, Any]]) -> None:
        for raw in sorted(found, key=lambda one: int(one["update_id"])):
            number = int(raw["update_id"])
            if number not in self._busy and number not in self._done:
                self._start(number, raw)
        if self._busy:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    await self._idle.wait()
        self._advance(found)

    def _advance(self, found: list[dict[str, Any]]) -> None:
        if self._busy:
            self._offset = min(self._busy)
        elif self._done:
            self._offset = max(self._done) + 1
        elif not found:
            # All is confirmed: from the earliest on, wherever its number starts.
            self._offset = None
        if self._offset is not None:
            self._done = {one for one in self._done if one >= self._offset}

    def _start(self, number: int, raw: Raw) -> None:
        lane, durable = chat_of(raw), asyncio.Event()
        before, self._lanes[lane] = self._lanes.get(lane), durable
        task = asyncio.create_task(self._one(number, raw, before, durable), name=f"telegram-update-{number}")
        self._busy[number] = task
        self._idle.clear()
        self._tasks.add(task)
        task.add_done_callback(lambda done: self._ended(number, lane, durable, done))

    async def _one(self, number: int, raw: Raw, before: asyncio.Event | None, durable: asyncio.Event) -> None:
        if before is not None:
            await before.wait()
        held(lambda: self._release(number, durable))
        try:
            await self._durably(number, raw)
        except Exception:
            # One update that nobody can read must not hold up the crisis: it is passed, and somebody reads the log.
            log.exception("update %d could not be handled, and is passed over", number)

    async def _durably(self, number: int, raw: Raw) -> None:
        """Try again for as long as nothing can be written: the update stays with Telegram."""
        pause = self._settings.pause
        while True:
            try:
                return await self._take(raw)
            except JournalUnavailable as error:
                log.error("update %d waits: the journal can't be written (%s)", number, error.code)
                await asyncio.sleep(pause)
                pause = min(pause * _GROWS, self._settings.longest_pause)

    def _release(self, number: int, durable: asyncio.Event) -> None:
        durable.set()
        if self._busy.pop(number, None) is not None:
            self._done.add(number)
        if not self._busy:
            self._idle.set()

    def _ended(self, number: int, lane: str, durable: asyncio.Event, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if task.cancelled():
            self._busy.pop(number, None)
        self._release(number, durable)
        if self._lanes.get(lane) is durable:
            del self._lanes[lane]

    async def _stop(self) -> None:
        """Finish what is being handled, briefly, and confirm what is done: nobody is then answered twice."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=PATIENCE)
        self._advance([])
        for task in self._tasks:
            task.cancel()
        if self._offset is not None and self._health.sound:
            with contextlib.suppress(TelegramError, TimeoutError):
                await asyncio.wait_for(self._client.updates(self._offset, hold=False), PATIENCE)


def chat_of(raw: Raw) -> str:
    """The chat that an update is about: its updates are handled one after the other.

    A press of the procedure's own waits for nothing: the desk takes orders in the order they come, and commits
    together those that come together.
    """
    for content in raw.values():
        if isinstance(content, Mapping):
            if "data" in content and not str(content["data"]).startswith(PREFIX):
                return f"press/{content.get('id')}"
            about = content.get("message") if "data" in content else content
            chat = about.get("chat") if isinstance(about, Mapping) else None
            if isinstance(chat, Mapping):
                return f"{chat.get('id')}"
    return ""
