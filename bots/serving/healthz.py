"""What programs on this machine ask: `/healthz`, whether the bell is alive; `/pca.ics`, what the town has to do.

Neither names anybody nor tells anything of a crisis. Health: 200 while people can press somewhere, even if a platform
is out of reach; 503 when the journal can't be written, or the timers have stopped. The agenda: 503 when it can't be
made.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

__all__ = ["CannotListen", "answering"]


class CannotListen(Exception):
    """The address is taken, or is none."""

    def __init__(self, address: str, detail: str) -> None:
        super().__init__(f"{address}: {detail}")
        self.address, self.detail = address, detail


@asynccontextmanager
async def answering(
    address: str, told: Callable[[], dict[str, Any]], agenda: Callable[[], bytes | None]
) -> AsyncIterator[int]:
    """Answer at `address` (`host:port`) with what these say; yields the port. CannotListen says why not."""

    async def healthz(_: web.Request) -> web.Response:
        found = told()
        return web.json_response(found, status=503 if found["status"] == "down" else 200)

    async def calendar(_: web.Request) -> web.Response:
        found = agenda()
        if found is None:
            raise web.HTTPServiceUnavailable
        return web.Response(body=found, content_type="text/calendar", charset="utf-8")

    app = web.Application()
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/pca.ics", calendar)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        host, _, port = address.rpartition(":")
        if not port.isdecimal():
            raise CannotListen(address, "HOST:PORT")
        try:
            await web.TCPSite(runner, host.strip("[]") or "127.0.0.1", int(port)).start()
        except (OSError, ValueError, OverflowError) as error:
            raise CannotListen(address, getattr(error, "strerror", None) or str(error)) from error
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()
