"""A Bot API server on loopback, with the limits of the real one and faults on demand."""

from __future__ import annotations

import asyncio
from typing import Any, Self

from aiohttp import web

from tests.servers.telegram.checks import Refused
from tests.servers.telegram.delivery import Delivery
from tests.servers.telegram.limits import Faults, Limits
from tests.servers.telegram.methods import Methods
from tests.servers.telegram.people import People
from tests.servers.telegram.world import ANONYMOUS, User, World

__all__ = ["TOKEN", "Telegram"]

TOKEN = "4242:TEST-telegram_token"
BOT = 4242


class Telegram(People):
    """`async with Telegram() as telegram:` then `telegram.url`, `telegram.token`."""

    def __init__(self, *, username: str = "valmont_bot") -> None:
        self.token = TOKEN
        self.world = World(bot=User(BOT, "Valmont", username, is_bot=True))
        self.world.users[ANONYMOUS] = User(ANONYMOUS, "Group", "GroupAnonymousBot", is_bot=True)
        self.limits = Limits()
        self.faults = Faults()
        self.methods = Methods(self.world, self.limits)
        self.delivery = Delivery(self.world)
        self.revoked = False
        """The token is refused: 401."""
        self.dead = False
        """Nothing answers: every connection is cut."""
        self._runner: web.AppRunner | None = None
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        await self.listen()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.delivery.delete_webhook({})
        await self.close()

    async def listen(self) -> None:
        """Open the door; again after `close`, at the same place."""
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        app.router.add_get("/file/bot{token}/documents/{file}", self._file)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def close(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _file(self, request: web.Request) -> web.Response:
        content = self.world.files.get(request.match_info["file"])
        if request.match_info["token"] != self.token or content is None:
            raise web.HTTPNotFound
        return web.Response(body=content)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        given = await _given(request)
        if self.dead:
            return _cut(request)
        if self.revoked or request.match_info["token"] != self.token:
            return _answer(Refused(401, "Unauthorized"))
        fault = self.faults.next(method)
        if fault is None:
            return _answer(await self._done(method, given))
        if fault.kind == "429":
            wait = int(fault.seconds) or 1
            return _answer(Refused(429, f"Too Many Requests: retry after {wait}", retry_after=wait))
        if fault.kind == "500":
            return _answer(Refused(500, "Internal Server Error"))
        if fault.kind == "502":
            return web.Response(status=502, text="<html>502 Bad Gateway</html>")
        if fault.kind == "timeout":
            await asyncio.sleep(fault.seconds)
        elif fault.kind == "lost":
            await self._done(method, given)
        return _cut(request)

    async def _done(self, method: str, given: dict[str, Any]) -> Any:
        try:
            match method.casefold():
                case "getupdates":
                    return await self.delivery.get_updates(given)
                case "setwebhook":
                    return self.delivery.set_webhook(given)
                case "deletewebhook":
                    return self.delivery.delete_webhook(given)
                case "getwebhookinfo":
                    return self.delivery.info()
                case _:
                    return self.methods.call(method, given)
        except Refused as refused:
            return refused


async def _given(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        return dict(await request.json())
    found: dict[str, Any] = dict(request.query)
    for name, value in (await request.post()).items():
        found[name] = value.file.read() if isinstance(value, web.FileField) else value
    for name, value in list(found.items()):
        if isinstance(value, str) and value.startswith("attach://"):
            found[name] = found[value.removeprefix("attach://")]
    return found


def _answer(result: Any) -> web.Response:
    if not isinstance(result, Refused):
        return web.json_response({"ok": True, "result": result})
    told: dict[str, Any] = {"ok": False, "error_code": result.code, "description": result.description}
    if result.parameters:
        told["parameters"] = result.parameters
    return web.json_response(told, status=result.code)


def _cut(request: web.Request) -> web.Response:
    """Hang up without a word."""
    if request.transport is not None:
        request.transport.close()
    return web.Response()
