"""Valmont with its bot: a real home, the real chat room, the real door, a Telegram on loopback."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bots.chat.room import Room
from bots.telegram import TelegramDoor, TelegramSettings
from engine.core import commands as c
from engine.core.events import Entry
from engine.core.house import HOUSE
from engine.core.house.codes import code_digest
from engine.core.house.commands import BindGroup, Invite
from engine.core.incident import Incident
from engine.home import Home
from engine.timers import SystemClock
from tests.console.town import new_town
from tests.servers.telegram.server import Telegram
from tests.servers.telegram.world import Message

__all__ = ["GROUP", "Valley", "played", "valley"]

GROUP = -5001
PEOPLE = {"p1": 101, "p2": 102, "p3": 103, "p4": 104, "p5": 105}
"""Whose account is which."""
CODE = "23456789ABCD"


def played(test: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    """Play a test in a loop of its own, one minute at most."""

    @functools.wraps(test)
    def play(*given: Any, **named: Any) -> None:
        asyncio.run(asyncio.wait_for(test(*given, **named), 60))

    return play


@dataclass
class Valley:
    telegram: Telegram
    home: Home
    settings: TelegramSettings
    room: Room
    door: TelegramDoor
    _task: asyncio.Task[None] | None = None
    keys: int = 0
    met: list[int] = field(default_factory=list)

    # The bot

    async def opens(self) -> None:
        self._task = asyncio.create_task(self.door.run())
        await self.until(lambda: self.door.health.sound)

    async def stops(self) -> None:
        """Close as `serve` does."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def restarts(self) -> None:
        """Another process, with no memory but the journal."""
        await self.stops()
        self.room = Room(self.home, SystemClock())
        self.door = TelegramDoor(self.room, self.home, self.settings)
        await self.opens()

    async def until(self, done: Callable[[], Any], wait: float = 8.0) -> None:
        assert await self.telegram.until(done, wait), self.seen()

    async def idle(self) -> None:
        """Until nothing that was sent to the bot waits any more."""
        await self.until(lambda: not self.telegram.world.updates)

    def seen(self) -> str:
        """What stands in every chat, for a test that failed."""
        chats = self.telegram.world.chats.values()
        told = [f"[{chat.id}] {one.by}: {one.text!r} {one.labels}" for chat in chats for one in chat.shown()]
        return "\n".join([*told[-30:], f"health={self.door.health} faults={self.telegram.faults.met}"])

    # The town

    async def order(self, command: c.Command, by: str = "p1", incident: str = HOUSE) -> str:
        self.keys += 1
        key, at = f"test:{self.keys}", SystemClock().now()
        order = c.Order(incident=incident, command=command, by=by, at=at, key=key, source="terminal")
        receipt = await self.home.desk.submit(order)
        assert receipt.refused is None, receipt.refused
        return receipt.incident

    async def invited(self, person: str, code: str = CODE) -> str:
        salt = "ab" * 16
        expires = SystemClock().now() + 3_600_000
        await self.order(Invite(person=person, salt=salt, digest=code_digest(code, salt), expires=expires))
        return code

    async def enrolled(self, *people: str) -> None:
        """Each by their own link, and their own yes."""
        for person in people:
            code, number = await self.invited(person), PEOPLE[person]
            self.telegram.start(number, code)
            await self.until(lambda number=number: self.bot_said(number))  # type: ignore[misc]
            asked = self.telegram.last(number)
            await self.telegram.press(number, number, asked.id, "Oui")
            assert self.home.house.person("telegram", str(number)) == person

    async def declared(self, runbook: str = "rancongiciel", exercise: bool = False) -> str:
        command = c.Declare(
            title="Écrans chiffrés", known_at=SystemClock().now(), runbook=runbook, exercise=exercise
        )
        return await self.order(command, incident="")

    async def bound(self, chat: int = GROUP, purpose: str = "crisis") -> None:
        await self.order(BindGroup(surface="telegram", purpose=purpose, chat=str(chat)))

    def incident(self, name: str) -> Incident:
        found = self.home.desk.incident(name)
        assert found is not None
        return found

    def entries(self, name: str) -> list[Entry]:
        return list(self.home.journal.reader.entries(name))

    def kinds(self, name: str) -> list[str]:
        return [type(one.event).__name__ for one in self.entries(name)]

    # What people do

    def bot_said(self, chat: int, text: str = "") -> list[Message]:
        bot = self.telegram.world.bot.id
        return [one for one in self.telegram.shown(chat) if one.by == bot and text in one.text]

    async def says(self, person: str, chat: int, text: str, **more: Any) -> Message:
        """Write, and wait for what the bot answers there; the answer."""
        before = {(one.chat, one.id) for one in self._all()}
        self.telegram.send(PEOPLE[person], chat, text, **more)
        return await self.next_after(before)

    async def next_after(self, before: set[tuple[int, int]]) -> Message:
        def new() -> list[Message]:
            bot = self.telegram.world.bot.id
            return [one for one in self._all() if one.by == bot and (one.chat, one.id) not in before]

        await self.until(new)
        return new()[-1]

    def now(self) -> set[tuple[int, int]]:
        return {(one.chat, one.id) for one in self._all()}

    def now_by(self, user: int) -> set[tuple[int, int]]:
        """What this person wrote so far."""
        return {(one.chat, one.id) for one in self._all() if one.by == user}

    def _all(self) -> list[Message]:
        return [one for chat in self.telegram.world.chats.values() for one in chat.shown()]


@asynccontextmanager
async def valley(tmp: Path, *people: str, opens: bool = True, webhook: str = "") -> AsyncIterator[Valley]:
    """The town with the crisis group; these people are enrolled."""
    async with Telegram() as telegram:
        for person, number in PEOPLE.items():
            telegram.person(number, person.upper())
        telegram.group(
            GROUP, "Cellule de crise", *PEOPLE.values(), rights="can_pin_messages can_manage_topics"
        )
        settings = TelegramSettings(
            token=telegram.token,
            api_url=telegram.url,
            webhook_url=f"http://{webhook}/telegram" if webhook else "",
            webhook_secret="s3cret" if webhook else "",
            webhook_listen=webhook or "127.0.0.1:0",
            hold=2,
            pause=0.05,
            longest_pause=0.3,
            timeout=3.0,
        )
        telegram.delivery.patience = 0.5
        with Home(new_town(tmp).path) as home:
            room = Room(home, SystemClock())
            town = Valley(telegram, home, settings, room, TelegramDoor(room, home, settings))
            try:
                if opens:
                    await town.opens()
                    await town.enrolled(*people)
                yield town
            finally:
                await town.stops()
