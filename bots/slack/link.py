"""The way in from Slack: Socket Mode, kept alive; or signed HTTP requests.

The library reconnects by itself, with two gaps that a night would find: once a connection fails it tries the same
address for ever, though each serves once; and it retries a refused token as if it were a cut cable. So each first
address is asked for here, and a connection that stays down is thrown away with its client.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import Final, NoReturn

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bots.relay.port import Trouble, Wait
from bots.slack.web import SDK_LOG, Web

__all__ = ["PATH", "keep_linked", "serve_http"]

log = logging.getLogger(__name__)

PATH: Final = "/slack/events"
PING: Final = 5
"""Seconds; the library gives a socket up after four pings without an answer."""
DOWN: Final = 15.0
"""A connection that stays down so long is made anew."""
LOOK: Final = 1.0
PAUSES: Final = (1.0, 30.0)
"""Between two tries: doubled from the first to the last."""
CLOSING: Final = 2.0


class _Handler(AsyncSocketModeHandler):
    """The library's, that knows what it is still answering."""

    def __init__(self, app: AsyncApp, slack: Web) -> None:
        super().__init__(
            app, slack.settings.app_token, logger=SDK_LOG, web_client=slack.client, ping_interval=PING
        )
        self.answering: set[asyncio.Task[object]] = set()

    async def handle(self, client: AsyncBaseSocketModeClient, req: SocketModeRequest) -> None:
        task = asyncio.current_task()
        if task is not None:  # kept here, so that it isn't collected while it runs either
            self.answering.add(task)
            task.add_done_callback(self.answering.discard)
        await super().handle(client, req)  # type: ignore[arg-type]


async def keep_linked(app: AsyncApp, slack: Web) -> NoReturn:
    """Hold one socket open until cancelled."""
    pause = PAUSES[0]
    while True:
        handler = _Handler(app, slack)
        try:
            if await _linked(handler, slack):
                pause = PAUSES[0]
                await _until_down(handler.client, slack)
        except Trouble as trouble:
            log.warning("no socket from Slack: %s", trouble)
            if isinstance(trouble, Wait):
                pause = max(pause, trouble.seconds)
        finally:
            slack.health.unlinked()
            await _close(handler)
        await asyncio.sleep(pause)
        pause = min(pause * 2, PAUSES[1])


async def _linked(handler: _Handler, slack: Web) -> bool:
    told = await slack.asked(
        "apps.connections.open",
        slack.client.apps_connections_open(app_token=slack.settings.app_token),
    )
    handler.client.wss_uri = str(told["url"])
    with suppress(TimeoutError):
        async with asyncio.timeout(DOWN):
            await handler.connect_async()  # type: ignore[no-untyped-call]
            return True
    return False


async def _until_down(client: SocketModeClient, slack: Web) -> None:
    """Return once the socket has been down for too long; the library's own reconnections are left to it."""
    loop = asyncio.get_running_loop()
    alive = loop.time()
    while loop.time() - alive < DOWN:
        slack.health.linked = await client.is_connected()
        if slack.health.linked:
            alive = loop.time()
            slack.health.answered()
        await asyncio.sleep(LOOK)


async def _close(handler: _Handler) -> None:
    """Acknowledge what was taken, then close, even a socket whose other end is silent."""
    client = handler.client
    if handler.answering:
        await asyncio.wait(handler.answering, timeout=CLOSING)
    try:
        async with asyncio.timeout(CLOSING):
            await client.close()  # type: ignore[no-untyped-call]
    except (TimeoutError, ConnectionError):
        client.closed = True
        for task in (client.message_processor, client.current_session_monitor, client.message_receiver):
            if task is not None:
                task.cancel()
        await client.aiohttp_client_session.close()


async def serve_http(app: AsyncApp, slack: Web) -> None:
    """Answer Slack's signed requests until cancelled."""

    async def events(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    site = web.Application()
    site.router.add_post(PATH, events)
    runner = web.AppRunner(site)
    await runner.setup()
    host, port = slack.settings.listen or ("127.0.0.1", 0)
    try:
        await web.TCPSite(runner, host, port).start()
        slack.health.linked = True
        await asyncio.get_running_loop().create_future()
    finally:
        slack.health.unlinked()
        await runner.cleanup()
