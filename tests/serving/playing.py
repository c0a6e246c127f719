"""A loop for each test, and a whole town served in it: the real composition, a Telegram on loopback."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bots.answering.office import Office
from bots.serving.composing import compose
from bots.serving.lock import Hold
from bots.serving.serving import Served, serve
from engine.core import commands as c
from engine.core.house import HOUSE
from engine.core.house.codes import code_digest
from engine.core.house.commands import BindGroup, Enroll, Invite
from engine.core.receipt import Receipt
from engine.home import Home
from engine.i18n import Words
from engine.timers import SystemClock
from tests.console.town import new_town
from tests.servers.telegram.server import Telegram

__all__ = ["GROUP", "PEOPLE", "Hall", "hall", "played"]

GROUP = -5001
PEOPLE = {"p1": 101, "p4": 104}
SALT = "ab" * 16


def played(test: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    """Play a test in a loop of its own."""

    @functools.wraps(test)
    def play(*given: Any, **named: Any) -> None:
        asyncio.run(asyncio.wait_for(test(*given, **named), 90))

    return play


@dataclass
class Hall:
    telegram: Telegram
    home: Home
    served: Served
    port: int = 0
    keys: int = 0

    async def order(
        self, command: c.Command, by: str = "p1", incident: str = HOUSE, occurred_at: int | None = None
    ) -> Receipt:
        self.keys += 1
        order = c.Order(
            incident=incident,
            command=command,
            by=by,
            at=SystemClock().now(),
            key=f"test:{self.keys}",
            source="terminal",
            occurred_at=occurred_at,
        )
        receipt = await self.home.desk.submit(order)
        assert receipt.refused is None, receipt.refused
        return receipt

    async def until(self, true: Callable[[], Any], wait: float = 20.0) -> None:
        assert await self.telegram.until(true, wait), [
            (one.chat, one.text, one.labels)
            for chat in self.telegram.world.chats.values()
            for one in chat.shown()
        ]

    async def prepare(self) -> None:
        """The crisis group, and the accounts of two people."""
        await self.order(BindGroup(surface="telegram", purpose="crisis", chat=str(GROUP)))
        for person, number in PEOPLE.items():
            code = f"ABCDEFGHJK{person[1]}2"
            expires = SystemClock().now() + 60_000
            await self.order(
                Invite(person=person, salt=SALT, digest=code_digest(code, SALT), expires=expires)
            )
            await self.order(Enroll(surface="telegram", account=str(number), code=code), by="")


@asynccontextmanager
async def hall(folder: Path) -> AsyncIterator[Hall]:
    """The town, served in this loop until the block ends."""
    path = new_town(folder).path
    async with Telegram() as telegram:
        telegram.delivery.patience = 0.5
        for person, number in PEOPLE.items():
            telegram.person(number, person.upper(), started=True)
        telegram.group(GROUP, "Cellule de crise", *PEOPLE.values(), rights="can_pin_messages")
        secrets = {
            "TOCSIN_TELEGRAM_TOKEN": telegram.token,
            "TOCSIN_TELEGRAM_API_URL": telegram.url,
            "TOCSIN_BOARD": "127.0.0.1:0",
        }
        with Home(path) as home, Hold(path) as hold:
            town = Hall(telegram, home, compose(Office(home, Words("fr")), secrets, hold))
            await town.prepare()
            started = asyncio.Event()

            def tell(port: int) -> None:
                town.port = port
                started.set()

            serving = asyncio.create_task(serve(town.served, tell))
            try:
                await started.wait()
                await town.until(lambda: town.served.doors["telegram"].health.sound)
                yield town
            finally:
                town.served.stop.set()
                await serving
                town.served.relay.close()
