"""Orders of whoever installs, and what is refused of them in words."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from bots.answering.office import Office
from engine.core.commands import Command, Order
from engine.core.house import HOUSE
from engine.core.receipt import Receipt

__all__ = ["Installer"]


@dataclass(frozen=True, slots=True)
class Installer:
    """Somebody of the directory, at the machine's terminal."""

    office: Office
    person: str

    @property
    def name(self) -> str:
        return self.office.home.world.directory.name(self.person)

    async def order(self, command: Command, incident: str = HOUSE) -> tuple[Receipt, str]:
        """Give an order; why not, when it is refused."""
        receipt = await self.office.home.desk.submit(
            Order(
                incident=incident, command=command, by=self.person, at=self.office.now(),
                key=f"setup:{uuid.uuid4().hex}", source="terminal",
            )
        )  # fmt: skip
        refused = receipt.refused
        return receipt, self.office.speech().refusal(refused) if refused is not None else ""
