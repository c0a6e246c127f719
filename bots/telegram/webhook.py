"""Updates that Telegram pushes: an option, for who has an address with a certificate. Polling needs no way in."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from weakref import WeakValueDictionary

from aiohttp import web
from telegram.error import TelegramError

from bots.telegram.client import ALLOWED, Client
from bots.telegram.health import Health
from bots.telegram.poller import Take, chat_of
from bots.telegram.settings import TelegramSettings
from bots.telegram.trouble import why_down
from engine.journal.errors import JournalUnavailable

__all__ = ["Webhook"]

log = logging.getLogger(__name__)

SECRET: Final = "X-Telegram-Bot-Api-Secret-Token"
_LARGEST: Final = 4 * 1024 * 1024


class Webhook:
    """Answers 200 once an update is durable; anything else, and Telegram brings it again."""

    def __init__(self, client: Client, settings: TelegramSettings, health: Health, take: Take) -> None:
        self._client, self._settings, self._health, self._take = client, settings, health, take
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        """Of each chat, for as long as somebody waits there."""

    async def run(self) -> None:
        """Until cancelled. Telegram is told where to push, and told again when it forgot."""
        async with self._open():
            pause = self._settings.pause
            while True:
                try:
                    await self._register()
                except TelegramError as error:
                    self._health.down(why_down(error))
                    await asyncio.sleep(pause)
                    pause = min(pause * 1.5, self._settings.longest_pause)
                    continue
                pause = self._settings.pause
                await asyncio.sleep(self._settings.longest_pause)

    async def _register(self) -> None:
        info = await self._client.get_webhook_info()
        if info.url != self._settings.webhook_url or self._health.why == "starting":
            await self._client.set_webhook(
                self._settings.webhook_url,
                allowed_updates=ALLOWED,
                secret_token=self._settings.webhook_secret,
                max_connections=40,
            )
        elif info.last_error_message and info.pending_update_count:
            log.error("Telegram can't push its updates to us: %s", info.last_error_message)
            self._health.down("webhook")
            return
        self._health.good()

    @asynccontextmanager
    async def _open(self) -> AsyncIterator[None]:
        host, _, port = self._settings.webhook_listen.rpartition(":")
        app = web.Application(client_max_size=_LARGEST)
        app.router.add_post("/{path:.*}", self._pushed)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, host or "127.0.0.1", int(port)).start()
            yield
        finally:
            await runner.cleanup()

    async def _pushed(self, request: web.Request) -> web.Response:
        """Without our secret it is not Telegram: nothing is read, and nothing is said."""
        given = request.headers.get(SECRET, "").encode()
        if not hmac.compare_digest(given, self._settings.webhook_secret.encode()):
            return web.Response(status=403)
        try:
            raw = await request.json(loads=json.loads)
        except ValueError:
            return web.Response(status=400)
        if not isinstance(raw, dict):
            return web.Response(status=400)
        lane = chat_of(raw)
        try:
            lock = self._locks.setdefault(lane, asyncio.Lock())
            async with lock:
                await self._take(raw)
        except JournalUnavailable as error:
            log.error("an update waits: the journal can't be written (%s)", error.code)
            return web.Response(status=503)
        except Exception:
            # Brought again it would fail again: it is passed, and somebody reads the log.
            log.exception("update %s could not be handled, and is passed over", raw.get("update_id"))
        self._health.good()
        return web.Response()
