"""Slack on loopback: the Web API, the sockets, the files and the response URLs, on one port."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, Self

import yaml
from aiohttp import web

from tests.servers.slack.api import Api, Failed
from tests.servers.slack.blocks import wrong_blocks
from tests.servers.slack.delivery import Delivery
from tests.servers.slack.faults import Faults
from tests.servers.slack.limits import Limits
from tests.servers.slack.workspace import BOT, Channel, Ephemeral, Message, Workspace

__all__ = ["MANIFEST", "Server"]

MANIFEST = Path(__file__).resolve().parents[3] / "bots" / "slack" / "manifest.yaml"
RESPONSES, RESPONSE_MINUTES = 5, 30


class Server:
    """One workspace with one app installed from its manifest: what isn't in it, Slack neither allows nor tells."""

    def __init__(self, *, minute: float = 60.0, seed: int = 1, manifest: Path = MANIFEST) -> None:
        written = yaml.safe_load(manifest.read_text("utf-8"))
        self.workspace = Workspace()
        self.limits, self.faults = Limits(minute), Faults(seed)
        self.api = Api(
            self.workspace, self.limits, self.faults, set(written["oauth_config"]["scopes"]["bot"])
        )
        self.events = set(written["settings"]["event_subscriptions"]["bot_events"])
        self.delivery = Delivery(self.faults, self.workspace.number, minute)
        self.api.new_socket, self.api.posted = self.delivery.ticket, self._own_message
        self.delivery.spawn = self.spawn
        self.url, self._port = "", 0
        self._responses: dict[str, tuple[int, float, str, str, str]] = {}
        self._runner: web.AppRunner | None = None
        self._tasks: set[asyncio.Task[Any]] = set()

    # On and off

    async def __aenter__(self) -> Self:
        await self.up()
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.down()

    async def up(self) -> None:
        """Be reachable, at the same address as before."""
        app = web.Application(client_max_size=2**26)
        app.router.add_route("*", "/api/{method}", self.api.handle)
        app.router.add_get("/link", self.delivery.socket)
        app.router.add_get("/files/{file}", self.api.download)
        app.router.add_post("/respond/{id}", self._respond)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self.url = self.delivery.url = f"http://127.0.0.1:{self._port}"

    async def down(self) -> None:
        """Be out of reach."""
        await self.delivery.cut()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    # Beside the API

    def response_url(self, user: str, channel: str, ts: str = "") -> str:
        made = f"r{self.workspace.number()}"
        self._responses[made] = (RESPONSES, self.workspace.clock() + RESPONSE_MINUTES * 60, user, channel, ts)
        return f"{self.url}/respond/{made}"

    async def _respond(self, request: web.Request) -> web.Response:
        fault = self.faults.call("response_url")
        left, until, user, channel, ts = self._responses.get(request.match_info["id"], (0, 0.0, "", "", ""))
        if fault or left < 1 or self.workspace.clock() > until:
            return web.Response(status=404, text="used_url")
        self._responses[request.match_info["id"]] = (left - 1, until, user, channel, ts)
        told = json.loads(await request.text())
        if wrong_blocks(told.get("blocks") or ()):
            return web.Response(status=400, text="invalid_blocks")
        shown = [one for one in self.workspace.ephemerals if one.ts == ts and told.get("replace_original")]
        for one in shown:
            self.workspace.ephemerals.remove(one)
        self.tell(user, channel, told, ts if shown else "")
        return web.Response(text="ok")

    def tell(self, user: str, channel: str, told: dict[str, Any], ts: str = "") -> None:
        """Show an answer where somebody spoke: to them alone unless it says otherwise."""
        text, blocks = told.get("text", ""), told.get("blocks") or []
        if told.get("response_type") == "in_channel":
            self.workspace.add(self.workspace.channels[channel], BOT, text, blocks=blocks)
        elif text or blocks:
            self.workspace.ephemerals.append(
                Ephemeral(ts or self.workspace.ts(), user, channel, text, blocks)
            )  # fmt: skip

    # Events

    def event(self, name: str, event: dict[str, Any], user: str = "") -> dict[str, Any] | None:
        """What is told of an event; None when the app isn't subscribed to it."""
        if name not in self.events:
            return None
        return {
            "token": "old",
            "team_id": self.workspace.team,
            "api_app_id": "A0TOCSIN",
            "type": "event_callback",
            "event_id": f"Ev{self.workspace.number():08d}",
            "event_time": int(self.workspace.clock()),
            "authorizations": [{"team_id": self.workspace.team, "user_id": BOT, "is_bot": True}],
            "event": {"event_ts": self.workspace.ts(), **event},
        }

    def message_event(self, channel: Channel, event: dict[str, Any]) -> dict[str, Any] | None:
        """A message event, if the app follows such channels and is in this one."""
        kind = "im" if channel.im_of else "group" if channel.private else "channel"
        if BOT not in channel.members:
            return None
        told = {"type": "message", "channel": channel.id, "channel_type": kind, **event}
        return self.event("message." + {"im": "im", "group": "groups", "channel": "channels"}[kind], told)

    def _own_message(self, channel: Channel, message: Message, subtype: str) -> None:
        """The bot's own messages come back to it."""
        told = message.as_json()
        if subtype:
            told = {"subtype": subtype, "ts": self.workspace.ts(), "hidden": True}
            told |= {"previous_message" if subtype == "message_deleted" else "message": message.as_json()}
            if subtype == "message_deleted":
                told["deleted_ts"] = message.ts
        if (payload := self.message_event(channel, told)) is not None:
            self.spawn(self.delivery.event(payload))

    def spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def until(self, true: Callable[[], Any], what: str = "", seconds: float = 5.0) -> Any:
        """Wait for something to become true; AssertionError if it doesn't."""
        end = asyncio.get_running_loop().time() + seconds
        while True:
            try:
                found = true()
            except (KeyError, Failed):
                found = None
            if found:
                return found
            assert asyncio.get_running_loop().time() < end, f"never came: {what or true}"
            await asyncio.sleep(0.01)
