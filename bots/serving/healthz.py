"""`/healthz`: is the bell alive? For a monitor on this machine; it names nobody and tells nothing of a crisis.

200 while people can press somewhere, even if a platform is out of reach; 503 when the journal can't be written, or the
timers have stopped.
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
async def answering(address: str, told: Callable[[], dict[str, Any]]) -> AsyncIterator[int]:
    """Answer at `address` (`host:port`) with what `told` says; yields the port. CannotListen says why not."""

    async def healthz(_: web.Request) -> web.Response:
        found = told()
        return web.json_response(found, status=503 if found["status"] == "down" else 200)

    app = web.Application()
    app.router.add_get("/healthz", healthz)
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
