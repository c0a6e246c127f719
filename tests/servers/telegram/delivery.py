"""How updates reach the bot: a long poll, or a push to its webhook."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.servers.telegram.checks import Refused, bad
from tests.servers.telegram.world import World

__all__ = ["Delivery"]

KINDS = frozenset(("message", "edited_message", "callback_query", "my_chat_member"))
"""What a bot is told when it never named what it wants; others exist."""
CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
HOOKED = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


@dataclass
class Delivery:
    world: World
    hook: dict[str, Any] = field(default_factory=dict)
    allowed: frozenset[str] = KINDS
    shuffled: random.Random | None = None
    """Updates of one answer come in any order."""
    patience: float = 1.0
    """What a second is here, for a long poll and for the pauses of the webhook."""
    polls: int = 0
    hook_error: str = ""
    confirmed: dict[int, dict[str, Any]] = field(default_factory=dict)
    """What was confirmed, to be delivered again."""
    _turn: int = 0
    _offset: int | None = None
    _finished: float = 0.0
    _pusher: asyncio.Task[None] | None = None

    # Long polling

    async def get_updates(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        if self.hook:
            raise Refused(409, HOOKED)
        self._turn += 1
        turn, self.polls = self._turn, self.polls + 1
        self.world.news.set()  # a poll that waits is told to go
        if "allowed_updates" in given:
            self.allowed = frozenset(json.loads(given["allowed_updates"]) or KINDS)
        offset = int(given.get("offset") or 0)
        self._confirm(offset)
        limit = min(int(given.get("limit") or 100), 100)
        if offset == self._offset and time.monotonic() - self._finished < 0.5 * self.patience:
            limit = 1
        self._offset = offset
        try:
            return await self._wait(turn, limit, min(float(given.get("timeout") or 0), 50) * self.patience)
        finally:
            self._finished = time.monotonic()

    async def _wait(self, turn: int, limit: int, seconds: float) -> list[dict[str, Any]]:
        until = time.monotonic() + seconds
        while True:
            if turn != self._turn:
                raise Refused(409, CONFLICT)
            self.world.news.clear()
            if found := self._ready(limit):
                return found
            left = until - time.monotonic()
            if left <= 0:
                return []
            try:
                await asyncio.wait_for(self.world.news.wait(), left)
            except TimeoutError:
                continue

    def _confirm(self, offset: int) -> None:
        updates = self.world.updates
        if offset < 0:
            for gone in list(updates)[:offset]:
                updates.remove(gone)
        for one in [one for one in updates if one["update_id"] < offset]:
            updates.remove(one)
            self.confirmed[one["update_id"]] = one

    def _ready(self, limit: int) -> list[dict[str, Any]]:
        self.world.updates = deque(one for one in self.world.updates if self.allowed & one.keys())
        found = sorted(self.world.updates, key=lambda one: one["update_id"])[:limit]
        if self.shuffled is not None:
            self.shuffled.shuffle(found)
        return found

    def again(self, number: int) -> None:
        """Deliver once more what was confirmed, as after a crash on either side."""
        self.world.updates.appendleft(self.confirmed[number])
        self.world.news.set()

    # Webhook

    def set_webhook(self, given: dict[str, Any]) -> bool:
        if not (url := given.get("url", "")):
            return self.delete_webhook(given)
        if not url.startswith(("https://", "http://127.0.0.1")):
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        self.hook = {"url": url, "secret": given.get("secret_token", "")}
        if "allowed_updates" in given:
            self.allowed = frozenset(json.loads(given["allowed_updates"]) or KINDS)
        self._turn += 1
        self.world.news.set()
        if self._pusher is None:
            self._pusher = asyncio.create_task(self._push())
        return True

    def delete_webhook(self, given: dict[str, Any]) -> bool:
        if given.get("drop_pending_updates") == "true":
            self.world.updates.clear()
        self.hook = {}
        if self._pusher is not None:
            self._pusher.cancel()
            self._pusher = None
        return True

    def info(self) -> dict[str, Any]:
        found = {
            "url": self.hook.get("url", ""),
            "has_custom_certificate": False,
            "pending_update_count": len(self.world.updates),
        }
        return found | (
            {"last_error_message": self.hook_error, "last_error_date": self.world.now()}
            if self.hook_error
            else {}
        )

    async def _push(self) -> None:
        pause = 1.0
        async with aiohttp.ClientSession() as session:
            while True:
                if not (ready := self._ready(1)):
                    self.world.news.clear()
                    await self.world.news.wait()
                    continue
                headers = (
                    {"X-Telegram-Bot-Api-Secret-Token": self.hook["secret"]} if self.hook["secret"] else {}
                )
                try:
                    async with session.post(self.hook["url"], json=ready[0], headers=headers) as answer:
                        self.hook_error = (
                            "" if answer.ok else f"Wrong response from the webhook: {answer.status}"
                        )
                except aiohttp.ClientError as error:
                    self.hook_error = str(error)
                if self.hook_error:
                    await asyncio.sleep(pause * self.patience)
                    pause = min(pause * 2, 60)
                else:
                    pause = 1.0
                    self._confirm(ready[0]["update_id"] + 1)
