"""What `serve` asks of a platform's door, whichever the platform: to run, to show, to say how it is."""

from __future__ import annotations

from typing import Protocol

from bots.relay.port import Platform, Wire

__all__ = ["Door", "Health"]


class Health(Protocol):
    """How a door is."""

    @property
    def sound(self) -> bool:
        """Whether the platform answers, and what people do there reaches us."""

    @property
    def since(self) -> int:
        """Since when the platform is out of reach, milliseconds since 1970 UTC; 0 while it answers."""

    @property
    def why(self) -> str:
        """Why, as a code or the platform's own word; empty while it answers."""


class Door(Protocol):
    """A platform's way in, and its way out."""

    @property
    def platform(self) -> Platform: ...

    @property
    def health(self) -> Health: ...

    @property
    def wire(self) -> Wire: ...

    @property
    def name(self) -> str:
        """The bot, as people find it on the platform; empty until the platform has told it."""

    @property
    def settled(self) -> bool:
        """Whether each open incident has its place there, as far as it is to have one."""

    async def run(self) -> None:
        """Take in what people do, until cancelled."""
