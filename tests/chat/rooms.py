"""Valmont in chat: a home on a copy of the example, five people with accounts, a room, a clock that stands still."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TypeVar

from bots.chat.room import Room
from bots.chat.token import press_of, token_of
from bots.chat.values import Account, Answer, Caller, Place
from bots.inbound.pressed import Intent, at_step
from engine.core import commands as c
from engine.core import events as e
from engine.core.cards import Place as Step
from engine.core.cards import Scene, approval_card, step_card
from engine.core.house import HOUSE
from engine.core.house.codes import code_digest
from engine.core.house.commands import BindGroup, Invite
from engine.core.incident import Incident
from engine.core.quantities import HOUR, Instant
from engine.home import Home
from engine.i18n import Words
from engine.library.catalogue import library_folder
from engine.speech import Speech
from tests.bots.valmont import NIGHT

__all__ = ["CODE", "CRISIS", "DRILLS", "SALT", "Chat", "Still"]

T = TypeVar("T")
CODE = "ABCDEFGH2345"
SALT = "ab" * 16
CRISIS = Place(surface="telegram", chat="-100200")
DRILLS = Place(surface="telegram", chat="-100300")


@dataclass
class Still:
    """A clock that people move."""

    at: Instant = NIGHT

    def now(self) -> Instant:
        return self.at

    async def sleep(self, until: Instant, wake: asyncio.Event) -> None:
        await wake.wait()


@dataclass
class Chat:
    """The town, its room, and whoever speaks."""

    home: Home
    clock: Still = field(default_factory=Still)
    _keys: count[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        self.room = Room(self.home, self.clock)

    @classmethod
    def open(cls, folder: Path) -> Chat:
        home = folder / "valmont"
        shutil.copytree(library_folder() / "exemple", home)
        made = cls(Home(home))
        for person in ("p1", "p2", "p3", "p4", "p5"):
            made.enrolls(person, "telegram")
            made.enrolls(person, "slack")
        for purpose, place in (("crisis", CRISIS), ("exercise", DRILLS)):
            made.orders(BindGroup(surface=place.surface, purpose=purpose, chat=place.chat), HOUSE, "p3")
        return made

    def run(self, act: Awaitable[T]) -> T:
        return asyncio.run(_awaited(act))

    def orders(self, command: c.Command, incident: str, by: str) -> None:
        key = f"order-{next(self._keys)}"
        order = c.Order(incident=incident, command=command, by=by, at=self.clock.at, key=key)
        receipt = self.home.desk.submit_now(order)
        assert receipt.refused is None, receipt

    def invites(self, person: str, code: str = CODE) -> None:
        command = Invite(
            person=person, salt=SALT, digest=code_digest(code, SALT), expires=self.clock.at + HOUR
        )  # fmt: skip
        self.orders(command, HOUSE, "p1")

    def enrolls(self, person: str, surface: str) -> Answer:
        self.invites(person)
        return self.run(self.room.say(self.alone(person, surface), f"/enroler {CODE}"))

    # Who speaks, from where

    def alone(self, person: str, surface: str = "telegram", key: str = "", **more: object) -> Caller:
        """In private."""
        place = Place(surface=surface, chat=f"d-{person}", person=person)
        account = Account(surface=surface, id=f"{surface}-{person}")
        return Caller(account=account, place=place, key=key or f"k{next(self._keys)}", **more)  # type: ignore[arg-type]

    def among(self, person: str, place: Place = CRISIS, key: str = "", **more: object) -> Caller:
        """In a group."""
        account = Account(surface=place.surface, id=f"{place.surface}-{person}")
        return Caller(account=account, place=place, key=key or f"k{next(self._keys)}", **more)  # type: ignore[arg-type]

    def says(self, person: str, text: str, **more: object) -> Answer:
        return self.run(self.room.say(self.alone(person, **more), text))  # type: ignore[arg-type]

    def presses(self, person: str, token: str, **more: object) -> Answer:
        return self.run(self.room.press(self.alone(person, **more), token))  # type: ignore[arg-type]

    def fills(self, person: str, token: str, **values: str) -> Answer:
        return self.run(self.room.filled(self.alone(person), token, values))

    # What is true, what is shown

    def declares(self, runbook: str = "rancongiciel", *, exercise: bool = False, by: str = "p4") -> str:
        command = c.Declare(title="Écrans rouges", known_at=self.clock.at, runbook=runbook, exercise=exercise)
        order = c.Order(
            incident="", command=command, by=by, at=self.clock.at, key=f"declare-{next(self._keys)}"
        )  # fmt: skip
        return self.home.desk.submit_now(order).incident

    def incident(self, name: str) -> Incident:
        found = self.home.desk.incident(name)
        assert found is not None
        return found

    def scene(self, name: str) -> Scene:
        return Scene(incident=self.incident(name), world=self.home.world, now=self.clock.at)

    def step(self, name: str, track: str = "technique", run: int = 1) -> Step:
        found = self.scene(name).place(run, track)
        assert found is not None
        return found

    @property
    def speech(self) -> Speech:
        world = self.home.world
        return Speech(
            words=Words("fr"), zone=world.calendar.zone, now=self.clock.at, directory=world.directory
        )

    def token(self, name: str, label: str, track: str = "technique") -> str:
        """The token of a button of a step's card, by its name."""
        scene, place = self.scene(name), self.step(name, track)
        button = next(one for one in step_card(scene, place).buttons if one.name == label)
        return press_of(button, scene, self.speech, place).token

    def at(self, act: str, name: str, track: str = "technique", what: int = 0, value: int = 0) -> str:
        return token_of(at_step(act, self.scene(name), self.step(name, track), what, value))

    def of(self, act: str, name: str, what: int = 0, value: int = 0) -> str:
        return token_of(Intent(act=act, incident=name, what=what, value=value))

    def vote(self, name: str, number: int, first: str) -> str:
        """The token of `approve` or `reject` on the card of an approval."""
        scene = self.scene(name)
        card = approval_card(scene, scene.incident.approvals[number])
        button = next(one for one in card.buttons if one.name == f"{first}:{number}")
        return press_of(button, scene, self.speech).token

    def events(self, name: str, after: int = 0) -> list[e.Event]:
        return [one.event for one in self.home.journal.reader.entries(name, after)]

    def last(self, name: str, kind: type[e.Event]) -> e.Entry:
        return [one for one in self.home.journal.reader.entries(name) if isinstance(one.event, kind)][-1]


async def _awaited(act: Awaitable[T]) -> T:
    return await act
