"""A town whose door to Slack is open, onto a Slack on loopback."""

from __future__ import annotations

import asyncio
import functools
import shutil
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from bots.chat.room import Room
from bots.chat.values import Place
from bots.relay.relay import Relay
from bots.slack.door import SlackDoor
from bots.slack.link import PATH
from bots.slack.settings import SlackSettings
from engine.core import commands as c
from engine.core.events import Entry
from engine.core.house import HOUSE
from engine.core.house.codes import code_digest
from engine.core.house.commands import Enroll, Invite
from engine.core.incident import Incident
from engine.home import Home
from engine.library.catalogue import library_folder
from engine.timers import SystemClock
from tests.servers.slack import BOT, Slack

__all__ = ["DSI", "MAYOR", "OFFICE", "STRANGER", "Town", "at_night"]

MAYOR, DSI, OFFICE, STRANGER = "U0MAYOR", "U0DSI", "U0OFFICE", "U0STRANGER"
PEOPLE = {"p1": MAYOR, "p4": DSI, "p5": OFFICE}
SALT = "0" * 32


def at_night(test: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    """Run a test in a loop of its own."""

    @functools.wraps(test)
    def run(*args: Any, **kwargs: Any) -> None:
        asyncio.run(asyncio.wait_for(test(*args, **kwargs), 60))

    return run


class Town:
    """The town's folder, its door, and its Slack."""

    def __init__(
        self, folder: Path, *, http: bool = False, opened: bool = True, toml: str = "", minute: float = 60.0
    ) -> None:
        self.path = folder / "valmont"
        if not self.path.exists():
            shutil.copytree(library_folder() / "exemple", self.path)
        if toml:
            with (self.path / "tocsin.toml").open("a", encoding="utf-8") as file:
                file.write(toml)
        self.slack, self.http, self.opened = Slack(minute=minute), http, opened
        self.clock = SystemClock()
        if http:
            with socket.create_server(("127.0.0.1", 0)) as free:
                self.port = free.getsockname()[1]
            self.slack.delivery.http = f"http://127.0.0.1:{self.port}{PATH}"

    async def __aenter__(self) -> Self:
        await self.slack.up()
        for user in (*PEOPLE.values(), STRANGER):
            self.slack.workspace.person(user, user.title())
        self.slack.workspace.make("general", *PEOPLE.values(), STRANGER)
        await self.reopen()
        return self

    async def reopen(self) -> None:
        """Open the town, as after a crash."""
        self.home = Home(self.path)
        if not self.home.house.links:
            for person, user in PEOPLE.items():
                await self.link(person, user)
        self.room = Room(self.home, self.clock)
        self.door = SlackDoor(self.room, self.home, self.settings())
        self.platform = self.door.platform
        if self.opened:
            self.running = asyncio.create_task(self._run())
            await self.slack.until(lambda: self.running.done() or self.door.health.linked, "no link", 10)
            assert not self.running.done(), await self.running

    async def _run(self) -> None:
        """The door and the relay, as `tocsin serve` runs them."""
        relay = Relay(self.home, [self.platform], self.clock)
        self.room.blank, self.door.wire.listener = relay.blank, relay
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self.door.run())
                tasks.create_task(relay.run())
        finally:
            relay.close()

    def settings(self) -> SlackSettings:
        api = self.slack.api
        return SlackSettings(
            bot_token=api.bot_token,
            app_token="" if self.http else api.app_token,
            signing_secret=self.slack.delivery.secret if self.http else "",
            api_url=f"{self.slack.url}/api/",
            listen=("127.0.0.1", self.port) if self.http else None,
        )

    async def shut(self) -> None:
        """Close the town; Slack stays."""
        if self.opened:
            self.running.cancel()
            with suppress(asyncio.CancelledError):
                await self.running
        self.home.close()

    async def __aexit__(self, *_: object) -> None:
        await self.shut()
        await self.slack.__aexit__()

    async def link(self, person: str, user: str) -> None:
        """Tie an account to somebody, with a one-time code."""
        code, now = f"ABCDEFGHJK{person[1]}2", self.clock.now()
        invite = Invite(person=person, salt=SALT, digest=code_digest(code, SALT), expires=now + 60_000)
        await self.order(HOUSE, invite, by="p3")
        enroll = Enroll(surface="slack", account=self.account(user), code=code)
        await self.order(HOUSE, enroll, by="")

    def account(self, user: str) -> str:
        return f"{self.slack.workspace.team}/{user}"

    async def order(self, incident: str, command: c.Command, by: str) -> None:
        order = c.Order(
            incident=incident, command=command, by=by, at=self.clock.now(), key=str(self.slack.workspace.number()),
            source="terminal",
        )  # fmt: skip
        receipt = await self.home.desk.submit(order)
        assert receipt.refused is None, receipt.refused

    # What is true

    @property
    def incident(self) -> Incident:
        (found,) = self.home.desk.incidents()
        return found

    def entries(self, kind: type[Any] | None = None) -> list[Entry]:
        found = list(self.home.journal.reader.entries(self.incident.id, 0))
        return [one for one in found if kind is None or isinstance(one.event, kind)]

    # What is done

    async def declared(self, runbook: str = "rancongiciel") -> Place:
        """Declare an incident; the place where it lives in Slack."""
        await self.order(
            "", c.Declare(title="Écrans chiffrés", known_at=self.clock.now(), runbook=runbook), "p4"
        )
        return await self.place()

    async def place(self) -> Place:
        """The channel that was made for the incident."""
        found = await self.slack.until(lambda: self.home.house.place(self.incident.id, "slack"), "no place")
        return Place(surface="slack", chat=found[0])

    def room_with_bot(self, *users: str) -> Place:
        """A private channel that the bot is in."""
        made = self.slack.workspace.make("cellule", BOT, *users, private=True)
        return Place(surface="slack", chat=made.id)
