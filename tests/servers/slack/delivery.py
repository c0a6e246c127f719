"""How Slack tells an app what happened: envelopes on its sockets, or signed requests to its address."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import WSMsgType, web

from tests.servers.slack.faults import Faults

__all__ = ["Acked", "Delivery"]

MOST_SOCKETS = 10
PATIENCE = 3.0
"""Seconds within which an app must acknowledge."""


@dataclass(frozen=True)
class Acked:
    """How the app acknowledged. `seconds` is None when it didn't in time: the person sees an error."""

    seconds: float | None
    payload: Any = None

    @property
    def ok(self) -> bool:
        return self.seconds is not None


class Delivery:
    """Sockets and requests of one app."""

    def __init__(self, faults: Faults, number: Callable[[], int], minute: float = 60.0) -> None:
        self.faults, self.minute = faults, minute
        self.url = ""
        self.http = ""
        """The app's request URL; empty for Socket Mode."""
        self.secret = "shhh"
        self.refuses_sockets = False
        self.pongs = True
        self.opened = 0
        """Sockets opened so far."""
        self.not_acked = 0
        self.spawn: Callable[[Coroutine[Any, Any, None]], None] = lambda work: work.close()
        self._number = number
        self._tickets: set[str] = set()
        self._sockets: list[web.WebSocketResponse] = []
        self._waiting: dict[str, asyncio.Future[Any]] = {}

    # Sockets

    def ticket(self) -> str:
        """A URL that opens one socket."""
        made = f"ticket-{self._number()}"
        self._tickets.add(made)
        return f"{self.url.replace('http', 'ws', 1)}/link?ticket={made}"

    async def socket(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        known = ticket in self._tickets
        self._tickets.discard(ticket)  # it serves once, even in vain
        if self.refuses_sockets or not known:
            return web.Response(status=408)
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        if len(self._sockets) >= MOST_SOCKETS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            return socket
        await socket.send_json(
            {
                "type": "hello",
                "num_connections": len(self._sockets) + 1,
                "debug_info": {"approximate_connection_time": 18060},
                "connection_info": {"app_id": "A0TOCSIN"},
            }
        )
        self._sockets.append(socket)
        self.opened += 1
        try:
            async for message in socket:
                if message.type == WSMsgType.PING and self.pongs:
                    await socket.pong(message.data)
                elif message.type == WSMsgType.TEXT:
                    self._answered(json.loads(message.data))
        finally:
            if socket in self._sockets:
                self._sockets.remove(socket)
        return socket

    def _answered(self, told: dict[str, Any]) -> None:
        waiting = self._waiting.pop(told.get("envelope_id", ""), None)
        if waiting is not None and not waiting.done():
            waiting.set_result(told.get("payload"))

    @property
    def sockets(self) -> int:
        return sum(not one.closed for one in self._sockets)

    async def warn(self) -> None:
        """Say that the sockets are to be renewed, as Slack does every few hours."""
        for one in list(self._sockets):
            await one.send_json({"type": "disconnect", "reason": "refresh_requested", "debug_info": {}})

    async def cut(self) -> None:
        """Cut every socket without a word."""
        for one in list(self._sockets):
            self._sockets.remove(one)
            transport = one._req.transport if one._req is not None else None
            if transport is not None:
                transport.abort()

    # Telling

    async def tell(
        self, kind: str, payload: dict[str, Any], *, attempt: int | None = None, reason: str = ""
    ) -> Acked:
        """Deliver once. `kind`: interactive, slash_commands, events_api."""
        if self.faults.happens("late"):
            await asyncio.sleep(0.05)
        send = self._request if self.http else self._envelope
        if self.faults.happens("twice"):
            again = asyncio.create_task(send(kind, payload, attempt, reason))
            first = await send(kind, payload, attempt, reason)
            await again
            return first
        return await send(kind, payload, attempt, reason)

    async def event(self, payload: dict[str, Any]) -> Acked:
        """Deliver an event; if nobody acknowledges it, again at once, after one minute, after five."""
        acked = await self.tell("events_api", payload)
        if not acked.ok:
            self.spawn(self._again(payload))
        return acked

    async def _again(self, payload: dict[str, Any]) -> None:
        for attempt, wait in enumerate((0.0, 1.0, 5.0), 1):
            await asyncio.sleep(wait * self.minute)
            if (await self.tell("events_api", payload, attempt=attempt, reason="http_timeout")).ok:
                return
        self.not_acked += 1

    async def _envelope(self, kind: str, payload: dict[str, Any], attempt: int | None, reason: str) -> Acked:
        began = time.perf_counter()
        living = [one for one in self._sockets if not one.closed]
        if not living:
            return Acked(None)
        envelope: dict[str, Any] = {
            "envelope_id": f"E{self._number()}",
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }
        if attempt is not None:
            envelope |= {"retry_attempt": attempt, "retry_reason": reason}
        waiting = self._waiting[envelope["envelope_id"]] = asyncio.get_running_loop().create_future()
        with suppress(ConnectionError):
            await living[self._number() % len(living)].send_json(envelope)
        try:
            answered = await asyncio.wait_for(waiting, PATIENCE)
        except TimeoutError:
            return Acked(None)
        return Acked(time.perf_counter() - began, answered)

    async def _request(self, kind: str, payload: dict[str, Any], attempt: int | None, reason: str) -> Acked:
        body = {
            "events_api": lambda: json.dumps(payload),
            "slash_commands": lambda: urlencode(payload),
            "interactive": lambda: urlencode({"payload": json.dumps(payload)}),
        }[kind]()
        content = "application/json" if kind == "events_api" else "application/x-www-form-urlencoded"
        stamp = str(int(time.time()))
        signed = hmac.new(self.secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": content,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={signed}",
        }
        if attempt is not None:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
        began = time.perf_counter()
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE)) as session,
                session.post(self.http, data=body, headers=headers) as answer,
            ):
                text = await answer.text()
                if answer.status != 200:
                    return Acked(None, text)
        except (aiohttp.ClientError, TimeoutError):
            return Acked(None)
        told = json.loads(text) if text.startswith("{") else ({"text": text} if text else None)
        return Acked(time.perf_counter() - began, told)
