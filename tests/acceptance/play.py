"""Play an incident through the chats alone: what the cell does is decided from what each phone shows."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from tests.acceptance.cell import Button, Cell
from tests.acceptance.night import Night

__all__ = ["Play"]

PEOPLE = ("p1", "p2", "p3", "p4", "p5")
DIRECTOR = "p1"


@dataclass
class Play:
    """One incident, from the alarm to its closure."""

    night: Night
    cell: Cell
    incident: str = ""
    tried: dict[tuple[object, ...], int] = field(default_factory=dict)
    """How often each press was acknowledged: what showed an error is pressed again."""

    async def declare(self) -> None:
        await self.cell.type("p5", "declarer rancongiciel Écrans chiffrés à l'accueil")
        await self.night.until(self.night.incidents, "nothing was declared")
        self.incident = self.night.incidents()[0].id
        await asyncio.gather(*(self.cell.type(person, "present") for person in PEOPLE))

    async def round(self) -> int:
        """Everybody does one thing that they haven't done yet; how many did."""
        return sum(await asyncio.gather(*map(self._one, PEOPLE)))

    async def _one(self, person: str) -> bool:
        button = self._next(person)
        if button is not None and await self.cell.press(button):
            self.tried[self._what(button)] = self.tried.get(self._what(button), 0) + 1
        return button is not None

    def _next(self, person: str) -> Button | None:
        """Sign first; then answer, tick; then the way out that was taken least."""
        seen = self.cell.buttons(person)
        for act, most in (("approve", 1), ("tick", 1), ("outcome", 2)):
            found = [one for one in seen if one.intent.act == act and one.intent.incident == self.incident]
            found = [one for one in found if self.tried.get(self._what(one), 0) < most]
            if found:
                return min(found, key=lambda one: self.tried.get(self._what(one), 0))
        return None

    def _what(self, button: Button) -> tuple[object, ...]:
        return button.person, button.intent

    async def to_closure(self, rounds: int, pause: float = 0.3) -> None:
        """Go on for so many rounds, or until nothing is left to press; then the director closes."""
        for _ in range(rounds):
            if not await self.round():
                await asyncio.sleep(1.0)
                if not await self.round():
                    break
            await asyncio.sleep(pause)
        await self.cell.type(DIRECTOR, "clore fin de la nuit !")
        await self.night.until(lambda: self.night.incident(self.incident).status == "closed", "not closed")
