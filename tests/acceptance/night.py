"""A whole night: `tocsin serve` as a program of its own, a Slack and a Telegram on loopback, five people who press."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, Self
from urllib.request import urlopen

from engine.core import commands as c
from engine.core.house import HOUSE
from engine.core.house.codes import code_digest
from engine.core.house.commands import BindGroup, Enroll, Invite
from engine.core.incident import Incident
from engine.home import Home
from engine.timers import SystemClock
from tests.console.town import environment, new_town
from tests.servers.slack import Slack
from tests.servers.telegram.server import Telegram

__all__ = ["GROUP", "SLACK", "TELEGRAM", "Night"]

TELEGRAM = {"p1": 101, "p2": 102}
SLACK = {"p3": "U0DGS", "p4": "U0DSI", "p5": "U0ACCUEIL"}
GROUP, EXERCISES = -5001, -5002
BOTH = ("slack", "telegram")
_SALT = "ab" * 16


class Night:
    """The town, its two chats, and the program between them."""

    def __init__(
        self, folder: Path, *, minute: float = 60.0, also_telegram: Mapping[str, int] | None = None
    ) -> None:
        """`also_telegram`: people of Slack who have an account there too."""
        self.town = new_town(folder)
        self.on_telegram = TELEGRAM | dict(also_telegram or {})
        self.telegram, self.slack = Telegram(), Slack(minute=minute)
        self.program: asyncio.subprocess.Process | None = None
        self.port, self.kills, self.log = 0, 0, folder / "serve.log"

    async def __aenter__(self) -> Self:
        await self.telegram.__aenter__()
        await self.slack.up()
        self.telegram.delivery.patience = 0.5
        for person, number in self.on_telegram.items():
            self.telegram.person(number, person.upper(), started=True)
        self.telegram.group(GROUP, "Cellule de crise", *self.on_telegram.values(), rights="can_pin_messages")
        self.telegram.group(EXERCISES, "Exercices", *self.on_telegram.values(), rights="can_pin_messages")
        for user in SLACK.values():
            self.slack.workspace.person(user, user.title())
        self.slack.workspace.make("general", *SLACK.values())
        await self._prepare()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()
        await self.slack.__aexit__()
        await self.telegram.__aexit__()

    async def _prepare(self) -> None:
        """What `tocsin invite`, `/start CODE` and `/ici` have written before the night."""
        with Home(self.town.path) as home:
            now = SystemClock().now()
            orders: list[tuple[c.Command, str]] = [
                (BindGroup(surface="telegram", purpose="crisis", chat=str(GROUP)), "p1"),
                (BindGroup(surface="telegram", purpose="exercise", chat=str(EXERCISES)), "p1"),
            ]
            accounts = [("telegram", person, str(number)) for person, number in self.on_telegram.items()]
            team = self.slack.workspace.team
            accounts += [("slack", person, f"{team}/{user}") for person, user in SLACK.items()]
            for surface, person, account in accounts:
                code = f"ABCDEFGHJ{surface[0].upper()}{person[1]}2"
                digest = code_digest(code, _SALT)
                orders.append((Invite(person=person, salt=_SALT, digest=digest, expires=now + 60_000), "p3"))
                orders.append((Enroll(surface=surface, account=account, code=code), ""))
            for number, (command, by) in enumerate(orders):
                order = c.Order(incident=HOUSE, command=command, by=by, at=now, key=f"evening:{number}")
                receipt = await home.desk.submit(order)
                assert receipt.refused is None, receipt.refused

    # The program

    async def start(self, *, linked: Collection[str] = BOTH) -> None:
        """Start `tocsin serve`, and wait until it says so, and is in these chats."""
        with self.log.open("ab") as log:
            self.program = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bots.cli", "--home", str(self.town.path), "serve",
                stdout=asyncio.subprocess.PIPE, stderr=log, env=environment() | self._secrets(),
            )  # fmt: skip
        assert self.program.stdout is not None
        while line := (await asyncio.wait_for(self.program.stdout.readline(), 30)).decode():
            if "/healthz" in line:
                self.port = int(line.rpartition(":")[2].partition("/")[0])
                return await self._linked(linked)
        raise AssertionError(self.log.read_text("utf-8")[-4000:])

    async def _linked(self, surfaces: Collection[str]) -> None:
        """Until what people do there reaches the program."""
        while surfaces:
            told = await self.health()
            if all(told["surfaces"][one]["ok"] for one in surfaces):
                return
            await asyncio.sleep(0.1)

    def _secrets(self) -> dict[str, str]:
        return {
            "TOCSIN_SLACK_BOT_TOKEN": self.slack.api.bot_token,
            "TOCSIN_SLACK_APP_TOKEN": self.slack.api.app_token,
            "TOCSIN_SLACK_API_URL": f"{self.slack.url}/api/",
            "TOCSIN_TELEGRAM_TOKEN": self.telegram.token,
            "TOCSIN_TELEGRAM_API_URL": self.telegram.url,
            "TOCSIN_BOARD": "127.0.0.1:0",
        }

    async def kill(self, *, linked: Collection[str] = BOTH) -> None:
        """SIGKILL, at any instant; then it is started again, as a service manager does."""
        assert self.program is not None
        self.program.kill()
        await self.program.wait()
        self.kills += 1
        await self.start(linked=linked)

    async def stop(self) -> int:
        """Stop it as a service manager does; its exit code."""
        if self.program is None or self.program.returncode is not None:
            return 0
        self.program.send_signal(signal.SIGTERM if os.name == "posix" else signal.SIGINT)
        return await asyncio.wait_for(self.program.wait(), 30)

    async def health(self) -> dict[str, Any]:
        def asked() -> dict[str, Any]:
            with urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                return dict(json.load(answer))

        return await asyncio.to_thread(asked)

    async def until(self, true: Callable[[], Any], what: str, seconds: float = 30.0) -> Any:
        """Wait for what must come, or say what stands instead."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while loop.time() < end:
            if found := true():
                return found
            await asyncio.sleep(0.05)
        raise AssertionError(f"{what}\n{self.seen()}\n{self.log.read_text('utf-8')[-3000:]}")

    async def settled(self, seconds: float = 120.0) -> float:
        """Wait until both chats equal the state; seconds it took."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        while loop.time() < began + seconds:
            told = await self.health()
            if told["converged"]:
                return loop.time() - began
            await asyncio.sleep(0.2)
        raise AssertionError(f"the chats differ from the state: {told}\n{self.seen()}")

    # What is true, and what is seen

    def incident(self, name: str) -> Incident:
        with Home(self.town.path, reading=True) as home:
            found = home.desk.incident(name)
        assert found is not None
        return found

    def incidents(self) -> list[Incident]:
        with Home(self.town.path, reading=True) as home:
            return list(home.desk.incidents())

    def seen(self) -> str:
        """What stands in all chats."""
        told = [
            f"[{chat.id}] {one.text!r} {one.labels}"
            for chat in self.telegram.world.chats.values()
            for one in chat.shown()[-6:]
        ]
        for channel in self.slack.workspace.channels.values():
            told += [
                f"[{channel.name or channel.id}] {one.words!r} {list(one.buttons)}"
                for one in self.slack.messages(channel.id)[-6:]
            ]
        return "\n".join(told)
