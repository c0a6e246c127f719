"""The Web API: arguments, tokens, scopes, limits, and what each method does to the workspace."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from aiohttp import web

from tests.servers.slack.faults import Faults
from tests.servers.slack.limits import METHODS, Limits
from tests.servers.slack.methods import Failed, Methods
from tests.servers.slack.workspace import Workspace

__all__ = ["Api", "Failed"]


class Api(Methods):
    """Every method, on one workspace."""

    def __init__(self, workspace: Workspace, limits: Limits, faults: Faults, scopes: set[str]) -> None:
        super().__init__(workspace)
        self.limits, self.faults, self.scopes = limits, faults, scopes
        self.bot_token, self.app_token = "xoxb-valmont", "xapp-valmont"
        self.revoked = False
        self.used: set[str] = set()
        """The scopes that the calls so far needed."""
        self.url = ""
        self.calls: list[tuple[str, dict[str, Any]]] = []

    # The way in

    async def handle(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        fault = self.faults.call(method)
        arguments = await _arguments(request)
        if fault == "cut":
            return _cut(request)
        if fault == "hang":
            await asyncio.sleep(self.faults.hang)
        if fault == "500":
            return web.Response(status=500, text="<html>Slack</html>", content_type="text/html")
        if fault == "429":
            return self._slow(self.faults.retry_after)
        try:
            if fault not in ("", "lost", "hang"):
                raise Failed(fault)
            told = self._call(method, arguments, request.headers.get("Authorization", ""))
        except _TooFast as slow:
            return self._slow(slow.seconds)
        except Failed as failed:
            return self._answer({"ok": False, "error": failed.error, **failed.more})
        if fault == "lost":
            return _cut(request)
        return self._answer({"ok": True, **told})

    def _answer(self, body: dict[str, Any]) -> web.Response:
        return web.json_response(body, headers={"x-oauth-scopes": ",".join(sorted(self.scopes))})

    def _slow(self, seconds: int) -> web.Response:
        return web.json_response(
            {"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": str(seconds)}
        )

    def _call(self, method: str, arguments: dict[str, Any], authorization: str) -> dict[str, Any]:
        if method not in METHODS:
            raise Failed("unknown_method")
        token = authorization.removeprefix("Bearer ") or arguments.get("token", "")
        if token != (self.app_token if method == "apps.connections.open" else self.bot_token):
            raise Failed("invalid_auth")
        if self.revoked:
            raise Failed("token_revoked")
        for scope in METHODS[method][1]:
            if scope not in self.scopes:
                raise Failed("missing_scope", needed=scope, provided=",".join(sorted(self.scopes)))
        wait = self.limits.wait(method, str(arguments.get("channel", "")), self.workspace.clock())
        if wait:
            raise _TooFast(wait)
        self.used.update(METHODS[method][1])
        self.calls.append((method, arguments))
        act = getattr(self, f"_{re.sub(r'[.]', '_', method)}".lower())
        return act(**{name: one for name, one in arguments.items() if name != "token"})  # type: ignore[no-any-return]

    # Files

    async def download(self, request: web.Request) -> web.Response:
        """What a file holds; to whoever has no right, a page to log in, as Slack does."""
        kept = self.workspace.files.get(request.match_info["file"])
        allowed = request.headers.get("Authorization") == f"Bearer {self.bot_token}"
        if kept is None or not allowed or "files:read" not in self.scopes:
            return web.Response(text="<html>Sign in</html>", content_type="text/html")
        self.used.add("files:read")
        return web.Response(body=kept[1], content_type=kept[0]["mimetype"])


class _TooFast(Exception):
    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


async def _arguments(request: web.Request) -> dict[str, Any]:
    told: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        told.update(await request.json())
    else:
        told.update({name: str(value) for name, value in (await request.post()).items()})
    return told


def _cut(request: web.Request) -> web.Response:
    """Close the connection before anything is answered."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
