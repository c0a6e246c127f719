"""Valmont with its chats: a real home, model platforms, a relay that can be killed and begun again."""

from __future__ import annotations

import asyncio
import itertools
import shutil
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from bots.relay.relay import Relay
from engine.core import commands as c
from engine.core.house import HOUSE, codes
from engine.core.house import commands as h
from engine.core.incident import Incident
from engine.core.receipt import Receipt
from engine.home import Home
from engine.library.catalogue import library_folder
from tests.relay.hours import Hours, LoopClock
from tests.relay.model import Message, ModelPlatform

__all__ = ["START", "Hall", "hall"]

START = 1_795_000_000_000
T = TypeVar("T")
SALT = "ab" * 16


class Hall:
    def __init__(self, folder: Path) -> None:
        self.loop = Hours()
        asyncio.set_event_loop(self.loop)
        self.clock = LoopClock(self.loop, START)
        self.home = Home(folder)
        self.slack, self.telegram = ModelPlatform("slack", True), ModelPlatform("telegram", False)
        self.incident = ""
        self._keys = itertools.count()
        self.relay: Relay | None = None
        self._running: asyncio.Task[None] | None = None

    @property
    def platforms(self) -> list[ModelPlatform]:
        return [self.slack, self.telegram]

    @property
    def state(self) -> Incident:
        found = self.home.desk.incident(self.incident)
        assert found is not None
        return found

    # The town

    def orders(self, command: c.Command, by: str, incident: str = "") -> Receipt:
        order = c.Order(
            incident=incident or self.incident,
            command=command,
            by=by,
            at=self.clock.now(),
            key=f"test:{next(self._keys)}",
            source="terminal",
        )
        receipt = self.run(self.home.desk.submit(order))
        assert receipt.refused is None, receipt.refused
        return receipt

    def binds(self) -> None:
        """Both groups, and everybody's account on the platform that they prefer."""
        for surface in ("slack", "telegram"):
            self.orders(h.BindGroup(surface=surface, purpose="crisis", chat=f"G-{surface}"), "p1", HOUSE)
        for person in self.home.world.directory.people.values():
            self.links(person.id, person.prefers or "slack")

    def links(self, person: str, surface: str) -> None:
        code = f"ABCDEFGH{next(self._keys):04}".replace("0", "Z").replace("1", "Y")
        digest = codes.code_digest(code, SALT)
        self.orders(
            h.Invite(person=person, salt=SALT, digest=digest, expires=self.clock.now() + 3_600_000),
            "p1",
            HOUSE,
        )
        self.orders(h.Enroll(surface=surface, account=f"{surface[0]}{person}", code=code), "", HOUSE)

    def reaches(self, surface: str, account: str) -> None:
        """The platform tells that somebody has opened their chat again."""
        self.orders(h.MarkReach(surface=surface, account=account, open=True), "", HOUSE)

    def declares(self, runbook: str = "rancongiciel", by: str = "p2") -> None:
        command = c.Declare(title="Écrans chiffrés", known_at=self.clock.now(), runbook=runbook)
        self.incident = self.orders(command, by).incident

    # Time

    def run(self, doing: Awaitable[T]) -> T:
        async def wrapped() -> T:
            return await doing

        return self.loop.run_until_complete(wrapped())

    def passes(self, seconds: float) -> None:
        self.run(asyncio.sleep(seconds))

    def converges(self, within: float = 1_800) -> float:
        """Let time pass until every chat equals the state; how long it took."""
        began = self.loop.time()
        while self.loop.time() < began + within:
            self.passes(0.25)
            if self.relay is not None and self.relay.converged():
                return self.loop.time() - began
        assert self.relay is not None
        raise AssertionError(f"not equal after {within} s: {self.relay.health()}")

    # The relay

    def begins(self) -> Relay:
        self.relay = Relay(self.home, self.platforms, self.clock)
        self._running = self.loop.create_task(self.relay.run())
        self.passes(0)
        return self.relay

    def relay_stray(self, message: Message) -> bool:
        """Somebody presses a button of this message."""
        relay = self.relay
        assert relay is not None

        async def pressed() -> bool:
            return relay.stray(message.place, message.id, self.incident)

        return self.run(pressed())

    def stops(self) -> None:
        """A clean stop: what is under way ends."""
        if self._running is not None:
            self._running.cancel()
            self.run(asyncio.wait([self._running]))
        self._shut()

    def crashes(self) -> None:
        """Everything stops where it stands, as with SIGKILL: nothing that follows an `await` is done."""
        while tasks := asyncio.all_tasks(self.loop):
            for task in tasks:
                task.cancel()
            self.run(asyncio.sleep(0))
        self._shut()

    def _shut(self) -> None:
        if self.relay is not None:
            self.relay.close()
        self.relay = self._running = None

    def close(self) -> None:
        self.crashes()
        self.home.close()
        self.loop.close()
        asyncio.set_event_loop(None)


@contextmanager
def hall() -> Iterator[Hall]:
    with TemporaryDirectory() as folder:
        shutil.copytree(library_folder() / "exemple", Path(folder) / "valmont")
        found = Hall(Path(folder) / "valmont")
        try:
            yield found
        finally:
            found.close()
